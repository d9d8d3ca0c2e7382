//! From a unit whose turn it is to the job that does it.

use sealift_reference::Digest;

use super::super::TrustTags;
use super::super::content::SMALL_BYTES;
use super::super::ends::{Id, Job, Work};
use super::unit::{Kind, Slot, State};
use super::{Request, Schedule};
use crate::Blob;

impl Schedule {
    /// Returns the job of a request, unless it has become needless.
    pub(super) fn request_job(&mut self, request: Request) -> Option<Job> {
        match request {
            Request::Document(id) => self.document_job(id),
            Request::Expand(id) => self.expand_job(id),
            Request::Lacking(id) => self.lacking_job(id),
            Request::Mount(id) => self.blob_job(id, Slot::Request),
            Request::Probe(id) => self.probe_job(id),
            Request::Tag(root) => Some(self.tag_job(root)),
        }
    }

    /// Returns the job of a blob that is to be sent.
    pub(super) fn body_job(&mut self, id: Id) -> Option<Job> {
        let unit = &self.units[id];
        let is_there =
            self.flights.get(&unit.digest).is_some_and(|flight| !flight.present.is_empty());
        if is_there && unit.state == State::Queued {
            self.requests.push_back(Request::Mount(id));
            return None;
        }
        let slot = if unit.size_bytes() < SMALL_BYTES { Slot::Small } else { Slot::Large };
        let job = self.blob_job(id, slot)?;
        match slot {
            Slot::Small => self.active.small += 1,
            _ => self.active.large += 1,
        }
        Some(job)
    }

    fn blob_job(&mut self, id: Id, slot: Slot) -> Option<Job> {
        let mount_from = self.mount_source(&self.units[id].digest);
        let unit = &mut self.units[id];
        if unit.state != State::Queued {
            return None;
        }
        let place = &mut self.places[unit.place];
        if place.probing > 0 {
            place.held.push(id);
            return None;
        }
        unit.state = State::Running;
        unit.slot = slot;
        let blob = Blob { digest: unit.digest.clone(), size_bytes: unit.size_bytes() };
        let (source, target) = (unit.source.clone(), place.repository.clone());
        let mount_from = mount_from.map(|place| self.places[place].repository.clone());
        self.summary.requests.blobs += 1;
        Some(Job { id, work: Work::Blob { source, target, blob, mount_from } })
    }

    fn document_job(&mut self, id: Id) -> Option<Job> {
        let unit = &mut self.units[id];
        let node = self.nodes.get(&unit.digest)?;
        if unit.state != State::Queued {
            return None;
        }
        unit.state = State::Running;
        self.summary.requests.documents += 1;
        let work = Work::Document {
            source: unit.source.clone(),
            target: self.places[unit.place].repository.clone(),
            digest: unit.digest.clone(),
            media_type: node.media_type.clone(),
            tag: unit.tag().cloned(),
            reused: self.copies.get(&unit.digest).is_some_and(|copies| *copies > 1),
        };
        Some(Job { id, work })
    }

    fn expand_job(&mut self, id: Id) -> Option<Job> {
        let unit = &mut self.units[id];
        let node = self.nodes.get(&unit.digest)?;
        unit.state = State::Running;
        let work = Work::Expand {
            source: unit.source.clone(),
            target: self.places[unit.place].repository.clone(),
            index: unit.digest.clone(),
            absent: node.absent.clone(),
        };
        Some(Job { id, work })
    }

    fn lacking_job(&mut self, id: Id) -> Option<Job> {
        let unit = &mut self.units[id];
        let node = self.nodes.get(&unit.digest)?;
        unit.state = State::Running;
        let mut documents = node.documents.clone();
        if let Kind::Document(document) = &unit.kind
            && document.is_expanded
        {
            documents.extend(node.absent.iter().map(|blob| blob.digest.clone()));
        }
        self.summary.requests.repairs += (documents.len() + node.blobs.len()) as u64;
        let target = self.places[unit.place].repository.clone();
        Some(Job { id, work: Work::Lacking { target, documents, blobs: node.blobs.clone() } })
    }

    fn probe_job(&mut self, id: Id) -> Option<Job> {
        let unit = &self.units[id];
        if !matches!(unit.state, State::Waiting | State::Queued) {
            let place = unit.place;
            self.probe_answered(place);
            return None;
        }
        self.summary.requests.probes += 1;
        let target = self.places[unit.place].repository.clone();
        Some(Job { id, work: Work::Probe { target, digest: unit.digest.clone() } })
    }

    fn tag_job(&self, root: Id) -> Job {
        let state = &self.roots[root];
        let work = Work::Tag {
            target: self.places[state.place].repository.clone(),
            tag: state.tag.clone(),
            digest: state.digest.clone(),
            children: self.children_to_check(&state.digest),
        };
        Job { id: root, work }
    }

    /// A registry that takes sparse indexes may have an index without the platforms that are wanted now.
    pub(super) fn children_to_check(&self, digest: &Digest) -> Vec<Digest> {
        let Some(node) = self.nodes.get(digest) else { return Vec::new() };
        let wants_check = match self.options.trust_tags {
            TrustTags::Always => false,
            TrustTags::Never | TrustTags::Nothing => true,
            TrustTags::UnlessSparse => !node.absent.is_empty(),
        };
        if wants_check { node.documents.clone() } else { Vec::new() }
    }
}
