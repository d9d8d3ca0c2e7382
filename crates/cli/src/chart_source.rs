//! From what was typed, or what a shipment names, to a chart: a folder, an archive, a repository, a registry.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sealift_fetch::limits::PROVENANCE_BYTES;
use sealift_fetch::{
    Access, Beside, ChartFiles, ChartFolder, ChartSource, FetchSettings, Fetcher, Limits, Package,
    Placed, Remote, Repositories, Requests, check_provenance,
};
use sealift_files::{Folder, Links, Tree};
use sealift_helm::Profile;
use sealift_helm::chart::{LoadOptions, check_dependencies};
use sealift_inventory::{HelmSource, Shipment};
use sealift_kustomize::Options;
use sealift_products::charts::{ChartBytes, ChartLimits, GotChart, local, profile};
use sealift_products::kustomizations::{Kustomized, Locked};
use sealift_products::{Error, Inputs, Local};
use sealift_registry::{Credential, Registry, Secret};

use crate::args::{ChartArgs, RegistryArgs};
use crate::commands::Context;
use crate::commands::password_from_stdin;
use crate::elsewhere::Elsewhere;
use crate::failure::Failure;
use crate::machine;
use crate::settings;

/// When a lock was made that is never written to its folder.
const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// A chart to be rendered, whose identity nobody asks for.
pub(crate) struct Located {
    pub(crate) name: String,
    pub(crate) bytes: ChartBytes,
}

impl From<GotChart> for Located {
    fn from(GotChart { name, bytes, .. }: GotChart) -> Self {
        Self { name, bytes }
    }
}

/// Gets charts.
pub(crate) struct Charts<'a> {
    pub(crate) context: &'a Context,
    pub(crate) registry: &'a RegistryArgs,
    pub(crate) shipment: Option<&'a Shipment>,
    pub(crate) profile: Profile,
    pub(crate) links: Links,
    pub(crate) limits: Limits,
    /// Charts whose provenance cannot be checked are refused.
    pub(crate) verify: bool,
    pub(crate) network: Network,
}

/// Whether anybody may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    Used,
    /// What is not in the cache is not there.
    Unused,
}

