//! What to do when the target has more or less than was believed.

use std::collections::BTreeMap;

use sealift_reference::Digest;

use super::super::ends::{Failure, Id};
use super::super::{Side, SparseRefused, TrustTags};
use super::unit::{Kind, PlaceId, Sparse, State};
use super::{Request, Schedule};
use crate::StoreErrorKind;
use crate::plan::Node;

impl Schedule {
    /// Content was found that this run did not write: a run before this one may have written manifests too, and each that is
    /// there saves the questions for all its blobs. A fresh repository never gets here, so it pays nothing for this.
    pub(super) fn warm(&mut self, place: PlaceId) {
        let trusts_nothing = self.options.trust_tags == TrustTags::Nothing;
        if std::mem::replace(&mut self.places[place].is_warm, true) || trusts_nothing {
            return;
        }
        let roots = self.roots.iter().filter(|root| root.place == place);
        let units: Vec<Id> = roots.filter_map(|root| root.unit).collect();
        for id in units {
            self.probe(id);
        }
    }

    fn probe(&mut self, id: Id) {
        let unit = &mut self.units[id];
        let place = unit.place;
        if matches!(unit.kind, Kind::Document(_))
            && unit.state == State::Waiting
            && unit.waiting > 0
            && !std::mem::replace(&mut unit.is_probed, true)
        {
            self.places[place].probing += 1;
            self.requests.push_front(Request::Probe(id));
        }
    }

    pub(super) fn probed(&mut self, id: Id, found: bool) {
        // An index may be there without what is wanted below it, where the registry takes sparse ones.
        if found && self.children_to_check(&self.units[id].digest).is_empty() {
            self.found(id);
        } else {
            for child in self.units[id].children.clone() {
                self.probe(child);
            }
        }
        self.probe_answered(self.units[id].place);
    }

    pub(super) fn probe_answered(&mut self, place: PlaceId) {
        self.places[place].probing -= 1;
        if self.places[place].probing == 0 {
            for id in std::mem::take(&mut self.places[place].held) {
                self.requests_or_bodies(id);
            }
        }
    }

    /// Puts a held blob back where it came from.
    fn requests_or_bodies(&mut self, id: Id) {
        let is_leader = self
            .flights
            .get(&self.units[id].digest)
            .is_some_and(|flight| flight.leader == Some(id));
        if self.units[id].state != State::Queued {
            return;
        }
        if is_leader {
            self.push_body(id);
        } else {
            self.requests.push_back(Request::Mount(id));
        }
    }

    /// A manifest is at the target, so all that it names is there too. Its tag must still be written.
    fn found(&mut self, id: Id) {
        let mut stack = self.units[id].children.clone();
        let mut below = Vec::new();
        while let Some(child) = stack.pop() {
            if matches!(self.units[child].state, State::Waiting | State::Queued) {
                stack.extend(self.units[child].children.iter().copied());
                below.push(child);
            }
        }
        // Blobs first: whatever waits for them is released once, not sent.
        below.sort_by_key(|child| (matches!(self.units[*child].kind, Kind::Document(_)), *child));
        for child in below {
            let (digest, place) = (self.units[child].digest.clone(), self.units[child].place);
            match &self.units[child].kind {
                Kind::Blob { size_bytes } => {
                    let size_bytes = *size_bytes;
                    self.summary.already_there.count += 1;
                    self.summary.already_there.size_bytes += size_bytes;
                    self.release_leader(child);
                    self.settle(child, Vec::new());
                    self.landed(&digest, place);
                }
                Kind::Document(document) if document.tag.is_none() => {
                    self.settle(child, Vec::new());
                }
                Kind::Document(_) => {}
            }
        }
        if self.units[id].tag().is_none() {
            self.settle(id, Vec::new());
        }
    }

    fn release_leader(&mut self, id: Id) {
        if let Some(flight) = self.flights.get_mut(&self.units[id].digest)
            && flight.leader == Some(id)
        {
            flight.leader = None;
        }
    }

    pub(super) fn document_finished(&mut self, id: Id, result: Result<(), Failure>) {
        let is_sparse = self.is_sparse(id);
        let error = result.err();
        let misses_child = error.as_ref().is_some_and(|error| {
            error.side() == Side::Target && error.kind() == Some(StoreErrorKind::ChildUnknown)
        });
        match error {
            None => {
                self.note(None);
                self.summary.documents_written += 1;
                self.sparse_answer(is_sparse, Sparse::Takes);
                self.settle(id, Vec::new());
            }
            Some(_) if misses_child && is_sparse => {
                self.sparse_answer(true, Sparse::Refuses);
                self.expand(id);
            }
            Some(error) if misses_child && self.may_repair(id) => {
                self.sparse_answer(is_sparse, Sparse::Unknown);
                drop(error);
                self.requests.push_back(Request::Lacking(id));
            }
            Some(error) => {
                self.sparse_answer(is_sparse, Sparse::Unknown);
                self.note(Some(&error));
                self.settle(id, vec![error]);
            }
        }
    }

