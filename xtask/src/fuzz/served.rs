//! A read-only registry over an empty folder, asked by hand.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::OnceLock;
use std::time::Duration;

use sealift_files::Folder;
use sealift_serve::{Limits, Server, Settings};

/// A request line takes far less; a server that is silent for longer hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends a request line and returns the status of the answer; `None` where the server hangs up.
pub(super) fn status(request: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address()).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
    let request = [request, b" HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"].concat();
    // The server may hang up before it has read all.
    let _sent = stream.write_all(&request).and_then(|()| stream.shutdown(Shutdown::Write));
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("the server hangs"),
        _ => {}
    }
    let line = answer.strip_prefix(b"HTTP/1.1 ")?;
    std::str::from_utf8(line.get(..3)?).ok()?.parse().ok()
}

/// Starts the server once.
fn address() -> SocketAddr {
    static ADDRESS: OnceLock<SocketAddr> = OnceLock::new();
    *ADDRESS.get_or_init(|| {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || serve(&sender));
        receiver.recv().expect("the server starts")
    })
}

fn serve(started: &std::sync::mpsc::Sender<SocketAddr>) {
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::write(folder.path().join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)
        .expect("a file");
    fs_err::write(folder.path().join("index.json"), r#"{"schemaVersion":2,"manifests":[]}"#)
        .expect("a file");
    let limits = Limits {
        stall: Duration::from_millis(100),
        head_time: Duration::from_secs(1),
        ..Limits::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime of one thread");
    runtime.block_on(async {
        let opened = Folder::open(folder.path()).expect("it was just made");
        let server = Server::bind(opened, Settings { limits, ..Settings::default() }, ())
            .await
            .expect("a free port");
        started.send(server.address()).expect("somebody waits for it");
        server.run(std::future::pending()).await;
    });
}
