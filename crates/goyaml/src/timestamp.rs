//! What an explicit `!!timestamp` takes.

/// Whether go-yaml v2 takes the text as a point in time.
///
/// Its four layouts are `2006-1-2`, with `T` or `t`, the time and a zone after
/// it, or with a space and the time. Without the tag the question never
/// matters: a timestamp decodes to its text.
pub(crate) fn is_timestamp(text: &str) -> bool {
    let mut rest = Rest(text);
    let Some((year, month, day)) = rest.date() else { return false };
    if !is_day(year, month, day) {
        return false;
    }
    match rest.0.as_bytes().first() {
        None => true,
        Some(b'T' | b't') => {
            rest.skip(1).time().is_some() && rest.zone().is_some() && rest.0.is_empty()
        }
        Some(b' ') => {
            // A layout's space matches any number of spaces.
            rest.0 = rest.0.trim_start_matches(' ');
            rest.time().is_some() && rest.0.is_empty()
        }
        Some(_) => false,
    }
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// The text not yet read.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn skip(&mut self, bytes: usize) -> &mut Self {
        self.0 = self.0.get(bytes..).unwrap_or("");
        self
    }

    fn literal(&mut self, character: char) -> Option<()> {
        self.0 = self.0.strip_prefix(character)?;
        Some(())
    }

    /// Between `least` and `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let found = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if found < least {
            return None;
        }
        let number = self.0[..found].parse().ok()?;
        self.skip(found);
        Some(number)
    }

    fn date(&mut self) -> Option<(u32, u32, u32)> {
        let year = self.digits(4, 4)?;
        self.literal('-')?;
        let month = self.digits(1, 2)?;
        self.literal('-')?;
        Some((year, month, self.digits(1, 2)?))
    }

    fn time(&mut self) -> Option<()> {
        let hour = self.digits(1, 2)?;
        self.literal(':')?;
        let minute = self.digits(1, 2)?;
        self.literal(':')?;
        let second = self.digits(1, 2)?;
        self.fraction();
        (hour < 24 && minute < 60 && second < 60).then_some(())
    }

    fn fraction(&mut self) {
        let Some(digits) = self.0.strip_prefix(['.', ',']) else { return };
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        if count > 0 {
            self.skip(1 + count);
        }
    }

    fn zone(&mut self) -> Option<()> {
        if self.literal('Z').is_some() {
            return Some(());
        }
        self.0 = self.0.strip_prefix(['+', '-'])?;
        let hour = self.digits(2, 2)?;
        self.literal(':')?;
        let minute = self.digits(2, 2)?;
        (hour <= 24 && minute <= 60).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_layouts_of_go_yaml_are_timestamps() {
        for text in [
            "2001-12-14",
            "2001-1-2",
            "2001-12-14T21:59:43.10-05:00",
            "2001-12-14t21:59:43Z",
            "2001-12-15 2:59:43.10",
            "2000-02-29",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
    }

    #[test]
    fn other_dates_and_days_that_do_not_exist_are_none() {
        for text in [
            "",
            "2001",
            "2001-13-01",
            "2001-02-30",
            "1900-02-29",
            "2001-12-14 21:59:43 -5",
            "2001-12-14T21:59:43",
            "2001-12-14T24:00:00Z",
            "01-12-14",
            "2001-12-14x",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
