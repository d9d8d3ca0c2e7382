//! Why one try of one request failed, before it becomes a store error.

use std::error::Error;
use std::io;
use std::time::Duration;

use http::HeaderMap;
use sealift_oci::{StoreError, StoreErrorKind};
use serde::Deserialize;

use crate::client::Blocked;
use crate::counts::RetryCause;
use crate::retry::{retry_after, verdict};
use crate::text::{shown, shown_bytes};
use crate::verifier::UnknownAuthority;

/// A failed try.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: StoreErrorKind,
    /// What goes behind `host: subject: `.
    pub(crate) detail: String,
    pub(crate) status: Option<u16>,
    pub(crate) codes: Vec<String>,
    /// Whether another try may help.
    pub(crate) again: bool,
    /// How long the server asks us to wait.
    pub(crate) wait: Option<Duration>,
    pub(crate) broken: Option<Broken>,
    pub(crate) cause: Option<Box<dyn Error + Send + Sync>>,
    /// An error of the content that was to be sent: it goes to the caller as it is.
    pub(crate) content: Option<Box<StoreError>>,
}

/// How a connection failed, where that decides what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// There is no such host.
    NoSuchHost,
    /// What answers does not speak TLS.
    NotTls,
    /// Nobody listens.
    Refused,
    /// Any other way.
    Other,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    errors: Vec<Entry>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    code: String,
    message: String,
    detail: Option<Box<serde_json::value::RawValue>>,
}

impl Failure {
    pub(crate) fn new(kind: StoreErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            status: None,
            codes: Vec::new(),
            again: false,
            wait: None,
            broken: None,
            cause: None,
            content: None,
        }
    }

    /// A failure that may pass.
    pub(crate) fn passing(detail: impl Into<String>) -> Self {
        Self {
            again: true,
            broken: Some(Broken::Other),
            ..Self::new(StoreErrorKind::Network, detail)
        }
    }

    /// An error of the content that was to be sent.
    pub(crate) fn content(error: StoreError) -> Self {
        Self { content: Some(Box::new(error)), ..Self::new(StoreErrorKind::Network, "content") }
    }

    /// Reads the answer with a status that was not wanted.
    pub(crate) fn status(status: u16, headers: &HeaderMap, body: &[u8], writes: bool) -> Self {
        let parsed: Body = serde_json::from_slice(body).unwrap_or_default();
        let codes: Vec<String> = parsed.errors.iter().map(|entry| entry.code.clone()).collect();
        let verdict = verdict(status, &codes, writes);
        Self {
            kind: verdict.kind,
            detail: words(status, &parsed, body),
            status: Some(status),
            codes,
            again: verdict.again,
            wait: retry_after(headers),
            broken: None,
            cause: None,
            content: None,
        }
    }

    /// Returns what kind of failure it is, should it be tried again.
    pub(crate) fn cause_of_retry(&self) -> RetryCause {
        let wrong = self.content.as_ref().is_some_and(|error| error.kind == StoreErrorKind::Digest);
        match self.status {
            _ if wrong || self.is_other_bytes() => RetryCause::Wrong,
            None => RetryCause::Broken,
            Some(429 | 503) => RetryCause::Busy,
            Some(408 | 499 | 500..) => RetryCause::Server,
            Some(_) => RetryCause::Refused,
        }
    }

    /// Whether the target says that it has other bytes than those that were sent, as a refusal or in its answer.
    pub(crate) fn is_other_bytes(&self) -> bool {
        let said = self.content.is_none() && self.kind == StoreErrorKind::Digest;
        said || self.has_code("DIGEST_INVALID")
    }

    /// Returns what was said, also where the content to be sent is why it failed.
    pub(crate) fn told(&self) -> String {
        self.content.as_ref().map_or_else(|| self.detail.clone(), |error| error.message.clone())
    }

    pub(crate) fn has_code(&self, code: &str) -> bool {
        self.codes.iter().any(|known| known == code)
    }

    pub(crate) fn is_status(&self, statuses: &[u16]) -> bool {
        self.status.is_some_and(|status| statuses.contains(&status))
    }

    /// Makes the error for the caller.
    pub(crate) fn into_store(self, host: &str, subject: &str) -> StoreError {
        if let Some(error) = self.content {
            return *error;
        }
        let message = if subject == "ping" {
            format!("{host}: {}", self.detail)
        } else {
            format!("{host}: {subject}: {}", self.detail)
        };
        let mut error = StoreError::new(self.kind, message);
        error.source = self.cause;
        error
    }

    /// Says what a failed connection means.
    pub(crate) fn transport(error: reqwest::Error, host: &str) -> Self {
        let error = error.without_url();
        if error.is_builder() {
            let detail = "it sends us to an address that cannot be used";
            return Self {
                cause: Some(error.into()),
                ..Self::new(StoreErrorKind::Redirect, detail)
            };
        }
        let mut failure = Self::passing(if error.is_timeout() {
            "no answer in time"
        } else {
            "the connection broke"
        });
        for cause in chain(&error) {
            if let Some(tls) = hidden::<rustls::Error>(cause) {
                failure = of_tls(tls, host);
            } else if let Some(blocked) = hidden::<Blocked>(cause) {
                failure = Self::new(StoreErrorKind::Redirect, blocked.to_string());
            } else if let Some(io) = cause.downcast_ref::<io::Error>() {
                of_io(io, &mut failure);
            } else if cause.to_string().contains("proxy authorization required") {
                // hyper-util gives no type for it.
                failure = Self::new(
                    StoreErrorKind::Network,
                    "the proxy asks for user and password (407)",
                );
            }
        }
        failure.cause = Some(error.into());
        failure
    }
}

