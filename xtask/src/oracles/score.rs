//! The scoring of `discovery/score.py`, which the oracles define.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// The images that a platform needs, and those that it is no mistake to name.
#[derive(Debug, Default)]
pub(super) struct Truth {
    /// What a scan must find.
    pub(super) required: Vec<String>,
    /// What the makers forgot to list although the platform runs it.
    pub(super) gaps: Vec<String>,
    /// Real images that are neither wanted nor wrong.
    harmless: Vec<String>,
}

/// What a scan missed and what it found too much.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Score {
    pub(super) missed: BTreeSet<String>,
    pub(super) missed_gaps: BTreeSet<String>,
    pub(super) outside: BTreeSet<String>,
}

impl Truth {
    /// Reads `truth.json`: a list of what is required, or an object with a list for each part.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text).context("truth.json")?;
        if value.is_array() {
            return Ok(Self { required: names(&value), ..Self::default() });
        }
        let harmless = ["listed_dormant", "optional", "unreachable"];
        Ok(Self {
            required: names(&value["required"]),
            gaps: names(&value["gaps"]),
            harmless: harmless.iter().flat_map(|part| names(&value[*part])).collect(),
        })
    }

    /// Compares it with the references that a scan printed.
    pub(super) fn score(&self, found: &[String]) -> Score {
        let found_keys: BTreeSet<String> =
            found.iter().flat_map(|reference| keys(reference)).collect();
        let known: BTreeSet<String> = [&self.required, &self.gaps, &self.harmless]
            .into_iter()
            .flatten()
            .flat_map(|reference| keys(reference))
            .collect();
        let without = |references: &[String], keys_there: &BTreeSet<String>| {
            references
                .iter()
                .filter(|reference| keys(reference).is_disjoint(keys_there))
                .cloned()
                .collect()
        };
        Score {
            missed: without(&self.required, &found_keys),
            missed_gaps: without(&self.gaps, &found_keys),
            outside: without(found, &known),
        }
    }
}

/// Returns the strings of a list or the keys of an object.
fn names(value: &Value) -> Vec<String> {
    let listed = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    let keyed = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    listed.chain(keyed).map(str::to_owned).collect()
}

/// Returns the references that a scan printed, one a line; `#` starts a comment.
pub(super) fn printed(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Returns the names under which a reference is recognised: `repository:tag` and `repository@digest`.
fn keys(reference: &str) -> BTreeSet<String> {
    let text = reference.trim().trim_matches(['"', '\'']);
    let (text, digest) = split_digest(text);
    let (name, tag) = match text.rfind(':') {
        Some(colon) if text.rfind('/').is_none_or(|slash| colon > slash) => {
            (&text[..colon], Some(&text[colon + 1..]))
        }
        _ => (text, None),
    };
    let repository = repository(name);
    let tag =
        tag.filter(|tag| !tag.is_empty()).or(if digest.is_none() { Some("latest") } else { None });
    let tagged = tag.map(|tag| format!("{repository}:{tag}"));
    tagged.into_iter().chain(digest.map(|digest| format!("{repository}@{digest}"))).collect()
}

fn split_digest(text: &str) -> (&str, Option<&str>) {
    let lengths = BTreeMap::from([("sha256", 64), ("sha512", 128)]);
    let found = text.rfind('@').and_then(|at| {
        let digest = &text[at + 1..];
        let (algorithm, hex) = digest.split_once(':')?;
        let hexadecimal =
            hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (hexadecimal && lengths.get(algorithm) == Some(&hex.len()))
            .then_some((&text[..at], Some(digest)))
    });
    found.unwrap_or((text, None))
}

fn repository(name: &str) -> String {
    let (host, path) = match name.split_once('/') {
        Some((head, rest)) if head.contains(['.', ':']) || head == "localhost" => (head, rest),
        _ => ("docker.io", name),
    };
    let host =
        if matches!(host, "index.docker.io" | "registry-1.docker.io") { "docker.io" } else { host };
    let library = if host == "docker.io" && !path.contains('/') { "library/" } else { "" };
    format!("{host}/{library}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_image_has_one_key_however_it_is_written() {
        let same = [
            "nginx",
            "nginx:latest",
            "docker.io/nginx",
            "index.docker.io/library/nginx:latest",
            "\"nginx\"",
        ];
        for spelling in same {
            assert_eq!(
                keys(spelling),
                BTreeSet::from(["docker.io/library/nginx:latest".to_owned()]),
                "{spelling}"
            );
        }
        let digest = format!("sha256:{}", "0".repeat(64));
        assert_eq!(
            keys(&format!("r.io:5000/a:1@{digest}")),
            BTreeSet::from(["r.io:5000/a:1".to_owned(), format!("r.io:5000/a@{digest}")])
        );
        assert_eq!(keys(&format!("r.io/a@{digest}")).len(), 1, "a digest alone has no tag");
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_are_named() {
        let truth = r#"{"required": ["a/b:1", "a/c:1"], "gaps": {"a/d:1": "why"}, "optional": ["a/e:1"], "bogus": {"x": "why"}}"#;
        let found = printed("docker.io/a/b:1\na/e:1 # fine\n\nx\ny/z:2\n");
        let score = Truth::parse(truth).unwrap().score(&found);
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(
            score,
            Score {
                missed: set(&["a/c:1"]),
                missed_gaps: set(&["a/d:1"]),
                outside: set(&["x", "y/z:2"])
            }
        );
    }
}
