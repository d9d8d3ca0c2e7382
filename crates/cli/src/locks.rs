//! The lock file and the graph beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sealift_fetch::Package;
use sealift_files::Mode;
use sealift_inventory::{Graph, Limits, Lock, Shipment};
use sealift_oci::plan::PlanError;
use sealift_oci::resolve::rebuild;
use sealift_products::charts::{ChartLimits, folder_digest};
use sealift_products::generic;
use sealift_reference::Digest;

use crate::args::RegistryArgs;
use crate::asked::Asked;
use crate::carried::{Beside, Carried, Made};
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};
use crate::inputs::{self, YAML_BYTES};
use crate::limits::{GRAPH_BYTES, INPUT_BYTES, LOCK_BYTES, SHIPMENT_BYTES};
use crate::settings::Traffic;

/// The lock that is read and written unless another is named.
pub(crate) const LOCK: &str = "sealift.lock";

/// The graph lies beside its lock: `sealift.lock`, `sealift.graph`.
fn graph_path(lock: &Path) -> PathBuf {
    lock.with_extension("graph")
}

/// Refuses a name that the lock cannot have, before anything is asked or written.
pub(crate) fn check_name(path: &Path) -> Result<(), Failure> {
    let name = path.display();
    if path.extension().is_some_and(|extension| extension == "graph") {
        return Err(Failure::usage(format!("`{name}` is the name of a graph"))
            .hint("a lock and its graph lie side by side: NAME.lock and NAME.graph"));
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    match folder {
        Some(folder) if !sealift_files::exists(folder)? => {
            Err(Failure::usage(format!("there is no folder `{}` for `{name}`", folder.display())))
        }
        _ => Ok(()),
    }
}

/// Reads a lock.
pub(crate) fn read(path: &Path) -> Result<Lock, Failure> {
    check_name(path)?;
    if !sealift_files::exists(path)? {
        return Err(Failure::usage(format!("there is no lock file `{}`", path.display()))
            .hint("`sealift lock` writes it; --lock FILE names another one"));
    }
    let text = sealift_files::read_text(path, LOCK_BYTES)?;
    Ok(Lock::read(&path.display().to_string(), &text)?)
}

/// Reads a lock, if there is one.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Lock>, Failure> {
    if sealift_files::exists(path)? { read(path).map(Some) } else { Ok(None) }
}

/// Reads the graph beside a lock, and checks that it is the one that the lock names.
pub(crate) fn read_graph(lock_path: &Path, lock: &Lock) -> Result<Graph, Failure> {
    let path = graph_path(lock_path);
    let name = path.display();
    if !sealift_files::exists(&path)? {
        return Err(Failure::usage(format!(
            "`{name}`, which belongs to `{}`, is missing",
            lock_path.display()
        ))
        .hint("`sealift lock` writes both"));
    }
    let text = sealift_files::read_text(&path, GRAPH_BYTES)?;
    let graph = Graph::read(&name.to_string(), &text)?;
    match &lock.graph {
        Some(wanted) if *wanted == graph.digest() => Ok(graph),
        Some(wanted) => Err(Failure::usage(format!(
            "`{name}` is {}, but `{}` names {wanted}: one of them was changed",
            graph.digest(),
            lock_path.display()
        ))
        .hint("`sealift lock` writes both")),
        None => Err(Failure::usage(format!("`{}` names no graph", lock_path.display()))
            .hint("`sealift lock` writes both")),
    }
}

/// Writes a lock and its graph; the graph first, so that a lock never names one that is not there.
pub(crate) fn write(path: &Path, lock: &Lock, graph: &Graph) -> Result<(), Failure> {
    sealift_files::write(graph_path(path), graph.to_text().as_bytes(), Mode::Public)?;
    Ok(sealift_files::write(path, lock.to_yaml().as_bytes(), Mode::Public)?)
}

/// Says why a lock cannot be carried out, which is mostly that it names what its graph does not have.
pub(crate) fn not_of_graph(lock: &Path, error: &PlanError) -> Failure {
    let mut failure = Failure::of(FailureKind::Usage, error);
    if matches!(error, PlanError::Name { .. }) {
        return failure;
    }
    failure.message = format!("`{}` was changed by hand: {}", lock.display(), failure.message);
    failure.hint("`sealift lock` writes it anew, together with its graph")
}

/// Refuses sizes that the graph does not give: what people read in a diff must be what is carried.
fn check_sizes(path: &Path, lock: &Lock, graph: &Graph) -> Result<(), Failure> {
    let differs = |name: String, by_graph: &str, said: u64| {
        Failure::usage(format!(
            "`{}` was changed by hand: {name} has {by_graph} by its graph, and the lock says {said}",
            path.display(),
        ))
        .hint("`sealift lock` writes it anew, together with its graph")
    };
    for image in lock.images() {
        let root = image.tagged_digest();
        let size = graph.closure([root]).bytes();
        if graph.get(root).is_some() && size != image.size {
            let by_graph = format!("{size} bytes");
            return Err(differs(image.image.to_string(), &by_graph, image.size));
        }
    }
    for chart in lock.charts().filter(|chart| graph.get(&chart.manifest).is_some()) {
        let blobs = graph.closure([&chart.manifest]).blobs;
        let archive = chart.target_digest.as_ref().unwrap_or(&chart.digest);
        match blobs.get(archive) {
            Some(size) if *size == chart.size || chart.target_digest.is_some() => {}
            Some(size) => {
                return Err(differs(chart.to_string(), &format!("{size} bytes"), chart.size));
            }
            None => return Err(differs(chart.to_string(), "another archive", chart.size)),
        }
    }
    Ok(())
}

