//! `deploykf/rendered`: the kustomize Applications of deployKF, and the one that holds them all.

use std::path::Path;

use sealift_kustomize::{Files as _, MemoryFiles, Options};

use super::cases::{Outcome, run, same, unpack};

/// Where the generated tree seems to be.
const TREE: &str = "/oracle/tree";

/// The Application of all Applications; the table lists those below it.
const ALL: (&str, &str) = ("deploykf-app-of-apps", "argocd");

/// Builds each Application's folder of the generated tree.
pub(crate) fn applications(rendered: &Path) -> std::io::Result<Outcome> {
    let tree = unpack(&rendered.join("generated-tree.tar.zst"), TREE)?;
    let texts = unpack(&rendered.join("sample.tar.zst"), "")?;
    let table = fs_err::read_to_string(rendered.join("applications.tsv"))?;
    let listed = table.lines().filter_map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
        [application, "kustomize", path, ..] => Some((application, path)),
        _ => None,
    });
    let mut outcome = Outcome::default();
    for (application, path) in listed.chain([ALL]) {
        outcome.note(application, compare(&tree, &texts, application, path));
    }
    Ok(outcome)
}

fn compare(
    tree: &MemoryFiles,
    texts: &MemoryFiles,
    application: &str,
    path: &str,
) -> Result<(), String> {
    let want = texts.read(&format!("/{application}.yaml")).map_err(|error| error.text)?;
    let got = run(tree, &format!("{TREE}/{path}"), &Options::default())?;
    same(&got, &String::from_utf8_lossy(&want))
}
