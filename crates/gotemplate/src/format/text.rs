//! Strings.

use super::flags::Flags;
use crate::output::Output;
use crate::quote::{can_be_raw, quote};
use crate::unicode::characters;
use crate::value::Str;

/// Returns how many bytes of a string its precision leaves, in characters.
fn kept(flags: &Flags, text: &Str) -> usize {
    match flags.precision {
        None => text.len(),
        Some(precision) => {
            characters(text.as_bytes()).take(precision).map(|decoded| decoded.len).sum()
        }
    }
}

/// Writes a string as it is.
pub(super) fn plain(out: &mut Output, flags: &Flags, text: &Str) {
    flags.pad_str(out, text, kept(flags, text));
}

/// Writes a string as a literal.
pub(super) fn quoted(out: &mut Output, flags: &Flags, text: &Str) {
    let bytes = &text.as_bytes()[..kept(flags, text)];
    let mut literal = Vec::with_capacity(bytes.len() + 2);
    if flags.sharp && can_be_raw(bytes) {
        literal.push(b'`');
        literal.extend_from_slice(bytes);
        literal.push(b'`');
    } else {
        quote(&mut literal, bytes, flags.plus);
    }
    let start = out.len();
    flags.pad(out, &literal);
    out.derived(text, start);
}

/// Writes the bytes of a string in hexadecimal.
pub(super) fn hex(out: &mut Output, flags: &Flags, text: &Str, is_upper: bool) {
    let bytes = text.as_bytes();
    let bytes = &bytes[..flags.precision.map_or(bytes.len(), |most| most.min(bytes.len()))];
    let prefix: &[u8] = match (flags.sharp, is_upper) {
        (false, _) => b"",
        (true, false) => b"0x",
        (true, true) => b"0X",
    };
    let digits = if is_upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    let mut written = Vec::with_capacity(bytes.len() * 2 + 2);
    for (place, &byte) in bytes.iter().enumerate() {
        if flags.space && place > 0 {
            written.push(b' ');
        }
        if flags.space || place == 0 {
            written.extend_from_slice(prefix);
        }
        written.push(digits[usize::from(byte >> 4)]);
        written.push(digits[usize::from(byte & 15)]);
    }
    let start = out.len();
    flags.pad(out, &written);
    out.derived(text, start);
}
