//! `charts/goldens`: 232 charts with 991 value sets, as two releases of Helm rendered them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use sealift_helm::{Profile, Release};

use super::archive::{self, Files};
use super::render::{Expected, Job, Set, Source, differing};
use super::{outcome, wild};
use crate::oracles::Run;

/// The version of Kubernetes that was given.
const KUBE_VERSION: &str = "v1.33.0";

pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    let charts = oracles.join("charts");
    let goldens = charts.join("goldens");
    if !goldens.is_dir() {
        run.skip("charts", "not found");
        return Ok(());
    }
    let values = archive::read(&goldens.join("values.tar.zst"))?;
    for profile in Profile::ALL {
        let name = profile.name();
        let texts = archive::read(&goldens.join(format!("{name}.tar.zst")))?;
        let jobs = jobs(&charts, profile, &texts, &values)?;
        let total = jobs.iter().map(|job| job.sets.len()).sum();
        let failing = differing(&jobs, wild::matches)?;
        run.done(outcome(&format!("charts-{name}"), total, failing));
    }
    Ok(())
}

/// One job a chart.
fn jobs(charts: &Path, profile: Profile, texts: &Files, values: &Files) -> Result<Vec<Job>> {
    let mut sets: BTreeMap<&str, Vec<Set>> = BTreeMap::new();
    for (path, bytes) in texts {
        let below = path.split_once('/').map_or(path.as_str(), |(_, below)| below);
        let (case, extension) = below.rsplit_once('.').context("a golden without an ending")?;
        let (chart, set) = case.rsplit_once('/').context("a golden without a chart")?;
        let text = String::from_utf8(bytes.clone())?;
        let expected =
            if extension == "error" { Expected::Error(text) } else { Expected::Text(text) };
        let values = (set != "default")
            .then(|| values.get(&format!("values/{case}.yaml")).cloned().context(case.to_owned()))
            .transpose()?;
        sets.entry(chart).or_default().push(Set { case: case.to_owned(), values, expected });
    }
    sets.into_iter()
        .map(|(chart, sets)| {
            let source = Source::Archive(fs_err::read(charts.join(format!("{chart}.tgz")))?);
            let release =
                Release { name: "rel".to_owned(), namespace: "ns".to_owned(), is_upgrade: false };
            let kube_version = Some(KUBE_VERSION);
            Ok(Job { source, profile, release, kube_version, include_crds: false, sets })
        })
        .collect()
}
