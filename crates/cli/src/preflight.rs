//! What is looked at when it is known what the target lacks, and before the first byte: may the sources be read, does the
//! target take pushes.
//!
//! It costs next to nothing: of each repository that is read one manifest is asked for, or read where it is not kept yet; of each
//! project of the target one upload is begun, which goes on when its blob's turn comes. All that is missing is said at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use sealift_oci::copy::{CopyError, Preflight, Refusal, Side};
use sealift_oci::plan::{Plan, PlannedImage};
use sealift_oci::{Blob, BoxFuture, Source as _, StoreError, StoreErrorKind};
use sealift_reference::{Digest, Repository};
use sealift_registry::Registry;
use tokio::task::JoinSet;

use crate::carried::Carried;
use crate::failure::{Failure, FailureKind};
use crate::ui::progress::event::Event;
use crate::ui::progress::{chain, emit};
use crate::ui::{Ui, bytes, plural};

/// Images that are named of those that cannot be copied; the others are counted.
const NAMED: usize = 5;

/// The code of a registry in which repositories are made before they are used, as in ECR.
const REPOSITORY_UNKNOWN: &str = "NAME_UNKNOWN";

/// Looks, and says what is missing.
pub(crate) struct Check {
    ui: Ui,
    json: bool,
    source: Arc<Carried>,
    target: Arc<Registry>,
    missing: Mutex<Vec<Missing>>,
}

/// A repository that cannot be read, or a project that cannot be written.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    pub(crate) error: Arc<CopyError>,
    pub(crate) hints: Vec<String>,
    /// By name.
    pub(crate) images: Vec<String>,
}

/// A thing to look at, and the images that need it.
struct Question {
    side: Side,
    repository: Repository,
    about: About,
    images: Vec<usize>,
}

/// What is asked for.
enum About {
    /// Of a source: a manifest.
    Manifest(Digest),
    /// Of the target: whether a blob may be sent, where one is to be.
    Upload(Option<Blob>),
}

impl Check {
    pub(crate) fn new(ui: Ui, json: bool, source: Arc<Carried>, target: Arc<Registry>) -> Self {
        Self { ui, json, source, target, missing: Mutex::default() }
    }

    /// What was missing.
    pub(crate) fn missing(&self) -> Vec<Missing> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn look(&self, plan: &Plan, wanted: &[usize]) -> Vec<Refusal> {
        let questions = self.sources(plan, wanted).into_iter().chain(projects(plan, wanted));
        let mut missing = Vec::new();
        let mut unknown = Vec::new();
        for (mut question, error) in self.ask(questions.collect()).await {
            if question.side == Side::Target && is_of_repository(&error) {
                unknown.extend(question.images.iter().copied());
                let own = |number: &usize| plan.images[*number].target == question.repository;
                question.images.retain(own);
            }
            missing.push((question, error));
        }
        // The first repository of a project is unknown: so may be others, which are then named as well.
        let others = repositories(plan, &unknown, &missing);
        missing.extend(self.ask(others).await);
        let refused = self.refuse(plan, joined(missing));
        self.look_for_room(plan, wanted, &refused).await;
        refused
    }

    /// Says which projects of the target may have too little room, where the registry tells that.
    async fn look_for_room(&self, plan: &Plan, wanted: &[usize], refused: &[Refusal]) {
        let goes_on = |number: &usize| refused.iter().all(|refusal| refusal.image != *number);
        let wanted: Vec<_> = wanted.iter().copied().filter(goes_on).collect();
        for project in projects(plan, &wanted) {
            let Some(quota) = self.target.quota(&project.repository).await else { continue };
            let images = project.images.iter().filter_map(|number| plan.images.get(*number));
            let (left, needed) = (quota.left_bytes(), plan.bytes_of(images));
            if needed > left {
                self.say_scarce(&project.repository, left, needed);
            }
        }
    }

    fn say_scarce(&self, repository: &Repository, left: u64, needed: u64) {
        if self.json {
            let repository = repository.to_string();
            emit(self.ui, &Event::Scarce { repository, left, needed });
        }
        let path = repository.path();
        self.ui.warn(&format!(
            "the project `{}` at {} may take {} more, and up to {} go there: raise its quota if that is not enough",
            path.split('/').next().unwrap_or(path),
            repository.host(),
            bytes(left),
            bytes(needed)
        ));
    }