/// Says that something is left open, where that does not stop the verb.
pub(crate) fn warn_undecided(context: &Context, lock: &Lock) {
    if lock.undecided > 0 {
        context.ui.warn(&format!(
            "the lock leaves {} undecided: something may be missing",
            lock.undecided
        ));
    }
}

/// What may be done with a lock whose inputs have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Staleness {
    Refused,
    Accepted,
}

/// A lock, its graph, and the shipment that it was computed from, if that is here.
pub(crate) struct Fresh {
    pub(crate) lock: Lock,
    pub(crate) graph: Graph,
    pub(crate) shipment: Option<Shipment>,
    /// Those of the shipment and of the command line.
    pub(crate) limits: Limits,
}

/// Reads the graph of a lock; one that is lost is read again from the registries and written beside the lock.
fn graph_of(
    context: &Context,
    path: &Path,
    lock: &Lock,
    limits: &Limits,
    args: &RegistryArgs,
) -> Result<Graph, Failure> {
    let graph_path = graph_path(path);
    if sealift_files::exists(&graph_path)? || lock.graph.is_none() {
        return read_graph(path, lock);
    }
    let name = graph_path.display();
    context.ui.note(&format!("`{name}` is missing: reading the manifests of the lock again"));
    let base = path.parent().map(PathBuf::from).unwrap_or_default();
    let shipment = shipment_of(&base, lock)?;
    let traffic = &Traffic::default();
    let shipment = shipment.as_ref();
    let beside =
        Beside { context, args, shipment, base: &base, limits, traffic, foreign_from: &[] };
    let source = Carried::new(&beside, lock, &Arc::default(), Made::new())?;
    let graph = context.block_on(rebuild(lock, Arc::new(source))).map_err(|error| {
        let failure = Failure::of(FailureKind::Environment, &error);
        failure.hint(format!("copy `{name}` here, which `sealift lock` wrote beside the lock"))
    })?;
    sealift_files::write(&graph_path, graph.to_text().as_bytes(), Mode::Public)?;
    Ok(graph)
}

/// Reads a lock and refuses it when what it was computed from has changed.
pub(crate) fn read_fresh(
    context: &Context,
    path: &Path,
    staleness: Staleness,
    args: &RegistryArgs,
    limits: &[String],
) -> Result<Fresh, Failure> {
    let lock = read(path)?;
    let base = path.parent().map(PathBuf::from).unwrap_or_default();
    let shipment = shipment_of(&base, &lock)?;
    let limits = limits_of(shipment.as_ref(), limits)?;
    let graph = graph_of(context, path, &lock, &limits, args)?;
    check_sizes(path, &lock, &graph)?;
    let asked = Asked { context, args, shipment: shipment.as_ref(), base };
    let changed = asked.changed(&lock, &limits)?;
    if !changed.is_empty() {
        let what = format!("`{}` is stale: {}", path.display(), changed.join(", "));
        if staleness == Staleness::Refused {
            return Err(Failure::usage(what)
                .hint("run `sealift lock` again, or use it as it is with --stale"));
        }
        context.ui.warn(&what);
    }
    Ok(Fresh { lock, graph, shipment, limits })
}

/// The digest of a file, or of a chart that is a folder.
pub(crate) fn digest_of(file: &Path, limits: &Limits) -> Result<Digest, Failure> {
    let yaml_bytes = limits.get(YAML_BYTES).unwrap_or(INPUT_BYTES);
    let mut limits = ChartLimits::of(limits).fetch;
    if sealift_files::is_folder(file)? {
        return Ok(folder_digest(file, &limits)?);
    }
    limits.chart.total_bytes = limits.chart.total_bytes.max(yaml_bytes);
    Ok(Package::read(file, &limits)?.digest)
}

/// Returns the limits of a shipment as the command line changes them.
fn limits_of(shipment: Option<&Shipment>, words: &[String]) -> Result<Limits, Failure> {
    let mut limits = shipment.map(|shipment| shipment.limits.clone()).unwrap_or_default();
    inputs::set_limits(&mut limits, words)?;
    generic::check_limits(&limits)?;
    Ok(limits)
}

/// The shipment file that a lock was computed from, if it is here; inputs of the command line have none.
fn shipment_of(base: &Path, lock: &Lock) -> Result<Option<Shipment>, Failure> {
    let Some(first) = lock.inputs.first() else { return Ok(None) };
    let file = base.join(&first.name);
    // A chart of the command line may be a folder.
    if !sealift_files::exists(&file)? || sealift_files::is_folder(&file)? {
        return Ok(None);
    }
    let text = match sealift_files::read(&file, SHIPMENT_BYTES) {
        Err(sealift_files::Error::Limit { .. }) => return Ok(None),
        text => text?,
    };
    Ok(Shipment::read(&first.name, &String::from_utf8_lossy(&text)).ok())
}