/// Puts the registry's own words behind the status.
fn words(status: u16, parsed: &Body, body: &[u8]) -> String {
    let said: Vec<String> = parsed.errors.iter().map(said).collect();
    let text = if said.is_empty() { shown_bytes(body, 200) } else { said.join("; ") };
    let hint = if (200..400).contains(&status) { ", not a registry?" } else { "" };
    if text.is_empty() {
        format!("{status}{hint}")
    } else {
        format!("{status}{hint} {}", shown(&text))
    }
}

fn said(entry: &Entry) -> String {
    let detail = entry
        .detail
        .as_ref()
        .map(|detail| detail.get())
        .filter(|detail| *detail != "null" && *detail != "{}");
    let text = [entry.code.as_str(), entry.message.as_str(), detail.unwrap_or_default()];
    let text: Vec<&str> = text.into_iter().filter(|text| !text.is_empty()).collect();
    text.join(" ")
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

/// Finds an error that hides inside I/O errors, which do not name what they hold as their source.
fn hidden<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut error = error;
    loop {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        error = error.downcast_ref::<io::Error>()?.get_ref()?;
    }
}

fn of_io(error: &io::Error, failure: &mut Failure) {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            failure.broken = Some(Broken::Refused);
            "nobody listens there (connection refused)".clone_into(&mut failure.detail);
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "no way to that network".clone_into(&mut failure.detail);
        }
        // getaddrinfo's codes do not reach us, only its words.
        _ if error.to_string().starts_with("failed to lookup address information") => {
            let passing = error.to_string().contains("Temporary failure");
            failure.broken = Some(if passing { Broken::Other } else { Broken::NoSuchHost });
            if passing { "the name server does not answer" } else { "no such host" }
                .clone_into(&mut failure.detail);
        }
        _ => {}
    }
}

/// Lists the names of a certificate, which rustls gives as `DnsName("r.example")`.
fn names(presented: &[String]) -> String {
    let bare = presented.iter().map(|name| name.split('"').nth(1).unwrap_or(name));
    shown(&bare.collect::<Vec<_>>().join(", "))
}

fn of_tls(error: &rustls::Error, host: &str) -> Failure {
    use rustls::CertificateError as Cert;
    let detail = match error {
        rustls::Error::InvalidMessage(_) => {
            let detail = format!("plain HTTP on the port: use --plain-http {host}");
            return Failure {
                broken: Some(Broken::NotTls),
                ..Failure::new(StoreErrorKind::Tls, detail)
            };
        }
        rustls::Error::InvalidCertificate(Cert::Other(other))
            if other.0.downcast_ref::<UnknownAuthority>().is_some() =>
        {
            format!(
                "its certificate is {other}: give that authority with --ca FILE or as certs.d/{host}/ca.crt"
            )
        }
        rustls::Error::InvalidCertificate(Cert::NotValidForNameContext { presented, .. }) => {
            format!("its certificate is for {}, not for this host", names(presented))
        }
        rustls::Error::InvalidCertificate(Cert::NotValidForName) => {
            "its certificate is for another host".to_owned()
        }
        rustls::Error::InvalidCertificate(Cert::Expired | Cert::ExpiredContext { .. }) => {
            "its certificate has expired, or the clock here is wrong".to_owned()
        }
        rustls::Error::InvalidCertificate(Cert::NotValidYet | Cert::NotValidYetContext { .. }) => {
            "its certificate is not valid yet, or the clock here is wrong".to_owned()
        }
        rustls::Error::AlertReceived(alert) => format!(
            "it ended the TLS handshake: {alert:?} (does it want a client certificate? certs.d/{host}/client.cert and client.key)"
        ),
        other => format!("TLS: {}", shown(&other.to_string())),
    };
    Failure::new(StoreErrorKind::Tls, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> Failure {
        Failure::status(status, &HeaderMap::new(), body.as_bytes(), true)
    }

    #[test]
    fn the_words_of_the_registry_stand_behind_the_status() {
        let table = [
            (
                404,
                r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"1"}}]}"#,
                r#"404 MANIFEST_UNKNOWN manifest unknown {"Tag":"1"}"#,
            ),
            (
                403,
                r#"{"errors":[{"code":"DENIED","message":"quota","detail":null}]}"#,
                "403 DENIED quota",
            ),
            (502, "<html>\n<b>Bad gateway", "502 <html> <b>Bad gateway"),
            (413, "", "413"),
            (200, "<html>", "200, not a registry? <html>"),
            (400, r#"{"errors":[{"message":"a"},{"code":"B"}]}"#, "400 a; B"),
            (
                400,
                "{\"errors\":[{\"code\":\"X\",\"message\":\"\\u001b[31m\\u202e\"}]}",
                "400 X \\u{1b}[31m\\u{202e}",
            ),
        ];
        for (status, body, want) in table {
            assert_eq!(failure(status, body).detail, want);
        }
    }

    #[test]
    fn row_46_a_name_server_that_is_silent_is_asked_again_and_a_name_that_is_unknown_once() {
        let table = [
            (
                "Temporary failure in name resolution",
                Broken::Other,
                "the name server does not answer",
            ),
            ("Name or service not known", Broken::NoSuchHost, "no such host"),
        ];
        for (words, broken, detail) in table {
            let mut failure = Failure::passing("the connection broke");
            let words = format!("failed to lookup address information: {words}");
            of_io(&io::Error::other(words), &mut failure);
            assert_eq!((failure.broken, failure.detail.as_str()), (Some(broken), detail));
            assert!(failure.again);
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(failure(500, &"x".repeat(60_000)).detail.chars().count(), 4 + 201);
        let long = format!(r#"{{"errors":[{{"message":"{}"}}]}}"#, "y".repeat(5000));
        assert_eq!(failure(500, &long).detail.chars().count(), 4 + 301);
    }
}
