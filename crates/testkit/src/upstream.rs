//! The server behind a scripted one: what no rule breaks is its doing.

use std::fmt::Write as _;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{Recorded, Reply};

/// Headers that belong to one connection.
const OF_CONNECTION: [&str; 5] =
    ["connection", "expect", "host", "keep-alive", "transfer-encoding"];

/// Passes a request on and returns the answer. A body that broke off breaks off there too, and has no answer.
pub(crate) async fn pass(address: &str, request: &Recorded, whole: bool) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(head(address, request).as_bytes()).await.ok()?;
    stream.write_all(&request.body).await.ok()?;
    if !whole {
        // The server should have taken what came before it sees the end.
        stream.shutdown().await.ok()?;
        let mut rest = Vec::new();
        let _broken = stream.read_to_end(&mut rest).await;
        return None;
    }
    let mut answer = BytesMut::new();
    while stream.read_buf(&mut answer).await.ok()? > 0 {}
    read(&answer.freeze(), request.method == "HEAD")
}

fn head(address: &str, request: &Recorded) -> String {
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {address}\r\n", request.method, request.target);
    let headers = request.headers.iter();
    for (name, value) in headers.filter(|(name, _)| !OF_CONNECTION.contains(&name.as_str())) {
        write!(head, "{name}: {value}\r\n").expect("a string takes all that is written to it");
    }
    head + "connection: close\r\n\r\n"
}

fn read(answer: &Bytes, head_only: bool) -> Option<Reply> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut reply = Reply::status(status);
    let mut chunked = false;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let (name, value) = (name.to_ascii_lowercase(), value.trim());
        chunked |= name == "transfer-encoding";
        match name.as_str() {
            "content-length" if head_only => reply.content_length = value.parse().ok(),
            "content-length" => {}
            name if OF_CONNECTION.contains(&name) => {}
            name => reply = reply.header(name, value),
        }
    }
    let body = answer.slice(end + 4..);
    reply.body = if chunked { unchunked(&body)? } else { body };
    Some(reply)
}

fn unchunked(body: &Bytes) -> Option<Bytes> {
    let (mut rest, mut whole) = (body.clone(), BytesMut::new());
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        let start = end + 2;
        if size == 0 {
            return Some(whole.freeze());
        }
        whole.extend_from_slice(rest.get(start..start + size)?);
        rest = rest.slice(start + size + 2..);
    }
}
