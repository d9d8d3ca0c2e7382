//! Where a run reads: registries, and charts that are in none. These are made into what a registry holds when they are needed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sealift_fetch::{Fetcher, Package, Remote};
use sealift_files::Links;
use sealift_helm::Profile;
use sealift_helm::chart::LoadOptions;
use sealift_inventory::{Graph, Limits, Lock, LockedChart, Shipment};
use sealift_oci::image::Built;
use sealift_oci::{
    Blob, BlobStream, Content as _, Document, Front, InMemory, Source, StoreError, StoreErrorKind,
};
use sealift_products::Error;
use sealift_products::charts::{ChartError, ChartLimits, on_stack_for};
use sealift_reference::{Digest, Repository};
use tokio::sync::OnceCell;

use crate::args::RegistryArgs;
use crate::chart_source::{Charts, Network, home, lacks_charts, whole};
use crate::commands::Context;
use crate::failure::Failure;
use crate::kept::Keeping;
use crate::settings::{self, Traffic};

/// How a chart begins that is in a registry already: it is copied from there.
pub(crate) const OCI: &str = "oci://";

/// How a chart begins that is on this machine.
const FILE: &str = "file:";

/// Charts that were made already, by the digest of their manifests.
pub(crate) type Made = HashMap<Digest, Built>;

/// Registries and charts.
pub(crate) struct Carried {
    pub(crate) registry: Keeping,
    /// What manifests name.
    pub(crate) graph: Arc<Graph>,
    /// Hosts that may be asked for layers outside of registries.
    pub(crate) foreign_from: Vec<String>,
    charts: Vec<Chart>,
    /// Which chart a manifest or a blob is of.
    owners: HashMap<Digest, usize>,
}

struct Chart {
    locked: LockedChart,
    maker: Arc<Maker>,
    built: OnceCell<Built>,
}

/// What gets charts once more, by what a lock says of them.
struct Maker {
    fetcher: Fetcher,
    /// The folder of the lock.
    base: PathBuf,
}

/// What a lock is read with.
pub(crate) struct Beside<'a> {
    pub(crate) context: &'a Context,
    pub(crate) args: &'a RegistryArgs,
    pub(crate) shipment: Option<&'a Shipment>,
    /// The folder of the lock.
    pub(crate) base: &'a Path,
    pub(crate) limits: &'a Limits,
    pub(crate) traffic: &'a Traffic,
    /// Hosts that may be asked for layers outside of registries.
    pub(crate) foreign_from: &'a [String],
}

impl Carried {
    /// Makes the source of everything that a lock names; nothing is asked yet.
    pub(crate) fn new(
        beside: &Beside<'_>,
        lock: &Lock,
        graph: &Arc<Graph>,
        mut made: Made,
    ) -> Result<Self, Failure> {
        let Beside { context, args, shipment, base, limits, traffic, foreign_from } = *beside;
        let limits = ChartLimits::of(limits).fetch;
        let registry = settings::registry_for(context, args, shipment, traffic)?;
        let registry = Keeping::new(context, registry)?;
        let mut carried = Self {
            registry,
            graph: Arc::clone(graph),
            foreign_from: foreign_from.to_vec(),
            charts: Vec::new(),
            owners: HashMap::new(),
        };
        let elsewhere = lock.charts().filter(|chart| !chart.repository.starts_with(OCI));
        let elsewhere: Vec<_> = elsewhere.collect();
        if elsewhere.is_empty() {
            return Ok(carried);
        }
        let (profile, links, network) = (Profile::default(), Links::Inside, Network::Used);
        let verify = false;
        let registry = args;
        let charts =
            Charts { context, registry, shipment, profile, links, limits, verify, network };
        let maker = Arc::new(Maker { fetcher: charts.fetcher()?, base: base.to_owned() });
        for (number, locked) in elsewhere.into_iter().enumerate() {
            let node = graph.get(&locked.manifest);
            let children = node.into_iter().flat_map(|node| &node.children);
            let children = children.map(|(digest, _)| digest);
            for digest in children.chain([&locked.manifest, &locked.digest]) {
                carried.owners.insert(digest.clone(), number);
            }
            let built = OnceCell::new_with(made.remove(&locked.manifest));
            let (locked, maker) = (locked.clone(), Arc::clone(&maker));
            carried.charts.push(Chart { locked, maker, built });
        }
        Ok(carried)
    }

    /// Whether a manifest is of a chart that is in no registry.
    pub(crate) fn makes(&self, digest: &Digest) -> bool {
        self.owners.contains_key(digest)
    }

    /// Returns the chart that a digest is of, made; `None` for what is in registries.
    async fn chart(&self, digest: &Digest) -> Result<Option<&Built>, StoreError> {
        let Some(chart) = self.owners.get(digest).and_then(|number| self.charts.get(*number))
        else {
            return Ok(None);
        };
        chart.built.get_or_try_init(|| chart.make()).await.map(Some)
    }

