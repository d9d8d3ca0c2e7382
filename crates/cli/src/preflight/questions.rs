//! What is asked, and which images need the answer.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use sealift_oci::Blob;
use sealift_oci::copy::Side;
use sealift_oci::plan::{Plan, PlannedImage};
use sealift_reference::{Digest, Repository};
use sealift_registry::limits::TINY_BYTES;

use crate::carried::Carried;

/// A thing to look at, and the images that need it.
pub(super) struct Question {
    pub(super) repository: Repository,
    pub(super) about: About,
    /// Numbers of [`Plan::images`].
    pub(super) images: Vec<usize>,
}

/// What is asked for.
pub(super) enum About {
    /// Of a source: a manifest, which is read where it is not kept.
    Manifest(Digest),
    /// Of a source: a blob that is read then, and not again when its turn comes. What is true of that blob alone says nothing of
    /// the repository: the manifest does.
    Blob { blob: Blob, manifest: Digest },
    /// Of the target: whether a blob may be sent, where one is to be.
    Upload(Option<Blob>),
}

impl Question {
    pub(super) fn side(&self) -> Side {
        match self.about {
            About::Manifest(_) | About::Blob { .. } => Side::Source,
            About::Upload(_) => Side::Target,
        }
    }

    /// Whether it takes a request that a copy does not need which sends these blobs.
    pub(super) fn is_extra(&self, source: &Carried, sent: &BTreeSet<Digest>) -> bool {
        match &self.about {
            About::Manifest(digest) => !is_unread(source, digest),
            About::Blob { blob, .. } => !sent.contains(&blob.digest),
            About::Upload(_) => false,
        }
    }

    /// Leaves this one the images of its own repository, and returns a question for each of the others.
    pub(super) fn split(&mut self, plan: &Plan) -> Vec<Self> {
        let all = std::mem::take(&mut self.images);
        let is_own = |number: &usize| plan.images[*number].target == self.repository;
        let (own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_own);
        self.images = own;
        by_place(plan, images(plan, &others), |repository| repository)
    }

    /// Whether another one is of the same project of the target.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        self.side() == Side::Target
            && other.side() == Side::Target
            && project(&self.repository) == project(&other.repository)
    }
}

/// The host, and the first part of the path, to which registries give rights and quota.
fn project(repository: &Repository) -> (&str, &str) {
    let path = repository.path();
    (repository.host(), path.split('/').next().unwrap_or(path))
}

/// One question for each repository that is read: a manifest that is not kept, else a tiny blob while there is room for it, as
/// both must be read anyway; else a manifest all the same.
pub(super) fn sources(
    source: &Carried,
    plan: &Plan,
    wanted: &[usize],
    mut room_bytes: u64,
) -> Vec<Question> {
    let mut read: BTreeMap<&Repository, Vec<(usize, &PlannedImage)>> = BTreeMap::new();
    for (number, image) in images(plan, wanted) {
        if image.roots.first().is_some_and(|root| !source.makes(&root.digest)) {
            read.entry(&image.source).or_default().push((number, image));
        }
    }
    let shared = if room_bytes == 0 { HashSet::new() } else { not_of_one_source(plan, wanted) };
    let questions = read.into_iter().filter_map(|(repository, images)| {
        let roots = || images.iter().flat_map(|(_, image)| &image.roots);
        // Each one that is kept is read and hashed here: those below the roots would take too long.
        let mut manifests = roots().map(|root| &root.digest);
        let first = manifests.clone().next()?;
        let blobs = roots().flat_map(|root| plan.blobs_below(&root.digest));
        let about = if let Some(unread) = manifests.find(|digest| is_unread(source, digest)) {
            About::Manifest(unread.clone())
        } else if let Some(blob) = tiny(blobs, &shared, room_bytes) {
            room_bytes -= blob.size_bytes;
            About::Blob { blob: blob.clone(), manifest: first.clone() }
        } else {
            About::Manifest(first.clone())
        };
        let images = images.iter().map(|(number, _)| *number).collect();
        Some(Question { repository: repository.clone(), about, images })
    });
    questions.collect()
}

/// Returns the shortest of the blobs that may be read ahead.
fn tiny<'a>(
    blobs: impl Iterator<Item = &'a Blob>,
    shared: &HashSet<&Digest>,
    room_bytes: u64,
) -> Option<&'a Blob> {
    let most = TINY_BYTES.min(room_bytes);
    let fits = |blob: &&Blob| {
        blob.size_bytes <= most && blob.must_be_read() && !shared.contains(&blob.digest)
    };
    blobs.filter(fits).min_by_key(|blob| blob.size_bytes)
}

