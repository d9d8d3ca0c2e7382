//! What follows from a unit that is done or has failed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::ends::Id;
use super::super::{CopyError, ImageFailure};
use super::unit::{Kind, RootProgress, Sparse, State};
use super::{Request, Schedule, below};

impl Schedule {
    /// Marks a unit done, or failed for these reasons, and all that hangs on it.
    pub(super) fn settle(&mut self, id: Id, errors: Vec<Arc<CopyError>>) {
        let mut settled = vec![(id, errors)];
        while let Some((id, errors)) = settled.pop() {
            let unit = &mut self.units[id];
            if unit.is_settled() {
                continue;
            }
            unit.state = if errors.is_empty() { State::Done } else { State::Failed };
            unit.blame(&errors);
            let (dependents, roots) = (std::mem::take(&mut unit.dependents), unit.roots.clone());
            for dependent in dependents {
                let unit = &mut self.units[dependent];
                unit.waiting -= 1;
                unit.blame(&errors);
                if unit.waiting == 0 && unit.state == State::Waiting && !unit.errors.is_empty() {
                    settled.push((dependent, unit.errors.clone()));
                } else {
                    self.ready_if_free(dependent);
                }
            }
            for root in roots {
                self.root_settled(root, errors.clone());
            }
        }
    }

    /// Queues a manifest that waits for nothing any more.
    pub(super) fn ready_if_free(&mut self, id: Id) {
        let unit = &self.units[id];
        let Kind::Document(document) = &unit.kind else { return };
        if unit.state != State::Waiting || unit.waiting > 0 || !document.is_connected {
            return;
        }
        if !unit.errors.is_empty() {
            return self.settle(id, unit.errors.clone());
        }
        let is_sparse = !document.is_expanded
            && self.nodes.get(&unit.digest).is_some_and(|node| !node.absent.is_empty());
        self.units[id].state = State::Queued;
        match self.sparse {
            _ if !is_sparse => self.requests.push_back(Request::Document(id)),
            Sparse::Takes => self.requests.push_back(Request::Document(id)),
            Sparse::Refuses => self.expand(id),
            Sparse::Trying => self.parked.push(id),
            Sparse::Unknown => {
                self.sparse = Sparse::Trying;
                self.requests.push_back(Request::Document(id));
            }
        }
    }

    /// Notes that one root of an image is there, or why not; says so when it was the last one.
    pub(super) fn root_settled(&mut self, root: Id, errors: Vec<Arc<CopyError>>) {
        let was_there = self.roots[root].progress == RootProgress::There;
        if self.roots[root].progress == RootProgress::Settled {
            return;
        }
        let index = self.roots[root].image;
        self.roots[root].progress = RootProgress::Settled;
        self.roots_left[index] -= 1;
        self.copied[index] |= !was_there;
        self.failures.entry(index).or_default().extend(errors);
        if self.roots_left[index] == 0 {
            self.image_settled(index);
        }
    }

    fn image_settled(&mut self, index: usize) {
        let skipped_bytes = if self.copied[index] { 0 } else { self.bytes_of(index) };
        let image = &self.images[index];
        let mut errors: Vec<Arc<CopyError>> = Vec::new();
        for error in self.failures.remove(&index).unwrap_or_default() {
            if !errors.iter().any(|known| Arc::ptr_eq(known, &error)) {
                self.observer.image_failed(image, &error);
                errors.push(error);
            }
        }
        if !errors.is_empty() {
            self.summary.failed.push(ImageFailure { name: image.name.clone(), errors });
            return;
        }
        self.summary.images_done += 1;
        if self.copied[index] {
            self.observer.image_done(image);
        } else {
            self.summary.images_skipped += 1;
            self.summary.skipped_bytes += skipped_bytes;
            self.observer.image_skipped(image);
        }
    }

    fn bytes_of(&self, image: usize) -> u64 {
        let roots = self.images[image].roots.iter();
        let documents: BTreeSet<_> =
            roots.flat_map(|root| below(&self.nodes, &root.digest)).collect();
        let nodes: Vec<_> = documents.iter().filter_map(|digest| self.nodes.get(digest)).collect();
        let blobs: BTreeSet<_> = nodes.iter().flat_map(|node| &node.blobs).collect();
        let sizes = nodes.iter().map(|node| node.size_bytes);
        sizes.chain(blobs.iter().map(|blob| blob.size_bytes)).fold(0, u64::saturating_add)
    }
}
