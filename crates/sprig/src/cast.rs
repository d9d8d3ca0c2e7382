//! Numbers out of any value, as github.com/spf13/cast makes them.

use sealift_gotemplate::{Numeric, Value};

/// Returns what `cast.ToInt64` returns: 0 for what is no number.
pub(crate) fn whole(value: &Value) -> i64 {
    match value {
        Value::Bool(truth) => i64::from(*truth),
        Value::Str(text) => parse_whole(without_zeros(text.as_bytes()), 0).ok().unwrap_or(0),
        value => value.numeric().map_or(0, whole_of),
    }
}

#[expect(clippy::cast_possible_wrap, reason = "as Go converts")]
fn whole_of(number: Numeric) -> i64 {
    match number {
        Numeric::Int(number) => number,
        Numeric::Uint(number) => number as i64,
        Numeric::Float(number) => truncate(number),
        Numeric::Complex(..) => 0,
    }
}

/// Returns what amd64 makes of a float: the least number for all that do not fit.
#[expect(clippy::cast_possible_truncation, reason = "what does not fit is seen to")]
pub(crate) fn truncate(number: f64) -> i64 {
    const END: f64 = 9_223_372_036_854_775_808.0;
    if (-END..END).contains(&number) { number as i64 } else { i64::MIN }
}

/// Returns what `cast.ToFloat64` returns: 0 for what is no number.
#[expect(clippy::cast_precision_loss, reason = "as Go converts")]
pub(crate) fn float(value: &Value) -> f64 {
    match value {
        Value::Bool(truth) => f64::from(u8::from(*truth)),
        Value::Str(text) => parse_float(text.as_bytes()).unwrap_or(0.0),
        value => match value.numeric() {
            Some(Numeric::Int(number)) => number as f64,
            Some(Numeric::Uint(number)) => number as f64,
            Some(Numeric::Float(number)) => number,
            Some(Numeric::Complex(..)) | None => 0.0,
        },
    }
}

/// Returns `1` for `1.00`, and all else as it is.
fn without_zeros(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|&byte| byte != b'0');
    match end {
        Some(end) if text[end] == b'.' && end + 1 < text.len() => &text[..end],
        _ => text,
    }
}

/// Why a text is no whole number.
pub(crate) enum NotWhole {
    /// It is no number.
    Syntax,
    /// It is beyond this one.
    Range(i64),
}

/// Returns what `strconv.ParseInt` returns for 64 bits; base 0 reads prefixes.
pub(crate) fn parse_whole(text: &[u8], base: u32) -> Result<i64, NotWhole> {
    let is_negative = text.starts_with(b"-");
    let digits = if let [b'-' | b'+', digits @ ..] = text { digits } else { text };
    let reads_prefix = base == 0;
    let (base, digits, has_prefix) =
        if reads_prefix { prefix(digits) } else { (base, digits, false) };
    let mut number: u128 = 0;
    let mut after_digit = has_prefix;
    for &byte in digits {
        let digit = char::from(byte).to_digit(36).filter(|&digit| digit < base);
        match (digit, byte) {
            (Some(digit), _) => {
                number = (number * u128::from(base) + u128::from(digit)).min(1 << 64);
                after_digit = true;
            }
            (None, b'_') if after_digit && reads_prefix => {
                after_digit = false;
            }
            _ => return Err(NotWhole::Syntax),
        }
    }
    if digits.is_empty() && !(has_prefix && base == 8 && text.ends_with(b"0")) || !after_digit {
        return Err(NotWhole::Syntax);
    }
    let number = i128::try_from(number).map(|number| if is_negative { -number } else { number });
    let most = if is_negative { i64::MIN } else { i64::MAX };
    number.ok().and_then(|number| i64::try_from(number).ok()).ok_or(NotWhole::Range(most))
}

/// Returns the base that a number begins with, what follows, and whether it was written.
fn prefix(digits: &[u8]) -> (u32, &[u8], bool) {
    match digits {
        [b'0', b'x' | b'X', rest @ ..] if !rest.is_empty() => (16, rest, true),
        [b'0', b'b' | b'B', rest @ ..] if !rest.is_empty() => (2, rest, true),
        [b'0', b'o' | b'O', rest @ ..] | [b'0', rest @ ..] if !rest.is_empty() => (8, rest, true),
        digits => (10, digits, false),
    }
}

/// Returns what `strconv.ParseFloat` returns, unless that is an error.
pub(crate) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
    if digits.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let is_number = digits.eq_ignore_ascii_case("nan");
        return if is_number && digits.len() < text.len() { None } else { text.parse().ok() };
    }
    let plain = without_underscores(text)?;
    let number = if is_hexadecimal { hexadecimal(&plain)? } else { plain.parse().ok()? };
    f64::is_finite(number).then_some(number)
}

/// Returns the text without underscores, which stand between digits only, or behind `0x`.
fn without_underscores(text: &str) -> Option<String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    let is_hexadecimal = digits.starts_with(b"0x") || digits.starts_with(b"0X");
    let is_digit = |place: usize| {
        let digit = digits.get(place).copied().unwrap_or(b'.');
        if is_hexadecimal { digit.is_ascii_hexdigit() } else { digit.is_ascii_digit() }
    };
    let is_after =
        |place: usize| place > 0 && (is_digit(place - 1) || is_hexadecimal && place == 2);
    let are_between = digits
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'_')
        .all(|(place, _)| is_after(place) && is_digit(place + 1));
    are_between.then(|| text.replace('_', ""))
}

/// Reads `0x1.8p3`, whose exponent must be written.
#[expect(clippy::cast_precision_loss, reason = "rounded once")]
fn hexadecimal(text: &str) -> Option<f64> {
    let is_negative = text.starts_with('-');
    let text = text.strip_prefix(['+', '-']).unwrap_or(text).get(2..)?;
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let exponent: i32 = exponent.parse().ok().filter(|_| exponent.len() < 8)?;
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    let significant = digits.trim_start_matches('0');
    if digits.is_empty() || significant.len() > 16 {
        return None;
    }
    let number =
        if significant.is_empty() { 0 } else { u64::from_str_radix(significant, 16).ok()? };
    let exponent = exponent - 4 * i32::try_from(part.len()).ok()?;
    let near = exponent.clamp(-1000, 900);
    let number =
        number as f64 * 2_f64.powi(near) * 2_f64.powi((exponent - near).clamp(-2000, 2000));
    Some(if is_negative { -number } else { number })
}
