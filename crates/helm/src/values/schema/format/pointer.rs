//! JSON pointers.

use super::{Check, digits, fail, shown};

pub(super) fn json_pointer(text: &str) -> Check {
    if text.is_empty() {
        return Ok(());
    }
    if !text.starts_with('/') {
        return fail("not starting with /");
    }
    for token in text.split('/').skip(1) {
        let mut is_escape = false;
        for c in token.chars() {
            if is_escape && c != '0' && c != '1' {
                return fail("~ must be followed by 0 or 1");
            }
            is_escape = c == '~' && !is_escape;
        }
        if is_escape {
            return fail("~ must be followed by 0 or 1");
        }
    }
    Ok(())
}

pub(super) fn relative_json_pointer(text: &str) -> Check {
    let (number, rest) = digits(text.as_bytes());
    if number.is_empty() {
        return fail("must start with non-negative integer");
    }
    if number.len() > 1 && number.starts_with(b"0") {
        return fail("starts with zero");
    }
    if rest == b"#" { Ok(()) } else { json_pointer(&text[number.len()..]) }
}

/// Checks characters of identifiers; the first that is not allowed is named.
pub(super) fn allow(text: &str, kind: &str, is_allowed: impl Fn(char) -> bool) -> Check {
    match text.chars().find(|c| !is_allowed(*c)) {
        Some(c) => fail(format!("invalid character {} in {kind}", shown(c))),
        None => Ok(()),
    }
}
