//! Whether a target has everything that a lock names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use sealift_inventory::{Graph, Lock};
use sealift_reference::{Digest, Platform, Repository, Tag};
use tokio::task::JoinSet;

use crate::plan::{Destination, Plan, PlanError};
use crate::{Blob, Source, StoreError};

/// Questions at a time: more gain nothing on loopback, and registries limit clients.
const QUESTIONS: usize = 16;

/// What a target has and lacks.
#[derive(Debug, Default)]
pub struct VerifyReport {
    /// Images and charts of the lock.
    pub images: usize,
    /// Images and charts of which everything is there.
    pub complete: usize,
    /// Tags, manifests and blobs asked for, each once per repository.
    pub questions: u64,
    /// What is not there or not right, by image or chart in the order of the lock.
    pub missing: Vec<Missing>,
}

impl VerifyReport {
    /// Returns whether nothing is missing and every question was answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

/// Something that an image needs and the target does not have.
#[derive(Debug, Clone)]
pub struct Missing {
    /// As the lock names it.
    pub image: String,
    /// Where it was looked for.
    pub repository: Repository,
    /// The platform that it belongs to; `None` for what belongs to the whole image or to what goes with it.
    pub platform: Option<Platform>,
    /// What it is.
    pub part: Part,
    /// What should be there.
    pub digest: Digest,
    /// What was found instead.
    pub found: Found,
}

/// What a part of an image is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// A config, layer or other blob.
    Blob,
    /// A manifest or index.
    Manifest,
    /// The tag, which must name `digest`.
    Tag(Tag),
}

/// What was found where something is missing.
#[derive(Clone, Debug)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// The tag names other content.
    Other(Digest),
    /// The question could not be answered; whether it is there is not known.
    Unknown(Arc<StoreError>),
    /// A blob of another length.
    WrongSize {
        /// By the manifest.
        wants_bytes: u64,
        /// At the target.
        has_bytes: u64,
    },
}

/// One thing in one repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    repository: Repository,
    part: Part,
    blob: Blob,
}

/// Asks a target for every tag, manifest and blob of a lock.
///
/// Nothing is read but headers: the digests are the target's word. Must run inside a tokio runtime.
///
/// # Errors
///
/// [`PlanError`] where lock and graph do not belong together.
pub async fn verify<T: Source + 'static>(
    lock: &Lock,
    graph: &Graph,
    to: impl Into<Destination>,
    target: Arc<T>,
) -> Result<VerifyReport, PlanError> {
    let plan = Plan::of(lock, graph, to)?;
    let images: Vec<_> = plan.images.iter().map(|image| questions(&plan, image)).collect();
    let distinct: BTreeSet<&Question> = images.iter().flatten().collect();
    let answers = ask(distinct.into_iter().cloned().collect(), &target).await;

    let mut report = VerifyReport {
        images: plan.images.len(),
        questions: answers.len() as u64,
        ..VerifyReport::default()
    };
    // The images come first, and only they have platforms.
    let platforms = lock.images().map(|image| &image.platforms).map(Some);
    let platforms = platforms.chain(std::iter::repeat(None));
    for ((image, asked), platforms) in plan.images.iter().zip(&images).zip(platforms) {
        let platforms =
            platforms.map(|platforms| platforms_below(&plan, platforms)).unwrap_or_default();
        let before = report.missing.len();
        for question in asked {
            let Some(Some(found)) = answers.get(question) else { continue };
            report.missing.push(Missing {
                image: image.name.clone(),
                repository: question.repository.clone(),
                platform: platforms.get(&question.blob.digest).cloned().flatten(),
                part: question.part.clone(),
                digest: question.blob.digest.clone(),
                found: found.clone(),
            });
        }
        report.complete += usize::from(report.missing.len() == before);
    }
    Ok(report)
}

fn questions(plan: &Plan, image: &crate::plan::PlannedImage) -> Vec<Question> {
    let mut questions = BTreeSet::new();
    let mut add = |part: Part, blob: Blob| {
        questions.insert(Question { repository: image.target.clone(), part, blob });
    };
    for root in &image.roots {
        let whole = |digest: &Digest, size_bytes| Blob { digest: digest.clone(), size_bytes };
        if let Some(tag) = &root.tag {
            add(Part::Tag(tag.clone()), whole(&root.digest, 0));
        }
        for digest in plan.below(&root.digest) {
            add(Part::Manifest, whole(digest, 0));
        }
        for blob in plan.blobs_below(&root.digest) {
            add(Part::Blob, blob.clone());
        }
    }
    questions.into_iter().collect()
}

/// Returns which platform each digest belongs to; `None` where several share it.
fn platforms_below(
    plan: &Plan,
    platforms: &BTreeMap<Platform, Digest>,
) -> BTreeMap<Digest, Option<Platform>> {
    let mut owners: BTreeMap<Digest, Option<Platform>> = BTreeMap::new();
    for (platform, root) in platforms {
        let documents = plan.below(root).into_iter();
        let blobs = plan.blobs_below(root).into_iter().map(|blob| &blob.digest);
        for digest in documents.chain(blobs) {
            let owner = owners.entry(digest.clone()).or_insert_with(|| Some(platform.clone()));
            if owner.as_ref() != Some(platform) {
                *owner = None;
            }
        }
    }
    owners
}

/// Asks several questions at a time; `None` where all is well.
async fn ask<T: Source + 'static>(
    questions: VecDeque<Question>,
    target: &Arc<T>,
) -> BTreeMap<Question, Option<Found>> {
    let mut waiting = questions;
    let mut running = JoinSet::new();
    let mut answers = BTreeMap::new();
    loop {
        while running.len() < QUESTIONS
            && let Some(question) = waiting.pop_front()
        {
            let target = Arc::clone(target);
            running.spawn(async move {
                let found = answer(&question, &*target).await;
                (question, found.unwrap_or_else(|error| Some(Found::Unknown(Arc::new(error)))))
            });
        }
        match running.join_next().await {
            Some(Ok((question, found))) => drop(answers.insert(question, found)),
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => return answers,
        }
    }
}

async fn answer<T: Source>(question: &Question, target: &T) -> Result<Option<Found>, StoreError> {
    let Question { repository, part, blob } = question;
    Ok(match part {
        Part::Blob => match target.blob_size(repository, &blob.digest).await? {
            None => Some(Found::Nothing),
            Some(has_bytes) if has_bytes != blob.size_bytes => {
                Some(Found::WrongSize { wants_bytes: blob.size_bytes, has_bytes })
            }
            Some(_) => None,
        },
        Part::Manifest => {
            let is_there = target.has_document(repository, &blob.digest).await?;
            (!is_there).then_some(Found::Nothing)
        }
        Part::Tag(tag) => match target.resolve(repository, tag).await? {
            None => Some(Found::Nothing),
            Some(resolved) if resolved.digest != blob.digest => Some(Found::Other(resolved.digest)),
            Some(_) => None,
        },
    })
}
