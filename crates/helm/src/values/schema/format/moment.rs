//! Dates, times and durations.

use super::{Check, digits, fail, shown};
use crate::values::integer::atoi;

pub(super) fn date(text: &str) -> Check {
    date_bytes(text.as_bytes())
}

fn date_bytes(text: &[u8]) -> Check {
    sealift_sprig::parse_time(b"2006-01-02", text).map(|_| ())
}

pub(super) fn time(text: &str) -> Check {
    time_bytes(text.as_bytes())
}

fn time_bytes(text: &[u8]) -> Check {
    if text.len() < 9 {
        return fail("less than 9 characters long");
    }
    if text[2] != b':' || text[5] != b':' {
        return fail("missing colon in correct place");
    }
    let (clock, mut rest) = text.split_at(8);
    let [hour, minute, second] = clock_time(clock)?;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let (fraction, behind) = digits(fraction);
        if fraction.is_empty() {
            return fail("no digits in second fraction");
        }
        rest = behind;
    }
    let minutes = match rest {
        b"z" | b"Z" => hour * 60 + minute,
        _ => hour * 60 + minute - offset(rest)?,
    };
    let minutes = if minutes < 0 { minutes + 24 * 60 } else { minutes };
    if second >= 60 && (minutes / 60 != 23 || minutes % 60 != 59) {
        return fail("invalid leap second");
    }
    Ok(())
}

fn clock_time(clock: &[u8]) -> Result<[i64; 3], String> {
    let mut parts = [0; 3];
    for (part, text) in parts.iter_mut().zip([&clock[..2], &clock[3..5], &clock[6..]]) {
        let Some(number) = number(text) else { return fail("invalid hour/min/sec") };
        if number < 0 {
            return fail("non-positive hour/min/sec");
        }
        *part = number;
    }
    let [hour, minute, second] = parts;
    if hour > 23 || minute > 59 || second > 60 {
        return fail("hour/min/sec out of range");
    }
    Ok(parts)
}

fn number(text: &[u8]) -> Option<i64> {
    atoi(std::str::from_utf8(text).ok()?).ok()
}

/// Reads how many minutes a time is ahead.
fn offset(text: &[u8]) -> Result<i64, String> {
    if text.len() != 6 {
        return fail("offset must be 6 characters long");
    }
    let sign = match text[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return fail("offset must begin with plus/minus"),
    };
    if text[3] != b':' {
        return fail("missing colon in offset in correct place");
    }
    // What is before the first colon is the hour.
    let colon = text.iter().position(|&byte| byte == b':').unwrap_or(3);
    let mut parts = [0; 2];
    for (part, text) in parts.iter_mut().zip([&text[1..colon], &text[colon + 1..]]) {
        let Some(number) = number(text) else { return fail("invalid hour/min in offset") };
        if number < 0 {
            return fail("non-positive hour/min in offset");
        }
        *part = number;
    }
    let [hour, minute] = parts;
    if hour > 23 || minute > 59 {
        return fail("hour/min in offset out of range");
    }
    Ok(sign * (hour * 60 + minute))
}

pub(super) fn date_time(text: &str) -> Check {
    let text = text.as_bytes();
    if text.len() < 20 {
        return fail("less than 20 characters long");
    }
    if !text[10].eq_ignore_ascii_case(&b't') {
        return fail("11th character must be t or T");
    }
    date_bytes(&text[..10]).map_err(|error| format!("invalid date element: {error}"))?;
    time_bytes(&text[11..]).map_err(|error| format!("invalid time element: {error}"))
}

pub(super) fn duration(text: &str) -> Check {
    let Some(text) = text.strip_prefix('P') else { return fail("must start with P") };
    if text.is_empty() {
        return fail("nothing after P");
    }
    if let Some(weeks) = text.strip_suffix('W') {
        return match weeks {
            "" => fail("no number in week"),
            weeks if weeks.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
            _ => fail("invalid week"),
        };
    }
    for (place, part) in text.split('T').enumerate() {
        if place > 0 && part.is_empty() {
            return fail("no time elements");
        }
        match place {
            0 => elements(part.as_bytes(), b"YMD")?,
            1 => elements(part.as_bytes(), b"HMS")?,
            _ => return fail("more than one T"),
        }
    }
    Ok(())
}

/// Reads numbers with units, of which each comes once and in order.
fn elements(mut text: &[u8], all: &[u8]) -> Check {
    let mut units = all;
    while !text.is_empty() {
        let (count, rest) = digits(text);
        if count.is_empty() {
            return fail("missing number");
        }
        let Some((unit, rest)) = rest.split_first() else { return fail("missing unit") };
        match units.iter().position(|known| known == unit) {
            Some(place) => units = &units[place + 1..],
            None if all.contains(unit) => {
                return fail(format!("unit {} out of order", shown(char::from(*unit))));
            }
            None => return fail(format!("invalid unit {}", shown(char::from(*unit)))),
        }
        text = rest;
    }
    Ok(())
}

pub(super) fn period(text: &str) -> Check {
    let Some((start, end)) = text.split_once('/') else { return fail("missing slash") };
    let about = |what: &'static str| move |error: String| format!("invalid {what}: {error}");
    if start.starts_with('P') {
        duration(start).map_err(about("start duration"))?;
        return date_time(end).map_err(about("end date-time"));
    }
    date_time(start).map_err(about("start date-time"))?;
    if end.starts_with('P') {
        duration(end).map_err(about("end duration"))
    } else {
        date_time(end).map_err(about("end date-time"))
    }
}
