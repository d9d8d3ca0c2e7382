//! Names of hosts, and addresses of mail.

use super::{Check, address, fail, shown};

pub(super) fn hostname(text: &str) -> Check {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return fail("more than 253 characters long");
    }
    for label in text.split('.') {
        if label.is_empty() || label.len() > 63 {
            return fail("label must be 1 to 63 characters long");
        }
        if label.starts_with('-') {
            return fail("label starts with hyphen");
        }
        if label.ends_with('-') {
            return fail("label ends with hyphen");
        }
        allow(label, |c| c.is_ascii_alphanumeric() || c == '-')?;
    }
    Ok(())
}

fn allow(text: &str, is_allowed: impl Fn(char) -> bool) -> Check {
    match text.chars().find(|c| !is_allowed(*c)) {
        Some(c) => fail(format!("invalid character {}", shown(c))),
        None => Ok(()),
    }
}

pub(super) fn email(text: &str) -> Check {
    if text.len() > 254 {
        return fail("more than 255 characters long");
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return fail("missing @") };
    if local.len() > 64 {
        return fail("local part more than 64 characters long");
    }
    local_part(local)?;
    let literal = domain.strip_prefix('[').and_then(|domain| domain.strip_suffix(']'));
    match literal.map(|literal| (literal, literal.strip_prefix("IPv6:"))) {
        Some((_, Some(address))) => {
            address::ipv6(address).map_err(|error| format!("invalid ipv6 address: {error}"))
        }
        Some((address, None)) => {
            address::ipv4(address).map_err(|error| format!("invalid ipv4 address: {error}"))
        }
        None => hostname(domain).map_err(|error| format!("invalid domain: {error}")),
    }
}

fn local_part(local: &str) -> Check {
    if local.len() > 1 && local.starts_with('"') {
        // The last character is taken for the closing quote, whatever it is.
        let inner = &local.as_bytes()[1..local.len() - 1];
        if inner.iter().any(|byte| b"\\\"".contains(byte)) {
            return fail("backslash and quote are not allowed within quoted local part");
        }
        return Ok(());
    }
    if local.starts_with('.') {
        return fail("starts with dot");
    }
    if local.ends_with('.') {
        return fail("ends with dot");
    }
    if local.contains("..") {
        return fail("consecutive dots");
    }
    allow(local, |c| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c))
}
