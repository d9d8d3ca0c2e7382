//! The workspace's own crates.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process;

/// A crate of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Own {
    /// The folder's name: `reference` for the package `sealift-reference`.
    pub(super) name: String,
    /// The crates of the workspace that it is built with; those of its tests do not count.
    pub(super) uses: BTreeSet<String>,
}

impl Own {
    /// Asks cargo for all of them.
    pub(super) fn all() -> Result<Vec<Self>> {
        let text = process::output(&mut process::cargo(&[
            "metadata",
            "--locked",
            "--no-deps",
            "--format-version",
            "1",
        ]))?;
        let metadata: Value =
            serde_json::from_str(&text).context("cargo metadata printed no JSON")?;
        parse(&metadata).context("cargo metadata has an unknown shape")
    }

    /// Returns the package's name.
    pub(super) fn package(&self) -> String {
        if self.name == "xtask" { self.name.clone() } else { format!("sealift-{}", self.name) }
    }
}

fn parse(metadata: &Value) -> Option<Vec<Own>> {
    let mut all = Vec::new();
    for package in metadata["packages"].as_array()? {
        let mut uses = BTreeSet::new();
        for dependency in package["dependencies"].as_array()? {
            if dependency["kind"] != "dev" && dependency["path"].is_string() {
                uses.insert(short(dependency["name"].as_str()?));
            }
        }
        all.push(Own { name: short(package["name"].as_str()?), uses });
    }
    Some(all)
}

fn short(package: &str) -> String {
    package.strip_prefix("sealift-").unwrap_or(package).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_of_the_workspace_counts_unless_only_tests_use_it() {
        let metadata = serde_json::json!({"packages": [{"name": "sealift-oci", "dependencies": [
            {"name": "sealift-reference", "kind": null, "path": "/x"},
            {"name": "sealift-testkit", "kind": "dev", "path": "/x"},
            {"name": "bytes", "kind": null},
        ]}]});
        let own = Own { name: "oci".to_owned(), uses: ["reference".to_owned()].into() };
        assert_eq!(parse(&metadata), Some(vec![own]));
    }
}
