//! Whole numbers, and the characters they stand for.

use super::flags::Flags;
use crate::output::Output;
use crate::quote::quote_char;
use crate::unicode::{is_print, push};

/// A whole number by sign and size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Integer {
    pub(super) is_negative: bool,
    pub(super) size: u64,
}

impl From<i64> for Integer {
    fn from(number: i64) -> Self {
        Self { is_negative: number < 0, size: number.unsigned_abs() }
    }
}

impl From<u64> for Integer {
    fn from(size: u64) -> Self {
        Self { is_negative: false, size }
    }
}

/// Writes a number in the base of its verb: one of `b`, `d`, `o`, `O`, `x`, `X`.
pub(super) fn integer(out: &mut Output, flags: &Flags, number: Integer, verb: char) {
    let Integer { is_negative, size } = number;
    let mut least = 0;
    if let Some(precision) = flags.precision {
        least = precision;
        if precision == 0 && size == 0 {
            return flags.with_spaces().fill(out, flags.width.unwrap_or(0));
        }
    } else if flags.zero
        && !flags.minus
        && let Some(width) = flags.width
    {
        least = width.saturating_sub(usize::from(is_negative || flags.plus || flags.space));
    }
    let digits = digits(size, verb);
    let mut text = Vec::with_capacity(digits.len().max(least) + 3);
    if is_negative {
        text.push(b'-');
    } else if flags.plus {
        text.push(b'+');
    } else if flags.space {
        text.push(b' ');
    }
    let zeros = least.saturating_sub(digits.len());
    text.extend_from_slice(prefix(flags, verb, zeros > 0 || digits.starts_with('0')).as_bytes());
    text.resize(text.len() + zeros, b'0');
    text.extend_from_slice(digits.as_bytes());
    flags.with_spaces().pad(out, &text);
}

fn digits(size: u64, verb: char) -> String {
    match verb {
        'b' => format!("{size:b}"),
        'o' | 'O' => format!("{size:o}"),
        'x' => format!("{size:x}"),
        'X' => format!("{size:X}"),
        _ => size.to_string(),
    }
}

fn prefix(flags: &Flags, verb: char, has_zero: bool) -> &'static str {
    match verb {
        'O' if flags.sharp && !has_zero => "0o0",
        'O' => "0o",
        'b' if flags.sharp => "0b",
        'o' if flags.sharp && !has_zero => "0",
        'x' if flags.sharp => "0x",
        'X' if flags.sharp => "0X",
        _ => "",
    }
}

/// Returns the character of a number; U+FFFD when there is none.
fn character(number: Integer) -> char {
    let code = u32::try_from(number.size).ok().filter(|_| !number.is_negative);
    code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Writes the character of a number.
pub(super) fn rune(out: &mut Output, flags: &Flags, number: Integer) {
    flags.pad(out, character(number).encode_utf8(&mut [0; 4]).as_bytes());
}

/// Writes the character of a number as a literal.
pub(super) fn quoted_rune(out: &mut Output, flags: &Flags, number: Integer) {
    let mut literal = Vec::new();
    quote_char(&mut literal, character(number), flags.plus);
    flags.pad(out, &literal);
}

/// Writes `U+0041`, and the character with `#`.
pub(super) fn unicode(out: &mut Output, flags: &Flags, number: Integer) {
    let size = if number.is_negative { number.size.wrapping_neg() } else { number.size };
    let digits = flags.precision.unwrap_or(4).max(4);
    let hex = format!("{size:X}");
    let mut text = b"U+".to_vec();
    text.resize(2 + digits.saturating_sub(hex.len()), b'0');
    text.extend_from_slice(hex.as_bytes());
    let printed = u32::try_from(size).ok().and_then(char::from_u32).filter(|&c| is_print(c));
    if let Some(c) = printed.filter(|_| flags.sharp) {
        text.extend_from_slice(b" '");
        push(&mut text, c);
        text.push(b'\'');
    }
    flags.with_spaces().pad(out, &text);
}
