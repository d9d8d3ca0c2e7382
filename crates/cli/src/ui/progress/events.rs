//! One JSON event a line on stdout.

use sealift_oci::copy::{CopyError, Observer};
use sealift_oci::plan::{PlannedImage, Totals};
use sealift_oci::{Blob, Written};
use sealift_reference::{Digest, Repository, Tag};

use super::event::{Event, OfBlob};
use crate::ui::Ui;

/// Prints each event. A closed pipe does not stop the copy: the exit code and the target tell how it ended.
pub(crate) struct Events(pub(crate) Ui);

/// Prints one event.
pub(crate) fn emit(ui: Ui, event: &Event) {
    if let Ok(text) = serde_json::to_string(event) {
        let _gone = ui.json(&text);
    }
}

/// An error with what lies below it, on one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let all = std::iter::successors(Some(error), |error| error.source());
    all.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl Observer for Events {
    fn planned(&self, totals: &Totals) {
        let Totals { images, documents: manifests, blobs, size_bytes: bytes } = *totals;
        emit(self.0, &Event::Planned { images, manifests, blobs, bytes });
    }

    fn image_skipped(&self, image: &PlannedImage) {
        let (image, repository) = (image.name.clone(), image.target.to_string());
        emit(self.0, &Event::Skipped { image, repository });
    }

    fn blob_started(&self, blob: &Blob, repository: &Repository) {
        emit(self.0, &Event::Started(OfBlob::new(blob, repository)));
    }

    fn blob_finished(&self, blob: &Blob, repository: &Repository, written: Written) {
        let event = match written {
            Written::AlreadyThere => Event::Present,
            Written::Mounted => Event::Mounted,
            Written::Sent => Event::Copied,
        };
        emit(self.0, &event(OfBlob::new(blob, repository)));
    }

    fn document_written(&self, digest: &Digest, repository: &Repository, tag: Option<&Tag>) {
        let (digest, repository) = (digest.to_string(), repository.to_string());
        emit(self.0, &Event::Manifest { digest, repository, tag: tag.map(Tag::to_string) });
    }

    fn image_done(&self, image: &PlannedImage) {
        let (image, repository) = (image.name.clone(), image.target.to_string());
        emit(self.0, &Event::Done { image, repository });
    }

    fn image_failed(&self, image: &PlannedImage, error: &CopyError) {
        let (image, side) = (image.name.clone(), error.side().to_string());
        emit(self.0, &Event::Failed { image, side, error: chain(error) });
    }

    fn sparse_refused(&self, index: &Digest, documents: usize, size_bytes: u64) {
        let (digest, manifests, bytes) = (index.to_string(), documents, size_bytes);
        emit(self.0, &Event::SparseRefused { digest, manifests, bytes });
    }
}
