//! `sealift mirror`: registry to registry.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sealift_inventory::{Graph, Lock, LockedArtifact, Shipment};
use sealift_oci::copy::{self, CopyOptions, ImageFailure, Limits, Replace, Summary, TrustTags};
use sealift_oci::plan::{Destination, Plan};
use sealift_oci::resolve::With;
use sealift_registry::Registry;

use crate::args::{MirrorArgs, charts_to, quoted};
use crate::carried::{self, Beside, Carried};
use crate::class;
use crate::commands::{Context, lock, scan};
use crate::counts::Counts;
use crate::failure::{Failure, FailureKind, store_kind};
use crate::locks::{self, Staleness};
use crate::settings;
use crate::ui::progress::{Progress, emit};
use crate::ui::{Ui, alike, bytes, plural, seconds};

/// Where the part of the lock that failed is written.
const FAILED: &str = "failed.lock";

pub(crate) fn run(context: &Context, args: &MirrorArgs) -> Result<(), Failure> {
    let target = settings::destination(&args.to, args.charts_to.as_deref())?;
    let Locked { lock, graph, shipment, limits, charts } = locked(context, args)?;
    refuse_undecided(&lock, args)?;
    let plan = Plan::of(&lock, &graph, &target)
        .map_err(|error| locks::not_of_graph(&args.lock, &error))?;
    let beside = Beside {
        context,
        args: &args.registry,
        shipment: shipment.as_ref(),
        base: &base(args),
        limits: &limits,
    };
    let ends = Ends {
        source: Arc::new(Carried::new(&beside, &lock, &graph, charts)?),
        target: settings::target_registry(context, &args.registry, shipment.as_ref())?,
    };
    ends.announce(&plan);
    let totals = plan.totals();
    let size = bytes(totals.size_bytes);
    context.ui.note(&format!(
        "Mirroring {}, {size} in {}, to {}",
        Counts::of(&lock).each(),
        plural(totals.blobs, "blob"),
        places(&target)
    ));
    let start = Instant::now();
    let summary = context.block_on(transfer(context.ui, args, &plan, &ends))?;
    finish(context.ui, args, &Done { lock, graph, summary, ends, took: start.elapsed() })
}

/// The clients of both ends.
struct Ends {
    source: Arc<Carried>,
    target: Arc<Registry>,
}

impl Ends {
    /// Tells the target which repositories will be written and mounted from, so that one token covers each of them.
    fn announce(&self, plan: &Plan) {
        let mounts = plan.mount_sources();
        for image in &plan.images {
            self.target.plan_writes(&image.target, mounts.get(&image.target).into_iter().flatten());
        }
    }

    fn requests(&self) -> u64 {
        self.source.registry.counts().total() + self.target.counts().total()
    }

    /// Tries that failed and were made again.
    fn retried(&self) -> u64 {
        self.source.registry.counts().retried() + self.target.counts().retried()
    }
}

/// `registry.corp/ml`, and where charts go elsewhere that as well.
fn places(to: &Destination) -> String {
    if to.images == to.charts {
        return to.images.to_string();
    }
    format!("{}, charts to {}", to.images, to.charts)
}

/// The lock to carry out.
struct Locked {
    lock: Lock,
    graph: Graph,
    shipment: Option<Shipment>,
    limits: sealift_inventory::Limits,
    /// Charts that were made with it.
    charts: carried::Made,
}

fn reads_lock(args: &MirrorArgs) -> bool {
    let input = &args.input;
    input.inputs.is_empty() && input.image_list.is_empty() && input.file.is_none()
}

/// The folder from which paths in the lock start.
fn base(args: &MirrorArgs) -> PathBuf {
    let file = if reads_lock(args) { Some(&args.lock) } else { args.input.file.as_ref() };
    file.and_then(|file| file.parent()).map(PathBuf::from).unwrap_or_default()
}

