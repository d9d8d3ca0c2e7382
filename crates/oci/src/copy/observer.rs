//! What a run tells about itself while it works.

use sealift_reference::{Digest, Repository, Tag};

use super::CopyError;
use crate::plan::{PlannedImage, Totals};
use crate::{Blob, Written};

/// Is told what happens; the command line draws it or prints it as events, a library caller may ignore it.
///
/// Calls come from several threads and must return soon: the transfer waits for them.
pub trait Observer: Send + Sync {
    /// The run begins. What the target has already is counted in.
    fn planned(&self, _totals: &Totals) {}

    /// The target has the image; one request was made.
    fn image_skipped(&self, _image: &PlannedImage) {}

    /// Bytes of a blob begin to move.
    fn blob_started(&self, _blob: &Blob, _repository: &Repository) {}

    /// The blob was sent up to `position_bytes`. It falls back where a broken transfer is taken up again.
    fn blob_progress(&self, _blob: &Blob, _position_bytes: u64) {}

    /// A blob is in a repository of the target: sent, mounted, or found there.
    fn blob_finished(&self, _blob: &Blob, _repository: &Repository, _written: Written) {}

    /// A manifest was written.
    fn document_written(&self, _digest: &Digest, _repository: &Repository, _tag: Option<&Tag>) {}

    /// An image and all that is carried with it are at the target.
    fn image_done(&self, _image: &PlannedImage) {}

    /// An image failed, once per reason. The others go on.
    fn image_failed(&self, _image: &PlannedImage, _error: &CopyError) {}

    /// The target wants every manifest that an index names: these are sent too, though their platforms were not chosen.
    fn sparse_refused(&self, _index: &Digest, _documents: usize, _size_bytes: u64) {}
}

impl Observer for () {}
