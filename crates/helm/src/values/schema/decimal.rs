//! Numbers without loss: Go's `big.Rat`, as far as schemas need it.

use std::cmp::Ordering;

use sealift_gotemplate::Value;

/// A decimal number: its digits, of which neither the first nor the last is 0, times a power of 10.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    is_negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

/// The largest power of 10 that `Rat.SetString` takes.
const MAX_EXPONENT: i64 = 1_000_000;

impl Decimal {
    /// Returns the number that a value is, when Go can hold it.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes(text) => Self::parse(std::str::from_utf8(text.as_bytes()).ok()?),
            Value::Float(number) => Self::parse(&format!("{number:e}")),
            Value::Int(number) | Value::Int64(number) => Self::parse(&number.to_string()),
            _ => None,
        }
    }

    /// Reads what JSON takes for a number.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let exponent: i64 = exponent.parse().ok()?;
        let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let digits = whole.bytes().chain(fraction.bytes());
        let digits: Vec<u8> = digits.skip_while(|&digit| digit == b'0').collect();
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        if digits.is_empty() {
            return Some(Self { is_negative: false, digits, exponent: 0 });
        }
        if exponent.abs() > MAX_EXPONENT {
            return None;
        }
        Some(Self { is_negative, digits, exponent }.trimmed())
    }

    fn trimmed(mut self) -> Self {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
            self.exponent += 1;
        }
        self
    }

    pub(super) fn is_integer(&self) -> bool {
        self.exponent >= 0
    }

    /// Returns the nearest number of 64 bits.
    pub(super) fn to_f64(&self) -> f64 {
        let digits = std::str::from_utf8(&self.digits).unwrap_or_default();
        let sign = if self.is_negative { "-" } else { "" };
        format!("{sign}0{digits}e{}", self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// Returns the last 64 bits of a whole number, as `big.Int.Int64` does.
    pub(super) fn low_bits(&self) -> i64 {
        let push = |bits: u64, digit: u8| bits.wrapping_mul(10).wrapping_add(u64::from(digit));
        let digits = self.digits.iter().fold(0, |bits, digit| push(bits, digit - b'0'));
        // Ten to the 64th is a multiple of two to the 64th.
        let zeros = self.exponent.clamp(0, 64);
        let bits = (0..zeros).fold(digits, |bits, _| push(bits, 0));
        let bits = if self.is_negative { bits.wrapping_neg() } else { bits };
        bits.cast_signed()
    }

    /// Returns what [`Self::is_multiple_of`] costs, in steps.
    pub(super) fn weight_of_division(&self, other: &Self) -> usize {
        let zeros = usize::try_from(self.exponent - other.exponent).unwrap_or(0);
        let digits = self.digits.len().saturating_add(zeros);
        if digits < other.digits.len() {
            return 1;
        }
        // For each digit, the other number is taken away up to nine times.
        digits.saturating_mul(8 + other.digits.len()) / 64
    }

    /// Returns whether the number is another one, which is not 0, a whole number of times.
    pub(super) fn is_multiple_of(&self, other: &Self) -> bool {
        if self.digits.is_empty() {
            return true;
        }
        let zeros = self.exponent - other.exponent;
        // Digits do not end in 0, so that only a power of 10 of its own makes it divisible by 10.
        let Ok(zeros) = usize::try_from(zeros) else { return false };
        if self.digits.len() + zeros < other.digits.len() {
            return false;
        }
        let zeros = std::iter::repeat_n(&b'0', zeros);
        let mut rest = Natural::default();
        for digit in self.digits.iter().chain(zeros) {
            rest.push(digit - b'0');
            rest.reduce(&other.digits);
        }
        rest.0.is_empty()
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = |number: &Self| {
            number.exponent.saturating_add(i64::try_from(number.digits.len()).unwrap_or(i64::MAX))
        };
        sign(self).cmp(&sign(other)).then_with(|| {
            let order = size(self).cmp(&size(other)).then_with(|| self.digits.cmp(&other.digits));
            if self.is_negative { order.reverse() } else { order }
        })
    }
}

/// A natural number: its digits, of which the first is not 0.
#[derive(Default)]
struct Natural(Vec<u8>);

impl Natural {
    fn push(&mut self, digit: u8) {
        if digit > 0 || !self.0.is_empty() {
            self.0.push(digit);
        }
    }

    /// Takes a number away, given by its ASCII digits, until less than it is left.
    fn reduce(&mut self, other: &[u8]) {
        while self.is_at_least(other) {
            let mut borrow = 0;
            let shorter = self.0.len() - other.len();
            for place in (0..self.0.len()).rev() {
                let less = place.checked_sub(shorter).map_or(0, |place| other[place] - b'0');
                let taken = less + borrow;
                borrow = u8::from(self.0[place] < taken);
                self.0[place] = self.0[place] + 10 * borrow - taken;
            }
            let zeros = self.0.iter().take_while(|&&digit| digit == 0).count();
            self.0.drain(..zeros);
        }
    }

    fn is_at_least(&self, other: &[u8]) -> bool {
        let digits = self.0.iter().map(|digit| digit + b'0');
        match self.0.len().cmp(&other.len()) {
            Ordering::Equal => digits.ge(other.iter().copied()),
            order => order == Ordering::Greater,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text} is no number"))
    }

    #[test]
    fn numbers_that_are_written_differently_are_the_same() {
        for (one, other) in [("1", "1.0"), ("100", "1e2"), ("-0", "0.0e5"), ("0.10", "1e-1")] {
            assert_eq!(decimal(one), decimal(other), "{one} {other}");
        }
    }

    #[test]
    fn numbers_are_in_order_whatever_their_size() {
        let numbers =
            ["-1e400", "-10", "-2", "-0.5", "0", "0.49", "0.5", "1", "9", "10.5", "11", "1e400"];
        assert!(numbers.map(decimal).is_sorted());
    }

    #[test]
    fn numbers_that_go_does_not_hold_are_none() {
        for text in ["1e1000001", "1e-1000001", "1e99999999999999999999", "", "x", "1e"] {
            let value = Decimal::parse(text).filter(|_| !text.is_empty());
            assert_eq!(value, None, "{text}");
        }
        assert!(decimal("0e1000001").digits.is_empty());
    }

    #[test]
    fn multiples_are_exact() {
        let table = [
            ("4.35", "0.01", true),
            ("4.35", "0.1", false),
            ("0", "7", true),
            ("1e300", "3", false),
            ("3e300", "3", true),
            ("9007199254740993", "3", true),
            ("-1.5", "0.5", true),
            ("1", "1e1", false),
            ("0.0075", "0.0001", true),
        ];
        for (number, other, wanted) in table {
            let multiple = decimal(number).is_multiple_of(&decimal(other));
            assert_eq!(multiple, wanted, "{number} {other}");
        }
    }

    #[test]
    fn bits_beyond_the_64th_are_lost() {
        let table = [("18446744073709551617", 1), ("1e64", 0), ("-5", -5), ("100", 100)];
        for (text, wanted) in table {
            assert_eq!(decimal(text).low_bits(), wanted, "{text}");
        }
    }
}
