//! Discovery sets: what `sealift scan` finds in a platform, against what the platform needs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::score::{Truth, printed};
use super::{Outcome, Run, compressed};
use crate::built;

/// Runs Kubeflow and every platform whose inputs are manifests only.
pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    let folder = oracles.join("discovery");
    if !folder.is_dir() {
        run.skip("discovery", "not found");
        return Ok(());
    }
    let sealift = built::sealift()?;
    run.done(kubeflow(&sealift, &folder)?);
    for platform in folders(&folder.join("platforms"))? {
        let name = platform.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let set = format!("platform-{name}");
        let truth = fs_err::read_to_string(platform.join("truth.json"))?;
        match manifests(&platform, &truth)? {
            Some(inputs) => run.done(scanned(set, &truth, &sealift, &inputs)?),
            None => run.skip(&set, "not supported yet"),
        }
    }
    Ok(())
}

fn kubeflow(sealift: &Path, folder: &Path) -> Result<Outcome> {
    let scratch = tempfile::tempdir()?;
    let input = scratch.path().join("kubeflow-1.11-rendered.yaml");
    fs_err::write(&input, compressed(&folder.join("kubeflow-1.11-rendered.yaml.gz"))?)?;
    let truth = fs_err::read_to_string(folder.join("truth.json"))?;
    scanned("discovery-kubeflow".to_owned(), &truth, sealift, &[input])
}

/// Returns the inputs of a platform, or `None` when one of them is no plain manifest.
fn manifests(platform: &Path, truth: &str) -> Result<Option<Vec<PathBuf>>> {
    let truth: Value = serde_json::from_str(truth)?;
    let inputs = truth["inputs"].as_array().context("truth.json has no inputs")?;
    let plain = inputs.iter().all(|input| input["kind"] == "manifests");
    let paths =
        inputs.iter().filter_map(|input| Some(platform.join(input["path"].as_str()?))).collect();
    Ok(plain.then_some(paths))
}

fn scanned(set: String, truth: &str, sealift: &Path, inputs: &[PathBuf]) -> Result<Outcome> {
    let truth = Truth::parse(truth)?;
    let score = truth.score(&printed(&scan(sealift, inputs)?));
    let total = truth.required.len();
    let mut failing: std::collections::BTreeSet<String> =
        score.missed.iter().map(|name| format!("missed {name}")).collect();
    failing.extend(score.missed_gaps.iter().map(|name| format!("missed gap {name}")));
    failing.extend(score.outside.iter().map(|name| format!("outside {name}")));
    Ok(Outcome { set, equal: total - score.missed.len(), total, failing })
}

fn scan(sealift: &Path, inputs: &[PathBuf]) -> Result<String> {
    let mut command = Command::new(sealift);
    command.args(["scan", "-o", "names", "--min-confidence", "likely"]).args(inputs);
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    // 1 says that something is undecided, which the score does not count.
    if !matches!(output.status.code(), Some(0 | 1)) {
        bail!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.join("truth.json").exists() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}
