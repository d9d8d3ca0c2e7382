//! `sealift lock`: tags to digests.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sealift_inventory::{Choice, Graph, Lock, LockDiff, LockedArtifact, NamingError, Why};
use sealift_oci::resolve::{
    Resolution, ResolveError, ResolveSettings, Unresolvable, With, resolve,
};
use sealift_products::kustomizations::moved;
use sealift_reference::{Platform, Reference};
use sealift_registry::Registry;

use crate::args::{InputArgs, LockArgs, RegistryArgs, WithSignatures};
use crate::carried;
use crate::chart_source::Network;
use crate::class;
use crate::commands::{Context, diff, scan};
use crate::counts::Counts;
use crate::failure::{Failure, FailureKind};
use crate::inputs::{self, Scanned};
use crate::kept::Keeping;
use crate::locked_charts::{self, LockedCharts};
use crate::locks;
use crate::settings;
use crate::ui::{Ui, alike, bytes, plural, resolving::Resolving, seconds};

pub(crate) fn run(context: &Context, args: &LockArgs) -> Result<(), Failure> {
    locks::check_name(&args.lock)?;
    let request = Request {
        input: &args.input,
        registry: &args.registry,
        platforms: &args.platform,
        with: match args.with {
            WithSignatures::Signatures => With::Signatures,
            WithSignatures::All => With::All,
            WithSignatures::None => With::None,
        },
        known: if args.offline { Some(known(args)?) } else { None },
    };
    let made = make(context, &request)?;
    let old = locks::read_if_there(&args.lock)?;
    if args.check {
        return check(context, args, old.as_ref(), &made);
    }
    // The graph of the old lock may be missing or foreign: then there is only less to say.
    let old =
        old.and_then(|lock| locks::read_graph(&args.lock, &lock).ok().map(|graph| (lock, graph)));
    locks::write(&args.lock, &made.lock, &made.graph)?;
    report(context.ui, args, old.as_ref(), &made);
    if args.json {
        context.ui.json(
            &serde_json::to_string_pretty(&made.lock)
                .map_err(|error| Failure::environment(error.to_string()))?,
        )?;
    }
    if made.lock.undecided == 0 {
        return Ok(());
    }
    scan::show_undecided(context.ui, &made.inventory);
    let written = args.lock.display();
    let undecided = usize::try_from(made.lock.undecided).unwrap_or(usize::MAX);
    Err(Failure::partial(format!(
        "{}: `mirror` refuses `{written}` without --allow-undecided",
        scan::are_undecided(undecided)
    ))
    .hint(scan::DECIDE))
}

/// What a lock is made of.
pub(crate) struct Request<'a> {
    pub(crate) input: &'a InputArgs,
    pub(crate) registry: &'a RegistryArgs,
    /// Instead of those of the shipment, when there are any.
    pub(crate) platforms: &'a [String],
    pub(crate) with: With,
    /// What is taken instead of asking the network.
    pub(crate) known: Option<(Lock, Graph)>,
}

/// A lock that was made, and what it was made of.
pub(crate) struct Made {
    pub(crate) lock: Lock,
    pub(crate) graph: Graph,
    /// Those that are in no registry.
    pub(crate) charts: carried::Made,
    pub(crate) inventory: sealift_inventory::Inventory,
    pub(crate) shipment: sealift_inventory::Shipment,
}

/// Scans, chooses and resolves. Nothing is written.
pub(crate) fn make(context: &Context, request: &Request<'_>) -> Result<Made, Failure> {
    let network = if request.known.is_some() { Network::Unused } else { Network::Used };
    let known = request.known.as_ref().map(|(lock, _)| lock);
    let scanned = inputs::scan(context, request.input, request.registry, network, known)?;
    if !scanned.failures.is_empty() {
        scan::finish(context.ui, &scanned)?;
    }
    let choice = scanned.shipment.choose(&scanned.inventory);
    say_choice(context.ui, &scanned, &choice);
    let settings = resolve_settings(request, &scanned)?;
    let resolution = match &request.known {
        Some((lock, graph)) => sealift_oci::resolve::offline(&choice.taken, &settings, lock, graph)
            .map_err(|error| naming_failure(&error))?,
        None => resolve_online(context, request, &scanned, &choice, &settings)?,
    };
    if !resolution.failed.is_empty() {
        return Err(unresolvable(context.ui, &resolution));
    }
    let charts = locked_charts::Request {
        context,
        args: request.registry,
        scanned: &scanned,
        known: request.known.as_ref(),
    };
    let charts = charts.lock(&choice.taken)?;
    let (mut lock, mut graph) = (resolution.lock, resolution.graph);
    add(&charts, &mut lock, &mut graph)?;
    lock.shipment.clone_from(&scanned.shipment.metadata.name);
    lock.inputs = scanned.inputs;
    lock.undecided = choice.undecided as u64;
    lock.decided = scanned.decided;
    Ok(Made {
        lock,
        graph,
        charts: charts.made,
        inventory: scanned.inventory,
        shipment: scanned.shipment,
    })
}

