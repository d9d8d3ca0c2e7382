//! From constraints to versions.

use sealift_sprig::semver::{Constraints, Version};

use super::local::Local;
use super::{Need, Requests};
use crate::fetcher::{Fetcher, shown};
use crate::{ChartFolder, Error, OciReference};

impl Fetcher {
    /// Returns the version of each request.
    ///
    /// Mirrors `Resolve` in `internal/resolver/resolver.go` of Helm 4.2.4: the highest version that fits and has an address. Where
    /// none does, all requests without one are told.
    pub(crate) async fn resolve_all(
        &self,
        home: &ChartFolder,
        requests: &Requests,
    ) -> Result<Vec<Need>, Error> {
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for need in &requests.needs {
            let constraint: Constraints = need
                .version
                .parse()
                .map_err(|source| Error::Constraint { text: need.version.clone(), source })?;
            match self.resolve_one(home, need, &constraint).await? {
                Some(version) => found.push(Need { version, ..need.clone() }),
                None => missing.push(need.clone()),
            }
        }
        if missing.is_empty() {
            Ok(found)
        } else {
            Err(Error::NoVersions { chart: requests.chart.clone(), missing })
        }
    }

    async fn resolve_one(
        &self,
        home: &ChartFolder,
        need: &Need,
        constraint: &Constraints,
    ) -> Result<Option<String>, Error> {
        let Need { name, version, repository } = need;
        if let Some(local) = Local::of(need) {
            let found = home.local(need, &local)?;
            let fits = found.version.parse().is_ok_and(|version| constraint.check(&version));
            // What lies in `charts/` keeps its constraint in the lock.
            let kept = if repository.is_empty() { version.clone() } else { found.version };
            return Ok(fits.then_some(kept));
        }
        if repository.starts_with("oci://") {
            if version.parse::<Version>().is_ok() {
                return Ok(Some(version.clone()));
            }
            let reference: OciReference = reference(need).parse()?;
            let tags = self.versions(&reference.repository).await?;
            return Ok(tags.iter().find(|tag| constraint.check(tag)).map(ToString::to_string));
        }
        let index = self.index(repository, None).await?;
        let mut entries = index.chart(name, &shown(repository))?.iter();
        let found =
            entries.find(|entry| !entry.urls.is_empty() && constraint.check(&entry.semantic));
        Ok(found.map(|entry| entry.version.clone()))
    }
}

/// Returns the reference to a chart in a registry.
pub(crate) fn reference(need: &Need) -> String {
    format!("{}/{}", need.repository.trim_end_matches('/'), need.name)
}
