//! `sealift mirror`: registry to registry.

mod failed;
mod rehearsal;
mod report;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sealift_inventory::{Graph, Lock, LockedArtifact, Shipment};
use sealift_oci::copy::{Copy, CopyOptions, Limits, Replace, Summary, TrustTags};
use sealift_oci::plan::{Destination, Plan};
use sealift_oci::resolve::With;
use sealift_registry::{Registry, Throttle, Watch};

use crate::ahead::{self, Ahead};
use crate::args::MirrorArgs;
use crate::carried::{self, Beside, Carried};
use crate::commands::{Context, lock, scan};
use crate::counts::Counts;
use crate::failure::Failure;
use crate::locks::{self, Staleness};
use crate::preflight::{Check, Missing};
use crate::settings::{self, Traffic};
use crate::ui::progress::Progress;
use crate::ui::{bytes, plural};

pub(crate) fn run(context: &Context, args: &MirrorArgs) -> Result<(), Failure> {
    let target = settings::destination(&args.to, args.charts_to.as_deref())?;
    let foreign_from = settings::foreign_hosts(&args.foreign_from)?;
    let mut locked = locked(context, args)?;
    refuse_undecided(&locked.lock, args)?;
    let plan = Plan::of(&locked.lock, &locked.graph, &target)
        .map_err(|error| locks::not_of_graph(&args.lock, &error))?;
    let plan = part(args, &mut locked.lock, plan)?;
    let progress = Arc::new(Progress::new(context.ui, args.json));
    let ends = Ends::of(context, args, &mut locked, &traffic(args, &progress), &foreign_from)?;
    ends.announce(&plan);
    let lock = &locked.lock;
    let both = (Arc::clone(&ends.source), Arc::clone(&ends.target));
    let told = (Arc::clone(&progress), args.json && !args.dry_run);
    let check = Arc::new(Check::new(context, lock, told, both));
    let run = Run { context, args, lock, plan: &plan, ends: &ends, check: &check };
    if args.dry_run {
        return rehearsal::run(&run, &target);
    }
    run.begin(&places(&target));
    let start = Instant::now();
    let summary = context.block_on(run.transfer(&progress))?;
    let (took, missing) = (start.elapsed(), check.missing());
    let Locked { lock, graph, .. } = locked;
    report::finish(context.ui, args, &Done { lock, graph, summary, ends, missing, took })
}

/// Leaves only the artifacts of the shard, where one was asked for.
fn part(args: &MirrorArgs, lock: &mut Lock, plan: Plan) -> Result<Plan, Failure> {
    let Some(shard) = args.shard else { return Ok(plan) };
    let plan =
        plan.shard(shard.number, shard.of).map_err(|error| Failure::usage(error.to_string()))?;
    let names: BTreeSet<_> = plan.images.iter().map(|image| image.name.as_str()).collect();
    lock.artifacts.retain(|artifact| names.contains(artifact.name().as_str()));
    Ok(plan)
}

fn traffic(args: &MirrorArgs, progress: &Arc<Progress>) -> Traffic {
    Traffic {
        retry_for: args.retry_for,
        limit_rate: args.limit_rate.map(Throttle::new),
        bodies: args.jobs.into(),
        watch: Some(Watch::by(Arc::clone(progress) as _)),
    }
}

/// A copy that is about to be made.
struct Run<'a> {
    context: &'a Context,
    args: &'a MirrorArgs,
    lock: &'a Lock,
    plan: &'a Plan,
    ends: &'a Ends,
    check: &'a Arc<Check>,
}

/// The clients of both ends.
struct Ends {
    source: Arc<Ahead<Carried>>,
    target: Arc<Registry>,
}

