//! Charts that kustomizations name in repositories.

use sealift_fetch::{Error, Fetcher, Identity, Package, Remote};
use sealift_helm::Chart;
use sealift_helm::chart::LoadOptions;
use sealift_kustomize::RemoteChart;

/// What stands for no version where one before a release will do.
const WITH_PRERELEASES: &str = ">0.0.0-0";

/// A chart as `helm pull --untar` gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulledChart {
    /// Which one it was.
    pub identity: Identity,
    /// Paths below its folder, and all bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Gets a chart; the one of a lock, where that knows one. Mirrors `pullCommand` in `internal/builtins/HelmChartInflationGenerator.go` of kustomize api v0.21.2, and `helm
/// pull` of Helm 4.2.4 that it runs: a chart of another name would not be found where it was unpacked.
pub(super) async fn pull(
    fetcher: &Fetcher,
    wanted: &RemoteChart,
    locked: Option<&Identity>,
) -> Result<PulledChart, Error> {
    let load = fetcher.settings().load();
    if let Some(locked) = locked
        && let Some(package) = fetcher.kept(&locked.digest)?
    {
        return pulled(&package, &locked.to_string(), &locked.source, wanted, &load);
    }
    let version = locked.map_or(&wanted.version, |locked| &locked.version).clone();
    let found = fetcher.fetch(&remote(&RemoteChart { version, ..wanted.clone() })).await?;
    let (what, got) = (found.to_string(), &found.package.digest);
    if let Some(said) = locked.map(|locked| &locked.digest).filter(|said| *said != got) {
        return Err(Error::Digest { what, said: said.clone(), got: got.clone() });
    }
    pulled(&found.package, &what, &found.source, wanted, &load)
}

fn pulled(
    package: &Package,
    what: &str,
    source: &str,
    wanted: &RemoteChart,
    load: &LoadOptions,
) -> Result<PulledChart, Error> {
    let identity = package.identity(&package.load(what, load)?, source);
    if identity.name != wanted.name {
        return Err(Error::OtherChart { what: what.to_owned(), name: identity.name });
    }
    let files = Chart::files_of_archive(&package.bytes, load)
        .map_err(|error| Error::Load { what: what.to_owned(), source: Box::new(error) })?;
    Ok(PulledChart { identity, files })
}

fn remote(wanted: &RemoteChart) -> Remote {
    let RemoteChart { repository, name, version, is_devel, .. } = wanted;
    let any = if *is_devel { WITH_PRERELEASES } else { "" };
    let version = if version.is_empty() { any.to_owned() } else { version.clone() };
    if repository.starts_with("oci://") {
        let folder = repository.strip_suffix('/').unwrap_or(repository);
        return Remote::Oci { reference: format!("{folder}/{name}"), version };
    }
    Remote::Repository { url: repository.clone(), chart: name.clone(), version, access: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(repository: &str, version: &str, is_devel: bool) -> RemoteChart {
        RemoteChart {
            repository: repository.to_owned(),
            name: "app".to_owned(),
            version: version.to_owned(),
            is_devel,
            folder: "/k/charts/app".to_owned(),
        }
    }

    #[test]
    fn a_registry_is_asked_below_its_folder_and_a_repository_by_name() {
        for repository in ["oci://r.example/charts", "oci://r.example/charts/"] {
            let Remote::Oci { reference, version } = remote(&wanted(repository, "1.0.0", false))
            else {
                panic!("{repository}");
            };
            assert_eq!((&*reference, &*version), ("oci://r.example/charts/app", "1.0.0"));
        }
        for (version, is_devel, want) in
            [("", false, ""), ("", true, ">0.0.0-0"), ("1.0.0", true, "1.0.0")]
        {
            let wanted = wanted("https://c.example/x", version, is_devel);
            let Remote::Repository { url, chart, version, .. } = remote(&wanted) else {
                panic!("no repository");
            };
            assert_eq!((&*url, &*chart, &*version), ("https://c.example/x", "app", want));
        }
    }
}
