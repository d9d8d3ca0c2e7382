//! The one retry layer: what is worth another try, and how long to wait for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use sealift_oci::StoreErrorKind;
use tokio::time::Instant;

use crate::limits::{PROGRESS_BYTES, PROGRESS_TIME, SLOW_PROGRESS_BYTES, TRIES};

/// How long things may take, and how patiently they are tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// For a connection: 10 s.
    pub connect: Duration,
    /// For the head of an answer: 60 s. After the last byte of an upload: more, as registries hash then.
    pub headers: Duration,
    /// A body that moves less than 1 KiB/s over this time stands still: 60 s.
    pub stall: Duration,
    /// The first wait is up to this long, and doubles: 250 ms.
    pub first_wait: Duration,
    /// No wait of our own is longer: 30 s.
    pub longest_wait: Duration,
    /// A server may ask for this much patience: 5 min.
    pub longest_retry_after: Duration,
    /// A host without any success for this long is down: 5 min.
    pub host_down: Duration,
    /// Where the random part of waits starts.
    pub seed: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            headers: Duration::from_mins(1),
            stall: Duration::from_mins(1),
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(30),
            longest_retry_after: Duration::from_mins(5),
            host_down: Duration::from_mins(5),
            seed: 0,
        }
    }
}

impl Timing {
    /// Returns the same with limits and waits of our own so many times shorter (a second to connect always stays); what servers
    /// ask for stays. For those who test how a run meets silence.
    #[must_use]
    pub fn hastened(self, times: u32) -> Self {
        let times = times.max(1);
        Self {
            connect: (self.connect / times).max(self.connect.min(Duration::from_secs(1))),
            headers: self.headers / times,
            stall: self.stall / times,
            first_wait: self.first_wait / times,
            longest_wait: self.longest_wait / times,
            ..self
        }
    }

    /// How long a registry may hash a body of this size before it answers: 20 MB/s, at most 15 min.
    pub(crate) fn after_upload(&self, size_bytes: u64) -> Duration {
        (self.headers + Duration::from_secs(size_bytes / 20_000_000))
            .min(Duration::from_mins(15).max(self.headers))
    }

    /// The bytes that a moving body shows within [`Self::stall`].
    pub(crate) fn stall_bytes(&self) -> u64 {
        self.stall.as_secs().max(1) * 1024
    }
}

/// A source of random waits; splitmix64 is plenty for jitter.
#[derive(Debug)]
pub(crate) struct Jitter(AtomicU64);

impl Jitter {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Returns a duration in `[0, most]`.
    pub(crate) fn up_to(&self, most: Duration) -> Duration {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(GOLDEN, Ordering::Relaxed).wrapping_add(GOLDEN);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
        Duration::from_millis((z ^ (z >> 31)) % most)
    }
}

/// The tries of one request or of one blob.
#[derive(Debug)]
pub(crate) struct Attempts {
    failed: u32,
    most: u32,
    progress_bytes: u64,
    /// The first failure since the last progress.
    since: Option<Instant>,
    /// The last one.
    last: Option<Instant>,
}

impl Attempts {
    pub(crate) fn new() -> Self {
        Self { failed: 0, most: TRIES, progress_bytes: 0, since: None, last: None }
    }

    /// Counts a failure; returns the longest wait before the next try, or `None` when there is none. With a budget, tries go on as
    /// long as it lasts, unless there are few on principle.
    pub(crate) fn fail(&mut self, timing: &Timing, budget: Option<Duration>) -> Option<Duration> {
        self.failed += 1;
        self.last = Some(Instant::now());
        let since = *self.since.get_or_insert_with(Instant::now);
        let doubled = timing.first_wait.saturating_mul(1 << (self.failed - 1).min(20));
        let most = match budget {
            Some(budget) if self.most == TRIES => {
                let left = budget.checked_sub(since.elapsed())?;
                doubled.min(left)
            }
            _ if self.failed < self.most => doubled,
            _ => return None,
        };
        Some(most.min(timing.longest_wait))
    }

    /// Returns when the failures began that go on now.
    pub(crate) fn since(&self) -> Instant {
        self.since.unwrap_or_else(Instant::now)
    }

    /// Leaves at most this many tries in all.
    pub(crate) fn at_most(&mut self, tries: u32) {
        self.most = self.most.min(tries);
    }

    /// Counts bytes that arrived; enough of them give the tries back, and fewer do after a long time.
    pub(crate) fn progress(&mut self, bytes: u64) {
        self.progress_bytes += bytes;
        let long = self.last.is_some_and(|last| last.elapsed() >= PROGRESS_TIME);
        if self.progress_bytes >= if long { SLOW_PROGRESS_BYTES } else { PROGRESS_BYTES } {
            self.progress_bytes = 0;
            self.failed = 0;
            (self.since, self.last) = (None, None);
        }
    }

