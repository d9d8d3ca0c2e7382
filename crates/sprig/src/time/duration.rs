//! Lengths of time.

/// Nanoseconds, as Go's `time.Duration` counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duration(pub(crate) i64);

const SECOND: u64 = 1_000_000_000;

/// Units that may be written, and their nanoseconds.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
];

impl Duration {
    /// Reads `1h30m`: Go's `ParseDuration`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let quoted = || format!("{text:?}");
        let invalid = || format!("time: invalid duration {}", quoted());
        let is_negative = text.starts_with('-');
        let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut sum: u64 = 0;
        while !rest.is_empty() {
            let (whole, behind) = digits(rest);
            let (part, behind) = match behind.strip_prefix('.') {
                Some(behind) => digits(behind),
                None => ("", behind),
            };
            if whole.is_empty() && part.is_empty() {
                return Err(invalid());
            }
            let end = behind.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(behind.len());
            let (unit, next) = behind.split_at(end);
            if unit.is_empty() {
                return Err(format!("time: missing unit in duration {}", quoted()));
            }
            let Some(&(_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
                return Err(format!("time: unknown unit {unit:?} in duration {}", quoted()));
            };
            sum = of_unit(whole, part, scale)
                .and_then(|more| sum.checked_add(more))
                .filter(|&sum| sum <= 1 << 63)
                .ok_or_else(invalid)?;
            rest = next;
        }
        let sum = if is_negative { -i128::from(sum) } else { i128::from(sum) };
        i64::try_from(sum).map(Self).map_err(|_| invalid())
    }

    /// Writes `1h30m0s`.
    pub(crate) fn write(self) -> String {
        let all = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        if all == 0 {
            return "0s".to_owned();
        }
        if all < SECOND {
            let (unit, scale) = match all {
                0..1_000 => ("ns", 1),
                1_000..1_000_000 => ("\u{b5}s", 1_000),
                _ => ("ms", 1_000_000),
            };
            return format!("{sign}{}{unit}", with_part(all / scale, all % scale, scale));
        }
        let seconds = all / SECOND;
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        let hours = if hours > 0 { format!("{hours}h") } else { String::new() };
        let minutes = if seconds >= 60 { format!("{minutes}m") } else { String::new() };
        format!("{sign}{hours}{minutes}{}s", with_part(seconds % 60, all % SECOND, SECOND))
    }

    /// Returns whole seconds, half of one away from zero.
    pub(crate) fn rounded(self) -> Self {
        let rest = self.0 % SECOND.cast_signed();
        let down = self.0 - rest;
        if rest.unsigned_abs() * 2 < SECOND {
            return Self(down);
        }
        Self(down.saturating_add(SECOND.cast_signed() * rest.signum()))
    }
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// Returns the nanoseconds of so many units and a part of one.
fn of_unit(whole: &str, part: &str, scale: u64) -> Option<u64> {
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part = part.get(..part.len().min(18)).unwrap_or(part);
    let below = 10_u128.pow(u32::try_from(part.len()).ok()?);
    let above: u128 = if part.is_empty() { 0 } else { part.parse().ok()? };
    let part = u64::try_from(above * u128::from(scale) / below).ok()?;
    whole.checked_mul(scale)?.checked_add(part)
}

fn with_part(whole: u64, part: u64, scale: u64) -> String {
    if part == 0 {
        return whole.to_string();
    }
    let width = scale.ilog10() as usize;
    format!("{whole}.{}", format!("{part:0width$}").trim_end_matches('0'))
}

/// Returns the largest unit of which there is more than one: sprig's `durationRound`.
pub(crate) fn coarse(duration: Duration) -> String {
    const HOUR: u64 = 3_600 * SECOND;
    let all = duration.0.unsigned_abs();
    let units = [
        ("y", HOUR * 24 * 365),
        ("mo", HOUR * 24 * 30),
        ("d", HOUR * 24),
        ("h", HOUR),
        ("m", 60 * SECOND),
        ("s", SECOND),
    ];
    let unit = units.iter().find(|(_, nanoseconds)| all > *nanoseconds);
    unit.map_or_else(
        || "0s".to_owned(),
        |(name, nanoseconds)| format!("{}{name}", all / nanoseconds),
    )
}
