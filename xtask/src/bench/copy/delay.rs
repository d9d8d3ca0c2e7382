//! A line that is long: a proxy that passes bytes on 25 ms later, each way, and as many as come.

use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::bench::listener::Listener;

/// Half of the round trip.
const WAY: Duration = Duration::from_millis(25);

/// Pieces on the line: with 64 KiB each, more than any window of TCP.
const PIECES: usize = 1024;

/// Starts one that leads to an address.
pub(super) fn start(to: &str) -> Result<Listener> {
    let to = to.to_owned();
    Listener::start(move |client| connect(client, to.clone()))
}

async fn connect(client: TcpStream, to: String) -> Option<()> {
    // The handshake of TCP takes a round trip before the first byte.
    tokio::time::sleep(WAY * 2).await;
    let server = TcpStream::connect(to).await.ok()?;
    for stream in [&client, &server] {
        stream.set_nodelay(true).ok()?;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (sent, _received) =
        tokio::join!(pass(from_client, to_server), pass(from_server, to_client));
    sent
}

/// Passes bytes on, each piece when its time has come.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> Option<()> {
    let (sender, mut line) = mpsc::channel::<(Instant, Vec<u8>)>(PIECES);
    let read = async move {
        loop {
            let mut piece = vec![0; 64 << 10];
            let length = from.read(&mut piece).await.ok().filter(|length| *length > 0)?;
            piece.truncate(length);
            sender.send((Instant::now() + WAY, piece)).await.ok()?;
        }
    };
    let write = async move {
        while let Some((due, piece)) = line.recv().await {
            tokio::time::sleep_until(due).await;
            to.write_all(&piece).await.ok()?;
        }
        to.shutdown().await.ok()
    };
    let (_end, written): (Option<()>, _) = tokio::join!(read, write);
    written
}