/// Whether a manifest must still be read, and is kept then.
fn is_unread(source: &Carried, digest: &Digest) -> bool {
    source.registry.keeps() && !source.registry.has(digest)
}

/// Returns the blobs that may be read from elsewhere, or not at all: those of several sources, and those of images that the target
/// has.
fn not_of_one_source<'a>(plan: &'a Plan, wanted: &[usize]) -> HashSet<&'a Digest> {
    let wanted: HashSet<_> = wanted.iter().copied().collect();
    let (mut sources, mut shared) = (HashMap::new(), HashSet::new());
    for (number, image) in plan.images.iter().enumerate() {
        for blob in image.roots.iter().flat_map(|root| plan.blobs_below(&root.digest)) {
            let first = *sources.entry(&blob.digest).or_insert(&image.source);
            if *first != image.source || !wanted.contains(&number) {
                shared.insert(&blob.digest);
            }
        }
    }
    shared
}

/// One question for each project of the target.
pub(super) fn projects(plan: &Plan, wanted: &[usize]) -> Vec<Question> {
    by_place(plan, images(plan, wanted), project)
}

/// One question for all images that are at one place of the target. It is about an upload that will be made, which then costs
/// nothing more: the smallest of the blobs that are sent to the first repository that has such blobs, and does not mount them.
fn by_place<'a, P: Ord>(
    plan: &'a Plan,
    images: impl Iterator<Item = (usize, &'a PlannedImage)>,
    place: impl Fn(&'a Repository) -> P,
) -> Vec<Question> {
    let homes = plan.homes();
    let mut questions: BTreeMap<P, Question> = BTreeMap::new();
    for (number, image) in images {
        let question = questions.entry(place(&image.target)).or_insert_with(|| Question {
            repository: image.target.clone(),
            about: About::Upload(None),
            images: Vec::new(),
        });
        if matches!(question.about, About::Upload(None))
            && let Some(blob) = first_sent(plan, image, &homes)
        {
            question.repository = image.target.clone();
            question.about = About::Upload(Some(blob));
        }
        question.images.push(number);
    }
    questions.into_values().collect()
}

fn first_sent(
    plan: &Plan,
    image: &PlannedImage,
    homes: &HashMap<Digest, Repository>,
) -> Option<Blob> {
    let blobs = image.roots.iter().flat_map(|root| plan.blobs_below(&root.digest));
    let sent =
        blobs.filter(|blob| homes.get(&blob.digest).is_none_or(|home| *home == image.target));
    sent.min_by_key(|blob| blob.size_bytes).cloned()
}

fn images<'a>(
    plan: &'a Plan,
    wanted: &'a [usize],
) -> impl Iterator<Item = (usize, &'a PlannedImage)> {
    wanted.iter().filter_map(|number| Some((*number, plan.images.get(*number)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_blob_is_read_ahead_that_is_tiny_and_of_one_source_while_there_is_room() {
        let blob = |size_bytes: u64| Blob { digest: Digest::sha256(&[]), size_bytes };
        let digest = |blob: &Blob| Digest::sha256(&blob.size_bytes.to_le_bytes());
        let blobs = [0, 10, 900, TINY_BYTES, TINY_BYTES + 1].map(|size_bytes| {
            let blob = blob(size_bytes);
            Blob { digest: digest(&blob), ..blob }
        });
        let room = 8 << 20;
        let table = [
            (&blobs[..], None, room, Some(10)),
            (&blobs[..], Some(10), room, Some(900)),
            (&blobs[..], Some(10), 899, None),
            (&blobs[..], None, 10, Some(10)),
            (&blobs[..], None, 0, None),
            (&blobs[3..], None, room, Some(TINY_BYTES)),
            (&blobs[4..], None, room, None),
            (&blobs[..1], None, room, None),
        ];
        for (blobs, shared, room, wanted) in table {
            let shared: Vec<_> = shared.map(|size| digest(&blob(size))).into_iter().collect();
            let found = tiny(blobs.iter(), &shared.iter().collect(), room);
            assert_eq!(found.map(|blob| blob.size_bytes), wanted, "{shared:?} {room}");
        }
    }
}
