//! Values printed as Go's `fmt` prints them.
//!
//! Mirrors `fmt` of Go 1.26, except that nothing here has an address: `%p` of what
//! would have one prints `0x0`.

mod directive;
mod flags;
mod float;
mod integer;
mod printer;
mod text;

use crate::limits::Limit;
use crate::output::Output;
use crate::value::{Str, Value};
pub(crate) use printer::Printer;

/// Returns what `fmt.Sprintf` returns.
///
/// # Errors
///
/// [`Limit::StringBytes`], when it has more bytes; [`Limit::ValueDepth`].
pub fn sprintf(format: &Str, values: &[Value], most: usize) -> Result<Str, Limit> {
    let mut out = Output::of_string(most);
    directive::printf(&mut out, format, values);
    out.finish()
}

/// Returns what `fmt.Sprint` returns: spaces stand between values of which neither is
/// a string.
///
/// # Errors
///
/// As [`sprintf`].
pub fn sprint(values: &[Value], most: usize) -> Result<Str, Limit> {
    let mut out = Output::of_string(most);
    let mut was_string = true;
    for (place, value) in values.iter().enumerate() {
        let is_string = matches!(value, Value::Str(_));
        if place > 0 && !is_string && !was_string {
            out.push(b" ");
        }
        Printer::new(&mut out).argument(value, 'v');
        was_string = is_string;
    }
    out.finish()
}

/// Returns what `fmt.Sprintln` returns.
///
/// # Errors
///
/// As [`sprintf`].
pub fn sprintln(values: &[Value], most: usize) -> Result<Str, Limit> {
    let mut out = Output::of_string(most);
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            out.push(b" ");
        }
        Printer::new(&mut out).argument(value, 'v');
    }
    out.push(b"\n");
    out.finish()
}

/// Returns what `%v` prints, for errors: not more than a mebibyte of it.
pub(crate) fn shown(value: &Value, verb: char) -> String {
    const MOST: usize = 1 << 20;
    let mut out = Output::of_string(MOST);
    Printer::new(&mut out).value(value, verb);
    String::from_utf8_lossy(out.bytes()).into_owned()
}
