//! Numbers with units, as they are typed.

use std::num::NonZeroU64;
use std::time::Duration;

/// Reads `90s`, `10m`, `1h`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time: write 90s, 10m or 1h");
    let (number, unit) = apart(text).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    let all = number.checked_mul(seconds).filter(|all| *all > 0 && *all <= 30 * 24 * 3600);
    all.map(Duration::from_secs).ok_or_else(|| format!("`{text}` is not between 1 s and 30 days"))
}

/// Reads `50MiB/s`, `50MB/s`, `800kB/s`: bytes a second.
pub(crate) fn rate(text: &str) -> Result<NonZeroU64, String> {
    let wrong = || format!("`{text}` is no rate: write 50MiB/s or 800kB/s");
    let (number, unit) = apart(text).ok_or_else(wrong)?;
    let bytes: u64 = match unit.strip_suffix("/s").ok_or_else(wrong)? {
        "B" => 1,
        "kB" => 1000,
        "KiB" => 1 << 10,
        "MB" => 1_000_000,
        "MiB" => 1 << 20,
        "GB" => 1_000_000_000,
        "GiB" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(bytes).and_then(NonZeroU64::new).ok_or_else(wrong)
}

/// A number and what stands behind it.
fn apart(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit))
}

/// A part of a lock: `2/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) of: usize,
}

/// More processes than this do not share one lock.
const SHARDS: usize = 1000;

/// Reads `2/4`.
pub(crate) fn shard(text: &str) -> Result<Shard, String> {
    let parts = text
        .split_once('/')
        .and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    match parts {
        Some((number, of)) if (1..=of).contains(&number) && of <= SHARDS => {
            Ok(Shard { number, of })
        }
        _ => Err(format!(
            "`{text}` is no shard: write 1/4 to 4/4 for one of four, of at most {SHARDS}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_rates_have_units() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("10m"), Ok(Duration::from_mins(10)));
        assert_eq!(duration("1h"), Ok(Duration::from_hours(1)));
        for wrong in ["10", "0s", "m", "-1s", "1d", "99999999999999999999s", "800h", ""] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert_eq!(rate("50MiB/s").map(NonZeroU64::get), Ok(50 << 20));
        assert_eq!(rate("800kB/s").map(NonZeroU64::get), Ok(800_000));
        for wrong in ["50", "50MiB", "0MB/s", "50Mb/s", "99999999999GiB/s", ""] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_shard_is_one_of_its_number() {
        assert_eq!(shard("2/4"), Ok(Shard { number: 2, of: 4 }));
        for wrong in ["0/4", "5/4", "1/0", "1", "a/b", "1/2/3", "1/1001", ""] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }
}
