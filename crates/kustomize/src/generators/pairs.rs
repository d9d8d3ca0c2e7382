//! Keys and values from files, texts and files of variables.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::GenerateError;
use crate::kustomization::generator::GeneratorArgs;
use crate::loader::{LoadError, Root, path};

/// Why keys and values cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// A file of variables.
    #[error("env cause files: [{}]: {cause}", files.join(" "))]
    Env {
        /// All files of the entry.
        files: Vec<String>,
        /// What is wrong with one.
        cause: LoadError,
    },
    /// A line of such a file.
    #[error("env cause files: [{}]: line {line} has invalid utf8 bytes", files.join(" "))]
    EnvLine {
        /// All files of the entry.
        files: Vec<String>,
        /// The line, from 1.
        line: usize,
    },
    /// A text.
    #[error("literal sources [{}]: invalid literal cause {literal}, expected key=value", literals.join(" "))]
    Literal {
        /// All texts of the entry.
        literals: Vec<String>,
        /// The one that is wrong.
        literal: String,
    },
    /// A file.
    #[error("file sources: [{}]: {cause}", files.join(" "))]
    File {
        /// All files of the entry.
        files: Vec<String>,
        /// What is wrong with one.
        cause: LoadError,
    },
    /// The name of a file.
    #[error("file sources: [{}]: {reason} in source {entry:?}", files.join(" "))]
    FileName {
        /// All files of the entry.
        files: Vec<String>,
        /// The one that is wrong.
        entry: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

type Pairs<'f> = Vec<(String, Cow<'f, [u8]>)>;

/// Loads the data of one entry, sorted by key.
///
/// Mirrors `kv/kv.go` of kustomize api v0.21.2.
pub(super) fn load<'f>(
    root: &Root<'f>,
    args: &GeneratorArgs,
) -> Result<BTreeMap<String, Cow<'f, [u8]>>, GenerateError> {
    let mut all = envs(root, &args.envs)?;
    all.append(&mut literals(&args.literals)?);
    all.append(&mut files(root, &args.files)?);
    let mut sorted = BTreeMap::new();
    for (key, value) in all {
        if sorted.insert(key.clone(), value).is_some() {
            return Err(GenerateError::RepeatedKey { name: args.name.clone(), key });
        }
    }
    Ok(sorted)
}

fn envs<'f>(root: &Root<'f>, files: &[String]) -> Result<Pairs<'f>, PairError> {
    let mut pairs = Pairs::new();
    for file in files {
        let content =
            root.load(file).map_err(|cause| PairError::Env { files: files.to_vec(), cause })?;
        for (number, line) in content.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let text = std::str::from_utf8(line)
                .map_err(|_| PairError::EnvLine { files: files.to_vec(), line: number + 1 })?;
            let text =
                if number == 0 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
            pairs.extend(variable(text));
        }
    }
    Ok(pairs)
}

fn variable(line: &str) -> Option<(String, Cow<'static, [u8]>)> {
    let line = line.trim_start();
    let (key, value) = line.split_once('=').unwrap_or((line, ""));
    let is_none = line.starts_with('#') || key.is_empty();
    (!is_none).then(|| (key.to_owned(), Cow::Owned(value.as_bytes().to_vec())))
}

fn literals<'f>(literals: &[String]) -> Result<Pairs<'f>, PairError> {
    let pair = |literal: &String| {
        let found = literal.split_once('=').filter(|(key, _)| !key.is_empty());
        let (key, value) = found.ok_or_else(|| PairError::Literal {
            literals: literals.to_vec(),
            literal: literal.clone(),
        })?;
        Ok((key.to_owned(), Cow::Owned(without_quotes(value).as_bytes().to_vec())))
    };
    literals.iter().map(pair).collect()
}

fn without_quotes(text: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

fn files<'f>(root: &Root<'f>, files: &[String]) -> Result<Pairs<'f>, PairError> {
    let mut pairs = Pairs::new();
    for entry in files {
        let (key, file) = file_source(entry).map_err(|reason| PairError::FileName {
            files: files.to_vec(),
            entry: entry.clone(),
            reason,
        })?;
        let content =
            root.load(file).map_err(|cause| PairError::File { files: files.to_vec(), cause })?;
        pairs.push((key.to_owned(), content));
    }
    Ok(pairs)
}

/// Cuts `key=path`; the key is the name of the file by default.
///
/// Mirrors `ParseFileSource` in `internal/generators/utils.go` of kustomize api v0.21.2.
fn file_source(entry: &str) -> Result<(&str, &str), &'static str> {
    match entry.split_once('=') {
        None => Ok((path::base(entry), entry)),
        Some((_, file)) if file.contains('=') => Err("key name or file path contains '='"),
        Some(("", _)) => Err("missing key name"),
        Some((_, "")) => Err("missing file path"),
        Some(found) => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_variables_are_read_as_they_stand() {
        let key = |line| variable(line).map(|(key, value)| (key, value.into_owned()));
        assert_eq!(key("  A=b=c "), Some(("A".to_owned(), b"b=c ".to_vec())));
        assert_eq!(key("A"), Some(("A".to_owned(), Vec::new())));
        assert_eq!(key("# A=b"), None);
        assert_eq!(key("=b"), None);
    }

    #[test]
    fn one_pair_of_quotes_is_removed() {
        assert_eq!(without_quotes("\"a'\""), "a'");
        assert_eq!(without_quotes("'a"), "'a");
        assert_eq!(without_quotes("\""), "\"");
    }
}
