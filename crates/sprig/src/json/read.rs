//! Values out of JSON.

use sealift_gotemplate::{Budget, Limit, List, Map, Str, VALUE_DEPTH, Value};

use crate::table::Result;
use crate::text::{rune_at, runes};

/// Returns what `json.Unmarshal` makes of a text.
///
/// # Errors
///
/// Go's, and limits.
pub fn read(text: &Str, budget: &Budget) -> Result<Value> {
    let mut reader = Reader::new(text, budget);
    let value = reader.value(0, "looking for beginning of value")?;
    reader.skip_space();
    if reader.at < reader.bytes.len() {
        return Err(reader.unexpected("after top-level value"));
    }
    reader.finish(value)
}

/// Reads the value that a text begins with, as `json.Decoder` does, and returns where it ends.
///
/// # Errors
///
/// Go's, and limits.
pub fn first(text: &Str, budget: &Budget) -> Result<(Value, usize)> {
    let mut reader = Reader::new(text, budget);
    let value = reader.value(0, "looking for beginning of value")?;
    let end = reader.at;
    Ok((reader.finish(value)?, end))
}

/// Reads the value that a text begins with, as `json.Decoder` does with `UseNumber`: a number is
/// [`Value::Bytes`], as it is written.
///
/// # Errors
///
/// Go's, and limits.
pub fn first_exact(text: &Str, budget: &Budget) -> Result<(Value, usize)> {
    let mut reader = Reader { keeps_numbers: true, ..Reader::new(text, budget) };
    let value = reader.value(0, "looking for beginning of value")?;
    Ok((value, reader.at))
}

struct Reader<'t> {
    text: &'t Str,
    bytes: &'t [u8],
    at: usize,
    budget: &'t Budget,
    elements: usize,
    too_large: Option<String>,
    keeps_numbers: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t Str, budget: &'t Budget) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            budget,
            elements: 0,
            too_large: None,
            keeps_numbers: false,
        }
    }

    /// Returns the value, unless it holds a number that is no `float64`.
    fn finish(self, value: Value) -> Result<Value> {
        match self.too_large {
            Some(number) => {
                Err(format!("json: cannot unmarshal number {number} into Go value of type float64")
                    .into())
            }
            None => Ok(value),
        }
    }

    fn skip_space(&mut self) {
        let space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.at += self.bytes[self.at..].iter().take_while(|byte| space(byte)).count();
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Returns Go's error about the next byte.
    fn unexpected(&self, place: &str) -> sealift_gotemplate::FunctionError {
        // Go lets a space follow the end, which some places take for more of the same.
        let refuses_space = place.contains("numeric literal")
            || place.contains("escape")
            || place.starts_with("in literal");
        let byte = match self.peek() {
            Some(byte) => byte,
            None if refuses_space => b' ',
            None => return "unexpected end of JSON input".into(),
        };
        let shown = match byte {
            b'\'' => r"'\''".to_owned(),
            b'"' => "'\"'".to_owned(),
            byte => shown(byte),
        };
        format!("invalid character {shown} {place}").into()
    }

    fn count(&mut self) -> std::result::Result<(), Limit> {
        self.elements += 1;
        self.budget.spend(1)?;
        self.budget.check_elements(self.elements)
    }

    fn value(&mut self, depth: u32, place: &str) -> Result<Value> {
        self.skip_space();
        self.count()?;
        match self.peek() {
            Some(b'{' | b'[') if depth >= VALUE_DEPTH => Err(Limit::ValueDepth(VALUE_DEPTH).into()),
            Some(b'{') => self.map(depth + 1),
            Some(b'[') => self.list(depth + 1),
            Some(b'"') => Ok(self.string()?.into()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Nil),
            _ => Err(self.unexpected(place)),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value> {
        for wanted in word.chars() {
            if self.peek().map(char::from) != Some(wanted) {
                let place = format!("in literal {word} (expecting '{wanted}')");
                return Err(self.unexpected(&place));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn list(&mut self, depth: u32) -> Result<Value> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(List::new(items).into());
        }
        loop {
            items.push(self.value(depth, "looking for beginning of value")?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    let room = items.len().next_power_of_two();
                    return Ok(List::with_capacity(items, room).into());
                }
                _ => return Err(self.unexpected("after array element")),
            }
        }
    }

    fn map(&mut self, depth: u32) -> Result<Value> {
        self.at += 1;
        let map = Map::new();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(map.into());
        }
        let mut place = "looking for beginning of object key string";
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected(place));
            }
            let key = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("after object key"));
            }
            self.at += 1;
            map.insert(key, self.value(depth, "looking for beginning of value")?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(map.into());
                }
                _ => return Err(self.unexpected("after object key:value pair")),
            }
            place = "looking for beginning of object key string";
        }
    }

    fn digits(&mut self, place: &str) -> Result<()> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.unexpected(place));
        }
        self.at += self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        Ok(())
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        if self.keeps_numbers {
            return Ok(Value::Bytes(self.text.part(start..self.at)));
        }
        let written = String::from_utf8_lossy(&self.bytes[start..self.at]);
        let number: f64 = written.parse().unwrap_or(f64::INFINITY);
        if number.is_infinite() {
            self.too_large.get_or_insert(written.into_owned());
        }
        Ok(number.into())
    }

    fn string(&mut self) -> Result<Str> {
        self.at += 1;
        let start = self.at;
        let mut is_plain = true;
        loop {
            match self.peek() {
                None | Some(0..=0x1f) => return Err(self.unexpected("in string literal")),
                Some(b'"') => break,
                Some(b'\\') => {
                    is_plain = false;
                    self.at += 1;
                    self.escape()?;
                }
                Some(_) => self.at += 1,
            }
        }
        let raw = self.text.part(start..self.at);
        self.at += 1;
        if is_plain && std::str::from_utf8(raw.as_bytes()).is_ok() {
            return Ok(raw);
        }
        Ok(raw.derive(unescaped(raw.as_bytes())))
    }

    fn escape(&mut self) -> Result<()> {
        match self.peek() {
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return Err(self.unexpected("in \\u hexadecimal character escape"));
                    }
                    self.at += 1;
                }
                Ok(())
            }
            Some(b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"') => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.unexpected("in string escape code")),
        }
    }
}

