//! What is looked at when it is known what the target lacks, and before the first byte: may the sources be read, does the
//! target take pushes.
//!
//! It costs next to nothing: of each repository that is read something is read that is needed anyway, a manifest or a tiny blob, or
//! a manifest is asked for where there is no such thing; of each project of the target one upload is begun, which goes on when its
//! blob's turn comes. All that is missing is said at once.

mod asking;
mod hints;
mod questions;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sealift_inventory::Lock;
use sealift_oci::copy::{CopyError, Preflight, Refusal, Side};
use sealift_oci::plan::Plan;
use sealift_oci::{BoxFuture, StoreError, StoreErrorKind};
use sealift_reference::{Digest, Repository};
use sealift_registry::Registry;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::ahead::{Ahead, ROOM_BYTES};
use crate::carried::Carried;
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};
use crate::ui::progress::event::Event;
use crate::ui::progress::{Progress, chain, emit};
use crate::ui::{Ui, bytes, plural};
use asking::Asker;
use hints::{hints, is_of_repository};
use questions::Question;

/// Images that are named of those that cannot be copied; the others are counted.
const NAMED: usize = 5;

/// An answer that takes longer is left to the copy: nothing is sent before all questions are over. As long again, a blob that is
/// read waits for its turn before.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks, and says what is missing.
pub(crate) struct Check {
    ui: Ui,
    json: bool,
    progress: Arc<Progress>,
    /// What needs each image, by its name.
    origins: BTreeMap<String, Vec<String>>,
    asker: Arc<Asker>,
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

/// A question, and what came of it.
struct Asked {
    question: Question,
    answer: Answer,
}

enum Answer {
    Yes,
    No(StoreError),
    /// Nobody answered in time, or the answer says nothing of rights.
    Unknown,
}

impl Asked {
    fn refused(self) -> Option<(Question, StoreError)> {
        match self.answer {
            Answer::No(error) => Some((self.question, error)),
            Answer::Yes | Answer::Unknown => None,
        }
    }
}

/// What was refused.
struct Refused {
    question: Question,
    error: StoreError,
    /// It is said of the whole project, none of whose repositories may be written.
    is_project: bool,
}

/// Returns how many requests a copy of these images, which sends these blobs, makes at their sources only to ask whether they may
/// be read.
pub(crate) fn extra_questions(
    source: &Carried,
    plan: &Plan,
    wanted: &[usize],
    sent: &BTreeSet<Digest>,
) -> usize {
    let questions = questions::sources(source, plan, wanted, ROOM_BYTES);
    questions.iter().filter(|question| question.is_extra(source, sent)).count()
}

impl Check {
    /// With `json`, what is missing is an event as well.
    pub(crate) fn new(
        context: &Context,
        lock: &Lock,
        (progress, json): (Arc<Progress>, bool),
        (source, target): (Arc<Ahead<Carried>>, Arc<Registry>),
    ) -> Self {
        let times = context.environment.haste.unwrap_or(1).max(1);
        let patience = (PATIENCE / times).max(Duration::from_secs(1));
        let origins = lock
            .artifacts
            .iter()
            .map(|artifact| (artifact.name().clone(), artifact.because().to_vec()))
            .collect();
        let asker = Arc::new(Asker::new(source, target, patience));
        Self { ui: context.ui, json, progress, origins, asker, missing: Mutex::default() }
    }

    /// What was missing.
    pub(crate) fn missing(&self) -> Vec<Missing> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn look(&self, plan: &Plan, wanted: &[usize]) -> Vec<Refusal> {
        let Ahead { source, room_bytes, .. } = &*self.asker.source;
        let sources = questions::sources(source, plan, wanted, *room_bytes);
        let asked = self.ask(sources.into_iter().chain(questions::projects(plan, wanted))).await;
        let refused = asked.into_iter().filter_map(Asked::refused).collect();
        let refused = self.look_beside(plan, refused).await;
        let refused = self.refuse(plan, joined(refused));
        self.look_for_room(plan, wanted, &refused).await;
        refused
    }

    /// Asks the other repositories of each project whose first one was refused: what one may not, others may. Where none may, as
    /// far as they answer, it is said once, except where each is to be made.
    async fn look_beside(&self, plan: &Plan, refused: Vec<(Question, StoreError)>) -> Vec<Refused> {
        let mut beside = Vec::new();
        let mut split = Vec::new();
        for (mut question, error) in refused {
            let is_split =
                question.side() == Side::Target && error.kind != StoreErrorKind::ReadOnly;
            let others = if is_split { question.split(plan) } else { Vec::new() };
            split.push((question, error));
            beside.extend(others);
        }
        let mut beside = self.ask(beside).await;
        let mut all = Vec::new();
        for (mut question, error) in split {
            let own: Vec<_> =
                beside.extract_if(.., |asked| asked.question.is_beside(&question)).collect();
            let may_some = own.iter().any(|asked| matches!(asked.answer, Answer::Yes));
            let own: Vec<_> = own.into_iter().filter_map(Asked::refused).collect();
            let is_project = !may_some
                && !is_of_repository(&error)
                && own.iter().all(|(_, other)| other.kind == error.kind);
            if is_project {
                question.images.extend(own.into_iter().flat_map(|(other, _)| other.images));
                question.images.sort_unstable();
                all.push(Refused { question, error, is_project });
            } else {
                let own = std::iter::once((question, error)).chain(own);
                all.extend(own.map(|(question, error)| Refused { question, error, is_project }));
            }
        }
        all
    }

