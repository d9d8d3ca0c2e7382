//! Names of charts: they become parts of files and references, so none may lead anywhere.

use sealift_sprig::semver::Version;

use crate::Error;

/// Bytes of a name: with `-`, a version and `.tgz` behind it, still the name of a file.
const NAME_BYTES: usize = 200;

/// Refuses a name that is not letters, digits, `-`, `_` and `.`, the first a letter or digit.
///
/// Narrower than Helm, which takes whatever is the last part of a path.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric();
    let good = name.len() <= NAME_BYTES
        && name.bytes().next().is_some_and(is_word)
        && name.bytes().all(|byte| is_word(byte) || matches!(byte, b'-' | b'_' | b'.'));
    if good { Ok(()) } else { Err(Error::Name { what: "name", text: name.to_owned() }) }
}

/// Refuses a version that is not semantic, and so might hold `/`.
pub(crate) fn check_version(version: &str) -> Result<Version, Error> {
    let parsed: Result<Version, _> = version.parse();
    let parsed = parsed.ok().filter(|_| version.len() <= NAME_BYTES);
    parsed.ok_or_else(|| Error::Name { what: "version", text: version.to_owned() })
}

/// Returns those of `known` that are written most like `name`, the nearest first.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<(usize, &str)> = known
        .filter(|known| known.len() <= NAME_BYTES)
        .map(|known| (distance(name, known), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 3)
        .collect();
    found.sort_unstable();
    found.into_iter().take(3).map(|(_, known)| known.to_owned()).collect()
}

/// Letters to add, drop or change (Levenshtein), in bytes; those of a text that is too long do not count.
fn distance(a: &str, b: &str) -> usize {
    let a = &a.as_bytes()[..a.len().min(NAME_BYTES)];
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, right) in b.bytes().enumerate() {
            let changed = diagonal + usize::from(*left != right);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Helm CVE-2024-25620, CVE-2026-35206: hostile case A12.
    #[test]
    fn a_name_that_leads_somewhere_is_refused() {
        for name in ["", ".", "..", "a/b", "../a", "a\\b", "a b", "-a", ".a", "a\0", "ä", "a:b"] {
            let error = check_name(name).expect_err(name);
            assert_eq!(error.class(), Some("name"));
        }
        for name in ["a", "cert-manager", "A_b.c", "0x", &"a".repeat(200)] {
            check_name(name).expect(name);
        }
        assert!(check_name(&"a".repeat(201)).is_err());
    }

    #[test]
    fn a_version_that_is_none_is_refused() {
        for version in ["", "../1", "1/2", "latest", "1.2.3.4", "1.0.0+a/b"] {
            assert_eq!(check_version(version).expect_err(version).class(), Some("name"));
        }
        for version in ["1", "v1.2", "1.2.3-rc.1+build.5"] {
            check_version(version).expect(version);
        }
    }

    #[test]
    fn the_nearest_names_are_offered() {
        let known = || ["cert-manager", "cert-manager-csi", "nginx", "certs"].into_iter();
        assert_eq!(nearest("cert-managr", known()), ["cert-manager", "cert-manager-csi"]);
        assert!(nearest("prometheus", known()).is_empty());
    }
}
