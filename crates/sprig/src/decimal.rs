//! Decimal numbers without rounding, as github.com/shopspring/decimal has them.

use std::cmp::Ordering;

use crate::table::Result;

/// Digits behind the point that a division gives.
const PRECISION: i64 = 16;

/// `±digits × 10^exponent`, the least digit first.
#[derive(Clone, Debug)]
pub(crate) struct Decimal {
    is_negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Returns the shortest number that reads as a float.
    pub(crate) fn of(number: f64) -> Result<Self> {
        if !number.is_finite() {
            let name = match number {
                number if number.is_nan() => "NaN",
                number if number > 0.0 => "+Inf",
                _ => "-Inf",
            };
            return Err(format!("Cannot create a Decimal from {name}").into());
        }
        let written = format!("{number:e}");
        let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
        let exponent: i64 = exponent.parse().unwrap_or(0);
        let behind = mantissa.split_once('.').map_or(0, |(_, behind)| behind.len());
        let digits = mantissa.bytes().rev().filter(u8::is_ascii_digit);
        Ok(Self {
            is_negative: number.is_sign_negative(),
            digits: trimmed(digits.map(|digit| digit - b'0').collect()),
            exponent: exponent - i64::try_from(behind).unwrap_or(0),
        })
    }

    /// Returns how much work a product or quotient is.
    pub(crate) fn size(&self) -> u64 {
        self.digits.len() as u64 + 10
    }

    pub(crate) fn negated(mut self) -> Self {
        self.is_negative = !self.is_negative;
        self
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let (a, b) = (self.shifted(exponent), other.shifted(exponent));
        if self.is_negative == other.is_negative {
            return Self { is_negative: self.is_negative, digits: sum(&a, &b), exponent };
        }
        match compare(&a, &b) {
            Ordering::Less => {
                Self { is_negative: other.is_negative, digits: difference(&b, &a), exponent }
            }
            _ => Self { is_negative: self.is_negative, digits: difference(&a, &b), exponent },
        }
    }

    pub(crate) fn multiply(&self, other: &Self) -> Self {
        let mut columns = vec![0_u64; self.digits.len() + other.digits.len()];
        for (i, &a) in self.digits.iter().enumerate() {
            for (j, &b) in other.digits.iter().enumerate() {
                columns[i + j] += u64::from(a) * u64::from(b);
            }
        }
        Self {
            is_negative: self.is_negative != other.is_negative,
            digits: carried(columns),
            exponent: self.exponent + other.exponent,
        }
    }

    /// Returns the quotient, rounded half away from zero.
    pub(crate) fn divide(&self, other: &Self) -> Result<Self> {
        if other.digits.is_empty() {
            return Err("decimal division by 0".into());
        }
        let shift = self.exponent - other.exponent + PRECISION;
        let (mut above, mut below) = (self.digits.clone(), other.digits.clone());
        let zeros = vec![0; usize::try_from(shift.unsigned_abs()).unwrap_or(0)];
        if shift >= 0 {
            above.splice(0..0, zeros)
        } else {
            below.splice(0..0, zeros)
        };
        let (mut quotient, rest) = quotient(&trimmed(above), &below);
        if compare(&sum(&rest, &rest), &below) != Ordering::Less {
            quotient = sum(&quotient, &[1]);
        }
        let is_negative = self.is_negative != other.is_negative;
        Ok(Self { is_negative, digits: quotient, exponent: -PRECISION })
    }

    /// Returns the nearest float.
    pub(crate) fn to_float(&self) -> f64 {
        let mut written = String::with_capacity(self.digits.len() + 8);
        written.extend(self.digits.iter().rev().map(|&digit| char::from(b'0' + digit)));
        let number: f64 = format!("0{written}e{}", self.exponent).parse().unwrap_or(0.0);
        if self.is_negative && number != 0.0 { -number } else { number }
    }

    /// Returns the digits for a smaller exponent.
    fn shifted(&self, exponent: i64) -> Vec<u8> {
        if self.digits.is_empty() {
            return Vec::new();
        }
        let mut digits = vec![0; usize::try_from(self.exponent - exponent).unwrap_or(0)];
        digits.extend_from_slice(&self.digits);
        digits
    }
}

fn trimmed(mut digits: Vec<u8>) -> Vec<u8> {
    let len = digits.iter().rposition(|&digit| digit != 0).map_or(0, |last| last + 1);
    digits.truncate(len);
    digits
}

fn compare(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let digit = |digits: &[u8], place: usize| u64::from(digits.get(place).copied().unwrap_or(0));
    carried((0..a.len().max(b.len())).map(|place| digit(a, place) + digit(b, place)).collect())
}

/// Returns the digits of columns, of which each may be more than one digit.
fn carried(columns: Vec<u64>) -> Vec<u8> {
    let mut carry = 0;
    let mut digits = Vec::with_capacity(columns.len() + 1);
    for column in columns {
        carry += column;
        digits.push(last_digit(carry));
        carry /= 10;
    }
    while carry > 0 {
        digits.push(last_digit(carry));
        carry /= 10;
    }
    trimmed(digits)
}

fn last_digit(number: u64) -> u8 {
    u8::try_from(number % 10).unwrap_or(0)
}

/// Returns `a - b`, which is not negative.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let digits = a.iter().enumerate().map(|(place, &digit)| {
        let taken = b.get(place).copied().unwrap_or(0) + borrow;
        borrow = u8::from(digit < taken);
        digit + 10 * borrow - taken
    });
    trimmed(digits.collect())
}

/// Returns quotient and rest, a digit at a time.
fn quotient(a: &[u8], b: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut rest: Vec<u8> = Vec::new();
    let mut digits = Vec::with_capacity(a.len());
    for &digit in a.iter().rev() {
        rest.insert(0, digit);
        rest = trimmed(rest);
        let mut times = 0;
        while compare(&rest, b) != Ordering::Less {
            rest = difference(&rest, b);
            times += 1;
        }
        digits.push(times);
    }
    digits.reverse();
    (trimmed(digits), rest)
}
