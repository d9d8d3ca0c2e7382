//! One run of the binary: what it said, and what the registries saw.

use sealift_testkit::{Ran, Recorded};
use serde_json::Value;

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) ran: Ran,
    /// Requests to the source, in the order in which they ended.
    pub(crate) source: Vec<Recorded>,
    /// Requests to the target.
    pub(crate) target: Vec<Recorded>,
}

impl Run {
    /// Fails the test unless it ended with this code.
    #[track_caller]
    pub(crate) fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.ran.code, Some(code), "{}", self.ran.snapshot());
        self
    }

    /// Fails the test unless all these words stand on stderr.
    #[track_caller]
    pub(crate) fn says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(self.ran.stderr.contains(word), "no `{word}` in\n{}", self.ran.snapshot());
        }
        self
    }

    /// The last event.
    pub(crate) fn summary(&self) -> Value {
        let last =
            self.ran.stdout.lines().last().unwrap_or_else(|| panic!("{}", self.ran.snapshot()));
        serde_json::from_str(last).unwrap()
    }

    /// How many tries were made again, by the report.
    pub(crate) fn retried(&self) -> u64 {
        let summary = self.summary();
        let retried = &summary["retried"];
        let sum = || Some(retried.as_object()?.values().filter_map(Value::as_u64).sum());
        retried.as_u64().or_else(sum).unwrap_or_else(|| panic!("no retries in {summary}"))
    }

    /// How many requests to the source fit.
    pub(crate) fn asked_source(&self, method: &str, part: &str) -> usize {
        count(&self.source, method, part)
    }

    /// How many requests to the target fit.
    pub(crate) fn asked_target(&self, method: &str, part: &str) -> usize {
        count(&self.target, method, part)
    }
}

fn count(requests: &[Recorded], method: &str, part: &str) -> usize {
    requests.iter().filter(|one| one.method == method && one.target.contains(part)).count()
}
