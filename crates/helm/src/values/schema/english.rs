//! Numbers as Helm's messages have them: in English.
//!
//! Mirrors `golang.org/x/text/message` 0.40.0 with `language.English`, by which the validator
//! prints: commas between thousands, and powers of ten from a million on.

/// Returns a whole number, such as `12,345`.
pub(super) fn whole(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    format!("{}{}", if number < 0 { "-" } else { "" }, grouped(&digits))
}

/// Returns a length or a place.
pub(super) fn count(number: usize) -> String {
    grouped(&number.to_string())
}

/// Returns any number, such as `0.5` or `1.2×10⁰⁶`.
pub(super) fn number(number: f64) -> String {
    let sign = if number < 0.0 { "-" } else { "" };
    if number.is_infinite() {
        return format!("{sign}∞");
    }
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if number != 0.0 && !(-4..6).contains(&exponent) {
        return format!("{sign}{mantissa}×10{}", raised(exponent));
    }
    let plain = number.abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", grouped(whole))
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns an exponent above the line, of two digits at least.
fn raised(exponent: i32) -> String {
    let above = |digit| match digit {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁻',
    };
    let sign = if exponent < 0 { "-" } else { "" };
    format!("{sign}{:02}", exponent.unsigned_abs()).chars().map(above).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each printed by Helm 4.2.4 for a `maximum` that a value is above.
    #[test]
    fn numbers_are_printed_as_helm_prints_them() {
        let table = [
            (70_000.0, "70,000"),
            (65_535.0, "65,535"),
            (1_000_000.25, "1.00000025×10⁰⁶"),
            (100_000.5, "100,000.5"),
            (1_234_567.0, "1.234567×10⁰⁶"),
            (0.000_01, "1×10⁻⁰⁵"),
            (1e30, "1×10³⁰"),
            (-1000.0, "-1,000"),
            (0.5, "0.5"),
            (0.0, "0"),
        ];
        for (value, wanted) in table {
            assert_eq!(number(value), wanted);
        }
        assert_eq!((count(12_345), whole(-12_345)), ("12,345".to_owned(), "-12,345".to_owned()));
    }
}
