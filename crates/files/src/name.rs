//! Names below an opened folder.

use crate::Error;

/// Splits a name at `/` into parts, none of which is empty, `.`, `..`, or holds a separator or NUL.
pub(crate) fn parts(name: &str) -> Result<Vec<&str>, Error> {
    let parts: Vec<&str> = name.split('/').collect();
    let wrong = |part: &&str| {
        matches!(*part, "" | "." | "..") || part.contains(['\\', '\0']) || has_drive(part)
    };
    if parts.iter().any(wrong) { Err(Error::Name { name: name.to_owned() }) } else { Ok(parts) }
}

/// `c:` at the start means a drive on Windows.
fn has_drive(part: &str) -> bool {
    cfg!(windows) && part.contains(':')
}

/// Splits a name into the parts of its folder and the last one.
pub(crate) fn split(name: &str) -> Result<(Vec<&str>, &str), Error> {
    let mut parts = parts(name)?;
    let last = parts.pop().expect("split yields at least one part");
    Ok((parts, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_leave_its_folder_is_refused() {
        for name in ["", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a\\b", "a\0"] {
            assert!(matches!(parts(name), Err(Error::Name { .. })), "{name:?}");
        }
        assert_eq!(split("a/b/c").expect("a name"), (vec!["a", "b"], "c"));
    }
}