    /// Asks all at once. What else goes wrong than by a clear no is met again by the copy, which tries harder and knows more to
    /// say; and so is what is not answered in time.
    async fn ask(&self, questions: impl IntoIterator<Item = Question>) -> Vec<Asked> {
        let asked = questions.into_iter().map(|question| {
            let asker = Arc::clone(&self.asker);
            async move {
                let answer = match asker.ask(&question).await {
                    Some(Ok(())) => Answer::Yes,
                    Some(Err(error)) if is_clear(question.side(), error.kind) => Answer::No(error),
                    Some(Err(_)) | None => Answer::Unknown,
                };
                Asked { question, answer }
            }
        });
        all(asked).await
    }

    /// Says which projects of the target may have too little room, where the registry tells that.
    async fn look_for_room(&self, plan: &Plan, wanted: &[usize], refused: &[Refusal]) {
        let goes_on = |number: &usize| refused.iter().all(|refusal| refusal.image != *number);
        let wanted: Vec<_> = wanted.iter().copied().filter(goes_on).collect();
        let asked = questions::projects(plan, &wanted).into_iter().map(|project| {
            let asker = Arc::clone(&self.asker);
            async move {
                let quota = timeout(asker.patience, asker.target.quota(&project.repository)).await;
                Some((project, quota.ok()??))
            }
        });
        for (project, quota) in all(asked).await.into_iter().flatten() {
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
        let text = format!(
            "the project `{}` at {} may take {} more, and up to {} go there: raise its quota if that is not enough",
            path.split('/').next().unwrap_or(path),
            repository.host(),
            bytes(left),
            bytes(needed)
        );
        self.progress.aside(|| self.ui.warn(&text));
    }

    /// Says what is missing, and refuses the images that need it.
    fn refuse(&self, plan: &Plan, missing: Vec<Refused>) -> Vec<Refusal> {
        let mut refused = BTreeMap::new();
        let mut told = Vec::new();
        for Refused { question, error: source, is_project } in missing {
            let side = question.side();
            let Question { repository, images, .. } = question;
            let hints = hints(side, &repository, &source, is_project);
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
        let mut failure = self.with_origins(failure, &images);
        failure.hints = hints;
        self.progress.aside(|| self.ui.failure(&failure));
    }

    /// Says what needs the images that are named: of one as much as of any that fails, of several the first thing each.
    fn with_origins(&self, mut failure: Failure, images: &[String]) -> Failure {
        let origins = |image: &String| self.origins.get(image).into_iter().flatten();
        if let [image] = images {
            return failure.needed_by(origins(image));
        }
        for image in images.iter().take(NAMED) {
            let first = origins(image).next();
            failure.notes.extend(first.map(|origin| format!("{image} is needed by {origin}")));
        }
        failure
    }
}

impl Preflight for Check {
    fn check<'a>(&'a self, plan: &'a Plan, wanted: &'a [usize]) -> BoxFuture<'a, Vec<Refusal>> {
        Box::pin(self.look(plan, wanted))
    }
}

/// A host that takes no pushes at all is said once.
fn joined(missing: Vec<Refused>) -> Vec<Refused> {
    let mut joined: Vec<Refused> = Vec::new();
    for refused in missing {
        let same = joined.iter_mut().find(|known| {
            known.error.kind == StoreErrorKind::ReadOnly
                && refused.error.kind == known.error.kind
                && known.question.repository.host() == refused.question.repository.host()
        });
        match same {
            Some(known) => known.question.images.extend(refused.question.images),
            None => joined.push(refused),
        }
    }
    joined
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

/// Runs all at once, and returns what they came to in their order. A panic of one is ours.
async fn all<T: Send + 'static>(
    futures: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut running = JoinSet::new();
    for (number, future) in futures.enumerate() {
        running.spawn(async move { (number, future.await) });
    }
    let mut done = BTreeMap::new();
    while let Some(one) = running.join_next().await {
        match one {
            Ok((number, outcome)) => done.insert(number, outcome),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
    }
    done.into_values().collect()
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

    #[tokio::test]
    async fn what_is_asked_at_once_keeps_its_order() {
        let waits = [30, 0, 10].map(|wait| async move {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            wait
        });
        assert_eq!(all(waits.into_iter()).await, [30, 0, 10]);
    }

    #[tokio::test]
    #[should_panic(expected = "a fault of ours")]
    async fn a_panic_of_one_is_not_swallowed() {
        let asked = (0..3).map(|number| async move {
            assert_ne!(number, 1, "a fault of ours");
        });
        all(asked).await;
    }
}