/// Adds charts to the images.
fn add(charts: &LockedCharts, lock: &mut Lock, graph: &mut Graph) -> Result<(), Failure> {
    if charts.charts.is_empty() {
        return Ok(());
    }
    lock.artifacts.extend(charts.charts.iter().cloned().map(LockedArtifact::Chart));
    let nodes = charts.graph.nodes();
    nodes.for_each(|(digest, node)| graph.insert(digest.clone(), node.clone()));
    lock.check().map_err(|error| {
        Failure::of(FailureKind::Usage, &error)
            .hint("`naming: {charts: {URL: PREFIX/}}` keeps the charts of two repositories apart")
    })?;
    let all = graph.closure(lock.roots());
    lock.totals = lock.totals(all.blobs.len() as u64, all.bytes());
    lock.graph = Some(graph.digest());
    lock.sort();
    Ok(())
}

fn resolve_online(
    context: &Context,
    request: &Request<'_>,
    scanned: &Scanned,
    choice: &Choice,
    settings: &ResolveSettings,
) -> Result<Resolution, Failure> {
    let registry = settings::registry(context, request.registry, Some(&scanned.shipment))?;
    let start = Instant::now();
    let progress = Resolving::new(context.ui);
    let resolution = context
        .block_on(progress.watch(resolve(
            &choice.taken,
            settings,
            Arc::new(Keeping::new(context, Arc::clone(&registry))?),
            &progress,
        )))
        .map_err(|error| naming_failure(&error))?;
    say_resolved(context.ui, &resolution, &registry, start.elapsed());
    say_limits(context.ui, &resolution, &registry);
    Ok(resolution)
}

fn resolve_settings(request: &Request<'_>, scanned: &Scanned) -> Result<ResolveSettings, Failure> {
    let parse = |text: &String| -> Result<Platform, Failure> {
        text.parse().map_err(|error| Failure::usage(format!("`--platform {text}`: {error}")))
    };
    let platforms: Vec<_> = request.platforms.iter().map(parse).collect::<Result<_, _>>()?;
    let shipment = &scanned.shipment;
    Ok(ResolveSettings {
        platforms: if platforms.is_empty() { shipment.platforms.clone() } else { platforms },
        naming: scanned.naming.clone(),
        remap: shipment.remap.clone(),
        with: request.with,
        ..ResolveSettings::default()
    })
}

/// Reads what `--offline` takes instead of asking registries.
fn known(args: &LockArgs) -> Result<(Lock, Graph), Failure> {
    let lock = locks::read(&args.lock)?;
    let graph = locks::read_graph(&args.lock, &lock)?;
    Ok((lock, graph))
}

/// `Scanned 648 objects · 104 images to ship, 3 left out`
fn say_choice(ui: Ui, scanned: &Scanned, choice: &Choice) {
    let left = match choice.left.len() {
        0 => String::new(),
        count => format!(", {count} left out"),
    };
    ui.note(&format!(
        "Scanned {} · {} to ship{left}",
        plural(scanned.objects, "object"),
        Counts::of_entries(&choice.taken).each()
    ));
    for left in &choice.left {
        let why = match &left.why {
            Why::Excluded(reason) => format!("excluded: {reason}"),
            Why::Optional => "optional, and `optional:` does not take it".to_owned(),
            Why::Undecided => "undecided".to_owned(),
        };
        ui.detail(&format!("  left out {}: {why}", left.entry.artifact));
    }
    for exclude in &choice.unused {
        ui.warn(&format!("`exclude` of {} matches nothing", exclude.image));
    }
}

fn say_resolved(ui: Ui, resolution: &Resolution, registry: &Registry, took: Duration) {
    let resolved = resolution.lock.artifacts.len();
    let all = resolved + resolution.failed.len();
    let failed = resolution.failed.iter().map(|failed| &failed.image);
    let hosts: std::collections::BTreeSet<_> = resolution
        .lock
        .images()
        .map(|image| &image.image)
        .chain(failed)
        .map(Reference::host)
        .collect();
    let requests = usize::try_from(registry.counts().total()).unwrap_or(usize::MAX);
    ui.note(&format!(
        "Resolved {resolved} of {} ({} of origin, {}, {})",
        plural(all, "image"),
        plural(hosts.len(), "registry"),
        plural(requests, "request"),
        seconds(took)
    ));
}

