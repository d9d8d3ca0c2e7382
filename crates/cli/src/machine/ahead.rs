//! Primes that are found ahead: a chart that asks for one certificate mostly asks for more, and a key takes as long as all of
//! the rendering.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use sealift_rsa::{Prime, RsaError, Search, Size};

use super::random;

type Found = Result<Prime, RsaError>;

/// Threads that search for primes, as long as somebody may ask for more.
///
/// When one is asked for, each of them searches, and the first that is found counts: how long a search takes is luck. The
/// others are for those who ask next; no more are begun, as nobody may ask.
#[derive(Debug)]
pub(super) struct Ahead {
    search: Arc<Search>,
    threads: usize,
    orders: Sender<()>,
    primes: Receiver<Found>,
    ordered: Cell<usize>,
}

impl Ahead {
    /// Starts a thread for each processor; they end when this is dropped.
    pub(super) fn start(size: Size) -> Self {
        let search = Arc::new(Search::new(size));
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let (orders, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let (sender, primes) = channel();
        for _ in 0..threads {
            let (search, receiver, sender) =
                (Arc::clone(&search), Arc::clone(&receiver), sender.clone());
            // Where the system gives no thread, one less searches; without any, `next` does.
            let _started = thread::Builder::new().spawn(move || {
                while is_ordered(&receiver) && sender.send(search.prime(&mut random)).is_ok() {}
            });
        }
        Self { search, threads, orders, primes, ordered: Cell::new(0) }
    }

    /// Returns a prime that nobody else has.
    pub(super) fn next(&self) -> Found {
        for _ in self.ordered.get()..self.threads {
            if self.orders.send(()).is_err() {
                return self.search.prime(&mut random);
            }
        }
        self.ordered.set(self.threads - 1);
        self.primes.recv().unwrap_or_else(|_| self.search.prime(&mut random))
    }
}

/// Waits for an order; false when nobody can order any more.
fn is_ordered(orders: &Mutex<Receiver<()>>) -> bool {
    orders.lock().unwrap_or_else(PoisonError::into_inner).recv().is_ok()
}
