//! Which values set the references of a chart, proved by changing them.
//!
//! The trace of a rendering names the values that were read where a reference was printed: more than
//! matter. Each of them is changed in turn, the templates concerned are rendered again, and only a
//! value that moves the reference is claimed: see [`sealift_helm::provenance`].

mod bench;
mod change;
mod fill;
mod key;
mod proof;
mod seen;

use std::collections::{BTreeMap, BTreeSet};

use sealift_gotemplate::{Map, Read, Trace};
use sealift_helm::assembly::{self, Document};
use sealift_helm::engine::EngineError;
use sealift_helm::provenance::{Leaf, ValuesFiles, Written};
use sealift_helm::values::{self, UserValues};
use sealift_helm::{Chart, Settings};
use sealift_inventory::{Origin, SetBy};

use bench::Bench;
pub use fill::fill;
use proof::Proof;
use seen::{Seen, Spot};

/// As many renderings are made for one chart, unless more are asked for: some seconds.
pub const USUAL_RENDERINGS: usize = 2_000;

/// What a chart prints for people. Nothing is installed of it, and it may refuse values for reasons of
/// its own: it is not rendered.
const NOTES: &str = "NOTES.txt";

/// A chart and what it is rendered with.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'c> {
    /// The chart as it was loaded.
    pub chart: &'c Chart,
    /// What the user says of values.
    pub values: &'c UserValues,
    /// The same as one map.
    pub user: &'c Map,
    /// What it is rendered for.
    pub settings: &'c Settings,
}

/// Why a chart could not be rendered to find out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetByError {
    /// Its values cannot be made one.
    #[error(transparent)]
    Values(#[from] values::Error),
    /// A template cannot be rendered.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// What a template gave is no manifest.
    #[error(transparent)]
    Manifest(#[from] assembly::ManifestError),
}

/// Which values set what.
#[derive(Debug, Default)]
pub struct Claims {
    /// By where a reference stands, and which one it is: a text within a text may have several at one place.
    by_spot: BTreeMap<Spot, BTreeMap<String, BTreeSet<Written>>>,
    /// The renderings that were made.
    pub renderings: usize,
    /// Values that were not tried since there were too many.
    pub untried: usize,
}

impl Claims {
    /// Returns the values that set a finding: each of them moves it. `file` is the template below the
    /// folder of the chart; the steps of the origin that lead to it do not matter. `text` is the reference as it is written.
    #[must_use]
    pub fn of(&self, file: &str, origin: &Origin, text: &str) -> Vec<SetBy> {
        self.at(&Spot::of(file, origin), text)
    }

    fn at(&self, spot: &Spot, text: &str) -> Vec<SetBy> {
        let claimed = self.by_spot.get(spot).and_then(|by_text| by_text.get(text));
        claimed.into_iter().flatten().map(set_by).collect()
    }
}

fn set_by(written: &Written) -> SetBy {
    SetBy { values: written.file.clone(), key: written.leaf.to_string(), line: written.line }
}

/// Finds the values that set the references of a chart, with at most so many renderings.
///
/// Values that no file has, such as those of `--set` or those that are not there, are not claimed.
///
/// # Errors
///
/// When the chart does not render.
pub fn set_by_of(subject: Subject<'_>, most_renderings: usize) -> Result<Claims, SetByError> {
    claims_of(subject, most_renderings, &|_| true)
}

/// Finds the values that set some of the references.
fn claims_of(
    subject: Subject<'_>,
    most_renderings: usize,
    is_wanted: &dyn Fn(&Spot) -> bool,
) -> Result<Claims, SetByError> {
    let profile = subject.settings.profile;
    let bench = Bench::new(subject);
    let (chart, values) = bench.values(subject.user)?;
    let files = ValuesFiles::read(&chart, subject.values, profile);
    let traced = bench.trace(&chart, &values)?;
    let mut seen = bench.look(&bench.manifests(&traced.rendered)?);
    seen.retain(|(_, seen)| is_wanted(&seen.spot));
    let mut candidates = candidates(&seen, &traced.trace, &files);
    if traced.trace.has_changes() {
        // What one template does to values, others may see.
        let paths = traced.rendered.iter().map(|file| &file.path);
        let all: BTreeSet<_> = paths.filter(|path| !path.ends_with(NOTES)).cloned().collect();
        for files in candidates.values_mut() {
            files.clone_from(&all);
        }
    }
    // Values as they were before templates changed them.
    let (_, values) = bench.values(subject.user)?;
    let mut proof = Proof::new(bench, values, most_renderings);
    for (written, files) in &candidates {
        proof.leaf(written, files);
    }
    Ok(proof.finish())
}

/// Values that may set references, and the templates that give those.
type Candidates = BTreeMap<Written, BTreeSet<String>>;

/// Returns the values that were read where references stand.
fn candidates(seen: &[(Document, Seen)], trace: &Trace, files: &ValuesFiles<'_>) -> Candidates {
    let mut by_read: BTreeMap<Read, BTreeSet<&str>> = BTreeMap::new();
    for (document, seen) in seen {
        let source = document.source();
        let Some(trail) = &source.trail else { continue };
        for read in seen.ranges.iter().flat_map(|range| trail.reads_at(range.clone())) {
            by_read.entry(read).or_default().insert(&source.path);
        }
    }
    let mut candidates = Candidates::new();
    for (read, paths) in by_read {
        let Some(leaf) = Leaf::read(trace, &read) else { continue };
        let written = if read.is_whole() { files.nulls(&leaf) } else { files.written(&leaf) };
        for written in written {
            let paths = paths.iter().map(|&path| path.to_owned());
            candidates.entry(written).or_default().extend(paths);
        }
    }
    candidates
}
