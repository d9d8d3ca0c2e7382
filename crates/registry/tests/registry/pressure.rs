//! A host that takes only so many requests at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sealift_oci::Source as _;
use sealift_reference::Repository;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::fixture::registry;

/// Requests that the server takes at a time.
const TAKES: usize = 2;

/// Answers 404 after a while, and 429 at once to whoever comes on top of two others; the script of a server knows no such state.
async fn serve(mut stream: TcpStream, busy: Arc<AtomicUsize>) -> std::io::Result<()> {
    let mut head = Vec::new();
    loop {
        head.push(stream.read_u8().await?);
        if head[0] == 0x16 {
            return stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n").await;
        }
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let others = busy.fetch_add(1, Ordering::SeqCst);
        let status = match others {
            _ if head.starts_with(b"GET /v2/ ") => "200 OK",
            0..TAKES => {
                tokio::time::sleep(Duration::from_millis(5)).await;
                "404 Not Found"
            }
            _ => "429 Too Many Requests",
        };
        busy.fetch_sub(1, Ordering::SeqCst);
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await?;
        head.clear();
    }
}

#[tokio::test]
async fn the_number_of_requests_at_a_time_settles_at_what_the_host_takes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let repository = Repository::new(&listener.local_addr().unwrap().to_string(), "a/b").unwrap();
    let server = tokio::spawn(async move {
        let busy = Arc::new(AtomicUsize::new(0));
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&busy)));
        }
    });
    let registry = registry();
    let tags: Vec<_> = (0..100).map(|number| format!("t{number}").parse().unwrap()).collect();
    let all = tags.iter().map(|tag| registry.resolve(&repository, tag));
    for found in futures_util::future::join_all(all).await {
        assert_eq!(found.unwrap(), None);
    }
    server.abort();
}
