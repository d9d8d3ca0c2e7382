//! `--show-only`: some of what would be printed.

use std::ops::Range;

use super::split;
use crate::Profile;
use crate::pattern::matches;

/// A pattern that nothing matches.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not find template {pattern} in chart")]
pub struct NotShown {
    /// The pattern.
    pub pattern: String,
}

const MARK: &[u8] = b"# Source: ";

/// Returns, of what `helm template` would print, the documents of templates that match the patterns, in the order
/// of the patterns: `pkg/cmd/template.go` of Helm 4.2.4.
///
/// # Errors
///
/// When a pattern matches nothing.
pub fn show_only(text: &[u8], patterns: &[String], profile: Profile) -> Result<Vec<u8>, NotShown> {
    let documents = split::documents(text, profile.rules());
    let named: Vec<_> = documents
        .into_iter()
        .filter_map(|range| Some((path(&text[range.clone()])?, range)))
        .collect();
    let mut out = Vec::new();
    for wanted in patterns {
        let found = named.iter().filter(|(path, _)| matches(wanted, path) == Ok(true));
        let found: Vec<&Range<usize>> = found.map(|(_, range)| range).collect();
        if found.is_empty() {
            return Err(NotShown { pattern: wanted.clone() });
        }
        for range in found {
            out.extend_from_slice(b"---\n");
            out.extend_from_slice(&text[range.clone()]);
            out.push(b'\n');
        }
    }
    Ok(out)
}

/// Returns the path below the chart, which the first line says that names one: `# Source: [^/]+/(.+)`.
fn path(document: &[u8]) -> Option<String> {
    memchr::memmem::find_iter(document, MARK).find_map(|at| {
        let line = document[at + MARK.len()..].split(|&byte| byte == b'\n').next()?;
        let slash = line.iter().position(|&byte| byte == b'/').filter(|&slash| slash > 0)?;
        let path = &line[slash + 1..];
        (!path.is_empty()).then(|| String::from_utf8_lossy(path).into_owned())
    })
}
