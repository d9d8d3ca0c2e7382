//! Values as JSON.

use std::rc::Rc;

use sealift_gotemplate::{
    Budget, Limit, Map, Number, Numeric, Object, Output, Str, VALUE_DEPTH, Value,
};

use crate::base::BASE64;
use crate::host::Moment;
use crate::table::Result;
use crate::text::runes;
use crate::time;
use crate::values::type_name;

/// How JSON is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without spaces, and `<` as `\u003c`.
    Compact,
    /// A line for each element.
    Pretty,
    /// Without spaces, and `<` as it is.
    Raw,
}

/// Returns a value as JSON.
///
/// # Errors
///
/// Go's, for what JSON has not and for what contains itself; a limit.
pub fn write(value: &Value, style: Style, budget: &Budget) -> Result<Str> {
    let mut writer = Writer { out: Output::new(), style, budget, depth: 0 };
    writer.value(value)?;
    Ok(writer.out.into_str())
}

struct Writer<'b> {
    out: Output,
    style: Style,
    budget: &'b Budget,
    depth: u32,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value) -> Result<()> {
        self.budget.spend(1)?;
        self.budget.check_string(self.out.bytes().len())?;
        match value {
            Value::Nil | Value::NilOf(_) => self.out.push(b"null"),
            Value::Bool(truth) => self.out.push(truth.to_string().as_bytes()),
            Value::Bytes(bytes) => self.string(&bytes.derive(BASE64.encode(bytes.as_bytes())))?,
            Value::Str(text) => self.string(text)?,
            Value::List(list) => {
                let items = list.items();
                self.container(value, [b"[", b"]"], items.len(), &mut |this, place| {
                    this.value(&items[place])
                })?;
            }
            Value::Map(map) => self.map(value, map)?,
            Value::Object(object) => self.object(value, object)?,
            Value::Func(_) => return Err(unsupported(value)),
            number => self.number(number)?,
        }
        Ok(())
    }

    fn map(&mut self, value: &Value, map: &Map) -> Result<()> {
        let entries = map.entries();
        let entries: Vec<_> = entries.iter().collect();
        self.container(value, [b"{", b"}"], entries.len(), &mut |this, place| {
            let (key, value) = entries[place];
            this.entry(key, value)
        })
    }

    fn entry(&mut self, key: &Str, value: &Value) -> Result<()> {
        self.string(key)?;
        self.out.push(if self.style == Style::Pretty { b": " } else { b":" });
        self.value(value)
    }

    fn object(&mut self, value: &Value, object: &Rc<dyn Object>) -> Result<()> {
        if let Some(date) = object.as_any().downcast_ref::<Moment>() {
            return Ok(self.string(&Str::from(time::format(*date, time::RFC3339)))?);
        }
        if let (Some(text), true) = (object.text(), object.fields().is_empty()) {
            return Ok(self.string(&text)?);
        }
        let fields = object.json_fields();
        self.container(value, [b"{", b"}"], fields.len(), &mut |this, place| {
            let (name, value) = &fields[place];
            this.entry(&Str::from(name.as_str()), value)
        })
    }

    fn container(
        &mut self,
        value: &Value,
        [open, close]: [&[u8]; 2],
        len: usize,
        element: &mut dyn FnMut(&mut Self, usize) -> Result<()>,
    ) -> Result<()> {
        if self.depth >= VALUE_DEPTH {
            let kind = type_name(value);
            return Err(format!("json: unsupported value: encountered a cycle via {kind}").into());
        }
        self.depth += 1;
        self.out.push(open);
        for place in 0..len {
            if place > 0 {
                self.out.push(b",");
            }
            self.line(self.depth);
            element(self, place)?;
        }
        self.depth -= 1;
        if len > 0 {
            self.line(self.depth);
        }
        self.out.push(close);
        Ok(())
    }

    fn line(&mut self, depth: u32) {
        if self.style == Style::Pretty {
            self.out.push(b"\n");
            self.out.push(&b" ".repeat(2 * depth as usize));
        }
    }

    fn number(&mut self, value: &Value) -> Result<()> {
        let written = match (value, value.numeric()) {
            (Value::Number(Number::Float32(number)), _) => {
                float(value, f64::from(*number), &format!("{number:e}"))?
            }
            (_, Some(Numeric::Float(number))) => float(value, number, &format!("{number:e}"))?,
            (_, Some(Numeric::Int(number))) => number.to_string(),
            (_, Some(Numeric::Uint(number))) => number.to_string(),
            _ => return Err(unsupported(value)),
        };
        self.out.push(written.as_bytes());
        Ok(())
    }

    fn string(&mut self, text: &Str) -> std::result::Result<(), Limit> {
        let bytes = text.as_bytes();
        self.out.push(b"\"");
        let mut from = 0;
        for rune in runes(bytes) {
            let Some(escaped) = self.escaped(rune.character, rune.end - rune.start) else {
                continue;
            };
            self.out.push_str(&text.part(from..rune.start));
            self.out.push(escaped.as_bytes());
            from = rune.end;
        }
        self.out.push_str(&text.part(from..bytes.len()));
        self.out.push(b"\"");
        self.budget.check_string(self.out.bytes().len())
    }

    /// Returns what is written for a character, unless that is itself.
    fn escaped(&self, c: char, width: usize) -> Option<String> {
        Some(match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\u{8}' => "\\b".to_owned(),
            '\u{c}' => "\\f".to_owned(),
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '<' | '>' | '&' if self.style == Style::Raw => return None,
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                format!("\\u{:04x}", u32::from(c))
            }
            char::REPLACEMENT_CHARACTER if width == 1 => "\\ufffd".to_owned(),
            _ => return None,
        })
    }
}

/// Returns the error about a value that JSON has not.
#[must_use]
pub fn unsupported(value: &Value) -> sealift_gotemplate::FunctionError {
    format!("json: unsupported type: {}", type_name(value)).into()
}

/// Returns a float as ECMAScript writes it; `written` is its shortest form with an exponent.
fn float(value: &Value, number: f64, written: &str) -> Result<String> {
    if !number.is_finite() {
        let name = match number {
            number if number.is_nan() => "NaN",
            number if number > 0.0 => "+Inf",
            _ => "-Inf",
        };
        return Err(format!("json: unsupported value: {name}").into());
    }
    let is_short = matches!(value, Value::Number(_));
    let (mantissa, exponent) = written.split_once('e').unwrap_or((written, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let least = if is_short { f64::from(1e-6_f32) } else { 1e-6 };
    let most = if is_short { f64::from(1e21_f32) } else { 1e21 };
    if number != 0.0 && (number.abs() < least || number.abs() >= most) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return Ok(format!("{mantissa}e{sign}{}", exponent.unsigned_abs()));
    }
    Ok(positional(mantissa, exponent))
}

/// Returns a number without its exponent.
fn positional(mantissa: &str, exponent: i32) -> String {
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let Ok(before) = usize::try_from(exponent) else {
        let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
        return format!("{sign}0.{zeros}{digits}");
    };
    match digits.get(before + 1..).filter(|behind| !behind.is_empty()) {
        Some(behind) => format!("{sign}{}.{behind}", &digits[..=before]),
        None => format!("{sign}{digits:0<width$}", width = before + 1),
    }
}
