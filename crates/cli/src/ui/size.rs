//! Numbers with units.

use std::time::Duration;

/// Prints a number of bytes with a decimal unit, as disks and networks count: `21.4 GB`.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];
    let mut unit = 0;
    let mut whole = count;
    let mut scale = 1_u64;
    while whole >= 1000 && unit < UNITS.len() - 1 {
        whole /= 1000;
        scale *= 1000;
        unit += 1;
    }
    let tenths = count % scale / (scale / 10).max(1);
    match (unit, whole) {
        (0, _) => format!("{count} B"),
        (_, 0..100) => format!("{whole}.{tenths} {}", UNITS[unit]),
        _ => format!("{whole} {}", UNITS[unit]),
    }
}

/// Prints a count with its noun: `1 image`, `75 images`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {noun}s"),
    }
}

/// Prints a duration: `0.2 s`, `52 s`, `3 min 4 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        whole @ 10..120 => format!("{whole} s"),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_decimal_units_and_at_most_three_digits() {
        let shown: Vec<_> =
            [0, 999, 1000, 1999, 99_999, 123_456, 21_474_836_480].map(bytes).to_vec();
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "1.9 kB", "99.9 kB", "123 kB", "21.4 GB"]);
    }

    #[test]
    fn a_count_has_the_right_form_of_its_noun() {
        assert_eq!(
            [plural(1, "image"), plural(0, "image"), plural(2, "registry")],
            ["1 image", "0 images", "2 registries"]
        );
    }
}