impl Charts<'_> {
    /// Gets the chart that an argument names, as Helm's `LocateChart` looks for it.
    pub(crate) fn locate(&self, chart: &str, args: &ChartArgs) -> Result<Located, Failure> {
        let constraint = if args.devel { ">0.0.0-0" } else { "" };
        let beside = Beside {
            repository: args.repo.as_deref().unwrap_or_default(),
            version: args.version.as_deref().unwrap_or(constraint),
            access: access(args)?,
        };
        match ChartSource::locate(chart, beside, &self.repositories()?)? {
            ChartSource::Folder(_) if self.verify => Err(unsigned(chart).into()),
            ChartSource::Folder(path) => {
                if args.dependency_update {
                    self.update(&path, Gather::Update)?;
                }
                Ok(self.folder(&path, chart, IfMissing::Leave)?.into())
            }
            ChartSource::Archive(path) => {
                if self.verify {
                    self.check_archive(&path, chart)?;
                }
                let bytes = Package::read_bytes(&path, &self.limits)?;
                Ok(Located { name: chart.to_owned(), bytes: ChartBytes::Archive(bytes) })
            }
            ChartSource::Remote(remote) => Ok(self.remote(&remote)?.into()),
            _ => Err(Failure::usage(format!("what kind of chart is `{chart}`?"))),
        }
    }

    /// Gets the chart of a source of a shipment; paths are relative to `base`.
    pub(crate) fn of_source(&self, source: &HelmSource, base: &Path) -> Result<GotChart, Error> {
        let path = base.join(&source.chart);
        if source.repository.is_none() && !source.chart.contains("://") {
            return if sealift_files::is_folder(&path)? {
                self.folder(&path, &source.chart, IfMissing::Gather)
            } else {
                local(&path, &source.chart, self.links, &self.limits)
            };
        }
        let beside = Beside {
            repository: source.repository.as_deref().unwrap_or_default(),
            version: source.version.as_deref().unwrap_or_default(),
            access: None,
        };
        let repositories = Repositories::default();
        match ChartSource::locate(&source.chart, beside, &repositories)? {
            ChartSource::Remote(remote) => self.fetch(&remote),
            _ => Err(Error::Elsewhere { chart: source.chart.clone() }),
        }
    }

    /// Looks for the provenance of an archive beside it.
    fn check_archive(&self, path: &Path, name: &str) -> Result<(), Failure> {
        let package = Package::read(path, &self.limits)?;
        let mut beside = path.to_owned().into_os_string();
        beside.push(".prov");
        let provenance = match sealift_files::read(&beside, PROVENANCE_BYTES as u64) {
            Err(error) if error.is_not_found() => None,
            provenance => Some(provenance?),
        };
        Ok(check_provenance(&format!("`{name}`"), &package, provenance.as_deref())?)
    }

    fn load(&self) -> LoadOptions {
        LoadOptions { profile: self.profile, limits: self.limits.chart }
    }

    fn repositories(&self) -> Result<Repositories, Failure> {
        match self.context.environment.helm_repositories_file() {
            Some(file) => Ok(Repositories::read(&file)?),
            None => Ok(Repositories::default()),
        }
    }

    /// Makes what gets charts from elsewhere.
    pub(crate) fn fetcher(&self) -> Result<Fetcher, Failure> {
        self.context.start()?;
        let repositories = self.repositories()?;
        let mut client = settings::client(self.context, self.registry, self.shipment)?;
        repositories.add_to(&mut client.trust);
        let fetch = FetchSettings {
            offline: self.network == Network::Unused,
            cache: self.context.environment.cache_folder().map(|folder| folder.join("charts")),
            repositories,
            profile: self.profile,
            limits: self.limits,
            verify: self.verify,
            ..FetchSettings::default()
        };
        Ok(Fetcher::new(Registry::new(&client)?, fetch, Arc::new(()))?)
    }

    fn remote(&self, remote: &Remote) -> Result<GotChart, Failure> {
        let fetcher = self.fetcher()?;
        Ok(self.context.block_on(got(&fetcher, remote))?)
    }

    fn fetch(&self, remote: &Remote) -> Result<GotChart, Error> {
        let fetcher =
            self.fetcher().map_err(|failure| Error::NoFetcher { why: failure.message })?;
        Ok(self.context.block_on(got(&fetcher, remote))?)
    }

    /// Reads a chart that is a folder.
    fn folder(&self, path: &Path, name: &str, missing: IfMissing) -> Result<GotChart, Error> {
        let home = home(path, &self.load(), self.links)?;
        let mut files = home.files()?;
        if missing == IfMissing::Gather && lacks_charts(&home)? {
            let fetcher =
                self.fetcher().map_err(|failure| Error::NoFetcher { why: failure.message })?;
            files = self
                .context
                .block_on(whole(&fetcher, &home))
                .map_err(|error| needed_by(name, error))?;
        }
        let (digest, bytes) = (files.digest, ChartBytes::Files(files.files));
        Ok(GotChart { name: name.to_owned(), digest, repository: None, manifest: None, bytes })
    }

    /// Gets what a chart needs and writes it into its folder.
    pub(crate) fn update(&self, path: &Path, gather: Gather) -> Result<Placed, Failure> {
        let fetcher = self.fetcher()?;
        let home = home(path, &self.load(), self.links)?;
        let (chart, _) = home.load()?;
        let requests = Requests::of(&chart, &fetcher.settings().repositories, self.profile)?;
        let now = machine::rfc3339();
        let gathered = self.context.block_on(async {
            match gather {
                Gather::Build => fetcher.build(&home, &requests, &now).await,
                Gather::Update => fetcher.update(&home, &requests, &now).await,
            }
        });
        let gathered = gathered
            .map_err(|error| needed_by(&path.display().to_string(), Error::Fetch(error)))?;
        Ok(gathered.write(&Folder::open(path)?, &fetcher.settings().load())?)
    }
}

/// Nobody signs a folder.
fn unsigned(chart: &str) -> sealift_fetch::Error {
    let why = "it is a folder, and only archives have signatures";
    sealift_fetch::Error::Signature { what: format!("`{chart}`"), why }
}

/// Says which chart it was whose charts could not be had.
fn needed_by(chart: &str, error: Error) -> Error {
    match error {
        Error::Fetch(source) => {
            Error::Dependencies { chart: chart.to_owned(), source: Box::new(source) }
        }
        error => error,
    }
}

