//! The way of one request: redirects, time limits, and bodies that end.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use http::{HeaderValue, Method, StatusCode};
use reqwest::{RequestBuilder, Response};
use sealift_oci::StoreErrorKind;
use tokio::time::Instant;
use url::Url;

use crate::address::Origin;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::host::Host;
use crate::limits::{ERROR_BYTES, EXPECT_TIME, HEADER_BYTES};
use crate::pace::Pace;
use crate::payload::{Payload, Piece};
use crate::request::Request;
use crate::retry::Timing;
use crate::secret::Secret;

impl Exchange {
    /// Goes where redirects lead. `Authorization` is shown at the first origin only, and never again after another one.
    pub(crate) async fn travel(
        &self,
        host: &Host,
        request: &Request,
        payload: &Payload<'_>,
        (url, header): (&Url, Option<&Secret>),
    ) -> Result<(Response, Url), Failure> {
        let first = Origin::of(url);
        let (mut url, mut header, mut hop) = (url.clone(), header, 0);
        loop {
            let response = self.step(host, request, payload, (&url, header)).await?;
            let Some(location) = location(&request.method, &response) else {
                return Ok((response, url));
            };
            let reach = self.reach_of(host, &url).await;
            url = crate::redirect::follow(&url, &location, hop, reach)
                .map_err(|why| Failure::new(StoreErrorKind::Redirect, why))?;
            hop += 1;
            if Origin::of(&url) != first {
                header = None;
            }
        }
    }

    /// Sends a request to one address; once more where its body may not ask first.
    async fn step(
        &self,
        host: &Host,
        request: &Request,
        payload: &Payload<'_>,
        way: (&Url, Option<&Secret>),
    ) -> Result<Response, Failure> {
        let asks = crate::expect::asks(host, payload);
        let response = self.send(host, request, (payload, asks), way).await?;
        if asks && response.status() == StatusCode::EXPECTATION_FAILED {
            return self.send(host, request, (payload, false), way).await;
        }
        Ok(response)
    }

    /// Sends a request once, and learns from the head of its answer.
    async fn send(
        &self,
        host: &Host,
        request: &Request,
        (payload, asks): (&Payload<'_>, bool),
        (url, header): (&Url, Option<&Secret>),
    ) -> Result<Response, Failure> {
        let client = self.client(host, url).await?;
        let builder = client.request(request.method.clone(), url.clone());
        let mut builder = with_headers(builder, request, payload);
        if let Some(header) = header {
            builder = builder.header(AUTHORIZATION, sensitive(header)?);
        }
        if asks {
            builder = builder.header(EXPECT, "100-continue");
        }
        self.counter.request(&host.name, request.kind);
        let pause = asks.then_some(EXPECT_TIME);
        let answer = self.deliver(builder, (payload, pause), &host.name).await;
        if let Payload::Content(piece) = payload {
            let status = answer.as_ref().ok().map(|response| response.status().as_u16());
            crate::expect::learn(host, piece, asks, status);
        }
        let response = answer?;
        let (shown, status) = (crate::text::shown_url(url), response.status().as_u16());
        tracing::debug!(method = %request.method, url = %shown, status, "request");
        Ok(response)
    }

    /// Sends, and waits for the head of the answer as long as the body moves.
    async fn deliver(
        &self,
        builder: RequestBuilder,
        (payload, pause): (&Payload<'_>, Option<Duration>),
        host: &str,
    ) -> Result<Response, Failure> {
        let response = match payload {
            Payload::Empty => self.headers_in_time(builder, host).await?,
            // Nothing is sent for an empty body, but some servers want to be told so.
            Payload::Bytes(bytes) => {
                let builder = builder.header(CONTENT_LENGTH, bytes.len()).body(bytes.clone());
                self.headers_in_time(builder, host).await?
            }
            Payload::Content(piece) => self.pour(builder, (piece, pause), host).await?,
        };
        check_head(&response)?;
        Ok(response)
    }

    /// Sends a part of a blob, and waits for the head of the answer as long as it moves.
    async fn pour(
        &self,
        builder: RequestBuilder,
        (piece, pause): (&Piece<'_>, Option<Duration>),
        host: &str,
    ) -> Result<Response, Failure> {
        let opened = piece.open(self.throttle.as_ref(), pause).await;
        let (body, sent) = opened.map_err(Failure::content)?;
        let builder = builder.header(CONTENT_LENGTH, piece.length).body(body);
        tokio::select! {
            biased;
            answer = builder.send() => answer
                .map_err(|error| sent.failure().unwrap_or_else(|| Failure::transport(error, host))),
            failure = sent.stalled(&self.timing, piece.length) => Err(failure),
        }
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
}

/// Adds the headers of a request, and asks for bodies as they are stored.
fn with_headers(
    builder: RequestBuilder,
    request: &Request,
    payload: &Payload<'_>,
) -> RequestBuilder {
    let mut builder = builder.header(ACCEPT_ENCODING, "identity");
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if matches!(payload, Payload::Empty) && request.writes() {
        // Go's clients send it; Nexus and some proxies answer 411 without.
        builder = builder.header(CONTENT_LENGTH, 0);
    }
    builder
}

/// Refuses a head that is too large, or that gives its body two lengths.
fn check_head(response: &Response) -> Result<(), Failure> {
    let headers = response.headers();
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes > HEADER_BYTES {
        let detail = format!("more than {HEADER_BYTES} bytes of headers");
        return Err(Failure::new(StoreErrorKind::Limit, detail));
    }
    if headers.contains_key(TRANSFER_ENCODING) && headers.contains_key(CONTENT_LENGTH) {
        return Err(Failure::new(StoreErrorKind::Protocol, "an answer with two lengths"));
    }
    Ok(())
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

/// Reads a body to its end; more than `limit` bytes are an error.
pub(crate) async fn read_body(
    response: &mut Response,
    limit: usize,
    timing: &Timing,
) -> Result<Bytes, Failure> {
    read_body_told(response, limit, timing, (Pace::new(None), &|_| {})).await
}

/// As [`read_body`], at a pace, and tells how many bytes are there so far.
pub(crate) async fn read_body_told(
    response: &mut Response,
    limit: usize,
    timing: &Timing,
    (mut pace, progress): (Pace, &(dyn Fn(u64) + Sync)),
) -> Result<Bytes, Failure> {
    let too_large =
        || Failure::new(StoreErrorKind::Limit, format!("an answer of more than {limit} bytes"));
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = pace.chunk(response, timing).await? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
        progress(body.len() as u64);
    }
    Ok(body.freeze())
}

/// Reads the start of an error body, for its words.
pub(crate) async fn read_start(response: &mut Response, timing: &Timing) -> Bytes {
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
