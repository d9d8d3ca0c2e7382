//! Keys that are made ahead: a chart that asks for one certificate mostly asks for more, and each key takes longer than
//! all of the rendering.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rcgen::KeyPair;

/// Keys that lie ready, at most, for each thread that makes them.
const READY: usize = 1;

type Made = Result<KeyPair, String>;

/// Threads that make RSA keys for certificates, as long as somebody may ask for more.
#[derive(Debug)]
pub(super) struct Ahead(Receiver<Made>);

impl Ahead {
    /// Starts a thread for each processor; they end when this is dropped.
    pub(super) fn start(make: fn() -> Made) -> Self {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let (sender, receiver) = sync_channel(threads * READY);
        for _ in 0..threads {
            let sender: SyncSender<Made> = sender.clone();
            // Where the system gives no thread, there is one maker less; without any, `next` makes the key.
            let _started =
                thread::Builder::new().spawn(move || while sender.send(make()).is_ok() {});
        }
        Self(receiver)
    }

    /// Returns a key that nobody else has.
    pub(super) fn next(&self, make: fn() -> Made) -> Made {
        self.0.recv().unwrap_or_else(|_| make())
    }
}
