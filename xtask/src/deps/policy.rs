//! The rules of `deny.toml` that `cargo metadata` is enough for.

use anyhow::{Context as _, Result};
use toml_edit::DocumentMut;

use crate::workspace;

/// What may come from outside.
#[derive(Debug, Default)]
pub(super) struct Policy {
    /// The targets that count.
    pub(super) targets: Vec<String>,
    /// SPDX names.
    pub(super) licences: Vec<String>,
    /// Packages that may not come in, each with the reason.
    pub(super) banned: Vec<(String, String)>,
    /// Packages that may be there in more than one version.
    pub(super) duplicates: Vec<String>,
}

impl Policy {
    /// Reads the file at the top of the workspace.
    pub(super) fn read() -> Result<Self> {
        let text = fs_err::read_to_string(workspace::root().join("deny.toml"))?;
        Self::parse(&text).context("deny.toml")
    }

    /// Reads the keys that are used here.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let file: DocumentMut = text.parse()?;
        let names = |table, key, name| {
            entries(&file, table, key, name).into_iter().map(|(name, _)| name).collect()
        };
        Ok(Self {
            targets: names("graph", "targets", "triple"),
            licences: names("licenses", "allow", "name"),
            banned: entries(&file, "bans", "deny", "crate"),
            duplicates: names("bans", "skip", "crate"),
        })
    }
}

/// Returns name and reason of each entry, which is a string or a table; a version behind the name is cut off.
fn entries(file: &DocumentMut, table: &str, list: &str, name: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let list = file.get(table).and_then(|table| table.get(list)?.as_array());
    for value in list.into_iter().flatten() {
        let table = value.as_inline_table();
        let text = |key| table.and_then(|table| table.get(key)?.as_str());
        let Some(name) = value.as_str().or_else(|| text(name)) else { continue };
        let name = name.split('@').next().unwrap_or(name);
        found.push((name.to_owned(), text("reason").unwrap_or_default().to_owned()));
    }
    found
}
