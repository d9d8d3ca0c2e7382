//! HTTP/1.1 over one connection, by hand, so that it can be broken at any byte.

use std::fmt::Write as _;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::reply::Ending;
use crate::server::Shared;
use crate::{Recorded, Reply, upstream};

/// Filler of [`Reply::endless`].
const FILLER: [u8; 16 * 1024] = [b'x'; 16 * 1024];

/// The first byte of a client that speaks TLS.
const TLS_HANDSHAKE: u8 = 0x16;

/// A connection, encrypted or not.
pub(crate) enum Wire {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    async fn read(&mut self, buffer: &mut BytesMut) -> std::io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read_buf(buffer).await,
            Self::Tls(stream) => stream.read_buf(buffer).await,
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Plain(stream) => stream.write_all(bytes).await,
            Self::Tls(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }

    async fn close(&mut self) {
        // The peer may be gone already: then there is nothing left to close.
        let _gone = match self {
            Self::Plain(stream) => stream.shutdown().await,
            Self::Tls(stream) => stream.shutdown().await,
        };
    }

    fn reset(self) {
        let stream = match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.into_inner().0,
        };
        // Zero linger makes the kernel send RST instead of FIN.
        stream.set_zero_linger().expect("the option exists on every platform");
    }
}

/// Answers requests until one side closes.
pub(crate) async fn converse(mut wire: Wire, log: &Shared) {
    let mut buffer = BytesMut::new();
    while let Some(mut request) = read_head(&mut wire, &mut buffer).await {
        let reply = log.choose(&request);
        let broken_off = reply.passed.as_ref().and_then(|passed| passed.broken_off);
        let early = reply.early.or(broken_off);
        if request.header("expect").is_some() && early.is_none() {
            let _gone = wire.write(b"HTTP/1.1 100 Continue\r\n\r\n").await;
        }
        let whole = read_body(&mut wire, &mut buffer, &mut request, early).await;
        let head_only = request.method == "HEAD";
        let range = request.header("range").map(str::to_owned);
        let reply = if reply.passed.is_some() {
            passed(&reply, &request, log, whole && broken_off.is_none()).await
        } else {
            reply
        };
        let reply = match reply.elsewhere.clone() {
            Some(origin) => reply.header("Location", origin + &request.target),
            None => reply,
        };
        log.record(request);
        if !whole {
            return;
        }
        if broken_off.is_some() {
            return wire.reset();
        }
        let reply = if reply.echo_range { ranged(reply, range.as_deref()) } else { reply };
        match answer(&mut wire, &reply, head_only).await {
            Next::Keep => {}
            Next::Close => {
                linger(&mut wire, &mut buffer, reply.early.is_some()).await;
                return wire.close().await;
            }
            Next::Reset => return wire.reset(),
            Next::Stall => return std::future::pending().await,
        }
    }
}

/// Asks the server behind, and breaks its answer as the rule says.
async fn passed(reply: &Reply, request: &Recorded, log: &Shared, whole: bool) -> Reply {
    let behind = log.behind().expect("a rule that passes requests on needs a server behind");
    let asking = reply.passed.as_ref().and_then(|passed| passed.asking.clone());
    let request = match asking {
        Some(target) => &Recorded { target, ..request.clone() },
        None => request,
    };
    let answer = upstream::pass(&behind, request, whole).await;
    answer.map_or_else(Reply::none, |answer| reply.upon(answer))
}

enum Next {
    Keep,
    Close,
    Reset,
    Stall,
}

/// After an early answer, takes what is on its way so that the kernel does not reset the connection over it.
async fn linger(wire: &mut Wire, buffer: &mut BytesMut, early: bool) {
    if !early {
        return;
    }
    let drain = async {
        buffer.clear();
        while wire.read(buffer).await.is_ok_and(|read| read > 0) {
            buffer.clear();
        }
    };
    let _slow = tokio::time::timeout(Duration::from_millis(200), drain).await;
}

async fn read_head(wire: &mut Wire, buffer: &mut BytesMut) -> Option<Recorded> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = buffer.split_to(end + 4);
            return parse_head(std::str::from_utf8(&head).ok()?);
        }
        if wire.read(buffer).await.ok()? == 0 {
            return None;
        }
        if buffer.first() == Some(&TLS_HANDSHAKE) {
            // As Go's server answers a client that speaks TLS to it.
            let _gone = wire.write(b"HTTP/1.0 400 Bad Request\r\n\r\nthis is plain HTTP.\n").await;
            return None;
        }
    }
}

fn parse_head(head: &str) -> Option<Recorded> {
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Recorded { method, target, headers, body: Bytes::new() })
}

