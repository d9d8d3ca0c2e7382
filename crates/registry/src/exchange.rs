//! One request and its answer: the way there, the way in, and the tries.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::Response;
use sealift_oci::{StoreError, StoreErrorKind};
use tokio::time::Instant;
use url::Url;

use crate::address::Origin;
use crate::auth::Pass;
use crate::client::Clients;
use crate::counts::{Counter, RequestKind, RetryCause};
use crate::credentials::Keyring;
use crate::failure::{Broken, Failure};
use crate::host::{Base, Host, RateLimit};
use crate::limits::{BODIES, ERROR_BYTES, MANIFEST_BYTES, TAG_PAGE_BYTES};
use crate::pace::Pace;
use crate::payload::Payload;
use crate::pressure::Permit;
use crate::realm::TrustedRealm;
use crate::request::Request;
use crate::retry::{Attempts, Jitter, Timing};
use crate::settings::Settings;
use crate::throttle::Throttle;
use crate::travel::{read_body_told, read_start};
use crate::watch::{Retry, Wait, Watch};

/// All that requests to any host share.
pub(crate) struct Exchange {
    pub(crate) clients: Clients,
    pub(crate) keyring: Keyring,
    pub(crate) trusted_realms: Vec<TrustedRealm>,
    pub(crate) timing: Timing,
    pub(crate) counter: Counter,
    pub(crate) plain_http: std::collections::BTreeSet<String>,
    pub(crate) throttle: Option<Throttle>,
    retry_for: Option<Duration>,
    watch: Watch,
    pub(crate) bodies: usize,
    pub(crate) push_questions: AtomicU64,
    pub(crate) opened_sessions: AtomicU64,
    jitter: Jitter,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    sites: Mutex<HashMap<Origin, Arc<Host>>>,
}

/// A good answer whose body has not been read.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) response: Response,
    /// Where it came from, after redirects.
    pub(crate) url: Url,
    /// Given back when the body has been read.
    pub(crate) permit: Permit,
}

