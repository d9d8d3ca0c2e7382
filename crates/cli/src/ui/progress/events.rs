//! One JSON event a line on stdout; the last one is the summary.

use sealift_oci::copy::{CopyError, Observer};
use sealift_oci::plan::{PlannedImage, Totals};
use sealift_oci::{Blob, Written};
use sealift_reference::{Digest, Repository, Tag};
use serde_json::{Value, json};

use crate::ui::Ui;

/// Prints each event. A closed pipe does not stop the copy: the exit code and the target tell how it ended.
pub(crate) struct Events(pub(crate) Ui);

/// Prints one event.
pub(crate) fn emit(ui: Ui, event: &Value) {
    let _gone = ui.json(&event.to_string());
}

impl Observer for Events {
    fn planned(&self, totals: &Totals) {
        let Totals { images, documents, blobs, size_bytes } = totals;
        emit(
            self.0,
            &json!({"event": "planned", "images": images, "manifests": documents, "blobs": blobs, "bytes": size_bytes}),
        );
    }

    fn image_skipped(&self, image: &PlannedImage) {
        emit(
            self.0,
            &json!({"event": "skipped", "image": image.name, "repository": image.target.to_string()}),
        );
    }

    fn blob_started(&self, blob: &Blob, repository: &Repository) {
        let event = json!({"event": "started", "digest": blob.digest.as_str(), "bytes": blob.size_bytes, "repository": repository.to_string()});
        emit(self.0, &event);
    }

    fn blob_finished(&self, blob: &Blob, repository: &Repository, written: Written) {
        let event = match written {
            Written::AlreadyThere => "present",
            Written::Mounted => "mounted",
            Written::Sent => "copied",
        };
        emit(
            self.0,
            &json!({"event": event, "digest": blob.digest.as_str(), "bytes": blob.size_bytes, "repository": repository.to_string()}),
        );
    }

    fn document_written(&self, digest: &Digest, repository: &Repository, tag: Option<&Tag>) {
        let event = json!({"event": "manifest", "digest": digest.as_str(), "repository": repository.to_string(), "tag": tag.map(Tag::as_str)});
        emit(self.0, &event);
    }

    fn image_done(&self, image: &PlannedImage) {
        emit(
            self.0,
            &json!({"event": "done", "image": image.name, "repository": image.target.to_string()}),
        );
    }

    fn image_failed(&self, image: &PlannedImage, error: &CopyError) {
        emit(
            self.0,
            &json!({"event": "failed", "image": image.name, "side": error.side().to_string(), "error": error.to_string()}),
        );
    }

    fn sparse_refused(&self, index: &Digest, documents: usize, size_bytes: u64) {
        emit(
            self.0,
            &json!({"event": "sparse-refused", "digest": index.as_str(), "manifests": documents, "bytes": size_bytes}),
        );
    }

    fn waiting(&self, host: &str, reason: &str) {
        emit(self.0, &json!({"event": "waiting", "host": host, "reason": reason}));
    }
}
