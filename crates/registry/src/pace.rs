//! Whether a body still moves.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use tokio::time::Instant;

use crate::failure::Failure;
use crate::retry::Timing;
use crate::throttle::{Throttle, Way, take};

/// What came of a body while it was waited for: each window must bring 1 KiB a second.
///
/// Only that time counts. While whoever takes the bytes is busy, or our own limit holds them back, no sender is slow.
#[derive(Debug)]
pub(crate) struct Pace {
    waited: Duration,
    bytes: u64,
    throttle: Option<Throttle>,
}

impl Pace {
    pub(crate) fn new(throttle: Option<Throttle>) -> Self {
        Self { waited: Duration::ZERO, bytes: 0, throttle }
    }

    /// Reads the next chunk when the limit on bytes allows, or fails when the body stands still or trickles.
    pub(crate) async fn chunk(
        &mut self,
        response: &mut Response,
        timing: &Timing,
    ) -> Result<Option<Bytes>, Failure> {
        let asked = Instant::now();
        let left = timing.stall.saturating_sub(self.waited);
        match tokio::time::timeout(left, response.chunk()).await {
            Ok(Ok(chunk)) => {
                self.waited += asked.elapsed();
                let bytes = chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
                self.count(bytes, timing)?;
                take(self.throttle.as_ref(), Way::Read, bytes).await;
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
            (self.waited, self.bytes) = (Duration::ZERO, 0);
        } else if self.waited >= timing.stall {
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