/// A good answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) url: Url,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Returns a header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Exchange {
    pub(crate) fn new(settings: &Settings) -> Result<Self, StoreError> {
        Ok(Self {
            clients: Clients::new(settings)?,
            keyring: Keyring::new(settings.credentials.clone(), settings.given.clone()),
            trusted_realms: settings.trusted_realms.clone(),
            timing: settings.timing.clone(),
            counter: Counter::default(),
            plain_http: settings.trust.plain_http.clone(),
            throttle: settings.limit_rate.clone(),
            retry_for: settings.retry_for,
            watch: settings.watch.clone(),
            bodies: if settings.bodies == 0 { BODIES } else { settings.bodies },
            push_questions: AtomicU64::default(),
            opened_sessions: AtomicU64::default(),
            jitter: Jitter::new(settings.timing.seed),
            hosts: Mutex::default(),
            sites: Mutex::default(),
        })
    }

    /// Returns what is known about a host.
    pub(crate) fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            hosts.entry(name.to_owned()).or_insert_with(|| Arc::new(Host::new(name, self.bodies))),
        )
    }

    /// Returns what is known about a web server that is no registry: where it is was said, and nobody asks.
    pub(crate) fn site(&self, origin: Origin, url: &Url) -> Arc<Host> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let site = sites.entry(origin).or_insert_with_key(|origin| {
            Arc::new(Host::at(Base { url: url.clone(), origin: origin.clone() }))
        });
        Arc::clone(site)
    }

    /// Sends a request until its answer is good, no try is left, or trying again is pointless.
    pub(crate) async fn call(
        &self,
        host: &Host,
        request: &Request,
        payload: &Payload<'_>,
    ) -> Result<Answer, Failure> {
        let mut attempts = Attempts::new();
        loop {
            match self.whole(host, request, payload).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => self.wait(host, &mut attempts, failure).await?,
            }
        }
    }

    /// As [`Self::call`], once, for those who decide themselves what a failure means.
    pub(crate) async fn whole(
        &self,
        host: &Host,
        request: &Request,
        payload: &Payload<'_>,
    ) -> Result<Answer, Failure> {
        let mut opened = self.open(host, request, payload).await?;
        let (limit, strict) = match request.kind {
            RequestKind::ManifestGet | RequestKind::Referrers => (MANIFEST_BYTES, true),
            RequestKind::Tags => (TAG_PAGE_BYTES, true),
            _ => (ERROR_BYTES, false),
        };
        let pace = Pace::new(self.throttle.clone());
        let read = read_body_told(&mut opened.response, limit, &self.timing, (pace, &|_| {}));
        let body = match read.await {
            Err(_) if !strict => Bytes::new(),
            body => body?,
        };
        drop(opened.permit);
        Ok(Answer {
            status: opened.response.status().as_u16(),
            headers: opened.response.headers().clone(),
            url: opened.url,
            body,
        })
    }

    /// Sends a request once (twice where the host wants another token) and returns the open answer.
    pub(crate) async fn open(
        &self,
        host: &Host,
        request: &Request,
        payload: &Payload<'_>,
    ) -> Result<Opened, Failure> {
        let base = self.base(host).await.map_err(Failure::content)?;
        let permit = host.permit(request.kind).await;
        let url = request.place.url(&base.url)?;
        let own = base.holds(&url);
        // Asked before the pass is made: another request may learn a challenge in between.
        let challenged = host.challenge().is_some();
        let mut pass = Pass::anonymous();
        if own {
            pass = self.pass(host, base, &request.scopes, None).await?;
        }
        let mut renewed = false;
        loop {
            let (response, at) =
                self.travel(host, request, payload, (&url, pass.header.as_deref())).await?;
            if response.status().is_success() {
                host.went_well(request.kind);
                note_rate(host, response.headers());
                return Ok(Opened { response, url: at, permit });
            }
            let home = own && base.holds(&at);
            if renewed || !home || !may_renew(host, &response, challenged, pass.header.is_some()) {
                return Err(self.refused(request, response, &pass, home).await);
            }
            renewed = true;
            pass = self.pass(host, base, &request.scopes, pass.header.as_ref()).await?;
        }
    }

    /// Makes a failure of an answer that is not good.
    async fn refused(
        &self,
        request: &Request,
        mut response: Response,
        pass: &Pass,
        home: bool,
    ) -> Failure {
        let status = response.status().as_u16();
        // What a 416 promises and what it sends differ at distribution 2: its body is not read.
        let body = if status == 416 {
            Bytes::new()
        } else {
            read_start(&mut response, &self.timing).await
        };
        let mut failure = Failure::status(status, response.headers(), &body, request.writes());
        if !home && status == 403 {
            // A presigned address that ran out; the registry gives a new one.
            failure.again = true;
        }
        if home && matches!(status, 401 | 403) {
            let who = &pass.account;
            let right = match request.scopes.iter().next() {
                Some(scope) if scope.push => {
                    format!("no right to push to {} ({who})", scope.repository)
                }
                Some(scope) => format!("no right to pull {} ({who})", scope.repository),
                None => format!("no way in ({who})"),
            };
            failure.detail = format!("{right}: {}", failure.detail);
            if pass.kept_back {
                failure.kind = StoreErrorKind::Credential;
            }
        }
        failure
    }

    /// Waits before the next try, or gives the failure back when there is none.
    pub(crate) async fn wait(
        &self,
        host: &Host,
        attempts: &mut Attempts,
        mut failure: Failure,
    ) -> Result<(), Failure> {
        if !failure.again {
            host.succeeded();
            return Err(failure);
        }
        if failure.broken == Some(Broken::NoSuchHost) {
            attempts.at_most(2);
        }
        let most = attempts.fail(&self.timing, self.retry_for);
        let silent = attempts.since().max(host.last_success()).elapsed();
        let patience = self.retry_for.map_or(self.timing.longest_retry_after, |budget| {
            budget.saturating_sub(attempts.since().elapsed())
        });
        if let Some(wait) = failure.wait.filter(|wait| *wait > patience) {
            failure.detail = format!("{}; it asks to wait {} s", failure.detail, wait.as_secs());
            return Err(failure);
        }
        let down = self.retry_for.is_none() && silent >= self.timing.host_down;
        let Some(most) = most.filter(|_| !down) else {
            failure.detail = format!("{} (tried {} times)", failure.detail, attempts.failed());
            return Err(failure);
        };
        let wait = failure.wait.unwrap_or(Duration::ZERO) + self.jitter.up_to(most);
        self.tell(host, &failure, wait);
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Counts a try that is made again, and holds all requests back where the host asked for that.
    fn tell(&self, host: &Host, failure: &Failure, time: Duration) {
        let cause = failure.cause_of_retry();
        self.counter.retry(cause);
        let detail = failure.told();
        self.watch.retried(&Retry { host: &host.name, cause, detail: &detail, time });
        if cause == RetryCause::Busy && host.slow_down(Instant::now() + time) {
            let reason = format!("asks to slow down ({detail})");
            self.watch.waiting(&Wait { host: &host.name, time, reason: &reason });
        }
    }
}

/// Returns whether another token may open the door, and learns the way in that the answer offers.
fn may_renew(host: &Host, response: &Response, challenged: bool, shown: bool) -> bool {
    use crate::challenge::Challenge;
    let narrow =
        response.status() == StatusCode::FORBIDDEN && Challenge::is_narrow(response.headers());
    if response.status() != StatusCode::UNAUTHORIZED && !narrow {
        return false;
    }
    let offered = Challenge::of(response.headers());
    if !challenged && let Some(offered) = offered {
        host.learn_challenge(offered);
        return true;
    }
    shown && matches!(host.challenge(), Some(Challenge::Bearer { .. }))
}

fn note_rate(host: &Host, headers: &HeaderMap) {
    let text = headers.get("ratelimit-remaining").and_then(|value| value.to_str().ok());
    let Some((remaining, window)) = text.map(|text| text.split_once(";w=").unwrap_or((text, "0")))
    else {
        return;
    };
    if let (Ok(remaining), Ok(window_seconds)) = (remaining.parse(), window.parse()) {
        host.facts().rate = Some(RateLimit { remaining, window_seconds });
    }
}
