//! From a plan to units: first the tags are asked for, then units are made for what is not there.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use sealift_reference::{Digest, Repository, Tag};

use super::super::ends::{Failure, Id, TagFound};
use super::super::{CopyError, Refusal, TrustTags};
use super::unit::{DocumentUnit, Kind, Place, PlaceId, RootProgress, RootState, Unit};
use super::{Request, Schedule, below, may_replace};
use crate::Blob;

impl Schedule {
    pub(super) fn ask_for_tags(&mut self) {
        let mut places = HashMap::new();
        for image in 0..self.images.len() {
            let target = self.images[image].target.clone();
            let place = *places
                .entry(target)
                .or_insert_with_key(|target| add_place(&mut self.places, target));
            for root in self.images[image].roots.clone() {
                self.requests.push_back(Request::Tag(self.roots.len()));
                let progress = RootProgress::Pending;
                self.roots.push(RootState {
                    image,
                    place,
                    digest: root.digest,
                    tag: root.tag,
                    progress,
                    unit: None,
                });
            }
        }
        self.unanswered = self.roots.len();
    }

    pub(super) fn tag_found(&mut self, root: Id, result: Result<TagFound, Failure>) {
        self.summary.requests.tags += 1;
        self.note(result.as_ref().err());
        match result {
            Err(error) => self.root_settled(root, vec![error]),
            Ok(found) => self.tag_names(root, &found),
        }
        self.unanswered -= 1;
        self.is_surveyed = self.unanswered == 0;
    }

    /// Returns the images of which something is to be copied, once, when all tags are known.
    pub(in super::super) fn surveyed(&mut self) -> Option<Vec<usize>> {
        if !std::mem::take(&mut self.is_surveyed) {
            return None;
        }
        let goes_on = self.stopped.is_none();
        let wanted = self.roots.iter().filter(|root| root.progress == RootProgress::Pending);
        let images: BTreeSet<_> = wanted.filter(|_| goes_on).map(|root| root.image).collect();
        Some(images.into_iter().collect())
    }

    fn tag_names(&mut self, root: Id, found: &TagFound) {
        let state = &mut self.roots[root];
        match (&found.names, &state.tag) {
            (Some(names), _)
                if *names == state.digest && self.options.trust_tags == TrustTags::Nothing => {}
            (Some(names), _) if *names == state.digest && !found.lacks_children => {
                state.progress = RootProgress::There;
            }
            (Some(names), _) if *names == state.digest => self.unsure.push(state.place),
            (Some(names), Some(tag)) if !may_replace(&self.options.replace, names) => {
                let error = CopyError::TagTaken {
                    repository: self.places[state.place].repository.clone(),
                    tag: tag.clone(),
                    names: names.clone(),
                    wants: state.digest.clone(),
                };
                self.root_settled(root, vec![Arc::new(error)]);
            }
            _ => {}
        }
    }

    /// All tags are known: what is there serves others as a place to mount from, and the rest gets units.
    pub(in super::super) fn begin(&mut self, refused: Vec<Refusal>) {
        for Refusal { image, error } in refused {
            let roots = (0..self.roots.len()).filter(|root| self.roots[*root].image == image);
            for root in roots.collect::<Vec<_>>() {
                if self.roots[root].progress == RootProgress::Pending {
                    self.root_settled(root, vec![Arc::clone(&error)]);
                }
            }
        }
        let roots_in = |schedule: &Self, progress| -> Vec<Id> {
            let all = 0..schedule.roots.len();
            all.filter(|root| schedule.roots[*root].progress == progress).collect()
        };
        for root in roots_in(self, RootProgress::There) {
            self.mark_present(root);
            self.root_settled(root, Vec::new());
        }
        // Tagged manifests first: one that is also the child of an index is then written once, by its tag.
        let pending = roots_in(self, RootProgress::Pending);
        let units: Vec<_> = pending.iter().map(|root| self.root_unit(*root)).collect();
        for (root, unit) in pending.into_iter().zip(units) {
            self.connect_root(root, unit);
        }
        self.start_fresh();
        for place in std::mem::take(&mut self.unsure) {
            self.warm(place);
        }
    }

    fn mark_present(&mut self, root: Id) {
        let place = self.roots[root].place;
        for digest in below(&self.nodes, &self.roots[root].digest) {
            for blob in self.nodes.get(&digest).into_iter().flat_map(|node| &node.blobs) {
                self.flights.entry(blob.digest.clone()).or_default().present.insert(place);
            }
            self.places[place].present.insert(digest);
        }
    }

