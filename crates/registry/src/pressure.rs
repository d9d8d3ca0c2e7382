//! How many requests may be on their way: halved when the host asks to slow down, and grown again by successes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Successes that give one place back.
const SUCCESSES: u32 = 50;

/// Places for requests of one kind at one host.
#[derive(Debug)]
pub(crate) struct Pressure {
    most: usize,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug)]
struct State {
    allowed: usize,
    in_flight: usize,
    successes: u32,
}

/// A place taken; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Permit(Arc<Pressure>);

impl Pressure {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        let state = State { allowed: most, in_flight: 0, successes: 0 };
        Arc::new(Self { most, state: Mutex::new(state), freed: Notify::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Permit {
        loop {
            let mut freed = std::pin::pin!(self.freed.notified());
            // Registered before the look, so that a place given back in between is not missed.
            freed.as_mut().enable();
            if self.take() {
                return Permit(Arc::clone(self));
            }
            freed.await;
        }
    }

    fn take(&self) -> bool {
        let mut state = self.state();
        let free = state.in_flight < state.allowed;
        state.in_flight += usize::from(free);
        free
    }

    /// Halves the places; one always stays.
    pub(crate) fn halve(&self) {
        let mut state = self.state();
        state.allowed = (state.allowed / 2).max(1);
        state.successes = 0;
    }

    /// Counts a success; some of them give a place back.
    pub(crate) fn succeeded(&self) {
        let mut state = self.state();
        state.successes += 1;
        if state.successes >= SUCCESSES && state.allowed < self.most {
            state.successes = 0;
            state.allowed += 1;
            self.freed.notify_one();
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.in_flight -= 1;
        if state.in_flight < state.allowed {
            self.0.freed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns how many more places can be had at once.
    fn free(pressure: &Arc<Pressure>) -> usize {
        let mut taken = Vec::new();
        while pressure.take() {
            taken.push(Permit(Arc::clone(pressure)));
        }
        taken.len()
    }

    #[tokio::test]
    async fn places_are_halved_down_to_one_and_grow_with_successes() {
        let pressure = Pressure::new(16);
        let mut seen = vec![free(&pressure)];
        for _ in 0..5 {
            pressure.halve();
            seen.push(free(&pressure));
        }
        assert_eq!(seen, [16, 8, 4, 2, 1, 1]);
        (0..100).for_each(|_| pressure.succeeded());
        assert_eq!(free(&pressure), 3);
        (0..5000).for_each(|_| pressure.succeeded());
        assert_eq!(free(&pressure), 16);
    }

    #[tokio::test]
    async fn whoever_waits_gets_the_place_that_is_given_back() {
        let pressure = Pressure::new(1);
        let first = pressure.acquire().await;
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let pressure = Arc::clone(&pressure);
                tokio::spawn(async move { drop(pressure.acquire().await) })
            })
            .collect();
        tokio::task::yield_now().await;
        assert!(waiting.iter().all(|task| !task.is_finished()));
        drop(first);
        for task in waiting {
            task.await.unwrap();
        }
    }

    #[tokio::test]
    async fn places_that_are_taken_when_they_are_halved_are_not_given_again() {
        let pressure = Pressure::new(4);
        let taken = [pressure.acquire().await, pressure.acquire().await, pressure.acquire().await];
        pressure.halve();
        let [first, second, third] = taken;
        drop(first);
        assert_eq!(free(&pressure), 0);
        drop(second);
        assert_eq!(free(&pressure), 1);
        drop(third);
        assert_eq!(free(&pressure), 2);
    }
}
