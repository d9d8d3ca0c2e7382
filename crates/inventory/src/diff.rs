//! What a new lock changes.

use std::collections::{BTreeMap, BTreeSet};

use sealift_reference::Digest;

use crate::{Graph, Lock, LockedArtifact};

/// What a new lock adds, drops and moves, and the bytes that the other side lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockDiff {
    /// Artifacts that only the new lock has, by kind, then by name.
    pub added: Vec<Change>,
    /// Artifacts that only the old lock has.
    pub dropped: Vec<Change>,
    /// Artifacts of one name with other bytes.
    pub moved: Vec<Moved>,
    /// Artifacts that are as before.
    pub unchanged: usize,
    /// Bytes of what the new lock needs and the old one does not, each digest counted once.
    pub bytes_to_carry: u64,
    /// How many blobs and manifests that is.
    pub digests_to_carry: usize,
}

/// An artifact that came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
    /// The bytes of all that it has.
    pub size: u64,
}

/// An artifact whose name stands for other bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its name.
    pub name: String,
    /// In the old lock.
    pub from: Digest,
    /// In the new lock.
    pub to: Digest,
}

impl LockDiff {
    /// Compares two locks.
    #[must_use]
    pub fn diff(old: (&Lock, &Graph), new: (&Lock, &Graph)) -> Self {
        let (before, after) = (by_name(old.0), by_name(new.0));
        let mut diff = Self::default();
        for (name, artifact) in &after {
            match before.get(name) {
                None => diff.added.push(change(name, artifact)),
                Some(former) if former.digest() == artifact.digest() => diff.unchanged += 1,
                Some(former) => diff.moved.push(moved(name, former, artifact)),
            }
        }
        let dropped = before.iter().filter(|(name, _)| !after.contains_key(*name));
        diff.dropped = dropped.map(|(name, artifact)| change(name, artifact)).collect();
        let there: BTreeSet<_> = content(old).into_keys().collect();
        let lacking = content(new).into_iter().filter(|(digest, _)| !there.contains(digest));
        for (_, size) in lacking {
            diff.bytes_to_carry = diff.bytes_to_carry.saturating_add(size);
            diff.digests_to_carry += 1;
        }
        diff
    }

    /// Returns whether both locks ship the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.dropped.is_empty()
            && self.moved.is_empty()
            && self.digests_to_carry == 0
    }
}

/// What an artifact is called in both locks: kind, then name; of what has versions, without them.
type Name = (u8, String);

fn by_name(lock: &Lock) -> BTreeMap<Name, &LockedArtifact> {
    lock.artifacts.iter().map(|artifact| (name(artifact), artifact)).collect()
}

fn name(artifact: &LockedArtifact) -> Name {
    let name = match artifact {
        LockedArtifact::Charm(charm) => format!("{} {} {}", charm.charm, charm.channel, charm.base),
        other => other.name(),
    };
    (artifact.rank(), name)
}

fn change((_, name): &Name, artifact: &LockedArtifact) -> Change {
    Change { name: name.clone(), digest: artifact.digest().clone(), size: artifact.size() }
}

fn moved((_, name): &Name, from: &LockedArtifact, to: &LockedArtifact) -> Moved {
    Moved { name: name.clone(), from: from.digest().clone(), to: to.digest().clone() }
}

/// Every digest that a lock needs, with its size.
fn content((lock, graph): (&Lock, &Graph)) -> BTreeMap<Digest, u64> {
    let closure = graph.closure(lock.roots());
    let files = lock.artifacts.iter().filter(|artifact| artifact.target().is_none());
    let files = files.map(|artifact| (artifact.digest().clone(), artifact.size()));
    closure.manifests.into_iter().chain(closure.blobs).chain(files).collect()
}
