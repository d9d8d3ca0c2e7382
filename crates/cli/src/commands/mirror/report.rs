//! What is said when a run is over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use sealift_inventory::{Lock, LockedArtifact};
use sealift_oci::StoreErrorKind;
use sealift_oci::copy::{CopyError, ImageFailure, Side, Summary};

use super::{Done, failed};
use crate::args::{JOBS, MirrorArgs, charts_to, quoted};
use crate::class;
use crate::counts::Counts;
use crate::failure::{Failure, FailureKind, store_kind};
use crate::preflight::Missing;
use crate::ui::progress::emit;
use crate::ui::progress::event::{self, Event};
use crate::ui::{Ui, alike, bytes, plural, seconds};

/// As it was typed.
fn where_to(args: &MirrorArgs) -> String {
    match &args.charts_to {
        Some(charts) => format!("{}, charts to {charts}", args.to),
        None => args.to.clone(),
    }
}

pub(super) fn finish(ui: Ui, args: &MirrorArgs, done: &Done) -> Result<(), Failure> {
    let summary = &done.summary;
    if args.json {
        emit(ui, &Event::Summary(summary_event(done)));
    }
    if let Some(sparse) = &summary.sparse_refused {
        ui.note(&format!(
            "the target refuses an index without all its platforms: {} more of other platforms went with it, {}; distribution 3 takes it with `validation: {{manifests: {{indexes: {{platforms: none}}}}}}`, Quay with FEATURE_SPARSE_INDEX",
            plural(sparse.documents, "manifest"),
            bytes(sparse.size_bytes)
        ));
    }
    let all = Counts::of(&done.lock);
    if summary.failed.is_empty() {
        ui.note(&format!("{} → {}\n  {}", all.each(), where_to(args), numbers(done)));
        return Ok(());
    }
    let failed = show_failures(ui, &done.lock, summary, &done.missing);
    let complete = all.less(Counts::of_locked(done.failed())).each();
    ui.note(&format!(
        "{complete} complete on the target, nothing partial is left\n  {}",
        numbers(done)
    ));
    let path = failed::path(args);
    let written = failed::write(&path, done);
    Err(partial(args, done, &failed, (&path, written)))
}

/// How many failed, where they are written, and what to do next. Where they could not be written, that is said as well.
fn partial(
    args: &MirrorArgs,
    done: &Done,
    failed: &[&ImageFailure],
    (path, written): (&Path, Result<(), Failure>),
) -> Failure {
    let (all, file) = (Counts::of(&done.lock).all(), path.display().to_string());
    let left = match &written {
        Ok(()) => format!("{file} holds what is left"),
        Err(_) => format!("what is left could not be written to {file}"),
    };
    let message = format!("{} of {all} failed; {left}", done.summary.failed.len());
    let errors = || failed.iter().flat_map(|failed| &failed.errors);
    let mut failure = Failure::new(kind_of(&done.summary), message)
        .hint_against(errors().filter_map(|error| error.kind()));
    if errors().any(|error| matches!(&**error, CopyError::TagTaken { .. })) {
        failure = failure.hint("if tags may move, run again with --replace-tags");
    }
    if let Err(error) = written {
        failure.notes.push(error.message);
        failure.notes.extend(error.causes.iter().map(|cause| format!("caused by: {cause}")));
        return failure.hint("the same command again does what is left");
    }
    failure.hint(format!("next: sealift mirror --lock {}{}", quoted(&file), again(args)))
}

/// Says why each image failed of which the preflight has not said it, and returns those.
pub(super) fn show_failures<'s>(
    ui: Ui,
    lock: &Lock,
    summary: &'s Summary,
    missing: &[Missing],
) -> Vec<&'s ImageFailure> {
    let told: BTreeSet<_> = missing.iter().flat_map(|missing| &missing.images).collect();
    let failed = summary.failed.iter().filter(|failed| !told.contains(&failed.name));
    let mut failed: Vec<_> = failed.collect();
    failed.sort_by(|one, other| one.name.cmp(&other.name));
    let failures = failed.iter().filter_map(|failed| image_failure(ui, lock, failed));
    alike::show(ui, failures.collect());
    failed
}

/// The options of a command that does the same for another lock.
fn again(args: &MirrorArgs) -> String {
    let mut words = format!(" --to {}", quoted(&args.to));
    words += &charts_to(args.charts_to.as_deref());
    let flags = [
        ("--stale", args.stale),
        ("--allow-undecided", args.allow_undecided),
        ("--replace-tags", args.replace_tags),
        ("--repair", args.repair),
    ];
    for (flag, _) in flags.into_iter().filter(|(_, is_set)| *is_set) {
        words = format!("{words} {flag}");
    }
    for host in &args.foreign_from {
        words = format!("{words} --foreign-from {}", quoted(host));
    }
    for limit in &args.input.limit {
        words = format!("{words} --limit {}", quoted(limit));
    }
    if args.jobs != JOBS {
        words = format!("{words} --jobs {}", args.jobs);
    }
    if let Some(time) = args.retry_for {
        words = format!("{words} --retry-for {}s", time.as_secs());
    }
    if let Some(rate) = args.limit_rate {
        words = format!("{words} --limit-rate {rate}B/s");
    }
    words + &args.registry.words()
}