    fn is_sparse(&self, id: Id) -> bool {
        let unit = &self.units[id];
        let is_expanded = matches!(&unit.kind, Kind::Document(document) if document.is_expanded);
        !is_expanded && self.nodes.get(&unit.digest).is_some_and(|node| !node.absent.is_empty())
    }

    fn may_repair(&mut self, id: Id) -> bool {
        self.units[id]
            .document()
            .is_some_and(|document| !std::mem::replace(&mut document.is_repaired, true))
    }

    /// Learns from a sparse index whether the target takes such, and lets the others go on.
    fn sparse_answer(&mut self, is_sparse: bool, answer: Sparse) {
        let learns = is_sparse && (self.sparse == Sparse::Trying || answer == Sparse::Refuses);
        if !learns {
            return;
        }
        self.sparse = answer;
        for id in std::mem::take(&mut self.parked) {
            self.units[id].state = State::Waiting;
            self.ready_if_free(id);
        }
    }

    /// Adds the children that were left out. Their manifests are read first, where that was not done yet.
    pub(super) fn expand(&mut self, id: Id) {
        let known = self.nodes.get(&self.units[id].digest).is_some_and(|node| {
            node.absent.iter().all(|child| self.nodes.contains_key(&child.digest))
        });
        if known { self.add_absent(id) } else { self.requests.push_back(Request::Expand(id)) }
    }

    pub(super) fn expanded(&mut self, id: Id, result: Result<BTreeMap<Digest, Node>, Failure>) {
        match result {
            Ok(nodes) => {
                self.say_what_it_costs(id, &nodes);
                for (digest, node) in nodes {
                    self.nodes.entry(digest).or_insert(node);
                }
                self.add_absent(id);
            }
            Err(error) => {
                self.note(Some(&error));
                self.settle(id, vec![error]);
            }
        }
    }

    fn say_what_it_costs(&mut self, id: Id, nodes: &BTreeMap<Digest, Node>) {
        let new = nodes.iter().filter(|(digest, _)| !self.nodes.contains_key(*digest));
        let new: Vec<_> = new.map(|(_, node)| node).collect();
        let blobs = new
            .iter()
            .flat_map(|node| &node.blobs)
            .filter(|blob| !self.flights.contains_key(&blob.digest));
        let blobs: BTreeMap<_, _> = blobs.map(|blob| (&blob.digest, blob.size_bytes)).collect();
        let sizes = new.iter().map(|node| node.size_bytes).chain(blobs.values().copied());
        let cost =
            SparseRefused { documents: new.len(), size_bytes: sizes.fold(0, u64::saturating_add) };
        let total = self.summary.sparse_refused.get_or_insert_default();
        total.documents += cost.documents;
        total.size_bytes = total.size_bytes.saturating_add(cost.size_bytes);
        self.observer.sparse_refused(&self.units[id].digest, cost.documents, cost.size_bytes);
    }

    fn add_absent(&mut self, id: Id) {
        if let Some(document) = self.units[id].document() {
            document.is_expanded = true;
        }
        let (place, source) = (self.units[id].place, self.units[id].source.clone());
        let absent = self
            .nodes
            .get(&self.units[id].digest)
            .map(|node| node.absent.clone())
            .unwrap_or_default();
        self.units[id].state = State::Waiting;
        for child in absent {
            if let Some(child) = self.connect_below(place, &source, &child.digest) {
                self.depend(id, child);
            }
        }
        self.start_fresh();
        self.ready_if_free(id);
    }

    /// Sends again what a repository turned out to lack, then the manifest once more.
    pub(super) fn lacking(&mut self, id: Id, result: Result<Vec<Digest>, Failure>) {
        match result {
            Ok(lacking) => self.send_again(id, &lacking),
            Err(error) => {
                self.note(Some(&error));
                self.settle(id, vec![error]);
            }
        }
    }

    fn send_again(&mut self, id: Id, lacking: &[Digest]) {
        let (place, source) = (self.units[id].place, self.units[id].source.clone());
        self.units[id].state = State::Waiting;
        let blobs = self
            .nodes
            .get(&self.units[id].digest)
            .map(|node| node.blobs.clone())
            .unwrap_or_default();
        for blob in blobs.iter().filter(|blob| lacking.contains(&blob.digest)) {
            self.forget_blob(place, blob);
            if let Some(child) = self.blob_unit(place, &source, blob) {
                self.depend(id, child);
            }
        }
        for digest in lacking {
            if !self.nodes.contains_key(digest) {
                continue;
            }
            self.places[place].present.remove(digest);
            if let Some(known) = self.documents.get(&(place, digest.clone())).copied()
                && self.units[known].is_settled()
            {
                self.units[known].state = State::Waiting;
                self.units[known].errors.clear();
            }
            if let Some(child) = self.connect_below(place, &source, digest) {
                self.depend(id, child);
            }
        }
        self.start_fresh();
        self.ready_if_free(id);
    }
}
