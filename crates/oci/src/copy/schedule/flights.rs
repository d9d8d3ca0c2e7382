//! One transfer per digest: a leader sends it, the others mount.

use std::sync::Arc;

use sealift_reference::Digest;

use super::super::Side;
use super::super::ends::{Failure, Id};
use super::unit::{PlaceId, State};
use super::{Request, SMALL_BYTES, Schedule};
use crate::{Blob, StoreErrorKind, Written};

impl Schedule {
    /// Starts the flights of units that were just made. The leader is the unit whose repository is the home of the blob.
    pub(super) fn start_fresh(&mut self) {
        let fresh = std::mem::take(&mut self.fresh);
        let is_at_home = |id: &Id| {
            let unit = &self.units[*id];
            self.homes.get(&unit.digest) == Some(&self.places[unit.place].repository)
        };
        let (at_home, elsewhere): (Vec<Id>, Vec<Id>) = fresh.into_iter().partition(is_at_home);
        for id in at_home.into_iter().chain(elsewhere) {
            self.enqueue_blob(id);
        }
    }

    /// Returns where a blob can be mounted from: its home if that has it, since the token names that.
    pub(super) fn mount_source(&self, digest: &Digest) -> Option<PlaceId> {
        let present = &self.flights.get(digest)?.present;
        let home = self.homes.get(digest);
        let at_home = present.iter().find(|place| Some(&self.places[**place].repository) == home);
        at_home.or(present.first()).copied()
    }

    /// Puts a blob where it belongs: behind its leader, among the mounts, or among the bodies.
    pub(super) fn enqueue_blob(&mut self, id: Id) {
        let unit = &mut self.units[id];
        let flight = self.flights.entry(unit.digest.clone()).or_default();
        if unit.state != State::Waiting || flight.leader == Some(id) {
            return;
        }
        if !flight.present.is_empty() {
            unit.state = State::Queued;
            self.requests.push_back(Request::Mount(id));
        } else if flight.leader.is_some() {
            flight.waiting.push(id);
        } else {
            flight.leader = Some(id);
            unit.state = State::Queued;
            self.push_body(id);
        }
    }

    /// Queues a blob whose bytes are to be sent.
    pub(super) fn push_body(&mut self, id: Id) {
        let urgency = (self.units[id].size_bytes(), std::cmp::Reverse(id));
        let queue = if urgency.0 < SMALL_BYTES { &mut self.small } else { &mut self.large };
        queue.push(urgency);
    }

    /// The target has the blob in a repository: whoever waited for it may mount it.
    pub(super) fn landed(&mut self, digest: &Digest, place: PlaceId) {
        let flight = self.flights.entry(digest.clone()).or_default();
        flight.present.insert(place);
        for id in std::mem::take(&mut flight.waiting) {
            if self.units[id].state == State::Waiting {
                self.units[id].state = State::Queued;
                self.requests.push_back(Request::Mount(id));
            }
        }
    }

    pub(super) fn blob_finished(&mut self, id: Id, result: Result<Written, Failure>) {
        let (digest, place) = (self.units[id].digest.clone(), self.units[id].place);
        if let Some(flight) = self.flights.get_mut(&digest)
            && flight.leader == Some(id)
        {
            flight.leader = None;
        }
        match result {
            Ok(written) => {
                self.note(None);
                self.count(written, self.units[id].size_bytes());
                self.landed(&digest, place);
                self.settle(id, Vec::new());
                if written == Written::AlreadyThere {
                    self.warm(place);
                }
            }
            Err(error) => {
                self.note(Some(&error));
                self.settle(id, vec![Arc::clone(&error)]);
                self.leader_failed(&digest, id, &error);
            }
        }
    }

    /// Lets another unit try where that may help: another source, or another repository of the target with other rights.
    fn leader_failed(&mut self, digest: &Digest, failed: Id, error: &Failure) {
        let Some(flight) = self.flights.get_mut(digest) else { return };
        if flight.leader.is_some() || !flight.present.is_empty() {
            return;
        }
        for id in std::mem::take(&mut flight.waiting) {
            let may_help = match (error.side(), error.kind()) {
                (Side::Source, _) => self.units[id].source != self.units[failed].source,
                (Side::Target, kind) => {
                    matches!(kind, Some(StoreErrorKind::Credential | StoreErrorKind::Denied))
                }
            };
            if may_help {
                self.enqueue_blob(id);
            } else {
                self.settle(id, vec![Arc::clone(error)]);
            }
        }
    }

    fn count(&mut self, written: Written, size_bytes: u64) {
        let counted = match written {
            Written::AlreadyThere => &mut self.summary.already_there,
            Written::Mounted => &mut self.summary.mounted,
            Written::Sent => &mut self.summary.sent,
        };
        counted.count += 1;
        counted.size_bytes += size_bytes;
    }

    /// Forgets that a repository has a blob, so that it is sent or mounted again.
    pub(super) fn forget_blob(&mut self, place: PlaceId, blob: &Blob) {
        if let Some(flight) = self.flights.get_mut(&blob.digest) {
            flight.present.remove(&place);
        }
        if let Some(id) = self.blobs.get(&(place, blob.digest.clone())).copied()
            && self.units[id].is_settled()
        {
            self.units[id].state = State::Waiting;
            self.units[id].errors.clear();
            self.fresh.push(id);
        }
    }
}
