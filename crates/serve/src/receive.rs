//! Bodies of requests: bounded in memory, in size, and in the time that they may bring nothing.

use bytes::Bytes;
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use sealift_oci::limits::MANIFEST_BYTES;
use tokio::sync::{OwnedMutexGuard, mpsc};
use tokio::time::timeout;

use crate::Limits;
use crate::fault::Fault;
use crate::limits::{DRAINED_BYTES, FRAMES_IN_FLIGHT};
use crate::upload::Session;

/// Writes and hashes on a thread of its own while the next frames arrive. What came before a break is kept.
pub(crate) async fn append(
    mut session: OwnedMutexGuard<Session>,
    mut body: Incoming,
    limits: Limits,
) -> Result<OwnedMutexGuard<Session>, Fault> {
    let (sender, mut frames) = mpsc::channel::<Bytes>(FRAMES_IN_FLIGHT);
    let writing = tokio::task::spawn_blocking(move || {
        while let Some(frame) = frames.blocking_recv() {
            session.append(&frame, limits.blob_bytes)?;
        }
        Ok::<_, Fault>(session)
    });
    let mut broken = None;
    loop {
        match next(&mut body, limits).await {
            Ok(Some(frame)) => {
                if sender.send(frame).await.is_err() {
                    // The writer says why. A client that still sends hears it only after its last byte.
                    drain(&mut body, limits).await;
                    break;
                }
            }
            Ok(None) => break,
            Err(fault) => {
                broken = Some(fault);
                break;
            }
        }
    }
    drop(sender);
    let session =
        writing.await.map_err(|error| Fault::gone(&format!("a writer stopped: {error}")))??;
    broken.map_or(Ok(session), Err)
}

/// Takes what a client sends of a body that nobody wants any more, within bounds.
async fn drain(body: &mut Incoming, limits: Limits) {
    let mut bytes = 0;
    while let (0..=DRAINED_BYTES, Ok(Some(frame))) = (bytes, next(body, limits).await) {
        bytes += frame.len();
    }
}

/// Returns the next bytes of a body, `None` at its end.
async fn next(body: &mut Incoming, limits: Limits) -> Result<Option<Bytes>, Fault> {
    loop {
        let frame = timeout(limits.stall, body.frame()).await;
        let frame = frame.map_err(|_| {
            Fault::new(
                StatusCode::REQUEST_TIMEOUT,
                "BLOB_UPLOAD_INVALID",
                "the body stopped coming",
            )
        })?;
        match frame {
            None => return Ok(None),
            Some(Err(_)) => {
                return Err(Fault::new(
                    StatusCode::BAD_REQUEST,
                    "BLOB_UPLOAD_INVALID",
                    "the body broke off",
                ));
            }
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// Returns a manifest, whole.
pub(crate) async fn document(mut body: Incoming, limits: Limits) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let Some(frame) = next(&mut body, limits).await? {
        bytes.extend_from_slice(&frame);
        if bytes.len() > MANIFEST_BYTES {
            let message = format!("a manifest has at most {MANIFEST_BYTES} bytes");
            return Err(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "MANIFEST_INVALID", message));
        }
    }
    Ok(bytes)
}