    pub(crate) fn failed(&self) -> u32 {
        self.failed
    }
}

/// What to make of a status that was not wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The kind of the error, if it is one in the end.
    pub(crate) kind: StoreErrorKind,
    /// Whether another try may help.
    pub(crate) again: bool,
}

/// Judges a status and the codes in its body.
pub(crate) fn verdict(status: u16, codes: &[String], writes: bool) -> Verdict {
    use StoreErrorKind as Kind;
    let last = |kind| Verdict { kind, again: false };
    let by_code = codes.iter().find_map(|code| kind_of_code(code));
    match status {
        400 if codes.iter().any(|code| code == "BLOB_UPLOAD_INVALID" || code == "SIZE_INVALID") => {
            Verdict { kind: Kind::Refused, again: true }
        }
        401 | 403 => last(Kind::Denied),
        404 => last(Kind::NotFound),
        405 | 501 if writes => last(Kind::ReadOnly),
        407 => last(Kind::Network),
        409 | 412 => last(Kind::Immutable),
        408 | 425 | 429 | 499 | 500 | 502..=504 | 520..=529 => match by_code {
            // distribution 2 wraps its own refusals in 500.
            Some(kind) => last(kind),
            None => Verdict { kind: Kind::Network, again: true },
        },
        400..=599 => last(by_code.unwrap_or(Kind::Refused)),
        _ => last(Kind::Protocol),
    }
}

/// Returns what a code of the registry's says, for the codes that decide.
fn kind_of_code(code: &str) -> Option<StoreErrorKind> {
    match code {
        "MANIFEST_BLOB_UNKNOWN" | "BLOB_UNKNOWN" | "ReferencedImagesNotFoundException" => {
            Some(StoreErrorKind::ChildUnknown)
        }
        "DENIED" | "UNAUTHORIZED" => Some(StoreErrorKind::Denied),
        "DIGEST_INVALID" => Some(StoreErrorKind::Digest),
        "ImageTagAlreadyExists" | "TAG_INVALID" | "PRECONDITION" => Some(StoreErrorKind::Immutable),
        "MANIFEST_INVALID" | "NAME_INVALID" => Some(StoreErrorKind::Refused),
        "MANIFEST_UNKNOWN" | "NAME_UNKNOWN" => Some(StoreErrorKind::NotFound),
        "UNSUPPORTED" => Some(StoreErrorKind::ReadOnly),
        _ => None,
    }
}

/// Returns how long a server asks us to wait; `None` without a readable wish.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    // The server's own clock: ours may differ by days behind an air gap.
    let now = text("date").and_then(unix_time);
    let until = |time: u64| Some(Duration::from_secs(time.saturating_sub(now?)));
    if let Some(wish) = text("retry-after") {
        let seconds = wish.parse().ok().map(Duration::from_secs);
        return seconds.or_else(|| unix_time(wish).and_then(until));
    }
    text("x-retry-after").and_then(|time| time.parse().ok()).and_then(until)
}

