//! Text made shorter, and lines.

use sealift_gotemplate::{Context, Output, Str};

use crate::table::{Result, Table};

pub(super) fn insert(table: &mut Table<'_>) {
    table.two("abbrev", |_, width: i64, text: Str| {
        Ok(if width < 4 { text } else { abbreviated(&text, 0, bytes(width)) })
    });
    table.three("abbrevboth", |_, left: i64, right: i64, text: Str| {
        let is_too_narrow = right < 4 || left > 0 && right < 7;
        Ok(if is_too_narrow { text } else { abbreviated(&text, bytes(left), bytes(right)) })
    });
    table
        .two("wrap", |context, width: i64, text: Str| wrapped(context, &text, width, b"\n", false));
    table.three("wrapWith", |context, width: i64, separator: Str, text: Str| {
        let separator = separator.as_bytes();
        wrapped(context, &text, width, if separator.is_empty() { b"\n" } else { separator }, true)
    });
}

/// Returns a number of bytes; none for a negative one.
fn bytes(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}

/// Returns at most so many bytes of a text, from about a place on, with dots for the rest.
fn abbreviated(text: &Str, left: usize, width: usize) -> Str {
    let len = text.len();
    if len <= width {
        return text.clone();
    }
    let shown = width - 3;
    let left = left.min(len).min(len - shown);
    let mut out = Output::new();
    if left <= 4 {
        out.push_str(&text.part(0..shown));
        out.push(b"...");
        return out.into_str();
    }
    out.push(b"...");
    if left + shown < len {
        let rest = text.part(left..len);
        out.push_str(&if shown < 4 { Str::from("") } else { abbreviated(&rest, 0, width - 3) });
    } else {
        out.push_str(&text.part(len - shown..len));
    }
    out.into_str()
}

fn wrapped(
    context: &Context<'_>,
    text: &Str,
    width: i64,
    separator: &[u8],
    cuts_words: bool,
) -> Result<Str> {
    let bytes = text.as_bytes();
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let mut out = Output::new();
    let mut at = 0;
    while bytes.len() - at > width {
        if bytes[at] == b' ' {
            at += 1;
            continue;
        }
        let space = bytes[at..=at + width].iter().rposition(|&byte| byte == b' ');
        let next = || bytes[at + width..].iter().position(|&byte| byte == b' ');
        let (end, from) = match space {
            Some(space) => (at + space, at + space + 1),
            None if cuts_words => (at + width, at + width),
            None => match next() {
                Some(found) => (at + width + found, at + width + found + 1),
                None => break,
            },
        };
        out.push_str(&text.part(at..end));
        out.push(separator);
        context.budget().check_string(out.bytes().len())?;
        at = from;
    }
    out.push_str(&text.part(at..bytes.len()));
    Ok(out.into_str())
}
