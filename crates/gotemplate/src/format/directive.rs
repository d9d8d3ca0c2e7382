//! The directives of a format: `%[2]*.3d`.

use super::flags::{Flags, LARGEST};
use super::printer::Printer;
use crate::output::Output;
use crate::unicode::{decode, push};
use crate::value::{Numeric, Str, Value};

/// Writes values as a format says.
pub(super) fn printf(out: &mut Output, format: &Str, values: &[Value]) {
    let mut reader = Reader {
        format: format.as_bytes(),
        at: 0,
        values,
        next: 0,
        reordered: false,
        after_index: false,
        is_good: true,
    };
    while reader.at < reader.format.len() && !out.is_stopped() {
        let rest = &reader.format[reader.at..];
        let plain = rest.iter().position(|&byte| byte == b'%').unwrap_or(rest.len());
        out.push_part(format, reader.at..reader.at + plain);
        reader.at += plain + 1;
        if plain < rest.len() {
            reader.directive(out);
        }
    }
    if !reader.reordered && reader.next < values.len() {
        extra(out, &values[reader.next..]);
    }
}

fn extra(out: &mut Output, values: &[Value]) {
    out.push(b"%!(EXTRA ");
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            out.push(b", ");
        }
        if matches!(value, Value::Nil) {
            out.push(b"<nil>");
        } else {
            out.push(format!("{}=", value.kind()).as_bytes());
            Printer::new(out).argument(value, 'v');
        }
    }
    out.push(b")");
}

/// Reads directives one after the other.
struct Reader<'f> {
    format: &'f [u8],
    at: usize,
    values: &'f [Value],
    /// The value that is next.
    next: usize,
    /// Whether there was an index such as `[2]`: then nobody counts what is left.
    reordered: bool,
    after_index: bool,
    is_good: bool,
}

impl Reader<'_> {
    /// Reads what follows a `%`, and writes what it stands for.
    fn directive(&mut self, out: &mut Output) {
        self.is_good = true;
        self.after_index = false;
        let mut flags = self.flags();
        self.index();
        self.width(&mut flags, out);
        self.precision(&mut flags, out);
        if !self.after_index {
            self.index();
        }
        let Some(verb) = decode(&self.format[self.at.min(self.format.len())..]) else {
            return out.push(b"%!(NOVERB)");
        };
        self.at += verb.len;
        self.write(out, flags, verb.character);
    }

    fn write(&mut self, out: &mut Output, mut flags: Flags, verb: char) {
        if verb == '%' {
            return out.push(b"%");
        }
        if !self.is_good {
            return wrong(out, verb, "(BADINDEX)");
        }
        let Some(value) = self.values.get(self.next) else {
            return wrong(out, verb, "(MISSING)");
        };
        if verb == 'v' {
            flags.sharp_v = std::mem::take(&mut flags.sharp);
            flags.plus_v = std::mem::take(&mut flags.plus);
        }
        Printer::with(out, flags).argument(value, verb);
        self.next += 1;
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        while let Some(byte) = self.format.get(self.at) {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
        flags
    }

    fn width(&mut self, flags: &mut Flags, out: &mut Output) {
        if self.format.get(self.at) == Some(&b'*') {
            self.at += 1;
            match self.int() {
                Some(width) => {
                    flags.minus |= width < 0;
                    flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => out.push(b"%!(BADWIDTH)"),
            }
            self.after_index = false;
            return;
        }
        flags.width = self.number();
        if self.after_index && flags.width.is_some() {
            self.is_good = false; // `%[3]2d`
        }
    }

    fn precision(&mut self, flags: &mut Flags, out: &mut Output) {
        if self.format.get(self.at) != Some(&b'.') {
            return;
        }
        self.at += 1;
        if self.after_index {
            self.is_good = false; // `%[3].2d`
        }
        self.index();
        if self.format.get(self.at) == Some(&b'*') {
            self.at += 1;
            flags.precision = self.int().and_then(|precision| usize::try_from(precision).ok());
            if flags.precision.is_none() {
                out.push(b"%!(BADPREC)");
            }
            self.after_index = false;
        } else {
            flags.precision = Some(self.number().unwrap_or(0));
        }
    }

    /// Reads digits. A number that is too large ends the format, as in Go.
    fn number(&mut self) -> Option<usize> {
        let (number, at) = digits(self.format, self.at, self.format.len());
        self.at = at;
        number
    }

    /// Takes the next value for a width or precision.
    fn int(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        let int = match value.numeric()? {
            Numeric::Int(int) => int,
            Numeric::Uint(int) => i64::try_from(int).ok()?,
            Numeric::Complex(..) | Numeric::Float(_) => return None,
        };
        (-LARGEST..=LARGEST).contains(&int).then_some(int)
    }

    /// Reads an index such as `[2]`.
    fn index(&mut self) {
        self.after_index = false;
        if self.format.get(self.at) != Some(&b'[') {
            return;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let Some(close) = rest.iter().position(|&byte| byte == b']').filter(|_| rest.len() >= 3)
        else {
            self.is_good = false;
            self.at += 1;
            return;
        };
        let (number, end) = digits(rest, 1, close);
        self.at += close + 1;
        match number {
            Some(number) if end == close => match number.checked_sub(1) {
                Some(index) if index < self.values.len() => {
                    self.next = index;
                    self.after_index = true;
                }
                _ => {
                    self.is_good = false;
                    self.after_index = true;
                }
            },
            _ => self.is_good = false,
        }
    }
}

/// Reads digits up to `end`: their number, and the place behind them.
fn digits(format: &[u8], start: usize, end: usize) -> (Option<usize>, usize) {
    let mut number: Option<usize> = None;
    let mut at = start;
    while let Some(digit) = format.get(at).filter(|byte| at < end && byte.is_ascii_digit()) {
        let before = number.unwrap_or(0);
        if i64::try_from(before).is_ok_and(|before| before > LARGEST) {
            return (None, end);
        }
        number = Some(before * 10 + usize::from(digit - b'0'));
        at += 1;
    }
    (number, at)
}

fn wrong(out: &mut Output, verb: char, what: &str) {
    let mut text = b"%!".to_vec();
    push(&mut text, verb);
    text.extend_from_slice(what.as_bytes());
    out.push(&text);
}
