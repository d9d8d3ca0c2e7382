//! Which version a constraint means.

use sealift_sprig::semver::Constraints;

use super::{Entry, Index};
use crate::name::check_name;
use crate::{Error, Observer};

/// What [`crate::Error::NoSuchVersion`] lists.
const NEAREST: usize = 5;

/// The constraint that stands for no word: any release.
const ANY: &str = "*";

impl Index {
    /// Returns the version that is meant: the one that is written exactly so, else the highest that fits. No word means the
    /// highest release; prereleases are meant only by a constraint that has one.
    ///
    /// Mirrors `IndexFile.Get` in `pkg/repo/v1/index.go` of Helm 4.2.4; entries without an address are passed over as in
    /// `internal/resolver`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchChart`], [`Error::NoSuchVersion`], [`Error::Constraint`], [`Error::Entry`]; [`Error::Ambiguous`] where the
    /// index has that version twice and differently.
    pub fn select(
        &self,
        chart: &str,
        version: &str,
        repository: &str,
        observer: &dyn Observer,
    ) -> Result<&Entry, Error> {
        check_name(chart)?;
        let constraint = constraint(version)?;
        let entries = self.chart(chart, repository)?;
        let exact = entries.iter().find(|entry| entry.version == version && !version.is_empty());
        let fits = || entries.iter().find(|entry| constraint.check(&entry.semantic));
        let Some(found) = exact.or_else(fits) else {
            return Err(Error::NoSuchVersion {
                chart: chart.to_owned(),
                version: version.to_owned(),
                repository: repository.to_owned(),
                nearest: nearest(entries, version),
            });
        };
        let twins = entries.iter().filter(|entry| entry.version == found.version);
        if twins.clone().any(|twin| twin.digest != found.digest)
            || (found.digest.is_none() && twins.clone().any(|twin| twin.urls != found.urls))
        {
            return Err(Error::Ambiguous {
                chart: chart.to_owned(),
                version: found.version.clone(),
                repository: repository.to_owned(),
                count: twins.count(),
            });
        }
        if exact.is_none() && !version.is_empty() && !is_range(version) {
            observer.other_version(chart, version, &found.version);
        }
        Ok(found)
    }
}

pub(crate) fn constraint(version: &str) -> Result<Constraints, Error> {
    let text = if version.is_empty() { ANY } else { version };
    text.parse().map_err(|source| Error::Constraint { text: version.to_owned(), source })
}

/// Returns whether a word means several versions on purpose: `1.2.3` does not, and neither does `1.2`.
///
/// Mirrors `isVersionRange` in `pkg/repo/v1/index.go` of Helm 4.2.4.
pub(crate) fn is_range(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    version.contains(['^', '~', '<', '>', '=', '!', '*'])
        || version.contains("||")
        || version.contains(" - ")
        || core.contains(['x', 'X'])
}

/// Returns the versions next to the one that was wanted, else the highest.
fn nearest(entries: &[Entry], wanted: &str) -> Vec<String> {
    let place = wanted
        .parse()
        .ok()
        .map_or(0, |wanted| entries.partition_point(|entry| entry.semantic > wanted));
    let start = place.saturating_sub(NEAREST / 2).min(entries.len().saturating_sub(NEAREST));
    entries.iter().skip(start).take(NEAREST).map(|entry| entry.version.clone()).collect()
}
