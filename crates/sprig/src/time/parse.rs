//! Dates out of text.

use super::layout::{Item, items};
use super::{Civil, MONTHS, WEEKDAYS, days_of};
use crate::host::Moment;

/// What was read so far, and what is left.
struct Reader<'t> {
    left: &'t [u8],
    civil: Civil,
    day_of_year: Option<u16>,
    has_month: bool,
    has_day: bool,
    is_afternoon: Option<bool>,
    offset: i64,
}

/// Why an element could not be read.
enum Wrong {
    Element,
    Range(&'static str),
}

type Read<T> = Result<T, Wrong>;

/// Returns the moment that a text says in a layout, in UTC unless it says an offset: Go's
/// `time.Parse`.
///
/// # Errors
///
/// Go's.
pub fn parse(layout: &[u8], text: &[u8]) -> Result<Moment, String> {
    let beginning = Civil { year: 0, ..Civil::of(super::ZERO) };
    let mut reader = Reader {
        left: text,
        civil: beginning,
        day_of_year: None,
        has_month: false,
        has_day: false,
        is_afternoon: None,
        offset: 0,
    };
    let failed = |message: String| format!("parsing time {}{message}", quoted(text));
    let cannot = |left: &[u8], element: &[u8]| {
        let (layout, left, element) = (quoted(layout), quoted(left), quoted(element));
        failed(format!(" as {layout}: cannot parse {left} as {element}"))
    };
    let elements = items(layout);
    for (place, (item, element)) in elements.iter().enumerate() {
        let next_is_fraction = matches!(elements.get(place + 1), Some((Item::Fraction { .. }, _)));
        let before = reader.left;
        match reader.read(*item, next_is_fraction) {
            Ok(()) => {}
            Err(Wrong::Element) if matches!(item, Item::Text(_)) => {
                return Err(cannot(reader.left, element));
            }
            Err(Wrong::Element) => return Err(cannot(before, element)),
            Err(Wrong::Range(what)) => return Err(failed(format!(": {what} out of range"))),
        }
    }
    if !reader.left.is_empty() {
        return Err(failed(format!(": extra text: {}", quoted(reader.left))));
    }
    reader.finish().map_err(|what| failed(format!(": {what}")))
}

/// Returns a text in quotes, with all that is not ASCII as bytes.
fn quoted(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=0x7f => out.push(char::from(byte)),
            _ => out.extend(["\\x", &format!("{byte:02x}")]),
        }
    }
    out + "\""
}

impl<'t> Reader<'t> {
    fn read(&mut self, item: Item<'_>, next_is_fraction: bool) -> Read<()> {
        match item {
            Item::Text(text) => self.skip(text)?,
            Item::Year { is_long } => self.year(is_long)?,
            Item::MonthName { is_long } => {
                self.civil.month = self.name(&MONTHS, is_long)? + 1;
                self.has_month = true;
            }
            Item::Weekday { is_long } => {
                self.name(&WEEKDAYS, is_long)?;
            }
            Item::Month { has_zero } => {
                self.civil.month = within(self.number(has_zero)?, 1..=12, "month")?;
                self.has_month = true;
            }
            Item::Day(pad) => {
                self.skip_spaces(usize::from(pad == Some(b' ')));
                self.civil.day = self.number(pad == Some(b'0'))?;
                self.has_day = true;
            }
            Item::DayOfYear(pad) => self.day_of_year(pad)?,
            Item::Hour => self.civil.hour = within(self.number(false)?, 0..=23, "hour")?,
            Item::HalfHour { has_zero } => {
                self.civil.hour = within(self.number(has_zero)?, 0..=12, "hour")?;
            }
            Item::Minute { has_zero } => {
                self.civil.minute = within(self.number(has_zero)?, 0..=59, "minute")?;
            }
            Item::Second { has_zero } => self.second(has_zero, next_is_fraction)?,
            Item::Half { is_upper } => self.half(is_upper)?,
            Item::Zone => self.zone()?,
            Item::Offset { is_z, written } => self.offset(is_z, written)?,
            Item::Fraction { is_short: true, .. } => self.fraction(None)?,
            Item::Fraction { digits, .. } => self.fraction(Some(digits))?,
        }
        Ok(())
    }

