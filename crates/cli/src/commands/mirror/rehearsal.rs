//! `--dry-run`: what a run would do, asked of the target and written nowhere. Nobody can ask for the right to push but by opening an
//! upload, which is said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use sealift_oci::copy::{CopyError, Counted, Observer, Summary};
use sealift_oci::plan::{Destination, PlannedImage};
use sealift_oci::{Blob, Written};
use sealift_reference::{Digest, Repository};
use serde_json::{Value, json};

use super::{Run, places, report};
use crate::failure::Failure;
use crate::preflight;
use crate::ui::{Table, bytes, plural};

/// Asks, and prints the plan.
pub(super) fn run(run: &Run<'_>, to: &Destination) -> Result<(), Failure> {
    let seen = Arc::new(Seen::default());
    let rehearsal = run.copy(Arc::clone(&seen) as _);
    let summary = run.context.block_on(rehearsal.rehearse(run.plan));
    let foreseen = Foreseen { run, summary: &summary, images: seen.take(), sent: seen.take_sent() };
    let ui = run.context.ui;
    if run.args.json {
        ui.json(&format!("{:#}", foreseen.document()))?;
    } else {
        ui.data(&foreseen.table())?;
        ui.note(&foreseen.words(&places(to)));
    }
    foreseen.verdict()
}

/// What happens to an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Copied,
    Failed,
    Left,
}

impl Fate {
    fn word(self) -> &'static str {
        match self {
            Self::Copied => "copy",
            Self::Failed => "fail",
            Self::Left => "as before",
        }
    }
}

/// Blobs, and where they go.
type Sent = BTreeSet<(Digest, Repository)>;

/// Notes what becomes of each image, and which blobs would be read, and sent where: each is read once for each repository that it is
/// sent to.
#[derive(Default)]
struct Seen {
    images: Mutex<BTreeMap<String, (Fate, Option<String>)>>,
    sent: Mutex<Sent>,
}

impl Seen {
    fn note(&self, image: &PlannedImage, fate: Fate, why: Option<String>) {
        let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        images.insert(image.name.clone(), (fate, why));
    }