/// Makes the lock in memory when inputs were named, else reads it.
fn locked(context: &Context, args: &MirrorArgs) -> Result<Locked, Failure> {
    let input = &args.input;
    if reads_lock(args) {
        let staleness = if args.stale { Staleness::Accepted } else { Staleness::Refused };
        let fresh =
            locks::read_fresh(context, &args.lock, staleness, &args.registry, &input.limit)?;
        let locks::Fresh { lock, graph, shipment, limits } = fresh;
        let charts = carried::Made::new();
        return Ok(Locked { lock, graph, shipment, limits, charts });
    }
    let request = lock::Request {
        input,
        registry: &args.registry,
        platforms: &[],
        with: With::Signatures,
        known: None,
    };
    let made = lock::make(context, &request)?;
    scan::show_undecided(context.ui, &made.inventory);
    let lock::Made { lock, graph, charts, shipment, .. } = made;
    let limits = shipment.limits.clone();
    Ok(Locked { lock, graph, shipment: Some(shipment), limits, charts })
}

fn refuse_undecided(lock: &Lock, args: &MirrorArgs) -> Result<(), Failure> {
    if lock.undecided == 0 || args.allow_undecided {
        return Ok(());
    }
    Err(Failure::partial(format!("{}: something may be missing on the other side", scan::are_undecided(usize::try_from(lock.undecided).unwrap_or(usize::MAX))))
        .hint("`sealift scan` lists them; decide them under `decide:` and lock again, or mirror as it is with --allow-undecided"))
}

/// Copies until all is done, or until somebody stops it.
async fn transfer(ui: Ui, args: &MirrorArgs, plan: &Plan, ends: &Ends) -> Result<Summary, Failure> {
    let progress = Progress::new(ui, args.json, plan);
    let limits = Limits { bodies: args.jobs.into(), ..Limits::default() };
    let replace = if args.replace_tags { Replace::Any } else { Replace::Only(BTreeSet::new()) };
    let options = CopyOptions { limits, replace, trust_tags: trust(args) };
    let work = copy::copy(
        plan,
        Arc::clone(&ends.source),
        Arc::clone(&ends.target),
        &options,
        progress.observer(ui),
    );
    let result = tokio::select! {
        summary = work => Ok(summary),
        () = progress.appear() => unreachable!("the picture waits for the work"),
        _ = tokio::signal::ctrl_c() => Err(stopped()),
    };
    progress.finish();
    result
}

fn trust(args: &MirrorArgs) -> TrustTags {
    if args.repair { TrustTags::Nothing } else { TrustTags::default() }
}

fn stopped() -> Failure {
    Failure::environment("stopped: what is complete on the target stays, nothing half-sent does")
        .hint("run the same command again: it goes on where it was")
}

/// A run that is over.
struct Done {
    lock: Lock,
    graph: Graph,
    summary: Summary,
    ends: Ends,
    took: Duration,
}

impl Done {
    /// What of the lock is not at the target.
    fn failed(&self) -> Vec<&LockedArtifact> {
        let failed: BTreeSet<_> =
            self.summary.failed.iter().map(|failed| failed.name.as_str()).collect();
        let is_failed = |artifact: &&LockedArtifact| failed.contains(artifact.name().as_str());
        self.lock.artifacts.iter().filter(is_failed).collect()
    }
}

/// As it was typed.
fn where_to(args: &MirrorArgs) -> String {
    match &args.charts_to {
        Some(charts) => format!("{}, charts to {charts}", args.to),
        None => args.to.clone(),
    }
}

fn finish(ui: Ui, args: &MirrorArgs, done: &Done) -> Result<(), Failure> {
    let summary = &done.summary;
    if args.json {
        emit(ui, &summary_event(done));
    }
    if let Some(sparse) = &summary.sparse_refused {
        ui.note(&format!(
            "the target refuses an index without all its platforms: {} more of other platforms went with it, {}",
            plural(sparse.documents, "manifest"),
            bytes(sparse.size_bytes)
        ));
    }
    let all = Counts::of(&done.lock);
    if summary.failed.is_empty() {
        ui.note(&format!("{} → {}\n  {}", all.each(), where_to(args), numbers(done)));
        return Ok(());
    }
    let mut failed: Vec<_> = summary.failed.iter().collect();
    failed.sort_by(|one, other| one.name.cmp(&other.name));
    let failures = failed.into_iter().filter_map(|failed| image_failure(ui, &done.lock, failed));
    alike::show(ui, failures.collect());
    write_failed(done)?;
    let complete = all.less(Counts::of_locked(done.failed())).each();
    ui.note(&format!(
        "{complete} complete on the target, nothing partial is left\n  {}",
        numbers(done)
    ));
    let message =
        format!("{} of {} failed; {FAILED} holds what is left", summary.failed.len(), all.all());
    let errors = || summary.failed.iter().flat_map(|failed| &failed.errors);
    let mut failure = Failure::new(failed_kind(summary), message)
        .hint_against(errors().filter_map(|error| error.kind()));
    if errors().any(|error| matches!(&**error, copy::CopyError::TagTaken { .. })) {
        failure = failure.hint("if tags may move, run again with --replace-tags");
    }
    Err(failure.hint(format!("next: sealift mirror --lock {FAILED}{}", again(args))))
}

