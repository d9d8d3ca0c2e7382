//! Whether a body still moves.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use tokio::time::Instant;

use crate::failure::Failure;
use crate::retry::Timing;
use crate::throttle::{Throttle, Way, take};

/// What came of a body since when: each window must bring 1 KiB a second.
#[derive(Debug)]
pub(crate) struct Pace {
    since: Instant,
    bytes: u64,
    throttle: Option<Throttle>,
}

impl Pace {
    pub(crate) fn new(throttle: Option<Throttle>) -> Self {
        Self { since: Instant::now(), bytes: 0, throttle }
    }

    /// Reads the next chunk when the limit on bytes allows, or fails when the body stands still or trickles.
    pub(crate) async fn chunk(
        &mut self,
        response: &mut Response,
        timing: &Timing,
    ) -> Result<Option<Bytes>, Failure> {
        match tokio::time::timeout_at(self.since + timing.stall, response.chunk()).await {
            Ok(Ok(chunk)) => {
                let bytes = chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
                self.count(bytes, timing)?;
                let asked = Instant::now();
                take(self.throttle.as_ref(), Way::Read, bytes).await;
                // Our own limit does not make the body slow.
                self.since += asked.elapsed();
                Ok(chunk)
            }
            Ok(Err(error)) => Err(Failure {
                cause: Some(error.without_url().into()),
                ..Failure::passing("the body broke off")
            }),
            Err(_) => Err(self.stands_still(timing.stall)),
        }
    }

    fn count(&mut self, bytes: u64, timing: &Timing) -> Result<(), Failure> {
        self.bytes += bytes;
        if self.bytes >= timing.stall_bytes() {
            (self.since, self.bytes) = (Instant::now(), 0);
        } else if self.since.elapsed() >= timing.stall {
            return Err(self.stands_still(timing.stall));
        }
        Ok(())
    }

    fn stands_still(&self, stall: Duration) -> Failure {
        Failure::passing(format!(
            "the body stands still: {} bytes in {} s",
            self.bytes,
            stall.as_secs()
        ))
    }
}