/// Says where a registry counts pulls and allows fewer than a mirror needs, before that stops halfway.
fn say_limits(ui: Ui, resolution: &Resolution, registry: &Registry) {
    let mut by_host: BTreeMap<&str, Vec<LockedArtifact>> = BTreeMap::new();
    for artifact in &resolution.lock.artifacts {
        if let Some(image) = artifact.as_image() {
            by_host.entry(image.image.host()).or_default().push(artifact.clone());
        }
    }
    for (host, artifacts) in by_host {
        let Some(limit) = registry.rate_limit(host) else { continue };
        let lock = Lock { artifacts, ..resolution.lock.clone() };
        let needed = resolution.graph.closure(lock.roots()).manifests.len();
        if limit.remaining < needed as u64 {
            let hours = limit.window_seconds.div_ceil(3600);
            let within = if hours > 0 { format!(" within {hours} h") } else { String::new() };
            ui.note(&format!(
                "{host} allows {} more pulls{within}, and a mirror from another machine, where they are not kept, reads {} from it: `sealift login {host}` may allow more",
                limit.remaining,
                plural(needed, "manifest"),
            ));
        }
    }
}

fn naming_failure(error: &NamingError) -> Failure {
    Failure::of(FailureKind::Usage, error)
}

/// Says each image that could not be resolved, with its origins.
fn unresolvable(ui: Ui, resolution: &Resolution) -> Failure {
    alike::show(ui, resolution.failed.iter().map(unresolvable_failure).collect());
    let failed = resolution.failed.len();
    let all = failed + resolution.lock.artifacts.len();
    let message =
        format!("{failed} of {} cannot be resolved; nothing was written", plural(all, "image"));
    let unreachable = |failed: &Unresolvable| {
        let error = &*failed.error;
        error.kind().is_some_and(is_world) && class::of_content(error).is_none()
    };
    let kind = if failed == all && resolution.failed.iter().all(unreachable) {
        FailureKind::Environment
    } else {
        FailureKind::Partial
    };
    with_hints(Failure::new(kind, message), resolution)
}

/// Adds what helps, once for all images.
fn with_hints(failure: Failure, resolution: &Resolution) -> Failure {
    let errors = || resolution.failed.iter().map(|failed| &*failed.error);
    let mut failure = failure.hint_against(errors().filter_map(ResolveError::kind));
    if errors().any(|error| matches!(error, ResolveError::NotFound { .. })) {
        failure = failure.hint(
            "`remap:` in sealift.yaml says where a repository has moved, `exclude:` what is not needed",
        );
    }
    if errors().any(|error| matches!(error, ResolveError::Offline { .. })) {
        failure = failure
            .hint("run `sealift lock` without --offline where the registries can be reached");
    }
    failure
}

/// The world around us, and not one image, is at fault.
fn is_world(kind: sealift_oci::StoreErrorKind) -> bool {
    use sealift_oci::StoreErrorKind as Kind;
    matches!(
        kind,
        Kind::Credential
            | Kind::Denied
            | Kind::Name
            | Kind::Network
            | Kind::Protocol
            | Kind::Redirect
            | Kind::Tls
    )
}

fn unresolvable_failure(failed: &Unresolvable) -> (String, Failure) {
    let mut failure = Failure::of(FailureKind::Partial, &failed.error);
    failure.message = format!("{}: {}", failed.image, failure.message);
    (failed.image.to_string(), failure.needed_by(&failed.because))
}

/// `sealift.lock: 12 new, 3 moved … · 21.4 GB in 611 blobs`
fn report(ui: Ui, args: &LockArgs, old: Option<&(Lock, Graph)>, made: &Made) {
    let totals = made.lock.totals;
    let name = args.lock.display();
    let size = format!(
        "{} in {}",
        bytes(totals.size),
        plural(usize::try_from(totals.blobs).unwrap_or(usize::MAX), "blob")
    );
    let Some((old, old_graph)) = old else {
        return ui.note(&format!("Wrote {name}: {} · {size}", Counts::of(&made.lock).each()));
    };
    let changes = LockDiff::diff((old, old_graph), (&made.lock, &made.graph));
    ui.note(&format!("Wrote {name}: {} · {size} in all", diff::summary(&changes)));
    for moved in &changes.moved {
        ui.note(&format!("  moved  {}  {} → {}", moved.name, moved.from, moved.to));
    }
}

/// Compares with the file; what differs is said.
fn check(
    context: &Context,
    args: &LockArgs,
    old: Option<&Lock>,
    made: &Made,
) -> Result<(), Failure> {
    let name = args.lock.display();
    let Some(old) = old else {
        return Err(Failure::partial(format!("there is no `{name}` to check"))
            .hint("`sealift lock` writes it"));
    };
    if old.to_yaml() == made.lock.to_yaml() {
        context.ui.note(&format!("{name} is what `sealift lock` would write"));
        return Ok(());
    }
    let graph = locks::read_graph(&args.lock, old).unwrap_or_default();
    let changes = LockDiff::diff((old, &graph), (&made.lock, &made.graph));
    let mut failure = Failure::partial(format!(
        "`{name}` is not what `sealift lock` would write: {}",
        diff::summary(&changes)
    ));
    failure.notes = diff::lines(&changes);
    if old.inputs != made.lock.inputs {
        failure.notes.push("its inputs have changed".to_owned());
        failure.notes.extend(moved(&old.inputs, &made.lock.inputs));
    }
    Err(failure.hint("run `sealift lock`, and look at the difference before you ship it"))
}
