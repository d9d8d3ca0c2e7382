//! `html`, `js` and `urlquery`.

use crate::format::sprint;
use crate::limits::Limit;
use crate::unicode::{decode, is_print};
use crate::value::{Str, Value};

/// Returns the text of the arguments: one string as it is, else what `print` makes.
fn text(values: &[Value], most: usize) -> Result<Str, Limit> {
    if let [Value::Str(text)] = values {
        return Ok(text.clone());
    }
    let shown: Vec<Value> = values
        .iter()
        .map(|value| match value {
            Value::Nil => Value::from("<no value>"),
            value => value.clone(),
        })
        .collect();
    sprint(&shown, most)
}

/// Escapes a text for HTML.
pub(super) fn html(values: &[Value], most: usize) -> Result<Str, Limit> {
    let text = text(values, most)?;
    let mut out = Vec::with_capacity(text.len());
    for &byte in text.as_bytes() {
        let escape: &[u8] = match byte {
            0 => "\u{fffd}".as_bytes(),
            b'"' => b"&#34;",
            b'\'' => b"&#39;",
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            _ => {
                out.push(byte);
                continue;
            }
        };
        out.extend_from_slice(escape);
    }
    Ok(if out == text.as_bytes() { text } else { text.derive(out) })
}

/// Escapes a text for a string of JavaScript.
pub(super) fn js(values: &[Value], most: usize) -> Result<Str, Limit> {
    let text = text(values, most)?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some(decoded) = decode(rest) {
        let (character, bytes) = (decoded.character, &rest[..decoded.len]);
        rest = &rest[decoded.len..];
        match character {
            '\\' | '\'' | '"' => out.extend_from_slice(&[b'\\', bytes[0]]),
            '<' | '>' | '&' | '=' | '\0'..' ' => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(character)).as_bytes());
            }
            c if c.is_ascii() || is_print(c) => out.extend_from_slice(bytes),
            c => out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes()),
        }
    }
    Ok(if out == text.as_bytes() { text } else { text.derive(out) })
}

/// Escapes a text for the query of a URL.
pub(super) fn url_query(values: &[Value], most: usize) -> Result<Str, Limit> {
    let text = text(values, most)?;
    let mut out = Vec::with_capacity(text.len());
    for &byte in text.as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte),
            b' ' => out.push(b'+'),
            _ => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    Ok(if out == text.as_bytes() { text } else { text.derive(out) })
}