    fn take(&self) -> BTreeMap<String, (Fate, Option<String>)> {
        std::mem::take(&mut *self.images.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn take_sent(&self) -> Sent {
        std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for Seen {
    fn blob_finished(&self, blob: &Blob, target: &Repository, written: Written) {
        if written == Written::Sent && blob.must_be_read() {
            let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.insert((blob.digest.clone(), target.clone()));
        }
    }

    fn image_skipped(&self, image: &PlannedImage) {
        self.note(image, Fate::Left, None);
    }

    fn image_done(&self, image: &PlannedImage) {
        self.note(image, Fate::Copied, None);
    }

    fn image_failed(&self, image: &PlannedImage, error: &CopyError) {
        self.note(image, Fate::Failed, Some(crate::ui::progress::chain(error)));
    }
}

struct Foreseen<'a> {
    run: &'a Run<'a>,
    summary: &'a Summary,
    images: BTreeMap<String, (Fate, Option<String>)>,
    sent: Sent,
}

impl Foreseen<'_> {
    fn fate(&self, image: &PlannedImage) -> Fate {
        self.images.get(&image.name).map_or(Fate::Failed, |(fate, _)| *fate)
    }

    /// Requests of the run at its sources: questions, blobs, and manifests that are not kept.
    fn at_sources(&self) -> u64 {
        let Run { plan, ends, .. } = self.run;
        let source = &*ends.source.source;
        let is_copied = |image: &PlannedImage| self.fate(image) == Fate::Copied;
        let images = plan.images.iter().enumerate();
        let copied: Vec<_> = images.filter(|(_, image)| is_copied(image)).collect();
        let wanted: Vec<_> = copied.iter().map(|(number, _)| *number).collect();
        let mut unread = BTreeSet::new();
        for (_, image) in copied {
            if image.roots.first().is_some_and(|root| !source.makes(&root.digest)) {
                let below = image.roots.iter().flat_map(|root| plan.below(&root.digest));
                unread.extend(below.filter(|digest| !source.registry.has(digest)));
            }
        }
        let sent = self.sent.iter().map(|(digest, _)| digest.clone()).collect();
        let questions = preflight::extra_questions(source, plan, &wanted, &sent);
        (questions + unread.len() + self.sent.len()) as u64
    }

    fn at_target(&self) -> u64 {
        let requests = &self.summary.requests;
        let rights = self.run.ends.target.push_questions();
        rights + requests.tags + requests.probes + requests.foreseen + requests.documents
    }

    fn table(&self) -> String {
        let mut table = Table::new(&["DO", "IMAGE", "TARGET", "SIZE"]);
        for image in &self.run.plan.images {
            let fate = self.fate(image).word();
            table.row([fate, &image.name, &target(image), &bytes(self.run.plan.bytes_of([image]))]);
        }
        table.to_string()
    }

    fn words(&self, to: &str) -> String {
        let Summary { sent, mounted, already_there, requests, .. } = self.summary;
        let count = |counted: &Counted| {
            let count = usize::try_from(counted.count).unwrap_or(usize::MAX);
            format!("{}, {}", plural(count, "blob"), bytes(counted.size_bytes))
        };
        let manifests = usize::try_from(requests.documents).unwrap_or(usize::MAX);
        format!(
            "To {to} would go:\n  sent     {}\n  mounted  {}\n  there    {}; {} as before\n  written  {}\n  asked    {} at the sources and {} at the target, without pings and tokens\nNothing was sent.{}",
            count(sent),
            count(mounted),
            count(already_there),
            plural(self.summary.images_skipped, "image"),
            plural(manifests, "manifest"),
            plural(usize::try_from(self.at_sources()).unwrap_or(usize::MAX), "request"),
            self.at_target(),
            opened(self.run.ends.target.push_questions(), self.run.ends.target.opened_sessions()),
        )
    }

    fn document(&self) -> Value {
        let Summary { sent, mounted, already_there, requests, .. } = self.summary;
        let count =
            |counted: &Counted| json!({"blobs": counted.count, "bytes": counted.size_bytes});
        let images = self.run.plan.images.iter().map(|image| {
            let mut entry = json!({
                "image": image.name,
                "target": target(image),
                "do": self.fate(image).word(),
                "bytes": self.run.plan.bytes_of([image]),
            });
            if let Some((_, Some(why))) = self.images.get(&image.name) {
                entry["error"] = why.as_str().into();
            }
            entry
        });
        let missing = self.run.check.missing();
        let missing = missing.iter().map(|missing| {
            json!({
                "side": missing.error.side().to_string(),
                "error": crate::ui::progress::chain(&*missing.error),
                "hints": missing.hints,
                "images": missing.images,
            })
        });
        json!({
            "apiVersion": "sealift.dev/v1alpha1",
            "kind": "MirrorPlan",
            "images": images.collect::<Vec<_>>(),
            "missing": missing.collect::<Vec<_>>(),
            "send": count(sent),
            "mount": count(mounted),
            "alreadyThere": count(already_there),
            "asBefore": self.summary.images_skipped,
            "manifests": requests.documents,
            "pushAsked": {"requests": self.run.ends.target.push_questions(), "opened": self.run.ends.target.opened_sessions()},
            "requests": {"source": self.at_sources(), "target": self.at_target()},
        })
    }

    /// A plan that cannot be carried out whole is said to be so.
    fn verdict(&self) -> Result<(), Failure> {
        let failed = &self.summary.failed;
        if failed.is_empty() {
            return Ok(());
        }
        let Run { context, lock, check, .. } = self.run;
        report::show_failures(context.ui, lock, self.summary, &check.missing());
        let all = self.run.plan.images.len();
        let message = format!("{} of {} would fail", failed.len(), plural(all, "image"));
        Err(Failure::new(report::kind_of(self.summary), message))
    }
}

/// What asking for the right to push has left at the target. No session is ever deleted, as that needs a right of its own.
fn opened(questions: u64, sessions: u64) -> String {
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let left = match sessions {
        _ if questions == 0 => return String::new(),
        0 => "no upload is known to have been opened by that".to_owned(),
        1 => "the upload that this opened is empty, and the target lets it expire".to_owned(),
        more => format!(
            "the {more} uploads that this opened are empty, and the target lets them expire"
        ),
    };
    let asked = plural(count(questions), "request");
    format!(" The right to push was asked for, by {asked}: {left}.")
}

fn target(image: &PlannedImage) -> String {
    match image.roots.first().and_then(|root| root.tag.as_ref()) {
        Some(tag) => format!("{}:{tag}", image.target),
        None => image.target.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::opened;

    #[test]
    fn what_is_left_of_the_questions_is_said() {
        for (questions, sessions, said) in [
            (0, 0, ""),
            (2, 0, "asked for, by 2 requests: no upload is known to have been opened by that."),
            (
                1,
                1,
                "asked for, by 1 request: the upload that this opened is empty, and the target lets it expire.",
            ),
            (
                3,
                2,
                "asked for, by 3 requests: the 2 uploads that this opened are empty, and the target lets them expire.",
            ),
        ] {
            let told = opened(questions, sessions);
            assert_eq!(told.strip_prefix(" The right to push was ").unwrap_or(&told), said);
        }
    }
}
