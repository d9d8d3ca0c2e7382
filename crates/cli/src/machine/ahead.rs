//! Keys that are made ahead: a chart that asks for one certificate mostly asks for more, and each key takes as long as all
//! of the rendering.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rcgen::KeyPair;

type Made = Result<KeyPair, String>;

/// Threads that make RSA keys, as long as somebody may ask for more.
///
/// When a key is asked for, each of them makes one, and the first that is done counts: how long the search for primes
/// takes is luck. The others are for those who ask next; no more are made, as nobody may ask.
#[derive(Debug)]
pub(super) struct Ahead {
    threads: usize,
    orders: Sender<()>,
    keys: Receiver<Made>,
    ordered: Cell<usize>,
}

impl Ahead {
    /// Starts a thread for each processor; they end when this is dropped.
    pub(super) fn start(make: fn() -> Made) -> Self {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let (orders, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let (sender, keys) = channel();
        for _ in 0..threads {
            let (receiver, sender) = (Arc::clone(&receiver), sender.clone());
            // Where the system gives no thread, there is one maker less; without any, `next` makes the key.
            let _started = thread::Builder::new()
                .spawn(move || while is_ordered(&receiver) && sender.send(make()).is_ok() {});
        }
        Self { threads, orders, keys, ordered: Cell::new(0) }
    }

    /// Returns a key that nobody else has.
    pub(super) fn next(&self, make: fn() -> Made) -> Made {
        for _ in self.ordered.get()..self.threads {
            if self.orders.send(()).is_err() {
                return make();
            }
        }
        self.ordered.set(self.threads - 1);
        self.keys.recv().unwrap_or_else(|_| make())
    }
}

/// Waits for an order; false when nobody can order any more.
fn is_ordered(orders: &Mutex<Receiver<()>>) -> bool {
    orders.lock().unwrap_or_else(PoisonError::into_inner).recv().is_ok()
}