    /// One question for each repository that is read.
    fn sources(&self, plan: &Plan, wanted: &[usize]) -> Vec<Question> {
        let mut questions: BTreeMap<&Repository, Question> = BTreeMap::new();
        for (number, image) in images(plan, wanted) {
            let Some(root) = image.roots.first().filter(|root| !self.source.makes(&root.digest))
            else {
                continue;
            };
            let question = questions.entry(&image.source).or_insert_with(|| Question {
                side: Side::Source,
                repository: image.source.clone(),
                about: About::Manifest(root.digest.clone()),
                images: Vec::new(),
            });
            question.images.push(number);
        }
        questions.into_values().collect()
    }

    /// Asks all at once, and returns the answers that are a clear no. What else goes wrong is met again by the copy, which tries
    /// harder and knows more to say.
    async fn ask(&self, questions: Vec<Question>) -> Vec<(Question, StoreError)> {
        let mut running = JoinSet::new();
        for (number, question) in questions.into_iter().enumerate() {
            let (source, target) = (Arc::clone(&self.source), Arc::clone(&self.target));
            running.spawn(async move {
                let repository = &question.repository;
                let answer = match &question.about {
                    About::Manifest(digest) => {
                        source.has_document(repository, digest).await.map(drop)
                    }
                    About::Upload(first) => target.ask_to_push(repository, first.as_ref()).await,
                };
                (number, question, answer)
            });
        }
        let mut refused = BTreeMap::new();
        while let Some(Ok((number, question, answer))) = running.join_next().await {
            if let Err(error) = answer
                && is_clear(question.side, error.kind)
            {
                refused.insert(number, (question, error));
            }
        }
        refused.into_values().collect()
    }

    /// Says what is missing, and refuses the images that need it.
    fn refuse(&self, plan: &Plan, missing: Vec<(Question, StoreError)>) -> Vec<Refusal> {
        let mut refused = BTreeMap::new();
        let mut told = Vec::new();
        for (Question { side, repository, images, .. }, source) in missing {
            let hints = hints(side, &repository, &source);
            let (action, what) = match side {
                Side::Source => ("read", "it"),
                Side::Target => ("push", "to it"),
            };
            let what = what.to_owned();
            let error =
                CopyError::Store { side, repository: repository.clone(), action, what, source };
            let error = Arc::new(error);
            let names = images.iter().map(|image| plan.images[*image].name.clone()).collect();
            let missing = Missing { error: Arc::clone(&error), hints, images: names };
            self.say(&missing, &repository);
            told.push(missing);
            for image in images {
                refused.entry(image).or_insert_with(|| Arc::clone(&error));
            }
        }
        *self.missing.lock().unwrap_or_else(PoisonError::into_inner) = told;
        refused.into_iter().map(|(image, error)| Refusal { image, error }).collect()
    }

    fn say(&self, missing: &Missing, repository: &Repository) {
        let Missing { error, hints, images } = missing.clone();
        if self.json {
            let (side, repository) = (error.side().to_string(), repository.to_string());
            let (error, hints, images) = (chain(&*error), hints.clone(), images.clone());
            emit(self.ui, &Event::Missing { side, repository, error, hints, images });
        }
        let mut failure = Failure::of(FailureKind::Partial, &*error);
        failure.notes.push(format!("not copied for that: {}", named(&images)));
        failure.hints = hints;
        self.ui.failure(&failure);
    }
}

impl Preflight for Check {
    fn check<'a>(&'a self, plan: &'a Plan, wanted: &'a [usize]) -> BoxFuture<'a, Vec<Refusal>> {
        Box::pin(self.look(plan, wanted))
    }
}

fn images<'a>(
    plan: &'a Plan,
    wanted: &'a [usize],
) -> impl Iterator<Item = (usize, &'a PlannedImage)> {
    wanted.iter().filter_map(|number| Some((*number, plan.images.get(*number)?)))
}

/// One question for each project of the target: the first part of the path, to which registries give rights and quota.
fn projects(plan: &Plan, wanted: &[usize]) -> Vec<Question> {
    by_place(plan, images(plan, wanted), |repository| {
        let path = repository.path();
        (repository.host(), path.split('/').next().unwrap_or(path))
    })
}

