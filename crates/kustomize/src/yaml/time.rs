//! Points in time, which a value holds as text.

/// Writes a timestamp of YAML as `time.Time` is written in JSON: `2020-01-01T00:00:00Z`.
///
/// The text is known to be one: see `is_timestamp` of `sealift-goyaml`.
pub(super) fn to_rfc3339(text: &str) -> String {
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], text[at + 1..].trim_start()),
        None => (text, ""),
    };
    let mut numbers = date.splitn(3, '-');
    let mut next = || numbers.next().and_then(|number| number.parse::<u32>().ok()).unwrap_or(0);
    let (year, month, day) = (next(), next(), next());
    let (clock, zone) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => (rest, "Z"),
    };
    let clock = if clock.is_empty() { "0:0:0" } else { clock };
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let mut numbers = clock.splitn(3, ':');
    let mut next = || numbers.next().and_then(|number| number.parse::<u32>().ok()).unwrap_or(0);
    let (hour, minute, second) = (next(), next(), next());
    let fraction = fraction.get(..9).unwrap_or(fraction).trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let zone = if matches!(zone, "+00:00" | "-00:00") { "Z" } else { zone };
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{point}{fraction}{zone}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_forms_become_the_one_of_rfc_3339() {
        for (text, want) in [
            ("2020-01-01", "2020-01-01T00:00:00Z"),
            ("2020-1-2", "2020-01-02T00:00:00Z"),
            ("2020-01-01T10:00:00Z", "2020-01-01T10:00:00Z"),
            ("2020-01-01t1:2:3.50+02:00", "2020-01-01T01:02:03.5+02:00"),
            ("2020-01-01 10:00:00", "2020-01-01T10:00:00Z"),
        ] {
            assert_eq!(to_rfc3339(text), want, "{text}");
        }
    }
}