/// Returns what `strconv.Quote` makes of one byte taken for a character, in single quotes.
fn shown(byte: u8) -> String {
    let c = char::from(byte);
    match byte {
        b'\\' => r"'\\'".to_owned(),
        7 => r"'\a'".to_owned(),
        8 => r"'\b'".to_owned(),
        12 => r"'\f'".to_owned(),
        b'\n' => r"'\n'".to_owned(),
        b'\r' => r"'\r'".to_owned(),
        b'\t' => r"'\t'".to_owned(),
        11 => r"'\v'".to_owned(),
        0..=0x1f | 0x7f => format!("'\\x{byte:02x}'"),
        0x80..=0xa0 | 0xad => format!("'\\u{byte:04x}'"),
        _ => format!("'{c}'"),
    }
}

/// Returns a string without its escapes, which are known to be right.
fn unescaped(raw: &[u8]) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(rune) = rune_at(raw, at) {
        at = rune.end;
        if rune.character != '\\' {
            out.push(rune.character);
            continue;
        }
        let escape = raw.get(at).copied().unwrap_or(b'\\');
        at += 1;
        out.push(match escape {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let (c, next) = unit_pair(raw, at);
                at = next;
                c
            }
            other => char::from(other),
        });
    }
    debug_assert!(runes(out.as_bytes()).count() <= raw.len());
    out
}

/// Returns the character of one or two UTF-16 units, of which the first begins at a byte.
fn unit_pair(raw: &[u8], at: usize) -> (char, usize) {
    let Some(first) = unit(raw, at) else { return (char::REPLACEMENT_CHARACTER, at) };
    let next = at + 4;
    if (0xd800..0xdc00).contains(&first)
        && raw.get(next..next + 2) == Some(b"\\u")
        && let Some(second) = unit(raw, next + 2).filter(|unit| (0xdc00..0xe000).contains(unit))
    {
        let point = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER), next + 6);
    }
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), next)
}

fn unit(raw: &[u8], at: usize) -> Option<u32> {
    let digits = std::str::from_utf8(raw.get(at..at + 4)?).ok()?;
    u32::from_str_radix(digits, 16).ok()
}
