//! A line that is long: a proxy that passes bytes on 25 ms later, each way, and as many as come.

use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Half of the round trip.
const WAY: Duration = Duration::from_millis(25);

/// Pieces on the line: with 64 KiB each, more than any window of TCP.
const PIECES: usize = 1024;

/// A running proxy; it ends when this is dropped.
pub(super) struct Delay {
    address: String,
    _runtime: Runtime,
}

impl Delay {
    /// Leads to an address.
    pub(super) fn start(to: &str) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("a thread for the proxy")?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?.to_string();
        let to = to.to_owned();
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let to = to.clone();
                tokio::spawn(async move { connect(client, &to).await });
            }
        });
        Ok(Self { address, _runtime: runtime })
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

async fn connect(client: TcpStream, to: &str) -> Option<()> {
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
