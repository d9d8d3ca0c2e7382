//! What is asked, and which images need the answer.

use std::collections::{BTreeMap, HashMap};

use sealift_oci::copy::Side;
use sealift_oci::plan::{Plan, PlannedImage};
use sealift_oci::{Blob, Source as _, StoreError};
use sealift_reference::{Digest, Repository};
use sealift_registry::Registry;

use crate::carried::Carried;

/// A thing to look at, and the images that need it.
pub(super) struct Question {
    pub(super) repository: Repository,
    about: About,
    /// Numbers of [`Plan::images`].
    pub(super) images: Vec<usize>,
}

/// What is asked for.
enum About {
    /// Of a source: a manifest.
    Manifest(Digest),
    /// Of the target: whether a blob may be sent, where one is to be.
    Upload(Option<Blob>),
}

impl Question {
    pub(super) fn side(&self) -> Side {
        match self.about {
            About::Manifest(_) => Side::Source,
            About::Upload(_) => Side::Target,
        }
    }

    pub(super) async fn ask(&self, source: &Carried, target: &Registry) -> Result<(), StoreError> {
        match &self.about {
            About::Manifest(digest) => {
                source.has_document(&self.repository, digest).await.map(drop)
            }
            About::Upload(first) => target.ask_to_push(&self.repository, first.as_ref()).await,
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

/// One question for each repository that is read.
pub(super) fn sources(source: &Carried, plan: &Plan, wanted: &[usize]) -> Vec<Question> {
    let mut questions: BTreeMap<&Repository, Question> = BTreeMap::new();
    for (number, image) in images(plan, wanted) {
        let Some(root) = image.roots.first().filter(|root| !source.makes(&root.digest)) else {
            continue;
        };
        let question = questions.entry(&image.source).or_insert_with(|| Question {
            repository: image.source.clone(),
            about: About::Manifest(root.digest.clone()),
            images: Vec::new(),
        });
        question.images.push(number);
    }
    questions.into_values().collect()
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
