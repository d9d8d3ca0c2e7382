//! Numbers as Go writes them in its source.
//!
//! Mirrors what `strconv` and `text/template/parse` of Go 1.26 accept.

use crate::quote::{quoted, unquote_char};
use crate::value::{Number as Sized, Value};

/// What a number in a template can be taken for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Number {
    /// As it is written.
    pub(crate) text: Box<str>,
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
}

impl Number {
    /// Reads a number. The error is Go's.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut number =
            Self { text: text.into(), int: None, uint: None, float: None, complex: None };
        if text.starts_with('\'') {
            number.read_char()?;
            return Ok(number);
        }
        if let Some(imaginary) = text.strip_suffix('i') {
            return match read_complex(imaginary) {
                Some(parts) => {
                    number.set_complex(parts);
                    Ok(number)
                }
                None => Err(format!("illegal number syntax: {}", quoted(text))),
            };
        }
        number.read_plain()?;
        Ok(number)
    }

    /// Returns the value where any type is welcome.
    pub(crate) fn value(&self) -> Result<Value, String> {
        let text = &*self.text;
        let is_hex = has_hex_prefix(text) && !text.contains(['p', 'P']);
        if let Some((real, imaginary)) = self.complex {
            return Ok(Value::Number(Sized::Complex(Box::new((real, imaginary)))));
        }
        if let Some(float) = self.float
            && !is_hex
            && !text.starts_with('\'')
            && text.contains(['.', 'e', 'E', 'p', 'P'])
        {
            return Ok(Value::Float(float));
        }
        self.int.map(Value::Int).ok_or_else(|| format!("{text} overflows int"))
    }

    fn read_char(&mut self) -> Result<(), String> {
        let (code, rest) = unquote_char(self.text.as_bytes()).ok_or("invalid syntax")?;
        if rest != b"'" {
            return Err(format!("malformed character constant: {}", self.text));
        }
        self.int = Some(i64::from(code));
        self.uint = Some(u64::from(code));
        self.float = Some(f64::from(code));
        Ok(())
    }

    fn set_complex(&mut self, (real, imaginary): (f64, f64)) {
        self.complex = Some((real, imaginary));
        if imaginary == 0.0 {
            self.float = Some(real);
            self.int = whole(real);
            self.uint = whole_unsigned(real);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "so does Go")]
    fn read_plain(&mut self) -> Result<(), String> {
        let text = &*self.text;
        self.uint = read_uint(text);
        self.int = read_int(text);
        if self.int == Some(0) {
            self.uint = Some(0); // -0
        }
        if let Some(int) = self.int {
            self.float = Some(int as f64);
        } else if let Some(uint) = self.uint {
            self.float = Some(uint as f64);
        } else if let Some(float) = read_float(text) {
            if !text.contains(['.', 'e', 'E', 'p', 'P']) {
                return Err(format!("integer overflow: {}", quoted(text)));
            }
            self.float = Some(float);
            self.int = whole(float);
            self.uint = whole_unsigned(float);
        }
        match self.float {
            Some(_) => Ok(()),
            None => Err(format!("illegal number syntax: {}", quoted(text))),
        }
    }
}

fn has_hex_prefix(text: &str) -> bool {
    text.starts_with("0x") || text.starts_with("0X")
}

/// Reads `2` of `2i`, or `1+2` of `1+2i`.
fn read_complex(text: &str) -> Option<(f64, f64)> {
    if let Some(imaginary) = read_float(text) {
        return Some((0.0, imaginary));
    }
    let signs = text.char_indices().skip(1).filter(|(_, c)| matches!(c, '+' | '-'));
    signs
        .map(|(at, _)| text.split_at(at))
        .find_map(|(real, imaginary)| Some((read_float(real)?, read_float(imaginary)?)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "checked by the comparison"
)]
fn whole(float: f64) -> Option<i64> {
    (float.abs() < 9.3e18 && (float as i64) as f64 == float && float < i64::MAX as f64)
        .then_some(float as i64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::cast_sign_loss,
    reason = "checked by the comparison"
)]
fn whole_unsigned(float: f64) -> Option<u64> {
    (float >= 0.0 && float < u64::MAX as f64 && (float as u64) as f64 == float)
        .then_some(float as u64)
}

fn read_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let size = i128::from(read_uint(digits)?);
    i64::try_from(if negative { -size } else { size }).ok()
}

fn read_uint(text: &str) -> Option<u64> {
    let (radix, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &text[2..]),
        [b'0', b'o' | b'O', ..] => (8, &text[2..]),
        [b'0', b'b' | b'B', ..] => (2, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    };
    if !underscores_are_fine(text) || digits.is_empty() {
        return None;
    }
    let mut number = 0_u64;
    for digit in digits.chars().filter(|&c| c != '_') {
        let digit = u64::from(digit.to_digit(radix)?);
        number = number.checked_mul(u64::from(radix))?.checked_add(digit)?;
    }
    Some(number)
}