/// A chart in its folder. What it needs by `file://` lies beside it: that is read where links are followed.
pub(crate) fn home(path: &Path, load: &LoadOptions, links: Links) -> Result<ChartFolder, Error> {
    let (root, below) = match links {
        Links::Inside => (path.to_owned(), String::new()),
        Links::Everywhere => around(path),
    };
    let tree = Arc::new(Tree::new(Folder::open(root)?, links));
    Ok(ChartFolder::new(tree, below, *load))
}

/// Whether a chart needs charts that are not in its folder.
pub(crate) fn lacks_charts(home: &ChartFolder) -> Result<bool, Error> {
    let (chart, _) = home.load()?;
    Ok(check_dependencies(&chart).is_err())
}

/// Returns the files of a chart with the charts that its folder lacks. The same charts give the same files, so a lock that is
/// made here has no time of its own.
pub(crate) async fn whole(fetcher: &Fetcher, home: &ChartFolder) -> Result<ChartFiles, Error> {
    let settings = fetcher.settings();
    let (requests, mut files) = {
        let (chart, files) = home.load()?;
        (Requests::of(&chart, &settings.repositories, settings.profile)?, files)
    };
    let gathered = fetcher.build(home, &requests, NO_TIME).await?;
    gathered.attach(&mut files, &settings.load());
    Ok(files)
}

/// What is done about charts that a folder lacks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IfMissing {
    /// They are got, and the folder stays as it is.
    Gather,
    /// Whoever renders says so.
    Leave,
}

/// Which versions are got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gather {
    /// Those of the lock.
    Build,
    /// The highest that fit.
    Update,
}

/// The folder around a chart, and the name of the chart in it; the chart itself where it has no name, as `.`.
fn around(path: &Path) -> (PathBuf, String) {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    match (parent, path.file_name().and_then(|name| name.to_str())) {
        (Some(parent), Some(name)) => (parent.to_owned(), name.to_owned()),
        (None, Some(name)) => (PathBuf::from("."), name.to_owned()),
        _ => (path.to_owned(), String::new()),
    }
}

async fn got(fetcher: &Fetcher, remote: &Remote) -> Result<GotChart, sealift_fetch::Error> {
    let chart = fetcher.fetch(remote).await?;
    let (_, identity) = chart.load(&fetcher.settings().load())?;
    Ok(GotChart {
        name: identity.to_string(),
        digest: identity.digest,
        repository: Some(chart.source.clone()),
        manifest: chart.manifest,
        bytes: ChartBytes::Archive(chart.package.bytes),
    })
}

/// Who we are at a repository of the command line.
fn access(args: &ChartArgs) -> Result<Option<Access>, Failure> {
    let Some(user) = &args.username else {
        let everywhere = args.pass_credentials;
        return Ok(everywhere.then(|| Access { credential: None, everywhere }));
    };
    let password = Secret::new(password_from_stdin()?.to_string());
    let credential = Credential::Basic { user: user.clone(), password };
    let everywhere = args.pass_credentials;
    Ok(Some(Access { credential: Some(Arc::new(credential)), everywhere }))
}

/// The files of a shipment, and charts from wherever they are.
pub(crate) struct Everywhere<'a> {
    pub(crate) local: &'a Local,
    pub(crate) context: &'a Context,
    pub(crate) registry: &'a RegistryArgs,
    pub(crate) shipment: &'a Shipment,
    pub(crate) network: Network,
    /// What kustomizations name elsewhere is got as it was.
    pub(crate) locked: &'a Locked,
}

impl Inputs for Everywhere<'_> {
    fn read(&self, name: &str, limit_bytes: u64) -> Result<Vec<u8>, Error> {
        self.local.read(name, limit_bytes)
    }

    fn expand(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.local.expand(pattern)
    }

    fn chart(&self, source: &HelmSource) -> Result<GotChart, Error> {
        let charts = Charts {
            context: self.context,
            registry: self.registry,
            shipment: Some(self.shipment),
            profile: profile(source.profile),
            links: Links::Inside,
            limits: ChartLimits::of(&self.shipment.limits).fetch,
            verify: false,
            network: self.network,
        };
        charts.of_source(source, &self.local.base)
    }

    fn kustomization(&self, folder: &str, options: &Options) -> Result<Kustomized, Error> {
        let (registry, shipment) = (self.registry, Some(self.shipment));
        let mut elsewhere =
            Elsewhere::new(self.context, registry, shipment, self.network, self.locked);
        self.local.build(folder, options, &mut |wanted| elsewhere.found(wanted))
    }
}
