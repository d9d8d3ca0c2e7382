//! `deploykf/rendered`: the Helm Applications of deployKF, as Helm 3.21.4 rendered them.

use std::path::Path;

use anyhow::{Context as _, Result};
use sealift_helm::{Profile, Release};

use super::archive::{self, Files};
use super::render::{Expected, Job, Set, Source, differing};
use super::{outcome, wild};
use crate::oracles::Run;

const SET: &str = "deploykf-helm";

/// What the generator writes for some Applications.
const OVERRIDES: &str = "values-overrides.yaml";

pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    let rendered = oracles.join("deploykf/rendered");
    if !rendered.is_dir() {
        run.skip(SET, "not found");
        return Ok(());
    }
    let tree = archive::read(&rendered.join("generated-tree.tar.zst"))?;
    let texts = archive::read(&rendered.join("sample.tar.zst"))?;
    let applications = fs_err::read_to_string(rendered.join("applications.tsv"))?;
    let rows = applications.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let helm = rows.filter(|row| row.get(1) == Some(&"helm"));
    let jobs = helm.map(|row| job(&row, &tree, &texts)).collect::<Result<Vec<_>>>()?;
    let failing = differing(&jobs, wild::matches)?;
    run.done(outcome(SET, jobs.len(), failing));
    Ok(())
}

fn job(row: &[&str], tree: &Files, texts: &Files) -> Result<Job> {
    let [application, _, path, namespace, ..] = row else { anyhow::bail!("not a row: {row:?}") };
    let folder = files_below(tree, path);
    let find =
        |name: &str| folder.iter().find(|(path, _)| path == name).map(|(_, bytes)| bytes.clone());
    let text = texts
        .iter()
        .find(|(path, _)| path.ends_with(&format!("{application}.yaml")))
        .with_context(|| (*application).to_owned())?;
    let set = Set {
        case: (*application).to_owned(),
        values: find(OVERRIDES),
        expected: Expected::Text(String::from_utf8(text.1.clone())?),
    };
    let release = Release {
        name: (*application).to_owned(),
        namespace: (*namespace).to_owned(),
        is_upgrade: false,
    };
    let source = Source::Folder(folder);
    let profile = Profile::Helm3_21_4;
    Ok(Job { source, profile, release, kube_version: None, include_crds: true, sets: vec![set] })
}

/// Returns the files below a folder, by their paths below it; the archive may have a folder around all.
pub(super) fn files_below(files: &Files, folder: &str) -> Vec<(String, Vec<u8>)> {
    let inside = format!("{}/", folder.trim_matches('/'));
    files
        .iter()
        .filter_map(|(path, bytes)| {
            let at = path.find(&inside).filter(|&at| at == 0 || path[..at].ends_with('/'))?;
            Some((path[at + inside.len()..].to_owned(), bytes.clone()))
        })
        .collect()
}