/// Reads an HTTP date, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7), as unix time.
fn unix_time(text: &str) -> Option<u64> {
    let time = httpdate::parse_http_date(text).ok()?;
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_and_codes_by_the_table() {
        use StoreErrorKind as Kind;
        let table: &[(u16, &[&str], Kind, bool)] = &[
            (400, &["DIGEST_INVALID"], Kind::Digest, false),
            (400, &["MANIFEST_BLOB_UNKNOWN"], Kind::ChildUnknown, false),
            (400, &["MANIFEST_INVALID"], Kind::Refused, false),
            (400, &["BLOB_UPLOAD_INVALID"], Kind::Refused, true),
            (400, &["SIZE_INVALID"], Kind::Refused, true),
            (400, &["TAG_INVALID"], Kind::Immutable, false),
            (401, &[], Kind::Denied, false),
            (403, &["DENIED"], Kind::Denied, false),
            (404, &["MANIFEST_UNKNOWN"], Kind::NotFound, false),
            (405, &["UNSUPPORTED"], Kind::ReadOnly, false),
            (409, &[], Kind::Immutable, false),
            (412, &[], Kind::Immutable, false),
            (413, &[], Kind::Refused, false),
            (429, &["TOOMANYREQUESTS"], Kind::Network, true),
            (500, &[], Kind::Network, true),
            (500, &["UNKNOWN", "MANIFEST_BLOB_UNKNOWN"], Kind::ChildUnknown, false),
            (500, &["DENIED"], Kind::Denied, false),
            (501, &[], Kind::ReadOnly, false),
            (503, &[], Kind::Network, true),
            (505, &[], Kind::Refused, false),
            (522, &[], Kind::Network, true),
            (302, &[], Kind::Protocol, false),
            (206, &[], Kind::Protocol, false),
        ];
        for (status, codes, kind, again) in table {
            let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
            assert_eq!(
                verdict(*status, &codes, true),
                Verdict { kind: *kind, again: *again },
                "{status} {codes:?}"
            );
        }
    }

    #[test]
    fn wishes_of_servers() {
        const DATE: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        type Headers<'a> = &'a [(&'a str, &'a str)];
        let table: &[(Headers, Option<u64>)] = &[
            (&[("retry-after", "2")], Some(2)),
            (&[("retry-after", "3600")], Some(3600)),
            (&[("retry-after", "1000000000")], Some(1_000_000_000)),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT"), DATE], Some(3)),
            (&[("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT"), DATE], Some(0)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")], None),
            (&[("x-retry-after", "784111780"), DATE], Some(3)),
            (&[("retry-after", "Sun, 99 Nov 1994 08:49:40 GMT"), DATE], None),
            (&[], None),
        ];
        for (headers, want) in table {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            assert_eq!(retry_after(&headers), want.map(Duration::from_secs), "{headers:?}");
        }
    }

    #[test]
    fn dates_are_read_as_the_unix_clock_counts() {
        for (text, want) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
        ] {
            assert_eq!(unix_time(text), Some(want), "{text}");
        }
    }

    #[tokio::test]
    async fn waits_double_up_to_the_longest_and_progress_gives_tries_back() {
        let timing = Timing::default();
        let mut attempts = Attempts::new();
        let waits: Vec<_> = std::iter::from_fn(|| attempts.fail(&timing, None))
            .map(|wait| wait.as_millis())
            .collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000]);
        attempts.progress(PROGRESS_BYTES - 1);
        assert_eq!(attempts.failed(), 6);
        attempts.progress(1);
        assert_eq!(attempts.failed(), 0);
        assert_eq!(attempts.fail(&timing, None), Some(timing.first_wait));
        attempts.progress(1);
        assert_eq!(attempts.failed(), 1);
        attempts.last = Instant::now().checked_sub(PROGRESS_TIME);
        attempts.progress(SLOW_PROGRESS_BYTES - 2);
        assert_eq!(attempts.failed(), 1);
        attempts.progress(1);
        assert_eq!(attempts.failed(), 0);
        assert_eq!(attempts.fail(&timing, None), Some(timing.first_wait));
        attempts.progress(SLOW_PROGRESS_BYTES);
        assert_eq!(attempts.failed(), 1);
    }

    /// Returns how many bytes come of a body that brings so many a minute after each failure, and breaks; and in how many tries.
    fn trickle(size: u64, bytes: u64) -> (u64, u32) {
        let timing = Timing::default();
        let (mut attempts, mut read, mut tries) = (Attempts::new(), 0, 0);
        while read < size {
            attempts.last = attempts.last.and(Instant::now().checked_sub(PROGRESS_TIME));
            attempts.progress(bytes);
            (read, tries) = (read + bytes, tries + 1);
            if attempts.fail(&timing, None).is_none() {
                break;
            }
        }
        (read, tries)
    }

    #[tokio::test]
    async fn a_body_that_trickles_for_minutes_runs_out_of_tries() {
        assert_eq!(trickle(10_000, 1), (6, TRIES));
        assert_eq!(trickle(1 << 20, 1000), (6000, TRIES));
        // What moves comes to its end, and what is the slowest of it has only so many tries.
        let (read, tries) = trickle(1 << 20, SLOW_PROGRESS_BYTES / 5);
        assert!(read >= 1 << 20);
        assert_eq!(tries, 86);
    }

    #[tokio::test]
    async fn with_a_budget_time_alone_ends_the_tries() {
        let timing = Timing { first_wait: Duration::from_millis(1), ..Timing::default() };
        let budget = Duration::from_millis(300);
        let mut attempts = Attempts::new();
        let mut tries = 0;
        while let Some(wait) = attempts.fail(&timing, Some(budget)) {
            assert!(wait <= budget);
            tokio::time::sleep(wait.clamp(Duration::from_millis(1), Duration::from_millis(5)))
                .await;
            tries += 1;
        }
        assert!((TRIES..=300).contains(&tries), "{tries}");
        assert!(attempts.since().elapsed() >= budget);
        let mut few = Attempts::new();
        few.at_most(2);
        assert!(few.fail(&timing, Some(budget)).is_some());
        assert!(few.fail(&timing, Some(budget)).is_none());
    }

    #[test]
    fn jitter_is_full_and_repeats_for_a_seed() {
        let draw = |seed| {
            let jitter = Jitter::new(seed);
            (0..200).map(|_| jitter.up_to(Duration::from_millis(250))).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert!(
            draw(1).iter().max().unwrap().as_millis() > 200
                && draw(1).iter().min().unwrap().as_millis() < 50
        );
    }
}
