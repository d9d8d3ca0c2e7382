//! What is said when a registry asks for patience, or a request is made again.

use sealift_registry::{Retry, Wait, Watcher};

use super::{Ui, seconds};

/// Says it on stderr, a line each.
pub(crate) struct Aloud(pub(crate) Ui);

impl Watcher for Aloud {
    fn waiting(&self, wait: &Wait<'_>) {
        self.0.note(&waiting(wait));
    }

    fn retried(&self, retry: &Retry<'_>) {
        self.0.detail(&retried(retry));
    }
}

/// `waiting 42 s: docker.io asks to slow down (429 TOOMANYREQUESTS)`
pub(crate) fn waiting(wait: &Wait<'_>) -> String {
    format!("waiting {}: {} {}", seconds(wait.time), wait.host, wait.reason)
}

/// `trying again in 0.2 s: docker.io: the body broke off`
pub(crate) fn retried(retry: &Retry<'_>) -> String {
    format!("trying again in {}: {}: {}", seconds(retry.time), retry.host, retry.detail)
}
