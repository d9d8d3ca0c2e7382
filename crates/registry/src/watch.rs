//! Who is told when requests wait and are made again.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::counts::RetryCause;

/// Is told when requests wait; the command line shows it. Calls come from several threads and must return soon.
pub trait Watcher: Send + Sync {
    /// Nothing is sent to the host for a while, because it asked for that. Told once for all requests that wait.
    fn waiting(&self, _wait: &Wait<'_>) {}

    /// A try failed, and another one is made after a wait.
    fn retried(&self, _retry: &Retry<'_>) {}
}

impl Watcher for () {}

/// A pause that a host asked for: `waiting 42 s: docker.io asks to slow down`.
#[derive(Clone, Copy, Debug)]
pub struct Wait<'a> {
    /// As in references.
    pub host: &'a str,
    /// How long.
    pub time: Duration,
    /// Why, without the host: `asks to slow down (429 TOOMANYREQUESTS)`.
    pub reason: &'a str,
}

/// A try that failed and is made again.
#[derive(Clone, Copy, Debug)]
pub struct Retry<'a> {
    /// As in references.
    pub host: &'a str,
    /// What kind of failure it was.
    pub cause: RetryCause,
    /// What was said, without the host: printable, and without any secret.
    pub detail: &'a str,
    /// The wait before the next try.
    pub time: Duration,
}

/// A watcher, or nobody.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<dyn Watcher>>);

impl Watch {
    /// Tells this watcher.
    #[must_use]
    pub fn by(watcher: Arc<dyn Watcher>) -> Self {
        Self(Some(watcher))
    }

    pub(crate) fn waiting(&self, wait: &Wait<'_>) {
        if let Some(watcher) = &self.0 {
            watcher.waiting(wait);
        }
    }

    pub(crate) fn retried(&self, retry: &Retry<'_>) {
        if let Some(watcher) = &self.0 {
            watcher.retried(retry);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Watch(..)" } else { "Watch(nobody)" })
    }
}
