//! URLs.

use sealift_sprig::url::{Url, unescape_path};

use super::{Check, address, fail};

fn parse(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.as_bytes())?;
    let host = url.hostname();
    if host.contains(&b':') {
        if !url.host().contains(&b'[') || !url.host().contains(&b']') {
            return fail("ipv6 address not enclosed in brackets");
        }
        address::ipv6_bytes(host).map_err(|error| format!("invalid ipv6 address: {error}"))?;
    }
    Ok(url)
}

pub(super) fn uri(text: &str) -> Check {
    if parse(text)?.scheme().is_empty() { fail("relative url") } else { Ok(()) }
}

pub(super) fn uri_reference(text: &str) -> Check {
    if text.contains('\\') {
        return fail("contains \\");
    }
    parse(text).map(|_| ())
}

pub(super) fn uri_template(text: &str) -> Check {
    let url = parse(text)?;
    let path = raw_path(text, &url);
    if path.as_bytes() == url.escaped_path() {
        // Go then forgets how the path was written.
        return Ok(());
    }
    for token in path.split('/') {
        let token = unescape_path(token.as_bytes())
            .map_err(|error| format!("percent decode failed: {error}"))?;
        let mut is_open = false;
        for byte in token {
            match byte {
                b'{' if is_open => return fail("nested curly braces"),
                b'}' if !is_open => return fail("nested curly braces"),
                b'{' | b'}' => is_open = !is_open,
                _ => {}
            }
        }
        if is_open {
            return fail("no matching closing brace");
        }
    }
    Ok(())
}

/// Returns the path as it is written.
fn raw_path<'t>(text: &'t str, url: &Url) -> &'t str {
    let text = text.split('#').next().unwrap_or_default();
    let rest = match url.scheme().len() {
        0 => text,
        length => text.get(length + 1..).unwrap_or_default(),
    };
    let rest = rest.split('?').next().unwrap_or_default();
    match rest.strip_prefix("//") {
        Some(behind) => behind.find('/').map_or("", |slash| &behind[slash..]),
        None if rest.starts_with('/') || url.scheme().is_empty() => rest,
        None => "",
    }
}