/// The options of a command that does the same for another lock.
fn again(args: &MirrorArgs) -> String {
    let mut words = format!(" --to {}", quoted(&args.to));
    words += &charts_to(args.charts_to.as_deref());
    let flags =
        [("--stale", args.stale), ("--replace-tags", args.replace_tags), ("--repair", args.repair)];
    for (flag, _) in flags.into_iter().filter(|(_, is_set)| *is_set) {
        words = format!("{words} {flag}");
    }
    words + &args.registry.words()
}

/// `sent 14.2 GB · mounted 5.9 GB · already there 1.3 GB · 52 s · 567 requests`
fn numbers(done: &Done) -> String {
    let Summary { sent, mounted, already_there, images_skipped, .. } = &done.summary;
    let skipped =
        if *images_skipped > 0 { format!(" · {images_skipped} as before") } else { String::new() };
    format!(
        "sent {} · mounted {} · already there {}{skipped} · {} · {} requests",
        bytes(sent.size_bytes),
        bytes(mounted.size_bytes),
        bytes(already_there.size_bytes),
        seconds(done.took),
        done.ends.requests()
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
fn platform_of(artifact: &LockedArtifact, error: &copy::CopyError) -> Option<String> {
    let image = artifact.as_image()?;
    let copy::CopyError::Store { what, .. } = error else { return None };
    let found = image.platforms.iter().find(|(_, digest)| digest.as_str() == what)?;
    (image.digest != *found.1).then(|| format!("it is the image for {}", found.0))
}

/// Everything failed, and none of it for a reason of its own: the run could not go on.
fn failed_kind(summary: &Summary) -> FailureKind {
    let mut errors = summary.failed.iter().flat_map(|failed| &failed.errors);
    let world = |error: &Arc<copy::CopyError>| {
        error.kind().is_some_and(|kind| {
            store_kind(kind) == FailureKind::Environment
                && kind != sealift_oci::StoreErrorKind::NotFound
                && class::of_content(&**error).is_none()
        })
    };
    if summary.images_done == 0 && errors.all(world) {
        FailureKind::Environment
    } else {
        FailureKind::Partial
    }
}

/// Writes the lock of what failed, so that only that is tried again.
fn write_failed(done: &Done) -> Result<(), Failure> {
    let artifacts = done.failed().into_iter().cloned().collect();
    let mut lock = Lock { artifacts, ..done.lock.clone() };
    let closure = done.graph.closure(lock.roots());
    lock.totals = lock.totals(closure.blobs.len() as u64, closure.bytes());
    locks::write(Path::new(FAILED), &lock, &done.graph)
}

fn summary_event(done: &Done) -> serde_json::Value {
    let Summary { images_skipped, failed, documents_written, sent, mounted, already_there, .. } =
        &done.summary;
    let complete = Counts::of(&done.lock).less(Counts::of_locked(done.failed()));
    let counted = |counted: &copy::Counted| serde_json::json!({"blobs": counted.count, "bytes": counted.size_bytes});
    serde_json::json!({
        "event": "summary",
        "images": complete.images,
        "charts": complete.charts,
        "asBefore": images_skipped,
        "failed": failed.len(),
        "manifests": documents_written,
        "sent": counted(sent),
        "mounted": counted(mounted),
        "alreadyThere": counted(already_there),
        "requests": done.ends.requests(),
        "retried": done.ends.retried(),
        "seconds": done.took.as_secs_f64(),
    })
}