/// Reads the body into the record; `false` when it broke off.
async fn read_body(
    wire: &mut Wire,
    buffer: &mut BytesMut,
    request: &mut Recorded,
    early: Option<usize>,
) -> bool {
    if request.header("transfer-encoding").is_some() {
        return read_chunks(wire, buffer, request).await;
    }
    let length =
        request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0usize);
    let wanted = early.map_or(length, |early| early.min(length));
    while buffer.len() < wanted {
        if wire.read(buffer).await.ok().is_none_or(|read| read == 0) {
            request.body = buffer.split().freeze();
            return false;
        }
    }
    request.body = buffer.split_to(wanted).freeze();
    true
}

async fn read_chunks(wire: &mut Wire, buffer: &mut BytesMut, request: &mut Recorded) -> bool {
    let mut body = BytesMut::new();
    loop {
        let line_end = buffer.windows(2).position(|window| window == b"\r\n");
        let size = line_end.and_then(|end| {
            let text = std::str::from_utf8(&buffer[..end]).ok()?;
            usize::from_str_radix(text, 16).ok().map(|size| (end + 2, size))
        });
        if let Some((start, size)) = size.filter(|(start, size)| buffer.len() >= start + size + 2) {
            body.extend_from_slice(&buffer[start..start + size]);
            drop(buffer.split_to(start + size + 2));
            if size == 0 {
                request.body = body.freeze();
                return true;
            }
        } else if wire.read(buffer).await.ok().is_none_or(|read| read == 0) {
            request.body = body.freeze();
            return false;
        }
    }
}

fn ranged(mut reply: Reply, range: Option<&str>) -> Reply {
    let total = reply.body.len();
    let start = range
        .and_then(|text| text.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    match start {
        None => reply,
        Some(start) if start >= total => {
            Reply::status(416).header("Content-Range", format!("bytes */{total}"))
        }
        Some(start) => {
            reply.status = 206;
            reply.body = reply.body.slice(start..);
            reply.header("Content-Range", format!("bytes {start}-{}/{total}", total - 1))
        }
    }
}

async fn answer(wire: &mut Wire, reply: &Reply, head_only: bool) -> Next {
    if reply.silent {
        return if reply.close { Next::Close } else { Next::Stall };
    }
    let sent = send(wire, reply, head_only).await;
    match (sent, reply.ending) {
        (Err(_), _) | (_, Ending::Cut(_) | Ending::Endless) => Next::Close,
        (Ok(()), Ending::Reset(_)) => {
            // What was written should arrive before the reset overtakes it.
            tokio::time::sleep(Duration::from_millis(20)).await;
            Next::Reset
        }
        (Ok(()), Ending::Stall(_)) => Next::Stall,
        (Ok(()), _) if reply.close => Next::Close,
        (Ok(()), Ending::Whole | Ending::Trickle(_)) => Next::Keep,
    }
}

async fn send(wire: &mut Wire, reply: &Reply, head_only: bool) -> std::io::Result<()> {
    wire.write(head_text(reply).as_bytes()).await?;
    if head_only {
        return Ok(());
    }
    let kept = match reply.ending {
        Ending::Cut(bytes) | Ending::Reset(bytes) | Ending::Stall(bytes) => {
            bytes.min(reply.body.len())
        }
        Ending::Whole | Ending::Endless => reply.body.len(),
        Ending::Trickle(pause) => return trickle(wire, &reply.body, pause).await,
    };
    write_body(wire, &reply.body[..kept], reply.chunked).await?;
    match reply.ending {
        Ending::Endless => loop {
            write_body(wire, &FILLER, true).await?;
        },
        Ending::Whole if reply.chunked => wire.write(b"0\r\n\r\n").await,
        _ => Ok(()),
    }
}

async fn trickle(wire: &mut Wire, body: &[u8], pause: Duration) -> std::io::Result<()> {
    for byte in body {
        tokio::time::sleep(pause).await;
        wire.write(&[*byte]).await?;
    }
    Ok(())
}

async fn write_body(wire: &mut Wire, body: &[u8], chunked: bool) -> std::io::Result<()> {
    if !chunked {
        return wire.write(body).await;
    }
    if body.is_empty() {
        return Ok(());
    }
    wire.write(format!("{:x}\r\n", body.len()).as_bytes()).await?;
    wire.write(body).await?;
    wire.write(b"\r\n").await
}

fn head_text(reply: &Reply) -> String {
    let mut head = format!("HTTP/1.1 {} Scripted\r\n", reply.status);
    for (name, value) in &reply.headers {
        write!(head, "{name}: {value}\r\n").expect("a string takes all that is written to it");
    }
    let given = reply.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    if reply.chunked {
        head.push_str("Transfer-Encoding: chunked\r\n");
    } else if !given && reply.status != 204 && reply.status != 304 {
        let length = reply.content_length.unwrap_or(reply.body.len() as u64);
        write!(head, "Content-Length: {length}\r\n")
            .expect("a string takes all that is written to it");
    }
    if reply.close {
        head.push_str("Connection: close\r\n");
    }
    head.push_str("\r\n");
    head
}
