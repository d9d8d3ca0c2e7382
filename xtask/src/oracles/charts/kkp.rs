//! The tests of the charts of KKP 2.31.0: what several older releases of Helm rendered.
//!
//! Helm 4.2.4 itself gives 44 of them byte for byte, 25 but for blank lines, and one but for a line `---`.

use std::path::Path;

use anyhow::{Context as _, Result};
use sealift_helm::{Profile, Release};

use super::archive::{self, Files};
use super::deploykf::files_below;
use super::render::{Equal, Expected, Job, Set, Source, differing};
use super::{outcome, wild};
use crate::oracles::Run;

/// The ending of a test's result; before it stands that of its values.
const RESULT: &str = ".out";

/// What is compared, from the strictest on.
const COMPARISONS: [(&str, Equal); 3] = [
    ("kkp-charts", wild::matches),
    ("kkp-charts-but-blank-lines", |recorded, text| lines(recorded).eq(lines(text))),
    ("kkp-charts-but-separators", |recorded, text| {
        let content = |text| lines(text).filter(|line| !line.starts_with("---"));
        content(recorded).eq(content(text))
    }),
];

pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    let folder = oracles.join("kkp");
    if !folder.is_dir() {
        run.skip(COMPARISONS[0].0, "not found");
        return Ok(());
    }
    let sources = archive::read(&folder.join("charts-v2.31.0.tar.gz"))?;
    let release = archive::read(&folder.join("release-v2.31.0.tar.zst"))?;
    let results = sources.keys().filter(|path| path.ends_with(RESULT));
    let jobs = results.map(|result| job(result, &sources, &release)).collect::<Result<Vec<_>>>()?;
    for (set, equal) in COMPARISONS {
        run.done(outcome(set, jobs.len(), differing(&jobs, equal)?));
    }
    Ok(())
}

/// `charts/NAME/test/CASE.yaml.out`: the chart without its tests, with the dependencies that the release ships.
fn job(result: &str, sources: &Files, release: &Files) -> Result<Job> {
    let (chart, _) = result.rsplit_once("/test/").context("a result outside of `test`")?;
    let mut files = files_below(sources, chart);
    files.retain(|(path, _)| !path.starts_with("test/"));
    let shipped = files_below(release, &format!("{chart}/charts"));
    let is_there = |path: &str| files.iter().any(|(there, _)| there == path);
    let shipped: Vec<_> = shipped
        .into_iter()
        .map(|(path, bytes)| (format!("charts/{path}"), bytes))
        .filter(|(path, _)| !is_there(path))
        .collect();
    files.extend(shipped);
    let values = result.strip_suffix(RESULT).context("a result has its ending")?;
    let set = Set {
        case: result.to_owned(),
        values: Some(sources.get(values).cloned().with_context(|| values.to_owned())?),
        expected: Expected::Text(String::from_utf8(sources[result].clone())?),
    };
    let release = Release::default();
    let (source, profile) = (Source::Folder(files), Profile::Helm4_2_4);
    Ok(Job { source, profile, release, kube_version: None, include_crds: false, sets: vec![set] })
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}
