//! Go's `time`, as far as Sprig uses it: everything in UTC.

mod duration;
mod layout;
mod parse;

pub(crate) use duration::{Duration, coarse};
pub use parse::parse;

use crate::host::Moment;

/// Go's `2006-01-02 15:04:05 +0000 UTC`, which `String` gives.
pub(crate) const PLAIN: &[u8] = b"2006-01-02 15:04:05.999999999 -0700 MST";

/// What JSON has.
pub(crate) const RFC3339: &[u8] = b"2006-01-02T15:04:05.999999999Z07:00";

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(crate) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Seconds from the first of January of the year 1 to 1970.
const BEFORE_1970: i64 = 62_135_596_800;

const DAY: i64 = 86_400;

/// A date and a time of day in Greenwich.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: u8,
    /// From 1.
    pub(crate) day: u8,
    /// From 1.
    pub(crate) day_of_year: u16,
    /// From Sunday, which is 0.
    pub(crate) weekday: u8,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
    pub(crate) nanoseconds: u32,
}

/// Go's zero time: the year 1.
pub(crate) const ZERO: Moment = Moment { seconds: -BEFORE_1970, nanoseconds: 0 };

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Returns the days of a month, from 1.
pub(crate) fn days_of(year: i64, month: u8) -> u8 {
    match month {
        2 => 28 + u8::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the days from the year 1 to the beginning of a year.
fn days_before(year: i64) -> i64 {
    let before = year - 1;
    before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400)
}

fn small<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

impl Civil {
    pub(crate) fn of(moment: Moment) -> Self {
        let seconds = moment.seconds.saturating_add(BEFORE_1970);
        let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let mut year = (days * 400).div_euclid(146_097) + 1;
        while days_before(year) > days {
            year -= 1;
        }
        while days_before(year + 1) <= days {
            year += 1;
        }
        let in_year = days - days_before(year);
        let (mut month, mut day) = (1, in_year);
        while day >= i64::from(days_of(year, month)) {
            day -= i64::from(days_of(year, month));
            month += 1;
        }
        Self {
            year,
            month,
            day: small(day + 1),
            day_of_year: small(in_year + 1),
            weekday: small((days + 1).rem_euclid(7)),
            hour: small(second / 3600),
            minute: small(second / 60 % 60),
            second: small(second % 60),
            nanoseconds: moment.nanoseconds,
        }
    }

    /// Returns the moment of a date and a time of day; the rest does not matter.
    pub(crate) fn moment(&self) -> Moment {
        let months = (1..self.month).map(|month| i64::from(days_of(self.year, month)));
        let days = days_before(self.year) + months.sum::<i64>() + i64::from(self.day) - 1;
        let (hour, minute) = (i64::from(self.hour), i64::from(self.minute));
        let seconds = hour * 3600 + minute * 60 + i64::from(self.second);
        Moment { seconds: days * DAY + seconds - BEFORE_1970, nanoseconds: self.nanoseconds }
    }
}

/// Returns a moment as a layout writes it: Go's `Format`.
pub(crate) fn format(moment: Moment, layout: &[u8]) -> Vec<u8> {
    let civil = Civil::of(moment);
    let mut out = Vec::with_capacity(layout.len() + 16);
    for (item, _) in layout::items(layout) {
        item.write(&civil, &mut out);
    }
    out
}