impl Ends {
    fn of(
        context: &Context,
        args: &MirrorArgs,
        locked: &mut Locked,
        traffic: &Traffic,
        foreign_from: &[String],
    ) -> Result<Self, Failure> {
        let shipment = locked.shipment.as_ref();
        let beside = Beside {
            context,
            args: &args.registry,
            shipment,
            base: &base(args),
            limits: &locked.limits,
            traffic,
            foreign_from,
        };
        let charts = std::mem::take(&mut locked.charts);
        let source = Carried::new(&beside, &locked.lock, &locked.graph, charts)?;
        // A dry run reads no content.
        let room_bytes = if args.dry_run { 0 } else { ahead::ROOM_BYTES };
        Ok(Self {
            source: Arc::new(Ahead::new(Arc::new(source), room_bytes)),
            target: settings::target_registry(context, &args.registry, shipment, traffic)?,
        })
    }

    /// Tells the target which repositories will be written and mounted from, so that one token covers each of them.
    fn announce(&self, plan: &Plan) {
        let mounts = plan.mount_sources();
        for image in &plan.images {
            self.target.plan_writes(&image.target, mounts.get(&image.target).into_iter().flatten());
        }
    }

    /// What was asked of the sources and of the target.
    fn counts(&self) -> (sealift_registry::Counts, sealift_registry::Counts) {
        (self.source.source.registry.registry.counts(), self.target.counts())
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
    graph: Arc<Graph>,
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
        let (graph, charts) = (Arc::new(graph), carried::Made::new());
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
    let (graph, limits) = (Arc::new(graph), shipment.limits.clone());
    Ok(Locked { lock, graph, shipment: Some(shipment), limits, charts })
}

fn refuse_undecided(lock: &Lock, args: &MirrorArgs) -> Result<(), Failure> {
    if lock.undecided == 0 || args.allow_undecided {
        return Ok(());
    }
    Err(Failure::partial(format!("{}: something may be missing on the other side", scan::are_undecided(usize::try_from(lock.undecided).unwrap_or(usize::MAX))))
        .hint("`sealift scan` lists them; decide them under `decide:` and lock again, or mirror as it is with --allow-undecided"))
}

impl Run<'_> {
    /// Says what is about to be copied.
    fn begin(&self, places: &str) {
        let totals = self.plan.totals();
        let (size, blobs) = (bytes(totals.size_bytes), plural(totals.blobs, "blob"));
        let each = Counts::of(self.lock).each();
        self.context.ui.note(&format!("Mirroring {each}, {size} in {blobs}, to {places}"));
    }

    /// Copies until all is done, or until somebody stops it.
    async fn transfer(&self, progress: &Progress) -> Result<Summary, Failure> {
        let copy = self.copy(progress.observer(self.plan));
        let result = tokio::select! {
            summary = copy.run(self.plan) => Ok(summary),
            () = progress.appear() => unreachable!("the picture waits for the work"),
            _ = tokio::signal::ctrl_c() => Err(stopped(progress.untold())),
        };
        progress.finish();
        result
    }

    fn copy(
        &self,
        observer: Arc<dyn sealift_oci::copy::Observer>,
    ) -> Copy<Ahead<Carried>, Registry> {
        let args = self.args;
        let limits = Limits { bodies: args.jobs.into(), ..Limits::default() };
        let replace = if args.replace_tags { Replace::Any } else { Replace::Only(BTreeSet::new()) };
        let trust_tags = if args.repair { TrustTags::Nothing } else { TrustTags::default() };
        Copy {
            source: Arc::clone(&self.ends.source),
            target: Arc::clone(&self.ends.target),
            options: CopyOptions { limits, replace, trust_tags },
            observer,
            preflight: Arc::clone(self.check) as _,
        }
    }
}

/// Somebody stopped it; what failed until then is said, as no report follows.
fn stopped(failures: Vec<String>) -> Failure {
    let message = "stopped: what is complete on the target stays, nothing half-sent does";
    let mut failure = Failure::environment(message);
    failure.notes.extend(failures);
    failure.hint("run the same command again: it goes on where it was")
}

/// A run that is over.
struct Done {
    lock: Lock,
    graph: Arc<Graph>,
    summary: Summary,
    ends: Ends,
    /// What the preflight has said already.
    missing: Vec<Missing>,
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
