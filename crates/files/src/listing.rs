//! Which files a pattern or a folder of manifests means.

use std::io;

use crate::limits::{FILES, LEVELS};
use crate::{Error, Folder, Kind};

/// Returns the files that a pattern of the operator means, sorted; a pattern without `*` is itself.
///
/// `*` stands for any characters of one part but a leading dot, as in a shell; there is no `**`, `?` or `[…]`.
///
/// # Errors
///
/// [`Error::NoMatch`] when there is none; [`Error::Link`] when a match is a link, [`Error::Type`] when it is a pipe.
pub fn glob(pattern: &str) -> Result<Vec<String>, Error> {
    if !pattern.contains('*') {
        return Ok(vec![pattern.to_owned()]);
    }
    if pattern.contains("**") {
        return Err(Error::Name { name: pattern.to_owned() });
    }
    let star = pattern.find('*').expect("looked for above");
    let (root, rest) = match pattern[..star].rfind('/') {
        Some(0) => ("/", &pattern[1..]),
        Some(slash) => (&pattern[..slash], &pattern[slash + 1..]),
        None => ("", pattern),
    };
    let folder = Folder::open(if root.is_empty() { "." } else { root })?;
    let parts: Vec<&str> = rest.split('/').collect();
    let prefix = if root.is_empty() || root == "/" { root.to_owned() } else { format!("{root}/") };
    let mut found = Vec::new();
    expand(&folder, &prefix, &parts, &mut found)?;
    found.sort();
    if found.is_empty() { Err(Error::NoMatch { pattern: pattern.to_owned() }) } else { Ok(found) }
}

/// As deep as the pattern has parts.
fn expand(
    folder: &Folder,
    prefix: &str,
    parts: &[&str],
    found: &mut Vec<String>,
) -> Result<(), Error> {
    let [first, rest @ ..] = parts else { return Ok(()) };
    for entry in folder.entries()?.into_iter().filter(|entry| matches(first, &entry.name)) {
        let path = format!("{prefix}{}", entry.name);
        match entry.kind {
            Kind::Link => return Err(Error::Link { path }),
            Kind::Other => return Err(no_file(path)),
            Kind::File if rest.is_empty() => found.push(path),
            Kind::Folder if !rest.is_empty() => {
                expand(&folder.folder(&entry.name)?, &format!("{path}/"), rest, found)?;
            }
            _ => {}
        }
        if found.len() > FILES {
            return Err(Error::Limit {
                path: folder.path().to_owned(),
                limit: FILES as u64,
                unit: "files",
            });
        }
    }
    Ok(())
}

/// Greedy matching from both ends: the pieces between stars must come in their order.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    if name.starts_with('.') && !head.starts_with('.') {
        return false;
    }
    let Some(mut left) = name.strip_prefix(head) else { return false };
    let (middle, last) = tail.rsplit_once('*').unwrap_or(("", tail));
    for piece in middle.split('*') {
        match left.find(piece) {
            Some(at) => left = &left[at + piece.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

/// Returns the names of all `*.yaml`, `*.yml` and `*.json` files below a folder, sorted: what `kubectl apply -R -f` reads.
///
/// # Errors
///
/// [`Error::Link`] for a link that could hold manifests, [`Error::Type`] for a pipe of such a name (nothing is missed silently);
/// [`Error::Limit`] above 20,000 files or 64 levels.
pub fn manifests(folder: &Folder) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    let mut left = vec![String::new()];
    while let Some(prefix) = left.pop() {
        let below = if prefix.is_empty() { None } else { Some(folder.folder(&prefix)?) };
        let here = below.as_ref().unwrap_or(folder);
        for entry in here.entries()? {
            let name = if prefix.is_empty() {
                entry.name.clone()
            } else {
                format!("{prefix}/{}", entry.name)
            };
            match entry.kind {
                Kind::File if is_manifest(&name) => found.push(name),
                Kind::Folder => left.push(name),
                Kind::Link if is_manifest(&name) || may_be_folder(here, &entry.name) => {
                    return Err(Error::Link { path: folder.path_of(&name) });
                }
                Kind::Other if is_manifest(&name) => return Err(no_file(folder.path_of(&name))),
                _ => {}
            }
        }
        check_budget(folder, &found, &left)?;
    }
    found.sort();
    Ok(found)
}

/// Something that has a manifest's name and cannot be read as a file: left out, it would be missed silently.
fn no_file(path: String) -> Error {
    Error::Type { path, found: "a pipe, a socket or a device", wanted: "a file" }
}

fn check_budget(folder: &Folder, found: &[String], left: &[String]) -> Result<(), Error> {
    let limit = |limit: usize, unit| {
        Err(Error::Limit { path: folder.path().to_owned(), limit: limit as u64, unit })
    };
    if found.len() > FILES || left.len() > FILES {
        return limit(FILES, "files");
    }
    if left.iter().any(|name| name.split('/').count() > LEVELS) {
        return limit(LEVELS, "levels of folders");
    }
    Ok(())
}

fn is_manifest(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("yaml" | "yml" | "json"))
}

/// A link to a file without a manifest's name, or to nothing, holds none; one to a folder or out of the root may.
fn may_be_folder(folder: &Folder, name: &str) -> bool {
    match folder.dir().metadata(name) {
        Ok(metadata) => metadata.is_dir(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_any_characters_of_one_part() {
        for (pattern, name) in [
            ("*.yaml", "a.yaml"),
            ("a*", "a"),
            ("*a*b*", "xaxbx"),
            ("a*b", "ab"),
            ("*", "x"),
            (".*", ".x"),
            ("a*a", "aa"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.yaml", "a.yml"),
            ("*.yaml", ".yaml"),
            ("a*a", "a"),
            ("*a*b*", "ba"),
            ("a", "b"),
            ("ab*ba", "aba"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
