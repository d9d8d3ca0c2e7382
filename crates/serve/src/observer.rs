//! Who is told what the server does.

use std::net::SocketAddr;
use std::time::Duration;

/// One answered request. Headers and the query are not here: they may hold secrets.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Who asked.
    pub client: SocketAddr,
    /// Such as `GET`.
    pub method: String,
    /// The path as it came, without the query; text from outside, to be printed through the gate.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// The length of the answer's body in bytes, as announced.
    pub bytes: u64,
    /// From the head of the request to the head of the answer.
    pub took: Duration,
}

/// Is told what happens. Called on the server's own threads: it must not block.
pub trait Observer: Send + Sync + 'static {
    /// A request was answered.
    fn answered(&self, _request: &Seen) {}

    /// Something is wrong on this side: a full disk, a file that is not what its name says, a connection that broke.
    fn problem(&self, _text: &str) {}
}

impl Observer for () {}

impl<O: Observer> Observer for std::sync::Arc<O> {
    fn answered(&self, request: &Seen) {
        (**self).answered(request);
    }

    fn problem(&self, text: &str) {
        (**self).problem(text);
    }
}
