//! Files of a layout, read and written in pieces off the async threads.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use sealift_files::{Folder, Mode, PartFile};
use sealift_reference::Hasher;

use crate::{Blob, BlobStream, StoreError, StoreErrorKind};

/// Bytes of one piece, as sockets take them.
const PIECE_BYTES: usize = 256 << 10;

/// Runs work that waits for the disk.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(StoreError::new(StoreErrorKind::Disk, "the run is ending")),
    }
}

pub(super) fn failed(error: sealift_files::Error) -> StoreError {
    let kind = match &error {
        error if error.is_not_found() => StoreErrorKind::NotFound,
        error if error.is_content() => StoreErrorKind::Refused,
        _ => StoreErrorKind::Disk,
    };
    StoreError::new(kind, "the layout cannot be used").because(error)
}

/// Streams a file from an offset. It is opened once.
pub(super) async fn stream(
    folder: Arc<Folder>,
    name: String,
    offset: u64,
) -> Result<BlobStream, StoreError> {
    let file = blocking(move || folder.open_file(&name).map_err(failed)).await?;
    let pieces = stream::try_unfold((Arc::new(file), offset), |(file, offset)| async move {
        let reader = Arc::clone(&file);
        let piece = blocking(move || reader.read_at(offset, PIECE_BYTES).map_err(failed)).await?;
        let next = offset + piece.len() as u64;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), (file, next))))
    });
    Ok(Box::pin(pieces))
}

/// Writes a blob under its name when all of it came and its hash is right.
pub(super) async fn write(
    folder: &Arc<Folder>,
    name: String,
    mut stream: BlobStream,
    blob: &Blob,
) -> Result<(), StoreError> {
    let (folder, wanted) = (Arc::clone(folder), blob.clone());
    let part = blocking(move || folder.part(&name).map_err(failed)).await?;
    let mut state = (part, Hasher::new(wanted.digest.algorithm()));
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        if state.0.size_bytes() + piece.len() as u64 > wanted.size_bytes {
            return Err(other_content(&wanted));
        }
        state = blocking(move || append(state, &piece)).await?;
    }
    blocking(move || commit(state, &wanted)).await
}

fn append(
    (mut part, mut hasher): (PartFile, Hasher),
    piece: &Bytes,
) -> Result<(PartFile, Hasher), StoreError> {
    hasher.update(piece);
    part.write(piece).map_err(failed)?;
    Ok((part, hasher))
}

fn commit((part, hasher): (PartFile, Hasher), wanted: &Blob) -> Result<(), StoreError> {
    if part.size_bytes() != wanted.size_bytes || hasher.finish() != wanted.digest {
        return Err(other_content(wanted));
    }
    part.commit(Mode::Public).map_err(failed)
}

fn other_content(blob: &Blob) -> StoreError {
    StoreError::new(
        StoreErrorKind::Digest,
        format!("what came is not {} of {} bytes", blob.digest, blob.size_bytes),
    )
}