    fn second(&mut self, has_zero: bool, next_is_fraction: bool) -> Read<()> {
        self.civil.second = within(self.number(has_zero)?, 0..=59, "second")?;
        if next_is_fraction { Ok(()) } else { self.fraction(None) }
    }

    /// Takes bytes that are there.
    fn take(&mut self, count: usize) -> Read<&'t [u8]> {
        let (taken, left) = self.left.split_at_checked(count).ok_or(Wrong::Element)?;
        self.left = left;
        Ok(taken)
    }

    /// Takes what a layout says; spaces there stand for any number of spaces.
    fn skip(&mut self, text: &[u8]) -> Read<()> {
        let mut text = text;
        while let [first, rest @ ..] = text {
            if *first == b' ' {
                if self.left.first().is_some_and(|byte| *byte != b' ') {
                    return Err(Wrong::Element);
                }
                text = text.trim_ascii_start();
                self.skip_spaces(usize::MAX);
                continue;
            }
            if self.left.first() != Some(first) {
                return Err(Wrong::Element);
            }
            self.left = &self.left[1..];
            text = rest;
        }
        Ok(())
    }

    fn skip_spaces(&mut self, most: usize) {
        let spaces = self.left.iter().take(most).take_while(|byte| **byte == b' ').count();
        self.left = &self.left[spaces..];
    }

    fn digits(&self, most: usize) -> usize {
        self.left.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// Takes one digit or two.
    fn number(&mut self, needs_two: bool) -> Read<u8> {
        let count = self.digits(2);
        if count == 0 || needs_two && count < 2 {
            return Err(Wrong::Element);
        }
        whole(self.take(count)?)
    }

    fn year(&mut self, is_long: bool) -> Read<()> {
        let count = if is_long { 4 } else { 2 };
        if self.digits(count) < count {
            return Err(Wrong::Element);
        }
        let year: i64 = whole(self.take(count)?)?;
        self.civil.year = match year {
            year if is_long => year,
            69.. => year + 1900,
            _ => year + 2000,
        };
        Ok(())
    }

    /// Takes a name in any case, and returns which it is.
    fn name(&mut self, names: &[&str], is_long: bool) -> Read<u8> {
        for (place, name) in names.iter().enumerate() {
            let name = if is_long { name } else { &name[..3] };
            let begins = self.left.get(..name.len());
            if begins.is_some_and(|begins| begins.eq_ignore_ascii_case(name.as_bytes())) {
                self.left = &self.left[name.len()..];
                return u8::try_from(place).map_err(|_| Wrong::Element);
            }
        }
        Err(Wrong::Element)
    }

    fn day_of_year(&mut self, pad: u8) -> Read<()> {
        self.skip_spaces(if pad == b' ' { 2 } else { 0 });
        let count = self.digits(3);
        if count == 0 || pad == b'0' && count < 3 {
            return Err(Wrong::Element);
        }
        self.day_of_year = Some(whole(self.take(count)?)?);
        Ok(())
    }

    fn half(&mut self, is_upper: bool) -> Read<()> {
        let halves: [&[u8]; 2] = if is_upper { [b"AM", b"PM"] } else { [b"am", b"pm"] };
        let half = self.take(2)?;
        let found = halves.iter().position(|name| *name == half).ok_or(Wrong::Element)?;
        self.is_afternoon = Some(found == 1);
        Ok(())
    }

    /// Takes the name of a zone; what it is does not matter, as in Go where it is unknown.
    fn zone(&mut self) -> Read<()> {
        let letters = self.left.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count();
        let is_name = self.left.starts_with(b"UTC") || letters == 3 || letters == 4;
        let count = if self.left.starts_with(b"UTC") { 3 } else { letters };
        if !is_name {
            return Err(Wrong::Element);
        }
        self.take(count).map(|_| ())
    }

    fn offset(&mut self, is_z: bool, written: &[u8]) -> Read<()> {
        if is_z && self.left.first() == Some(&b'Z') {
            self.left = &self.left[1..];
            return Ok(());
        }
        let text = self.take(written.len())?;
        let is_negative = match text[0] {
            b'+' => false,
            b'-' => true,
            _ => return Err(Wrong::Element),
        };
        let mut parts = [0_i64; 3];
        let mut digits = Vec::with_capacity(6);
        for (byte, pattern) in text[1..].iter().zip(&written[1..]) {
            match (pattern, byte) {
                (b':', b':') => {}
                (b'0' | b'7', digit) if digit.is_ascii_digit() => digits.push(*digit),
                _ => return Err(Wrong::Element),
            }
        }
        for (part, digits) in parts.iter_mut().zip(digits.chunks(2)) {
            *part = whole(digits)?;
        }
        within(parts[0], 0..=24, "time zone offset hour")?;
        within(parts[1], 0..=60, "time zone offset minute")?;
        within(parts[2], 0..=60, "time zone offset second")?;
        let offset = (parts[0] * 60 + parts[1]) * 60 + parts[2];
        self.offset = if is_negative { -offset } else { offset };
        Ok(())
    }

    /// Takes a part of a second: so many digits, or as many as there are, or nothing.
    fn fraction(&mut self, exact: Option<usize>) -> Read<()> {
        let is_there = matches!(self.left, [b'.' | b',', b'0'..=b'9', ..]);
        if !is_there {
            return if exact.is_some() { Err(Wrong::Element) } else { Ok(()) };
        }
        self.left = &self.left[1..];
        let count = exact.unwrap_or_else(|| self.digits(usize::MAX));
        if self.digits(count) < count {
            return Err(Wrong::Element);
        }
        let digits = self.take(count)?;
        let kept = &digits[..count.min(9)];
        let scale = 10_u32.pow(9 - u32::try_from(kept.len()).unwrap_or(9));
        self.civil.nanoseconds = whole::<u32>(kept)? * scale;
        Ok(())
    }

    fn finish(mut self) -> Result<Moment, String> {
        match self.is_afternoon {
            Some(true) if self.civil.hour < 12 => self.civil.hour += 12,
            Some(false) if self.civil.hour == 12 => self.civil.hour = 0,
            _ => {}
        }
        if let Some(wanted) = self.day_of_year {
            self.set_day_of_year(wanted)?;
        }
        if self.civil.day < 1 || self.civil.day > days_of(self.civil.year, self.civil.month) {
            return Err("day out of range".to_owned());
        }
        let moment = self.civil.moment();
        Ok(Moment { seconds: moment.seconds - self.offset, ..moment })
    }

    fn set_day_of_year(&mut self, wanted: u16) -> Result<(), String> {
        let (mut month, mut day) = (1, wanted);
        while month <= 12 && day > u16::from(days_of(self.civil.year, month)) {
            day -= u16::from(days_of(self.civil.year, month));
            month += 1;
        }
        if wanted == 0 || month > 12 {
            return Err("day-of-year out of range".to_owned());
        }
        if self.has_month && self.civil.month != month {
            return Err("day-of-year does not match month".to_owned());
        }
        if self.has_day && u16::from(self.civil.day) != day {
            return Err("day-of-year does not match day".to_owned());
        }
        self.civil.month = month;
        self.civil.day = u8::try_from(day).unwrap_or(1);
        Ok(())
    }
}

fn whole<T: std::str::FromStr>(digits: &[u8]) -> Read<T> {
    let digits = std::str::from_utf8(digits).map_err(|_| Wrong::Element)?;
    digits.parse().map_err(|_| Wrong::Element)
}

fn within<T: PartialOrd>(
    number: T,
    range: std::ops::RangeInclusive<T>,
    what: &'static str,
) -> Read<T> {
    if range.contains(&number) { Ok(number) } else { Err(Wrong::Range(what)) }
}