    /// Makes the unit that writes a root, and the one before it where the same manifest has another tag as well.
    fn root_unit(&mut self, root: Id) -> Option<Id> {
        let RootState { place, digest, tag, image, .. } = &self.roots[root];
        let (place, digest, tag, source) =
            (*place, digest.clone(), tag.clone(), self.images[*image].source.clone());
        let known = self.documents.get(&(place, digest.clone())).copied();
        match (known, &tag) {
            (Some(known), None) => Some(known),
            (Some(known), Some(_)) if self.units[known].tag() == tag.as_ref() => Some(known),
            (None, None) if self.places[place].present.contains(&digest) => None,
            (known, _) => {
                let id = self.add_document(place, source, digest, tag);
                if let Some(known) = known {
                    self.depend(id, known);
                    self.set_connected(id);
                }
                Some(id)
            }
        }
    }

    fn connect_root(&mut self, root: Id, unit: Option<Id>) {
        let Some(unit) = unit else { return self.root_settled(root, Vec::new()) };
        self.units[unit].roots.push(root);
        self.roots[root].unit = Some(unit);
        let (place, digest) = (self.roots[root].place, self.roots[root].digest.clone());
        let source = self.images[self.roots[root].image].source.clone();
        self.connect_below(place, &source, &digest);
        self.connect(unit);
    }

    /// Makes units for a manifest and all below it that is not there, and returns its own.
    pub(super) fn connect_below(
        &mut self,
        place: PlaceId,
        source: &Repository,
        digest: &Digest,
    ) -> Option<Id> {
        let mut last = None;
        for digest in below(&self.nodes, digest) {
            last = match self.documents.get(&(place, digest.clone())).copied() {
                None if self.places[place].present.contains(&digest) => None,
                None => Some(self.add_document(place, source.clone(), digest, None)),
                known => known,
            };
            if let Some(id) = last {
                self.connect(id);
            }
        }
        last
    }

    /// Makes a manifest wait for all that it names, once; it is ready when nothing is missing.
    pub(super) fn connect(&mut self, id: Id) {
        let Some(document) = self.units[id].document() else { return };
        if !std::mem::replace(&mut document.is_connected, true) {
            let (place, source) = (self.units[id].place, self.units[id].source.clone());
            let Some(node) = self.nodes.get(&self.units[id].digest) else { return };
            let (documents, blobs) = (node.documents.clone(), node.blobs.clone());
            for digest in documents {
                if let Some(child) = self.documents.get(&(place, digest)).copied() {
                    self.depend(id, child);
                }
            }
            for blob in blobs {
                if let Some(child) = self.blob_unit(place, &source, &blob) {
                    self.depend(id, child);
                }
            }
        }
        self.ready_if_free(id);
    }

    fn set_connected(&mut self, id: Id) {
        if let Some(document) = self.units[id].document() {
            document.is_connected = true;
        }
    }

    /// Returns the unit of a blob in a repository, or `None` where the blob is there.
    pub(super) fn blob_unit(
        &mut self,
        place: PlaceId,
        source: &Repository,
        blob: &Blob,
    ) -> Option<Id> {
        let key = (place, blob.digest.clone());
        if let Some(known) = self.blobs.get(&key) {
            return Some(*known);
        }
        if self.flights.entry(blob.digest.clone()).or_default().present.contains(&place) {
            return None;
        }
        let kind = Kind::Blob { size_bytes: blob.size_bytes };
        let id = self.add(Unit::new(place, source.clone(), blob.digest.clone(), kind));
        self.blobs.insert(key, id);
        self.fresh.push(id);
        Some(id)
    }

    fn add_document(
        &mut self,
        place: PlaceId,
        source: Repository,
        digest: Digest,
        tag: Option<Tag>,
    ) -> Id {
        *self.copies.entry(digest.clone()).or_default() += 1;
        let kind = Kind::Document(DocumentUnit { tag, ..DocumentUnit::default() });
        let id = self.add(Unit::new(place, source, digest.clone(), kind));
        self.documents.entry((place, digest)).or_insert(id);
        id
    }

    fn add(&mut self, unit: Unit) -> Id {
        self.units.push(unit);
        self.units.len() - 1
    }

    /// Makes `id` wait for `child`, if that is not settled and not waited for already.
    pub(super) fn depend(&mut self, id: Id, child: Id) {
        // A manifest may name a blob twice; nobody else can have come between.
        if id == child || self.units[child].dependents.last() == Some(&id) {
            return;
        }
        self.units[id].children.push(child);
        if !self.units[child].is_settled() {
            self.units[child].dependents.push(id);
            self.units[id].waiting += 1;
        } else if !self.units[child].errors.is_empty() {
            let errors = self.units[child].errors.clone();
            self.units[id].blame(&errors);
        }
    }
}

fn add_place(places: &mut Vec<Place>, repository: &Repository) -> PlaceId {
    places.push(Place {
        repository: repository.clone(),
        present: BTreeSet::new(),
        is_warm: false,
        probing: 0,
        held: Vec::new(),
    });
    places.len() - 1
}