    async fn blob_of_chart(&self, digest: &Digest) -> Result<Option<InMemory>, StoreError> {
        let Some(built) = self.chart(digest).await? else { return Ok(None) };
        let found = built.blobs().iter().find(|bytes| Digest::sha256(bytes) == *digest);
        Ok(found.cloned().map(InMemory))
    }
}

impl Chart {
    async fn make(&self) -> Result<Built, StoreError> {
        let Self { locked, maker, .. } = self;
        let package = maker.package(locked).await.map_err(|error| unmade(locked, error))?;
        same(locked, "it", &locked.digest, &package.digest)?;
        let limits = &maker.fetcher.settings().limits;
        let built = artifact_of(&package, &locked.to_string(), limits);
        let built = built.map_err(|error| unmade(locked, error))?;
        same(locked, "its manifest", &locked.manifest, built.digest())?;
        Ok(built)
    }
}

impl Maker {
    async fn package(&self, chart: &LockedChart) -> Result<Package, Error> {
        let settings = self.fetcher.settings();
        let Some(path) = chart.repository.strip_prefix(FILE) else {
            return match self.fetcher.kept(&chart.digest)? {
                Some(package) => Ok(package),
                None => Ok(self.fetcher.fetch(&remote(chart)).await?.package),
            };
        };
        let path = self.base.join(path);
        if !sealift_files::is_folder(&path)? {
            return Ok(Package::read(&path, &settings.limits)?);
        }
        let home = home(&path, &settings.load(), Links::Inside)?;
        let files =
            if lacks_charts(&home)? { whole(&self.fetcher, &home).await? } else { home.files()? };
        Ok(Package::pack(&chart.chart, &files.files, &home.path())?)
    }
}

/// Makes of an archive what a registry holds. Where one release of Helm cannot read it, the other may.
pub(crate) fn artifact_of(
    package: &Package,
    what: &str,
    limits: &sealift_fetch::Limits,
) -> Result<Built, Error> {
    let made = |profile| {
        let load = LoadOptions { profile, limits: limits.chart };
        let chart = package.load(what, &load)?;
        sealift_fetch::artifact(package, &chart.metadata, None)
    };
    let needs = ChartLimits { fetch: *limits, ..ChartLimits::default() };
    let either =
        || made(Profile::Helm4_2_4).or_else(|error| made(Profile::Helm3_21_4).map_err(|_| error));
    let built = on_stack_for(&needs, either).map_err(|error| Error::Chart {
        chart: what.to_owned(),
        error: Box::new(ChartError::Thread(error)),
    })?;
    Ok(built?)
}

/// Where a chart is that is not on this machine.
fn remote(chart: &LockedChart) -> Remote {
    let url = chart.repository.clone();
    let path = url.split(['?', '#']).next().unwrap_or_default();
    if [".tgz", ".tar.gz"].iter().any(|ending| path.ends_with(ending)) {
        return Remote::Url { url, access: None };
    }
    let (name, version) = (chart.chart.clone(), chart.version.clone());
    Remote::Repository { url, chart: name, version, access: None }
}

fn same(chart: &LockedChart, what: &str, said: &Digest, got: &Digest) -> Result<(), StoreError> {
    if said == got {
        return Ok(());
    }
    let message = format!("{chart} has changed: {what} is {got}, and the lock says {said}");
    Err(StoreError::new(StoreErrorKind::Digest, message))
}

/// What stands in the way of a chart is told as what stands in the way of an image.
fn unmade(chart: &LockedChart, error: Error) -> StoreError {
    let first: &(dyn std::error::Error + 'static) = &error;
    let mut chain = std::iter::successors(Some(first), |error| error.source());
    let kind = chain.find_map(|error| error.downcast_ref::<StoreError>().map(|error| error.kind));
    let kind = kind.unwrap_or(StoreErrorKind::Refused);
    StoreError::new(kind, format!("{chart} cannot be got")).because(error)
}

impl Front for Carried {
    type Behind = Keeping;

    fn behind(&self) -> &Keeping {
        &self.registry
    }

    async fn document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<Document>, StoreError> {
        match self.chart(digest).await? {
            Some(built) if built.digest() == digest => Ok(Some(built.root().clone())),
            _ => Source::document(&self.registry, repository, digest).await,
        }
    }

    async fn has_document(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<bool, StoreError> {
        match self.chart(digest).await? {
            Some(built) if built.digest() == digest => Ok(true),
            _ => Source::has_document(&self.registry, repository, digest).await,
        }
    }

    async fn blob_size(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<u64>, StoreError> {
        match self.blob_of_chart(digest).await? {
            Some(content) => Ok(Some(content.0.len() as u64)),
            None => Source::blob_size(&self.registry, repository, digest).await,
        }
    }

    async fn blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        offset: u64,
    ) -> Result<BlobStream, StoreError> {
        match self.blob_of_chart(&blob.digest).await? {
            Some(content) => content.open(offset).await,
            None => match Source::blob(&self.registry, repository, blob, offset).await {
                Err(error) if error.kind == StoreErrorKind::NotFound => {
                    self.foreign_blob(repository, blob, offset, error).await
                }
                opened => opened,
            },
        }
    }
}
