//! A proxy that tunnels names which no name server knows to servers of a test.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A running `CONNECT` proxy on 127.0.0.1; it ends when dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy that leads `host:port` to the port of a server on 127.0.0.1; other names get 502.
    ///
    /// # Panics
    ///
    /// When no port of 127.0.0.1 can be had.
    pub async fn start(routes: &[(&str, u16)]) -> Self {
        let routes: BTreeMap<String, u16> =
            routes.iter().map(|(name, port)| ((*name).to_owned(), *port)).collect();
        let listener =
            TcpListener::bind(("127.0.0.1", 0)).await.expect("a port on loopback is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn(accept(listener, Arc::new(routes), Arc::clone(&asked)));
        Self { address, asked, task }
    }

    /// Returns `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the `host:port` of all tunnels asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    listener: TcpListener,
    routes: Arc<BTreeMap<String, u16>>,
    asked: Arc<Mutex<Vec<String>>>,
) {
    let mut open = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let (routes, asked) = (Arc::clone(&routes), Arc::clone(&asked));
        open.spawn(async move {
            // A tunnel that breaks is what the test's client sees; there is nobody else to tell.
            let _broken = tunnel(client, &routes, &asked).await;
        });
    }
}

async fn tunnel(
    mut client: TcpStream,
    routes: &BTreeMap<String, u16>,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let name = head.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.lock().unwrap_or_else(PoisonError::into_inner).push(name.clone());
    let Some(port) = routes.get(&name).filter(|_| head.starts_with("CONNECT ")) else {
        return client.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").await;
    };
    let mut server = TcpStream::connect(("127.0.0.1", *port)).await?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await.map(drop)
}
