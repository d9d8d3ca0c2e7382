//! Packages from outside, as `cargo tree` lists them: those of features that are really on.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};

use crate::process;

/// A package of some tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// Where it comes from, when that is neither the default index nor the workspace.
    pub(super) source: Option<String>,
    /// The SPDX expression, empty where the package gives none.
    pub(super) licence: String,
}

/// Lists everything that the workspace is built and tested with, for the targets given.
pub(super) fn everything(targets: &[String]) -> Result<BTreeSet<Package>> {
    let mut arguments = vec!["--workspace", "--all-features", "--edges", "normal,build,dev"];
    for target in targets {
        arguments.extend(["--target", target.as_str()]);
    }
    tree(&arguments)
}

/// Lists what one package of the workspace is built with on this machine, itself included.
pub(super) fn built_with(package: &str) -> Result<BTreeSet<Package>> {
    tree(&["--package", package, "--edges", "normal,build"])
}

fn tree(arguments: &[&str]) -> Result<BTreeSet<Package>> {
    let mut command = process::cargo(&[
        "tree",
        "--locked",
        "--prefix",
        "none",
        "--no-dedupe",
        "--format",
        "{p}\t{l}",
    ]);
    let text = process::output(command.args(arguments))?;
    let lines: BTreeSet<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let root = crate::workspace::root().display().to_string();
    lines
        .into_iter()
        .map(|line| parse(line, &root).with_context(|| format!("cargo tree printed {line:?}")))
        .collect()
}

fn parse(line: &str, root: &str) -> Option<Package> {
    let (package, licence) = line.split_once('\t')?;
    let mut words = package.splitn(3, ' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    let source = words.next().unwrap_or_default().replace("(proc-macro)", "");
    let source = source.trim().trim_matches(['(', ')']);
    Some(Package {
        name: name.to_owned(),
        version: version.to_owned(),
        source: (!source.is_empty() && !source.starts_with(root)).then(|| source.to_owned()),
        licence: licence.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_where_the_package_comes_from() {
        let parsed = |line| {
            parse(line, "/w")
                .map(|package| (package.name, package.version, package.source, package.licence))
        };
        let index = parsed("syn v2.0.1 (proc-macro)\tMIT OR Apache-2.0");
        assert_eq!(index, Some(("syn".into(), "2.0.1".into(), None, "MIT OR Apache-2.0".into())));
        assert_eq!(parsed("a v1.0.0 (/w/crates/a)\tMIT").and_then(|parsed| parsed.2), None);
        let git = parsed("b v1.0.0 (https://example.com/b#0123)\tMIT").and_then(|parsed| parsed.2);
        assert_eq!(git.as_deref(), Some("https://example.com/b#0123"));
        assert_eq!(parsed("no tab"), None);
    }
}