/// Returns whether each underscore stands between digits, or between prefix and digit.
fn underscores_are_fine(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !text.contains('_') {
        return true;
    }
    let (is_hex, mut before, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (true, '0', &text[2..]),
        [b'0', b'o' | b'O' | b'b' | b'B', ..] => (false, '0', &text[2..]),
        _ => (false, '^', text),
    };
    for c in digits.chars() {
        let class = match c {
            '_' if before != '0' => return false,
            '_' => '_',
            c if c.is_ascii_digit() || is_hex && c.is_ascii_hexdigit() => '0',
            _ if before == '_' => return false,
            _ => '!',
        };
        before = class;
    }
    before != '_'
}

/// Reads a floating-point number; `None` also for one that is too large.
pub(crate) fn read_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !underscores_are_fine(text) {
        return None;
    }
    let plain: String = text.chars().filter(|&c| c != '_').collect();
    if has_hex_prefix(unsigned) {
        let (negative, hex) = (plain.starts_with('-'), plain.trim_start_matches(['+', '-']));
        let float = read_hex_float(&hex[2..])?;
        return Some(if negative { -float } else { float });
    }
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None; // no `inf`
    }
    plain.parse().ok().filter(|float: &f64| float.is_finite())
}

/// Reads what follows `0x`: a mantissa and an exponent that cannot be left away.
fn read_hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent: i64 =
        exponent.parse().unwrap_or(if exponent.starts_with('-') { -100_000 } else { 100_000 });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut bits = Bits::default();
    for (place, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        bits.push(u64::from(digit.to_digit(16)?), place >= whole.len());
    }
    let float = bits.float(exponent.clamp(-100_000, 100_000));
    float.is_finite().then_some(float)
}

/// The leading bits of a mantissa, and whether others follow that are not zero.
#[derive(Default)]
struct Bits {
    mantissa: u64,
    exponent: i64,
    more: bool,
}

impl Bits {
    fn push(&mut self, digit: u64, is_fraction: bool) {
        if self.mantissa >> 60 == 0 {
            self.mantissa = self.mantissa << 4 | digit;
        } else {
            self.more |= digit != 0;
            self.exponent += 4;
        }
        if is_fraction {
            self.exponent -= 4;
        }
    }

    /// Rounds to the nearest number, to the even one of two.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "53 bits fit")]
    fn float(&self, exponent: i64) -> f64 {
        if self.mantissa == 0 {
            return 0.0;
        }
        let mut exponent = exponent.saturating_add(self.exponent);
        let length = 64 - i64::from(self.mantissa.leading_zeros());
        // The number has the bits from `top` down; below 2^-1074 there are none.
        let top = exponent.saturating_add(length);
        let drop = (length - 53).max(-1074 - exponent).max(0);
        let mut mantissa = self.mantissa;
        if drop >= 64 {
            return if drop == 64 && mantissa > 1 << 63 { 2_f64.powi(-1074) } else { 0.0 };
        }
        if drop > 0 {
            let half = 1_u64 << (drop - 1);
            let rest = mantissa & ((half << 1).wrapping_sub(1));
            mantissa = if drop == 64 { 0 } else { mantissa >> drop };
            if rest > half || rest == half && (self.more || mantissa & 1 == 1) {
                mantissa += 1;
            }
            exponent += drop;
        }
        if top > 1100 {
            return f64::INFINITY;
        }
        // Two steps, since the second factor alone may be too small for a float.
        let near = exponent.clamp(-1000, 900);
        mantissa as f64 * 2_f64.powi(near as i32) * 2_f64.powi((exponent - near) as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_floats_are_rounded_once() {
        for (text, float) in [
            ("0x1p4", 16.0),
            ("0x1.8p1", 3.0),
            ("0x.8p0", 0.5),
            ("-0x1p-2", -0.25),
            ("0x1p-1074", f64::from_bits(1)),
            ("0x1p-1075", 0.0),
            ("0x1.8p-1075", f64::from_bits(1)),
            ("0x1.fffffffffffffp1023", f64::MAX),
            ("0x1.00000000000008p0", 1.0),
            ("0x1.00000000000018p0", f64::from_bits(0x3ff0_0000_0000_0002)),
            ("0x1.000000000000080001p0", f64::from_bits(0x3ff0_0000_0000_0001)),
        ] {
            assert_eq!(read_float(text), Some(float), "{text}");
        }
        assert_eq!(read_float("0x1p1024"), None);
    }
}
