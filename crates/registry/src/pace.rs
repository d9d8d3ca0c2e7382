//! Whether a body still moves.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use tokio::time::Instant;

use crate::failure::Failure;
use crate::retry::Timing;

/// What came of a body since when: each window must bring 1 KiB a second.
#[derive(Debug)]
pub(crate) struct Pace {
    since: Instant,
    bytes: u64,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { since: Instant::now(), bytes: 0 }
    }

    /// Reads the next chunk, or fails when the body stands still or trickles.
    pub(crate) async fn chunk(
        &mut self,
        response: &mut Response,
        timing: &Timing,
    ) -> Result<Option<Bytes>, Failure> {
        match tokio::time::timeout_at(self.since + timing.stall, response.chunk()).await {
            Ok(Ok(chunk)) => {
                self.count(chunk.as_ref().map_or(0, |chunk| chunk.len() as u64), timing)?;
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
            *self = Self::new();
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
