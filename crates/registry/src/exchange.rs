//! One request and its answer: the way there, the way in, and the tries.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::{RequestBuilder, Response};
use sealift_oci::{StoreError, StoreErrorKind};
use tokio::time::Instant;
use url::Url;

use crate::auth::Pass;
use crate::client::Clients;
use crate::counts::{Counter, RequestKind};
use crate::credentials::Keyring;
use crate::failure::{Broken, Failure};
use crate::host::{Host, RateLimit};
use crate::limits::{ERROR_BYTES, MANIFEST_BYTES, TAG_PAGE_BYTES};
use crate::payload::Payload;
use crate::realm::TrustedRealm;
use crate::request::{Place, Request};
use crate::retry::{Attempts, Jitter, Timing};
use crate::secret::Secret;
use crate::settings::Settings;

/// All that requests to any host share.
pub(crate) struct Exchange {
    pub(crate) clients: Clients,
    pub(crate) keyring: Keyring,
    pub(crate) trusted_realms: Vec<TrustedRealm>,
    pub(crate) timing: Timing,
    pub(crate) counter: Counter,
    pub(crate) plain_http: std::collections::BTreeSet<String>,
    jitter: Jitter,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

/// A good answer whose body has not been read.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) response: Response,
    /// Where it came from, after redirects.
    pub(crate) url: Url,
    /// Given back when the body has been read.
    pub(crate) permit: tokio::sync::OwnedSemaphorePermit,
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
            jitter: Jitter::new(settings.timing.seed),
            hosts: Mutex::default(),
        })
    }

    /// Returns what is known about a host.
    pub(crate) fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(hosts.entry(name.to_owned()).or_insert_with(|| Arc::new(Host::new(name))))
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
        let body = match read_body(&mut opened.response, limit, &self.timing).await {
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
        if let Some(until) = host.paused_until() {
            tokio::time::sleep_until(until).await;
        }
        let permit = host.permit(request.kind).await;
        let url = match &request.place {
            Place::Path(path) => base
                .url
                .join(path)
                .map_err(|_| Failure::new(StoreErrorKind::Refused, "no path of a registry"))?,
            Place::Url(url) => url.clone(),
        };
        let own = crate::address::Origin::of(&url).as_ref() == Some(&base.origin);
        let mut pass = if own {
            self.pass(host, base, &request.scopes, None).await?
        } else {
            Pass::anonymous()
        };
        let mut renewed = false;
        loop {
            let known = host.challenge();
            let (response, at) =
                self.travel(host, request, payload, (&url, pass.header.as_deref())).await?;
            if response.status().is_success() {
                note_rate(host, response.headers());
                return Ok(Opened { response, url: at, permit });
            }
            let home = own && crate::address::Origin::of(&at).as_ref() == Some(&base.origin);
            if home
                && !renewed
                && may_renew(host, &response, known.is_some(), pass.header.is_some())
            {
                renewed = true;
                pass = self.pass(host, base, &request.scopes, pass.header.as_ref()).await?;
                continue;
            }
            return Err(self.refused(request, response, &pass, home).await);
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
        if let (401 | 403, Some(scope)) = (status, request.scopes.iter().next().filter(|_| home)) {
            let verb = if scope.push { "push to" } else { "pull" };
            let right = format!("no right to {verb} {} ({})", scope.repository, pass.account);
            failure.detail = format!("{right}: {}", failure.detail);
        }
        failure
    }

    /// Goes where redirects lead. `Authorization` is shown at the first origin only, and never again after another one.
    async fn travel(
        &self,
        host: &Host,
        request: &Request,
        payload: &Payload<'_>,
        (url, header): (&Url, Option<&Secret>),
    ) -> Result<(Response, Url), Failure> {
        use crate::address::Origin;
        let first = Origin::of(url);
        let (mut url, mut header, mut hop) = (url.clone(), header, 0);
        loop {
            let client = self.client(host, &url).await?;
            let mut builder = client
                .request(request.method.clone(), url.clone())
                .header(ACCEPT_ENCODING, "identity");
            for (name, value) in &request.headers {
                builder = builder.header(name, value);
            }
            if let Some(header) = header {
                builder = builder.header(http::header::AUTHORIZATION, sensitive(header)?);
            }
            self.counter.request(&host.name, request.kind);
            let response = self.deliver(builder, payload, &host.name).await?;
            let Some(location) = location(&request.method, &response) else {
                return Ok((response, url));
            };
            let reach = self.reach_of(host, &url).await;
            url = crate::redirect::follow(&url, &location, hop, reach)
                .map_err(|why| Failure::new(StoreErrorKind::Protocol, why))?;
            hop += 1;
            if Origin::of(&url) != first {
                header = None;
            }
        }
    }

    /// Sends, and waits for the head of the answer as long as the body moves.
    async fn deliver(
        &self,
        builder: RequestBuilder,
        payload: &Payload<'_>,
        host: &str,
    ) -> Result<Response, Failure> {
        let response = match payload {
            Payload::Empty => self.headers_in_time(builder, host).await?,
            // Nothing is sent for an empty body, but some servers want to be told so.
            Payload::Bytes(bytes) => {
                self.headers_in_time(
                    builder.header(CONTENT_LENGTH, bytes.len()).body(bytes.clone()),
                    host,
                )
                .await?
            }
            Payload::Content(piece) => {
                let (body, sent) = piece.open().await.map_err(Failure::content)?;
                let builder = builder.header(CONTENT_LENGTH, piece.length).body(body);
                tokio::select! {
                    biased;
                    answer = builder.send() => answer.map_err(|error| sent.failure().unwrap_or_else(|| Failure::transport(error, host)))?,
                    failure = sent.stalled(&self.timing, piece.length) => return Err(failure),
                }
            }
        };
        if response.headers().contains_key(TRANSFER_ENCODING)
            && response.headers().contains_key(CONTENT_LENGTH)
        {
            return Err(Failure::new(StoreErrorKind::Protocol, "an answer with two lengths"));
        }
        Ok(response)
    }

    pub(crate) async fn headers_in_time(
        &self,
        builder: RequestBuilder,
        host: &str,
    ) -> Result<Response, Failure> {
        let limit = self.timing.connect + self.timing.headers;
        match tokio::time::timeout(limit, builder.send()).await {
            Ok(answer) => answer.map_err(|error| Failure::transport(error, host)),
            Err(_) => Err(Failure::passing(format!("no answer within {} s", limit.as_secs()))),
        }
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
        let most = attempts.fail(&self.timing);
        let silent = Instant::now() - attempts.since.max(host.last_success());
        let too_long = failure.wait.filter(|wait| *wait > self.timing.longest_retry_after);
        if let Some(wait) = too_long {
            failure.detail = format!("{}; it asks to wait {} s", failure.detail, wait.as_secs());
            return Err(failure);
        }
        let Some(most) = most.filter(|_| silent < self.timing.host_down) else {
            failure.detail = format!("{} (tried {} times)", failure.detail, attempts.failed());
            return Err(failure);
        };
        self.counter.retry();
        let wait = failure.wait.unwrap_or(Duration::ZERO) + self.jitter.up_to(most);
        if failure.is_status(&[429, 503]) {
            host.pause(Instant::now() + wait);
        }
        tokio::time::sleep(wait).await;
        Ok(())
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

/// Returns where an answer sends us, if the method may be sent again there.
fn location(method: &Method, response: &Response) -> Option<String> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let follows = match response.status().as_u16() {
        301..=303 => reads,
        307 | 308 => true,
        _ => false,
    };
    let location = response.headers().get(http::header::LOCATION).filter(|_| follows)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

/// Makes the value of a header that no trace shows.
pub(crate) fn sensitive(secret: &Secret) -> Result<HeaderValue, Failure> {
    let value = HeaderValue::from_str(secret.expose());
    let mut value = value.map_err(|_| {
        Failure::new(
            StoreErrorKind::Denied,
            "the credentials hold characters that no header may have",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
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

/// Reads a body to its end; more than `limit` bytes are an error.
pub(crate) async fn read_body(
    response: &mut Response,
    limit: usize,
    timing: &Timing,
) -> Result<Bytes, Failure> {
    let too_large =
        || Failure::new(StoreErrorKind::Limit, format!("an answer of more than {limit} bytes"));
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    // One deadline for the whole: small bodies that trickle are as good as stalled.
    let deadline = Instant::now() + timing.stall;
    loop {
        let chunk = tokio::time::timeout_at(deadline, response.chunk()).await;
        let chunk = chunk.map_err(|_| Failure::passing("the answer stalled"))?;
        match chunk.map_err(|error| Failure {
            cause: Some(error.without_url().into()),
            ..Failure::passing("the answer broke off")
        })? {
            None => return Ok(body.freeze()),
            Some(chunk) if body.len() + chunk.len() > limit => return Err(too_large()),
            Some(chunk) => body.extend_from_slice(&chunk),
        }
    }
}

/// Reads the start of an error body, for its words.
async fn read_start(response: &mut Response, timing: &Timing) -> Bytes {
    let mut body = BytesMut::new();
    let deadline = Instant::now() + timing.stall.min(Duration::from_secs(10));
    while body.len() < ERROR_BYTES {
        match tokio::time::timeout_at(deadline, response.chunk()).await {
            Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            _ => break,
        }
    }
    body.truncate(ERROR_BYTES);
    body.freeze()
}
