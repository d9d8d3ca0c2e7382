//! Layouts: `2006-01-02` for a date.

use super::{Civil, MONTHS, WEEKDAYS};

/// A part of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item<'l> {
    /// `2006`, or `06`.
    Year { is_long: bool },
    /// `January`, or `Jan`.
    MonthName { is_long: bool },
    /// `01`, or `1`.
    Month { has_zero: bool },
    /// `Monday`, or `Mon`.
    Weekday { is_long: bool },
    /// `02`, `_2` or `2`: what stands before a single digit.
    Day(Option<u8>),
    /// `002`, or `__2`: what stands before few digits.
    DayOfYear(u8),
    /// `15`.
    Hour,
    /// `03`, or `3`.
    HalfHour { has_zero: bool },
    /// `04`, or `4`.
    Minute { has_zero: bool },
    /// `05`, or `5`.
    Second { has_zero: bool },
    /// `PM`, or `pm`.
    Half { is_upper: bool },
    /// `MST`.
    Zone,
    /// `-0700` and its kin; with `Z`, that is all there is in UTC.
    Offset { is_z: bool, written: &'l [u8] },
    /// `.000`, or `.999`: so many digits, and whether zeros at the end go.
    Fraction { separator: u8, digits: usize, is_short: bool },
    /// Anything else.
    Text(&'l [u8]),
}

/// Spellings that begin alike stand the longest first.
const SPELLINGS: &[(&[u8], Item<'static>)] = &[
    (b"January", Item::MonthName { is_long: true }),
    (b"Monday", Item::Weekday { is_long: true }),
    (b"MST", Item::Zone),
    (b"002", Item::DayOfYear(b'0')),
    (b"01", Item::Month { has_zero: true }),
    (b"02", Item::Day(Some(b'0'))),
    (b"03", Item::HalfHour { has_zero: true }),
    (b"04", Item::Minute { has_zero: true }),
    (b"05", Item::Second { has_zero: true }),
    (b"06", Item::Year { is_long: false }),
    (b"15", Item::Hour),
    (b"1", Item::Month { has_zero: false }),
    (b"2006", Item::Year { is_long: true }),
    (b"2", Item::Day(None)),
    (b"__2", Item::DayOfYear(b' ')),
    (b"_2", Item::Day(Some(b' '))),
    (b"3", Item::HalfHour { has_zero: false }),
    (b"4", Item::Minute { has_zero: false }),
    (b"5", Item::Second { has_zero: false }),
    (b"PM", Item::Half { is_upper: true }),
    (b"pm", Item::Half { is_upper: false }),
];

/// Spellings of offsets, the longest first.
const OFFSETS: [&[u8]; 10] = [
    b"-07:00:00",
    b"-070000",
    b"-07:00",
    b"-0700",
    b"-07",
    b"Z07:00:00",
    b"Z070000",
    b"Z07:00",
    b"Z0700",
    b"Z07",
];

/// Returns the parts of a layout, and how each is written there.
pub(crate) fn items(layout: &[u8]) -> Vec<(Item<'_>, &[u8])> {
    let mut items = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < layout.len() {
        let Some((item, len)) = item_at(&layout[at..]) else {
            at += 1;
            continue;
        };
        if start < at {
            items.push((Item::Text(&layout[start..at]), &layout[start..at]));
        }
        items.push((item, &layout[at..at + len]));
        at += len;
        start = at;
    }
    if start < at {
        items.push((Item::Text(&layout[start..]), &layout[start..]));
    }
    items
}

/// Returns the part that begins a text, and its length.
fn item_at(text: &[u8]) -> Option<(Item<'_>, usize)> {
    // A year that seems to be a day behind spaces: `_2006` is `_` and a year.
    if text.starts_with(b"_2006") {
        return None;
    }
    if let Some(name) = [b"Jan", b"Mon"].into_iter().find(|name| text.starts_with(*name)) {
        let long = if name == b"Jan" { &b"January"[..] } else { b"Monday" };
        if !text.starts_with(long) {
            let is_word = text.get(3).is_some_and(u8::is_ascii_lowercase);
            let item = if name == b"Jan" {
                Item::MonthName { is_long: false }
            } else {
                Item::Weekday { is_long: false }
            };
            return (!is_word).then_some((item, 3));
        }
    }
    if let Some(written) = OFFSETS.into_iter().find(|offset| text.starts_with(offset)) {
        let is_z = written[0] == b'Z';
        return Some((Item::Offset { is_z, written }, written.len()));
    }
    if let Some(found) = fraction(text) {
        return Some(found);
    }
    let spelling = SPELLINGS.iter().find(|(spelling, _)| text.starts_with(spelling));
    spelling.map(|(spelling, item)| (*item, spelling.len()))
}

/// Reads `.000` or `,999`, behind which no digit stands.
fn fraction(text: &[u8]) -> Option<(Item<'_>, usize)> {
    let [separator @ (b'.' | b','), digit @ (b'0' | b'9'), ..] = *text else { return None };
    let digits = text[1..].iter().take_while(|byte| **byte == digit).count();
    if text.get(1 + digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some((Item::Fraction { separator, digits, is_short: digit == b'9' }, 1 + digits))
}

impl Item<'_> {
    /// Writes what the part stands for.
    pub(crate) fn write(self, civil: &Civil, out: &mut Vec<u8>) {
        let half = match civil.hour % 12 {
            0 => 12,
            hour => hour,
        };
        match self {
            Self::Year { is_long: true } => number(out, civil.year, Some(b'0'), 4),
            Self::Year { is_long: false } => {
                number(out, civil.year.abs() % 100, Some(b'0'), 2);
            }
            Self::MonthName { is_long } => {
                name(out, MONTHS[usize::from(civil.month - 1)], is_long);
            }
            Self::Weekday { is_long } => name(out, WEEKDAYS[usize::from(civil.weekday)], is_long),
            Self::Month { has_zero } => two(out, civil.month, has_zero),
            Self::Day(pad) => number(out, civil.day.into(), pad, 2),
            Self::DayOfYear(pad) => number(out, civil.day_of_year.into(), Some(pad), 3),
            Self::Hour => two(out, civil.hour, true),
            Self::HalfHour { has_zero } => two(out, half, has_zero),
            Self::Minute { has_zero } => two(out, civil.minute, has_zero),
            Self::Second { has_zero } => two(out, civil.second, has_zero),
            Self::Half { is_upper } => {
                let half = if civil.hour >= 12 { "pm" } else { "am" };
                let half = if is_upper { half.to_ascii_uppercase() } else { half.to_owned() };
                out.extend_from_slice(half.as_bytes());
            }
            Self::Zone => out.extend_from_slice(b"UTC"),
            Self::Offset { is_z: true, .. } => out.push(b'Z'),
            Self::Offset { written, .. } => {
                out.push(b'+');
                out.extend(written[1..].iter().map(|&byte| if byte == b':' { byte } else { b'0' }));
            }
            Self::Fraction { separator, digits, is_short } => {
                fraction_of(out, civil.nanoseconds, separator, digits, is_short);
            }
            Self::Text(text) => out.extend_from_slice(text),
        }
    }
}

fn two(out: &mut Vec<u8>, value: u8, has_zero: bool) {
    number(out, value.into(), has_zero.then_some(b'0'), 2);
}

fn number(out: &mut Vec<u8>, value: i64, pad: Option<u8>, width: usize) {
    if value < 0 {
        out.push(b'-');
    }
    let digits = value.unsigned_abs().to_string();
    if let Some(pad) = pad {
        out.resize(out.len() + width.saturating_sub(digits.len()), pad);
    }
    out.extend_from_slice(digits.as_bytes());
}

fn name(out: &mut Vec<u8>, name: &str, is_long: bool) {
    out.extend_from_slice(if is_long { name.as_bytes() } else { &name.as_bytes()[..3] });
}

fn fraction_of(out: &mut Vec<u8>, nanoseconds: u32, separator: u8, digits: usize, is_short: bool) {
    let all = format!("{nanoseconds:09}");
    let kept = &all[..digits.min(9)];
    let kept = if is_short { kept.trim_end_matches('0') } else { kept };
    if is_short && kept.is_empty() {
        return;
    }
    out.push(separator);
    out.extend_from_slice(kept.as_bytes());
}