/// A question for each repository of these images that was not asked for; those that were keep only their own images.
fn repositories(plan: &Plan, unknown: &[usize], asked: &[(Question, StoreError)]) -> Vec<Question> {
    let known = |repository: &Repository| {
        asked.iter().any(|(asked, _)| asked.side == Side::Target && asked.repository == *repository)
    };
    let images = images(plan, unknown).filter(|(_, image)| !known(&image.target));
    by_place(plan, images, |repository| repository)
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
            side: Side::Target,
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

/// A host that takes no pushes at all is said once.
fn joined(missing: Vec<(Question, StoreError)>) -> Vec<(Question, StoreError)> {
    let mut joined: Vec<(Question, StoreError)> = Vec::new();
    for (question, error) in missing {
        let same = joined.iter_mut().find(|(known, said)| {
            said.kind == StoreErrorKind::ReadOnly
                && error.kind == said.kind
                && known.repository.host() == question.repository.host()
        });
        match same {
            Some((known, _)) => known.images.extend(question.images),
            None => joined.push((question, error)),
        }
    }
    joined
}

fn is_of_repository(error: &StoreError) -> bool {
    error.kind == StoreErrorKind::NotFound && error.message.contains(REPOSITORY_UNKNOWN)
}

fn is_clear(side: Side, kind: StoreErrorKind) -> bool {
    use StoreErrorKind as Kind;
    match side {
        Side::Source => matches!(kind, Kind::Credential | Kind::Denied),
        Side::Target => {
            matches!(kind, Kind::Credential | Kind::Denied | Kind::NotFound | Kind::ReadOnly)
        }
    }
}

/// What helps.
fn hints(side: Side, repository: &Repository, error: &StoreError) -> Vec<String> {
    let (host, path) = (repository.host(), repository.path());
    let project = path.split('/').next().unwrap_or(path);
    let login = format!("sealift login {host}");
    match (side, error.kind) {
        (Side::Source, _) => vec![format!("`{login}` stores credentials that may read {path}")],
        (Side::Target, StoreErrorKind::NotFound) if is_of_repository(error) => vec![format!(
            "{host} wants repositories to be made first; at ECR: aws ecr create-repository --repository-name {path}"
        )],
        (Side::Target, StoreErrorKind::NotFound) => vec![format!(
            "make the project `{project}` at {host} first, or choose one that is there: --to {host}/PROJECT"
        )],
        (Side::Target, StoreErrorKind::ReadOnly) => {
            vec![format!(
                "{host} takes no pushes: switch its read-only mode off, or name the registry behind it"
            )]
        }
        (Side::Target, _) => vec![format!(
            "`{login}` stores credentials; the account needs the right to push to `{project}`"
        )],
    }
}

/// `a, b and 3 more`
fn named(images: &[String]) -> String {
    let shown = images.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match images.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {}", plural(more, "more image")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_named_until_there_are_too_many() {
        let names: Vec<_> = (0..7).map(|number| format!("i{number}")).collect();
        assert_eq!(named(&names[..2]), "i0, i1");
        assert_eq!(named(&names), "i0, i1, i2, i3, i4 and 2 more images");
    }

    #[test]
    fn each_refusal_has_its_own_advice() {
        use StoreErrorKind as Kind;
        let advice = |side, repository: &str, kind, said: &str| {
            let error = StoreError::new(kind, said);
            hints(side, &repository.parse().expect("a repository"), &error).join("")
        };
        let hint = |side, repository: &str, kind| advice(side, repository, kind, "no");
        let ecr =
            advice(Side::Target, "1.dkr.ecr.example/ml/x", Kind::NotFound, "404 NAME_UNKNOWN");
        assert!(ecr.ends_with("aws ecr create-repository --repository-name ml/x"), "{ecr}");
        assert!(
            hint(Side::Target, "r.corp/ml/x", Kind::NotFound).contains("project `ml` at r.corp")
        );
        assert!(hint(Side::Target, "r.corp/ml/x", Kind::Denied).contains("`sealift login r.corp`"));
        assert!(hint(Side::Target, "r.corp/ml/x", Kind::ReadOnly).contains("read-only"));
        assert!(
            hint(Side::Source, "ghcr.io/a/b", Kind::Denied).contains("`sealift login ghcr.io`")
        );
    }
}
