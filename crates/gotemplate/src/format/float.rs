//! Floating-point numbers.

use super::flags::Flags;
use crate::output::Output;

/// More digits after the point than any number has; further ones are zeros.
const DIGITS: usize = 1_100;

/// From this exponent on, `%g` without precision writes one: a million is `1e+06`.
const SHORTEST: i64 = 6;

/// A floating-point number of either size.
#[derive(Clone, Copy, Debug)]
pub(super) enum Float {
    Double(f64),
    Single(f32),
}

/// Writes a number by one of the verbs `b`, `e`, `E`, `f`, `g`, `G`, `x`, `X`, where
/// `v` is `g`. Without `precision`, as many digits as are needed to read it again.
pub(super) fn float(
    out: &mut Output,
    flags: &Flags,
    number: Float,
    verb: char,
    precision: Option<usize>,
) {
    let precision = flags.precision.or(precision);
    let mut text = number.text(verb, precision);
    if !matches!(text[0], b'-' | b'+') {
        text.insert(0, b'+');
    }
    if flags.space && text[0] == b'+' && !flags.plus {
        text[0] = b' ';
    }
    if matches!(text[1], b'I' | b'N') {
        let from = usize::from(text[1] == b'N' && !flags.space && !flags.plus);
        return flags.with_spaces().pad(out, &text[from..]);
    }
    if flags.sharp && verb != 'b' {
        keep_point(&mut text, verb, precision);
    }
    if !flags.plus && text[0] == b'+' {
        return flags.pad(out, &text[1..]);
    }
    if let Some(width) = flags.width
        && flags.zero
        && !flags.minus
        && width > text.len()
    {
        out.push(&text[..1]);
        flags.fill(out, width - text.len());
        return out.push(&text[1..]);
    }
    flags.pad(out, &text);
}

/// Gives a number its point, and for `%g` the zeros that it has room for.
fn keep_point(text: &mut Vec<u8>, verb: char, precision: Option<usize>) {
    let is_hex = matches!(verb, 'x' | 'X');
    let mut room = match verb {
        'v' | 'g' | 'G' | 'x' => precision.unwrap_or(6),
        'X' => precision.unwrap_or(0),
        _ => 0,
    };
    let exponent = text.iter().position(|byte| match byte {
        b'p' | b'P' => true,
        b'e' | b'E' => !is_hex,
        _ => false,
    });
    let tail = text.split_off(exponent.unwrap_or(text.len()));
    let (mut has_point, mut has_digit) = (false, false);
    for &byte in &text[1..] {
        if byte == b'.' {
            has_point = true;
            continue;
        }
        has_digit |= byte != b'0';
        room = room.saturating_sub(usize::from(has_digit));
    }
    if !has_point {
        if text.len() == 2 && text[1] == b'0' {
            room = room.saturating_sub(1);
        }
        text.push(b'.');
    }
    text.resize(text.len() + room, b'0');
    text.extend_from_slice(&tail);
}

/// Writes `(1+2i)`.
pub(super) fn complex(
    out: &mut Output,
    flags: &Flags,
    parts: (f64, f64),
    verb: char,
    precision: Option<usize>,
) {
    out.push(b"(");
    float(out, flags, Float::Double(parts.0), verb, precision);
    let signed = Flags { plus: true, ..*flags };
    float(out, &signed, Float::Double(parts.1), verb, precision);
    out.push(b"i)");
}

