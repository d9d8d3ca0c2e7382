//! The charts of a lock: each with its archive, its manifest and its name at the target.

use std::sync::Arc;

use sealift_inventory::{
    Artifact, Class, Confidence, Entry, Finding, Graph, Inventory, Layout, Lock, LockedChart,
    Naming, Origin,
};
use sealift_oci::plan::chart_source;
use sealift_oci::resolve::{ResolveSettings, With, resolve};
use sealift_products::charts::CarriedChart;
use sealift_reference::Reference;

use crate::args::RegistryArgs;
use crate::carried::{Made, OCI, artifact_of};
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};
use crate::inputs::Scanned;
use crate::kept::Keeping;
use crate::settings;

/// The charts of a lock, and what they are made of.
#[derive(Default)]
pub(crate) struct LockedCharts {
    pub(crate) charts: Vec<LockedChart>,
    pub(crate) graph: Graph,
    pub(crate) made: Made,
}

/// What charts are locked with.
pub(crate) struct Request<'a> {
    pub(crate) context: &'a Context,
    pub(crate) args: &'a RegistryArgs,
    pub(crate) scanned: &'a Scanned,
    /// What is taken instead of asking the network.
    pub(crate) known: Option<&'a (Lock, Graph)>,
}

impl Request<'_> {
    /// Locks the charts among what a lock takes.
    pub(crate) fn lock(&self, taken: &[Entry]) -> Result<LockedCharts, Failure> {
        let mut locked = LockedCharts::default();
        let mut in_registries = Vec::new();
        for entry in taken {
            let found = self.scanned.charts.iter().find(|chart| chart.artifact == entry.artifact);
            let Some(carried) = found else { continue };
            let Some(mut chart) = self.chart(entry, carried)? else { continue };
            if chart.repository.starts_with(OCI) {
                self.pin(&mut chart, carried)?;
                in_registries.push(chart);
            } else {
                make(&mut chart, carried, &mut locked)?;
                locked.charts.push(chart);
            }
        }
        self.read(&in_registries, &mut locked.graph)?;
        locked.charts.extend(in_registries);
        Ok(locked)
    }

    /// Says of a chart all but its manifest.
    fn chart(&self, entry: &Entry, carried: &CarriedChart) -> Result<Option<LockedChart>, Failure> {
        let Artifact::Chart { name, repository, version } = &entry.artifact else {
            return Ok(None);
        };
        let package = carried.package()?;
        let target = self.naming(carried).chart(repository, name, version).map_err(|error| {
            let mut failure = Failure::of(FailureKind::Usage, &error);
            failure.message = format!("chart {name} {version}: {}", failure.message);
            failure
        })?;
        Ok(Some(LockedChart {
            chart: name.clone(),
            repository: repository.clone(),
            version: version.clone(),
            size: package.bytes.len() as u64,
            manifest: package.digest.clone(),
            digest: package.digest,
            target,
            repackaged: None,
            target_digest: None,
            class: entry.class,
            because: Lock::because(name, entry.findings.iter().map(|finding| &finding.origin)),
        }))
    }

    fn naming(&self, chart: &CarriedChart) -> &Naming {
        let shipment = &self.scanned.shipment;
        let own = shipment.sources.get(chart.source).and_then(|source| source.naming.as_ref());
        own.unwrap_or(&shipment.naming)
    }

    /// Says which manifest a registry has for a chart.
    fn pin(&self, chart: &mut LockedChart, carried: &CarriedChart) -> Result<(), Failure> {
        let known = self.known.and_then(|(lock, _)| {
            lock.charts().find(|known| {
                known.digest == chart.digest && known.to_string() == chart.to_string()
            })
        });
        let known = known.map(|known| &known.manifest);
        let manifest = carried.got.manifest.as_ref().or(known).ok_or_else(|| {
            Failure::partial(format!(
                "{chart}: without the network it cannot be resolved: the lock does not have it"
            ))
            .hint("run `sealift lock` without --offline where the registries can be reached")
        })?;
        chart.manifest = manifest.clone();
        Ok(())
    }

    /// Reads what the manifests of charts in registries name.
    fn read(&self, charts: &[LockedChart], graph: &mut Graph) -> Result<(), Failure> {
        if charts.is_empty() {
            return Ok(());
        }
        if let Some((_, known)) = self.known {
            let closure = known.closure(charts.iter().map(|chart| &chart.manifest));
            let nodes =
                closure.manifests.keys().filter_map(|digest| Some((digest, known.get(digest)?)));
            nodes.for_each(|(digest, node)| graph.insert(digest.clone(), node.clone()));
            return Ok(());
        }
        let registry = settings::registry(self.context, self.args, Some(&self.scanned.shipment))?;
        let registry = Arc::new(Keeping::new(self.context, registry)?);
        let naming = Naming { layout: Layout::KeepHost, ..Naming::default() };
        let settings = ResolveSettings {
            naming: naming.into(),
            with: With::None,
            ..ResolveSettings::default()
        };
        let resolution = self
            .context
            .block_on(resolve(&entries(charts), &settings, registry, &()))
            .map_err(|error| Failure::of(FailureKind::Usage, &error))?;
        if let Some(failed) = resolution.failed.into_iter().next() {
            let mut failure = Failure::of(FailureKind::Partial, &failed.error);
            failure.message = format!("chart {}: {}", failed.image, failure.message);
            return Err(failure.hint_against(failed.error.kind()));
        }
        let nodes = resolution.graph.nodes();
        nodes.for_each(|(digest, node)| graph.insert(digest.clone(), node.clone()));
        Ok(())
    }
}

/// Makes the manifest of a chart that is in no registry.
fn make(
    chart: &mut LockedChart,
    carried: &CarriedChart,
    locked: &mut LockedCharts,
) -> Result<(), Failure> {
    let what = chart.to_string();
    let built = artifact_of(&carried.package()?, &what, &carried.request.limits.fetch)?;
    chart.manifest = built.digest().clone();
    for (digest, node) in
        built.nodes().map_err(|error| Failure::of(FailureKind::Partial, &error))?
    {
        locked.graph.insert(digest, node);
    }
    locked.made.insert(chart.manifest.clone(), built);
    Ok(())
}

/// The manifests of charts as what can be resolved.
fn entries(charts: &[LockedChart]) -> Vec<Entry> {
    let findings = charts.iter().map(|chart| {
        let manifest = Some(chart.manifest.clone());
        Finding {
            artifact: Artifact::Image(Reference::new(chart_source(chart), None, manifest)),
            origin: Origin::new(),
            set_by: Vec::new(),
            class: Class::Required,
            confidence: Confidence::Certain,
        }
    });
    Inventory::collect(findings, [], []).artifacts().to_vec()
}
