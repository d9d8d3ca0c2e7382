//! The first request to a host: which scheme it speaks, and how it wants to be asked.

use std::time::Duration;

use http::header::{ACCEPT_ENCODING, LOCATION};
use sealift_oci::{StoreError, StoreErrorKind};
use url::Url;

use crate::address::{Origin, Reach, connected, is_loopback};
use crate::challenge::Challenge;
use crate::client::{Guard, reach_of};
use crate::counts::RequestKind;
use crate::exchange::Exchange;
use crate::failure::{Broken, Failure};
use crate::host::{Base, Host};
use crate::limits::ERROR_BYTES;
use crate::retry::Attempts;
use crate::travel::read_body;

/// How long this machine may take to speak TLS before plain HTTP is tried.
const TLS_GUESS: Duration = Duration::from_secs(3);

fn silent() -> Failure {
    Failure {
        broken: Some(Broken::NotTls),
        ..Failure::new(StoreErrorKind::Tls, "no answer to TLS")
    }
}

impl Exchange {
    /// Returns where a host is spoken to; the first caller finds out.
    pub(crate) async fn base<'a>(&self, host: &'a Host) -> Result<&'a Base, StoreError> {
        let found = host.base.get_or_try_init(|| async {
            if let Some(error) = host.dead() {
                return Err(error);
            }
            self.ping(host).await.map_err(|failure| {
                let error = failure.into_store(&host.name, "ping");
                host.bury(&error);
                error
            })
        });
        found.await
    }

    async fn ping(&self, host: &Host) -> Result<Base, Failure> {
        let schemes: &[&str] = match () {
            () if self.plain_http.contains(&host.name) => &["http"],
            // Without a word of the operator's, plain HTTP is for this machine only.
            () if is_loopback(&host.name) => &["https", "http"],
            () => &["https"],
        };
        let mut last = None;
        for scheme in schemes {
            match self.ping_by(host, scheme, schemes.len() > 1 && *scheme == "https").await {
                Ok(base) => return Ok(base),
                Err(failure)
                    if matches!(failure.broken, Some(Broken::NotTls | Broken::Refused)) =>
                {
                    last = Some(failure);
                }
                Err(failure) => return Err(failure),
            }
        }
        Err(last.unwrap_or_else(|| Failure::new(StoreErrorKind::Network, "nothing was tried")))
    }

    async fn ping_by(&self, host: &Host, scheme: &str, has_other: bool) -> Result<Base, Failure> {
        let url = Url::parse(&format!("{scheme}://{}/v2/", connected(&host.name)));
        let url =
            url.map_err(|_| Failure::new(StoreErrorKind::Refused, "no host to connect to"))?;
        let origin = Origin::of(&url)
            .ok_or_else(|| Failure::new(StoreErrorKind::Refused, "no host to connect to"))?;
        let mut attempts = Attempts::new();
        loop {
            let ping = self.ping_once(host, &url);
            let pinged = if has_other {
                let answer = tokio::time::timeout(TLS_GUESS, ping).await;
                answer.unwrap_or_else(|_| Err(silent()))
            } else {
                ping.await
            };
            match pinged {
                Ok(()) => return Ok(Base { url, origin }),
                Err(failure) if has_other && failure.broken == Some(Broken::Refused) => {
                    return Err(failure);
                }
                // A server of plain HTTP may just hang up on a greeting of TLS.
                Err(failure) if has_other && failure.broken == Some(Broken::Other) => {
                    return Err(silent());
                }
                Err(failure) => self.wait(host, &mut attempts, failure).await?,
            }
        }
    }

    async fn ping_once(&self, host: &Host, url: &Url) -> Result<(), Failure> {
        let client =
            self.clients.of(url, Some(&host.name), Guard::None).map_err(Failure::content)?;
        self.counter.request(&host.name, RequestKind::Ping);
        let builder = client.get(url.clone()).header(ACCEPT_ENCODING, "identity");
        let mut response = self.headers_in_time(builder, &host.name).await?;
        let status = response.status().as_u16();
        if let (401, Some(challenge)) = (status, Challenge::of(response.headers())) {
            host.learn_challenge(challenge);
        }
        let body = read_body(&mut response, ERROR_BYTES, &self.timing).await.unwrap_or_default();
        match status {
            // Some servers hide the ping from strangers, or send it elsewhere, and still serve what is public.
            200 | 401 | 403 => Ok(()),
            301 | 302 | 307 | 308 if response.headers().contains_key(LOCATION) => Ok(()),
            407 => Err(Failure::new(
                StoreErrorKind::Network,
                "the proxy asks for user and password (407)",
            )),
            _ => {
                let failure = Failure::status(status, response.headers(), &body, false);
                let detail = format!(
                    "not a registry? /v2/ answers {}",
                    failure.detail.replace(", not a registry?", "")
                );
                let kind = if failure.again { failure.kind } else { StoreErrorKind::Protocol };
                Err(Failure { kind, detail, ..failure })
            }
        }
    }

    /// Returns the client for an address: the host's own, or a guarded one for where it sends us.
    pub(crate) async fn client(&self, host: &Host, url: &Url) -> Result<reqwest::Client, Failure> {
        let own = host.base.get().is_some_and(|base| base.holds(url));
        let guard = if own { Guard::None } else { Guard::Sent(self.reach_of(host, url).await) };
        self.clients.of(url, own.then_some(host.name.as_str()), guard).map_err(Failure::content)
    }

    /// Returns from where a host can be reached; found out only when it sends us elsewhere.
    pub(crate) async fn reach(&self, host: &Host, base: &Base) -> Reach {
        let reach = host.reach.get_or_init(|| async {
            // Behind a proxy names are not ours to resolve: the strictest reading.
            if self.clients.has_proxy(&base.url) {
                Reach::Public
            } else {
                reach_of(&base.url).await
            }
        });
        *reach.await
    }

    pub(crate) async fn reach_of(&self, host: &Host, url: &Url) -> Reach {
        match host.base.get() {
            Some(base) => self.reach(host, base).await,
            None => reach_of(url).await,
        }
    }
}