/// The decimal digits of a number, without zeros at the end: `0.ddd × 10^point`.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Float {
    fn text(self, verb: char, precision: Option<usize>) -> Vec<u8> {
        let double = self.double();
        if double.is_nan() {
            return b"NaN".to_vec();
        }
        if double.is_infinite() {
            return if double > 0.0 { b"+Inf".to_vec() } else { b"-Inf".to_vec() };
        }
        let mut text = Vec::new();
        if double.is_sign_negative() {
            text.push(b'-');
        }
        match verb {
            'b' => self.binary(&mut text),
            'e' | 'E' => self.exponent(&mut text, verb, precision),
            'f' | 'F' => self.plain(&mut text, precision),
            'x' | 'X' => self.hex(&mut text, verb, precision),
            _ => self.general(&mut text, if verb == 'G' { b'E' } else { b'e' }, precision),
        }
        text
    }

    fn double(self) -> f64 {
        match self {
            Self::Double(number) => number,
            Self::Single(number) => f64::from(number),
        }
    }

    /// Returns the fewest digits that are read as this number, or that many rounded.
    fn decimal(self, digits: Option<usize>) -> Decimal {
        let text = match (digits, self) {
            (Some(digits), _) => {
                format!("{:.*e}", digits.clamp(1, DIGITS) - 1, self.double().abs())
            }
            (None, Self::Double(number)) => format!("{:e}", number.abs()),
            (None, Self::Single(number)) => format!("{:e}", number.abs()),
        };
        let (mantissa, exponent) = text.split_once('e').expect("that is how it is written");
        let mut digits: Vec<u8> = mantissa.bytes().filter(|&byte| byte != b'.').collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let exponent: i64 = exponent.parse().expect("that is how it is written");
        let point = if digits.is_empty() { 0 } else { exponent + 1 };
        Decimal { digits, point }
    }

    fn exponent(self, text: &mut Vec<u8>, letter: char, precision: Option<usize>) {
        let decimal = self.decimal(precision.map(|precision| precision + 1));
        let after = precision.unwrap_or(decimal.digits.len().saturating_sub(1));
        decimal.write_exponent(text, u8::try_from(letter).unwrap_or(b'e'), after);
    }

    fn plain(self, text: &mut Vec<u8>, precision: Option<usize>) {
        let Some(precision) = precision else {
            return self.decimal(None).write_plain(text);
        };
        let kept = precision.min(DIGITS);
        text.extend_from_slice(format!("{:.*}", kept, self.double().abs()).as_bytes());
        text.resize(text.len() + (precision - kept), b'0');
    }

    fn general(self, text: &mut Vec<u8>, letter: u8, precision: Option<usize>) {
        let precision = precision.map(|precision| precision.max(1));
        let decimal = self.decimal(precision);
        let digits = i64::try_from(decimal.digits.len()).unwrap_or(i64::MAX);
        let most = match precision.map(|precision| i64::try_from(precision).unwrap_or(i64::MAX)) {
            Some(precision) if precision > digits && digits >= decimal.point => digits,
            Some(precision) => precision,
            None => SHORTEST,
        };
        let exponent = decimal.point - 1;
        if exponent < -4 || exponent >= most {
            let after = decimal.digits.len().saturating_sub(1);
            return decimal.write_exponent(text, letter, after);
        }
        decimal.write_plain(text);
    }

    /// Returns mantissa and exponent: the number is `mantissa × 2^exponent`.
    fn parts(self) -> (u64, i64, u32) {
        let (bits, width, offset) = match self {
            Self::Double(number) => (number.to_bits() & (u64::MAX >> 1), 52, 1075),
            Self::Single(number) => (u64::from(number.to_bits() & (u32::MAX >> 1)), 23, 150),
        };
        let exponent = i64::try_from(bits >> width).expect("the sign is cut off");
        let fraction = bits & ((1 << width) - 1);
        if exponent == 0 {
            return (fraction, 1 - offset, width);
        }
        (fraction | 1 << width, exponent - offset, width)
    }

    fn binary(self, text: &mut Vec<u8>) {
        let (mantissa, exponent, _) = self.parts();
        text.extend_from_slice(format!("{mantissa}p{exponent:+}").as_bytes());
    }

    fn hex(self, text: &mut Vec<u8>, verb: char, precision: Option<usize>) {
        let (mut mantissa, mut exponent, bits) = self.parts();
        exponent = if mantissa == 0 { 0 } else { exponent + i64::from(bits) };
        // One bit before the point, 60 after it.
        mantissa <<= 60 - bits;
        while mantissa != 0 && mantissa >> 60 == 0 {
            mantissa <<= 1;
            exponent -= 1;
        }
        if let Some(precision) = precision.filter(|&precision| precision < 15) {
            (mantissa, exponent) = round_hex(mantissa, exponent, precision);
        }
        let digits = format!("{:015x}", mantissa & ((1 << 60) - 1));
        let digits = match precision {
            Some(precision) => {
                format!("{:0<1$}", &digits[..precision.min(15)], precision.min(DIGITS))
            }
            None => digits.trim_end_matches('0').to_owned(),
        };
        let point = if digits.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        let missing = precision.map_or(0, |precision| precision.saturating_sub(DIGITS));
        let zeros = "0".repeat(missing);
        let written = format!(
            "0x{}{point}{digits}{zeros}p{sign}{:02}",
            mantissa >> 60,
            exponent.unsigned_abs()
        );
        let written = if verb == 'X' { written.to_ascii_uppercase() } else { written };
        text.extend_from_slice(written.as_bytes());
    }
}

/// Rounds a mantissa with 60 bits behind the point to so many hexadecimal digits.
fn round_hex(mut mantissa: u64, mut exponent: i64, precision: usize) -> (u64, i64) {
    let dropped = 60 - 4 * precision;
    let half = 1_u64 << (dropped - 1);
    let rest = mantissa & ((half << 1) - 1);
    mantissa >>= dropped;
    if rest > half || rest == half && mantissa & 1 == 1 {
        mantissa += 1;
    }
    mantissa <<= dropped;
    if mantissa >> 61 != 0 {
        mantissa >>= 1;
        exponent += 1;
    }
    (mantissa, exponent)
}

impl Decimal {
    /// Writes `d.ddde+dd`, with so many digits after the point.
    fn write_exponent(&self, text: &mut Vec<u8>, letter: u8, after: usize) {
        let (first, rest) = match self.digits.split_first() {
            Some((first, rest)) => (*first, rest),
            None => (b'0', &[][..]),
        };
        text.push(first);
        if after > 0 {
            text.push(b'.');
            text.extend_from_slice(&rest[..rest.len().min(after)]);
            text.resize(text.len() + after.saturating_sub(rest.len()), b'0');
        }
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let sign = if exponent < 0 { '-' } else { '+' };
        text.push(letter);
        text.extend_from_slice(format!("{sign}{:02}", exponent.unsigned_abs()).as_bytes());
    }

    /// Writes `ddd.ddd`.
    fn write_plain(&self, text: &mut Vec<u8>) {
        let point = usize::try_from(self.point).unwrap_or(0);
        let whole = &self.digits[..point.min(self.digits.len())];
        text.extend_from_slice(if whole.is_empty() { b"0" } else { whole });
        text.resize(text.len() + point.saturating_sub(whole.len().max(1)), b'0');
        let fraction = &self.digits[whole.len()..];
        if fraction.is_empty() {
            return;
        }
        text.push(b'.');
        let zeros = usize::try_from(-self.point.min(0)).unwrap_or(0);
        text.resize(text.len() + zeros, b'0');
        text.extend_from_slice(fraction);
    }
}
