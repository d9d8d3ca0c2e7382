//! A limit on the bytes that bodies move in a second.

use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Time whose bytes may go at once after a pause: long enough for timers to be exact, too short for a line to notice.
const BURST: Duration = Duration::from_millis(100);

/// A limit on the bytes of bodies in a second, for each direction: what a copy reads and what it writes do not hinder each
/// other, since lines carry both ways at once.
///
/// Clones share it. The clients of a source and of a target that are given clones keep the limit together.
#[derive(Clone, Debug)]
pub struct Throttle(Arc<Buckets>);

#[derive(Debug)]
struct Buckets {
    bytes_per_second: NonZeroU64,
    read: Mutex<Option<Instant>>,
    written: Mutex<Option<Instant>>,
}

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From a server.
    Read,
    /// To a server.
    Written,
}

impl Throttle {
    /// Lets this many bytes through in a second.
    #[must_use]
    pub fn new(bytes_per_second: NonZeroU64) -> Self {
        let buckets =
            Buckets { bytes_per_second, read: Mutex::default(), written: Mutex::default() };
        Self(Arc::new(buckets))
    }

    /// Returns the limit in bytes a second.
    #[must_use]
    pub fn bytes_per_second(&self) -> NonZeroU64 {
        self.0.bytes_per_second
    }

    /// Waits until so many bytes may go.
    pub(crate) async fn take(&self, way: Way, bytes: u64) {
        tokio::time::sleep_until(self.book(way, bytes)).await;
    }

    /// Books the bytes behind all that were booked before, and returns when they may go.
    fn book(&self, way: Way, bytes: u64) -> Instant {
        let bucket = match way {
            Way::Read => &self.0.read,
            Way::Written => &self.0.written,
        };
        let mut booked = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let start = booked.map_or(now, |booked| booked.max(now));
        *booked = Some(start.checked_add(self.time_of(bytes)).unwrap_or(start));
        // The burst is owed back by what comes next.
        start.checked_sub(BURST).map_or(now, |early| early.max(now))
    }

    fn time_of(&self, bytes: u64) -> Duration {
        let nanoseconds =
            u128::from(bytes) * 1_000_000_000 / u128::from(self.0.bytes_per_second.get());
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }
}

/// Waits where there is a limit.
pub(crate) async fn take(throttle: Option<&Throttle>, way: Way, bytes: u64) {
    if let Some(throttle) = throttle {
        throttle.take(way, bytes).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(bytes_per_second: u64) -> Throttle {
        Throttle::new(NonZeroU64::new(bytes_per_second).unwrap())
    }

    #[test]
    fn all_bodies_together_keep_the_limit_and_directions_are_apart() {
        let throttle = throttle(1000);
        let start = Instant::now();
        let booked: Vec<_> = (0..100)
            .map(|_| {
                let written = throttle.clone().book(Way::Written, 100);
                assert!(throttle.book(Way::Read, 1) <= written + BURST);
                written - start
            })
            .collect();
        let last = booked.last().unwrap();
        let about_ten = Duration::from_millis(9700)..Duration::from_millis(9900);
        assert!(about_ten.contains(last), "{last:?}");
        assert!(booked.is_sorted());
    }

    #[test]
    fn a_pause_saves_up_nothing() {
        let throttle = throttle(1_000_000);
        *throttle.0.read.lock().unwrap() = Instant::now().checked_sub(Duration::from_mins(1));
        let start = Instant::now();
        let times: Vec<_> = (0..3).map(|_| throttle.book(Way::Read, 500_000) - start).collect();
        assert!(times[2] >= Duration::from_millis(900), "{times:?}");
    }

    #[test]
    fn no_number_overflows() {
        let slow = throttle(1);
        for _ in 0..3 {
            let _far = slow.book(Way::Read, u64::MAX);
        }
    }
}