/// `sent 14.2 GB · mounted 5.9 GB · already there 1.3 GB · 52 s · 567 requests`
fn numbers(done: &Done) -> String {
    let Summary { sent, mounted, already_there, images_skipped, .. } = &done.summary;
    let skipped =
        if *images_skipped > 0 { format!(" · {images_skipped} as before") } else { String::new() };
    let (source, target) = done.ends.counts();
    let retries = match source.retried() + target.retried() {
        0 => String::new(),
        1 => " · 1 retry".to_owned(),
        more => format!(" · {more} retries"),
    };
    format!(
        "sent {} · mounted {} · already there {}{skipped} · {} · {} requests{retries}",
        bytes(sent.size_bytes),
        bytes(mounted.size_bytes),
        bytes(already_there.size_bytes),
        seconds(done.took),
        source.total() + target.total()
    )
}

/// Says why an image or a chart failed: its first error in full, since what follows mostly repeats it for the next blob.
fn image_failure(ui: Ui, lock: &Lock, failed: &ImageFailure) -> Option<(String, Failure)> {
    let mut errors: Vec<_> = failed.errors.iter().collect();
    errors.sort_by_cached_key(ToString::to_string);
    let (error, more) = errors.split_first()?;
    let mut failure = Failure::of(FailureKind::Partial, &***error);
    failure.message = format!("{}: {}", failed.name, failure.message);
    let artifact = lock.artifacts.iter().find(|artifact| artifact.name() == failed.name);
    if !more.is_empty() {
        let count = plural(more.len(), "more failure");
        let is_chart = artifact.is_some_and(|artifact| artifact.as_chart().is_some());
        let kind = if is_chart { "chart" } else { "image" };
        failure.notes.push(format!("and {count} of this {kind}, which -v shows"));
        for error in more {
            ui.detail(&format!("{}: {error}", failed.name));
        }
    }
    failure.notes.extend(artifact.and_then(|artifact| platform_of(artifact, error)));
    let because = artifact.into_iter().flat_map(LockedArtifact::because);
    Some((failed.name.clone(), failure.needed_by(because)))
}

/// Says for which platform the manifest is that failed: who never pulls that one may mirror without it.
fn platform_of(artifact: &LockedArtifact, error: &CopyError) -> Option<String> {
    let image = artifact.as_image()?;
    let CopyError::Store { what, .. } = error else { return None };
    let found = image.platforms.iter().find(|(_, digest)| digest.as_str() == what)?;
    (image.digest != *found.1).then(|| format!("it is the image for {}", found.0))
}

/// Everything failed, and none of it for a reason of its own: the run could not go on.
pub(super) fn kind_of(summary: &Summary) -> FailureKind {
    let mut errors = summary.failed.iter().flat_map(|failed| &failed.errors);
    // What a source lacks is that image's own fault; what the target lacks is not.
    let world = |error: &Arc<CopyError>| {
        error.kind().is_some_and(|kind| {
            store_kind(kind) == FailureKind::Environment
                && (kind != StoreErrorKind::NotFound || error.side() == Side::Target)
                && class::of_content(&**error).is_none()
        })
    };
    if summary.images_done == 0 && errors.all(world) {
        FailureKind::Environment
    } else {
        FailureKind::Partial
    }
}

fn summary_event(done: &Done) -> event::Summary {
    let Summary { images_skipped, skipped_bytes, failed, sent, mounted, already_there, .. } =
        &done.summary;
    let complete = Counts::of(&done.lock).less(Counts::of_locked(done.failed()));
    let (source, target) = done.ends.counts();
    let mut retried = BTreeMap::new();
    for (cause, count) in source.retries.iter().chain(&target.retries) {
        *retried.entry(cause.to_string()).or_default() += count;
    }
    event::Summary {
        images: complete.images,
        charts: complete.charts,
        skipped: event::Skipped { images: *images_skipped, bytes: *skipped_bytes },
        failed: failed.len(),
        manifests: done.summary.documents_written,
        read: event::Bytes { bytes: done.summary.read_bytes },
        sent: (*sent).into(),
        mounted: (*mounted).into(),
        already_there: (*already_there).into(),
        retried,
        read_again: event::Bytes { bytes: done.summary.read_bytes.saturating_sub(sent.size_bytes) },
        requests: event::Requests::of(&source, &target),
        seconds: done.took.as_secs_f64(),
    }
}
