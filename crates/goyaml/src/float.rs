//! How Go writes a float.

use std::fmt::LowerExp;

use crate::error::ErrorKind;

/// As `encoding/json` does: digits as few as give the number back; an exponent
/// below 10⁻⁶ and from 10²¹ on.
///
/// # Errors
///
/// [`ErrorKind::NotFinite`] for an infinity or a NaN.
pub(crate) fn to_json(value: f64) -> Result<String, ErrorKind> {
    if value.is_nan() {
        return Err(ErrorKind::NotFinite("NaN"));
    }
    if value.is_infinite() {
        return Err(ErrorKind::NotFinite(if value > 0.0 { "+Inf" } else { "-Inf" }));
    }
    let size = value.abs();
    let number = Decimal::of(value);
    let is_short = size == 0.0 || (1e-6..1e21).contains(&size);
    Ok(if is_short { number.positional() } else { number.scientific(1) })
}

/// As `strconv.FormatFloat(value, 'g', -1, …)` does for a float32 or float64 that is finite.
pub(crate) fn general(value: impl LowerExp) -> String {
    /// Go writes an exponent below 10⁻⁴, and from 10⁶ on where it is as short as it can be:
    /// `%g` counts the digits it has, the shortest form counts as six.
    const EXPONENT_FROM: i32 = 6;
    let number = Decimal::of(value);
    if (-4..EXPONENT_FROM).contains(&number.power) {
        number.positional()
    } else {
        number.scientific(2)
    }
}

/// What go-yaml writes for a float that came to it as JSON: a whole number is an
/// integer where 64 bits hold it.
///
/// # Errors
///
/// As [`to_json`].
pub(crate) fn to_yaml(value: f64) -> Result<String, ErrorKind> {
    /// Up to here every whole number is a float; Helm's numbers are nearly all below.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.abs() < EXACT && value.fract() == 0.0 {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
        return Ok((value as i64).to_string());
    }
    let json = to_json(value)?;
    let is_integer = json.parse::<i64>().is_ok() || json.parse::<u64>().is_ok();
    Ok(if is_integer { json } else { general(value) })
}

/// A number in decimal: as few digits as give the float back, and of those the
/// nearest to it.
struct Decimal {
    sign: &'static str,
    digits: String,
    /// The power of ten that the first digit counts.
    power: i32,
}

impl Decimal {
    /// Where two are equally near, Go takes the even one, as Rust does only when
    /// it is told how many digits to write.
    fn of(value: impl LowerExp) -> Self {
        let shortest = format!("{value:e}");
        let mantissa = shortest.split('e').next().unwrap_or("");
        let count = mantissa.bytes().filter(u8::is_ascii_digit).count();
        let nearest = format!("{value:.*e}", count.saturating_sub(1));
        let (mantissa, power) = nearest.split_once('e').unwrap_or((&nearest, "0"));
        Self {
            sign: if mantissa.starts_with('-') { "-" } else { "" },
            digits: mantissa.chars().filter(char::is_ascii_digit).collect(),
            power: power.parse().unwrap_or(0),
        }
    }

    fn positional(&self) -> String {
        let Self { sign, digits, power } = self;
        let Ok(power) = usize::try_from(*power) else {
            let zeros = "0".repeat(power.unsigned_abs() as usize - 1);
            return format!("{sign}0.{zeros}{digits}");
        };
        match digits.split_at_checked(power + 1) {
            Some((whole, "")) => format!("{sign}{whole}"),
            Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
            None => format!("{sign}{digits}{}", "0".repeat(power + 1 - digits.len())),
        }
    }

    /// With so many digits in the exponent at least.
    fn scientific(&self, width: usize) -> String {
        let (first, rest) = self.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let minus = if self.power < 0 { '-' } else { '+' };
        let power = self.power.unsigned_abs();
        format!("{}{first}{point}{rest}e{minus}{power:0width$}", self.sign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_in_yaml_is_what_its_json_reads_as() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1e6, "1000000"),
            (1.5, "1.5"),
            (1_234_567.5, "1.2345675e+06"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e-7, "1e-07"),
            (9_223_372_036_854_775_807.0, "9223372036854776000"),
            (1e19, "10000000000000000000"),
            (-1e19, "-1e+19"),
            (1e20, "1e+20"),
            (1e21, "1e+21"),
            (-1.5e300, "-1.5e+300"),
            (1_658_859_575_942_995.0 + 0.25, "1.6588595759429952e+15"),
            (1_658_859_575_942_995.0 + 0.75, "1.6588595759429958e+15"),
        ];
        for (value, want) in cases {
            assert_eq!(to_yaml(value).as_deref(), Ok(want), "{value}");
        }
        assert_eq!(to_json(-0.0).as_deref(), Ok("-0"));
        assert_eq!(to_json(1_658_859_575_942_995.0 + 0.25).as_deref(), Ok("1658859575942995.2"));
        assert_eq!(to_json(1.5e-7).as_deref(), Ok("1.5e-7"));
        assert_eq!(to_yaml(f64::NEG_INFINITY), Err(ErrorKind::NotFinite("-Inf")));
    }
}
