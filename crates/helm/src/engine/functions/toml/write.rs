//! Values as TOML.
//!
//! Mirrors `encode.go` of github.com/BurntSushi/toml v1.6.0.

use sealift_gotemplate::{
    Budget, FunctionError, Limit, List, Numeric, Output, Str, VALUE_DEPTH, Value, sprint,
};
use sealift_sprig::{Moment, json};

use crate::engine::objects::Structure;

type Result<T> = std::result::Result<T, FunctionError>;

/// Returns a value as TOML.
///
/// # Errors
///
/// With the text of the Go package, for what TOML has not; a limit.
pub(super) fn write(value: &Value, budget: &Budget) -> Result<Value> {
    let mut writer = Writer { out: Output::new(), key: Vec::new(), budget, depth: 0 };
    writer.item(value)?;
    Ok(writer.out.into_str().into())
}

struct Writer<'b> {
    out: Output,
    /// The keys down to what is being written.
    key: Vec<Str>,
    budget: &'b Budget,
    /// How deep what is being written is.
    depth: u32,
}

/// What TOML calls the type of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Array,
    /// A list of tables, which are written one after the other.
    ArrayOfTables,
    Nil,
    Other,
    Table,
}

/// The entries of a table in the order in which they are written: those that begin
/// tables of their own come last.
struct Entries {
    direct: Vec<(Str, Value)>,
    tables: Vec<(Str, Value)>,
}

impl Writer<'_> {
    /// Writes a value under the current key: as a line, or as a table.
    fn item(&mut self, value: &Value) -> Result<()> {
        match (kind(value, self.budget, self.depth)?, value) {
            (Kind::Nil, _) => Ok(()),
            (Kind::ArrayOfTables, Value::List(list)) => self.array_of_tables(list),
            (Kind::Table, value) => self.table(value),
            (_, Value::Func(_)) => {
                Err(format!("unsupported type for key '{}': func", self.shown_key()).into())
            }
            (_, value) => self.line(value),
        }
    }

    fn line(&mut self, value: &Value) -> Result<()> {
        if let Some(key) = self.key.last().cloned() {
            self.indent();
            self.key_and_equals(&key);
            self.element(value)?;
            self.newline();
            return Ok(());
        }
        self.element(value)
    }

    fn key_and_equals(&mut self, key: &Str) {
        push_key(&mut self.out, key);
        self.out.push(b" = ");
    }

    fn array_of_tables(&mut self, list: &List) -> Result<()> {
        if self.key.is_empty() {
            return Err("toml: top-level values must be Go maps or structs".into());
        }
        for item in list.items().iter().filter(|item| !item.is_nil()) {
            self.newline();
            self.head("[[", "]]");
            self.newline();
            self.entries(item)?;
        }
        Ok(())
    }

    fn table(&mut self, value: &Value) -> Result<()> {
        if self.key.len() == 1 {
            self.newline();
        }
        if !self.key.is_empty() {
            self.head("[", "]");
            self.newline();
        }
        self.entries(value)
    }

    fn head(&mut self, open: &str, close: &str) {
        self.indent();
        self.out.push(open.as_bytes());
        let key = self.shown_key();
        self.out.push(key.as_bytes());
        self.out.push(close.as_bytes());
    }

    fn shown_key(&self) -> String {
        let mut out = Output::new();
        for (place, part) in self.key.iter().enumerate() {
            out.push(if place > 0 { b"." } else { b"" });
            push_key(&mut out, part);
        }
        String::from_utf8_lossy(out.bytes()).into_owned()
    }

    /// Writes the entries of a table, each on a line or as a table of its own.
    fn entries(&mut self, table: &Value) -> Result<()> {
        self.deeper(|this| {
            let Entries { direct, tables } = entries(table, this.budget, this.depth)?;
            for (key, value) in direct.into_iter().chain(tables) {
                this.key.push(key);
                this.item(&value)?;
                this.key.pop();
            }
            Ok(())
        })
    }

    /// Writes a value as an element of a list, or behind a key.
    fn element(&mut self, value: &Value) -> Result<()> {
        self.budget.spend(1)?;
        self.budget.check_string(self.out.bytes().len())?;
        match value {
            Value::Bool(truth) => self.out.push(truth.to_string().as_bytes()),
            Value::Bytes(bytes) => {
                let numbers: Vec<_> = bytes.as_bytes().iter().map(ToString::to_string).collect();
                self.out.push(format!("[{}]", numbers.join(", ")).as_bytes());
            }
            Value::List(list) => return self.list(list),
            Value::Object(object) if object.as_any().is::<Moment>() => {
                let text = json::write(value, json::Style::Compact, self.budget)?;
                self.out.push_str(&text.part(1..text.len().saturating_sub(1).max(1)));
            }
            Value::Map(_) | Value::Object(_) => return self.inline_table(value),
            Value::Str(text) => self.quoted(text),
            value => match value.numeric() {
                Some(Numeric::Int(number)) => self.out.push(number.to_string().as_bytes()),
                Some(Numeric::Uint(number)) => self.out.push(number.to_string().as_bytes()),
                Some(Numeric::Float(number)) => self.float(value, number)?,
                _ => return Err(format!("unexpected type: {}", value.kind()).into()),
            },
        }
        Ok(())
    }

    fn list(&mut self, list: &List) -> Result<()> {
        self.deeper(|this| {
            this.out.push(b"[");
            for (place, item) in list.items().iter().enumerate() {
                this.out.push(if place > 0 { b", " } else { b"" });
                this.element(item)?;
            }
            this.out.push(b"]");
            Ok(())
        })
    }

    /// Writes a table in one line. A `nil` leaves the comma before it, as in Go.
    fn inline_table(&mut self, table: &Value) -> Result<()> {
        self.deeper(|this| {
            let Entries { direct, tables } = entries(table, this.budget, this.depth)?;
            let last = (direct.len() + tables.len()).saturating_sub(1);
            this.out.push(b"{");
            for (place, (key, value)) in direct.into_iter().chain(tables).enumerate() {
                if value.is_nil() {
                    continue;
                }
                this.key_and_equals(&key);
                this.element(&value)?;
                this.out.push(if place < last { b", " } else { b"" });
            }
            this.out.push(b"}");
            Ok(())
        })
    }

    fn float(&mut self, value: &Value, number: f64) -> Result<()> {
        let text = match number {
            _ if number.is_nan() => "nan".to_owned(),
            f64::INFINITY => "inf".to_owned(),
            f64::NEG_INFINITY => "-inf".to_owned(),
            _ => {
                let most = self.budget.limits().string_bytes;
                let text = sprint(std::slice::from_ref(value), most)?.to_text().into_owned();
                if text.contains(['e', '.']) { text } else { text + ".0" }
            }
        };
        self.out.push(text.as_bytes());
        Ok(())
    }

    fn quoted(&mut self, text: &Str) {
        push_quoted(&mut self.out, text);
    }

    fn indent(&mut self) {
        for _ in 1..self.key.len() {
            self.out.push(b"  ");
        }
    }

    fn newline(&mut self) {
        if !self.out.bytes().is_empty() {
            self.out.push(b"\n");
        }
    }

    fn deeper(&mut self, act: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if self.depth >= VALUE_DEPTH {
            return Err(Limit::ValueDepth(VALUE_DEPTH).into());
        }
        self.depth += 1;
        let done = act(self);
        self.depth -= 1;
        done
    }
}

/// Returns what TOML calls the type of a value; looks into lists.
fn kind(value: &Value, budget: &Budget, depth: u32) -> Result<Kind> {
    budget.spend(1)?;
    if depth > VALUE_DEPTH {
        return Err(Limit::ValueDepth(VALUE_DEPTH).into());
    }
    Ok(match value {
        Value::Nil | Value::NilOf(_) => Kind::Nil,
        Value::List(list) => {
            let mut are_tables = !list.is_empty();
            for item in list.items() {
                match kind(item, budget, depth + 1)? {
                    Kind::Nil => {
                        return Err("toml: cannot encode array with nil element".into());
                    }
                    kind => are_tables &= kind == Kind::Table,
                }
            }
            if are_tables { Kind::ArrayOfTables } else { Kind::Array }
        }
        Value::Object(object) if object.as_any().is::<Moment>() => Kind::Other,
        Value::Map(_) | Value::Object(_) => Kind::Table,
        Value::Func(_) if depth > 0 => return Err("unsupported type: func".into()),
        _ => Kind::Other,
    })
}

/// Returns the entries of a map in the order of their keys, of a structure in that of its
/// fields.
fn entries(table: &Value, budget: &Budget, depth: u32) -> Result<Entries> {
    let all: Vec<(Str, Value)> = match table {
        Value::Map(map) => {
            map.entries().iter().map(|(key, value)| (key.clone(), value.clone())).collect()
        }
        Value::Object(object) => match object.as_any().downcast_ref::<Structure>() {
            Some(structure) => {
                let fields = structure.exported().into_iter();
                fields.map(|(name, value)| (Str::from(name), value)).collect()
            }
            None => {
                object.fields().into_iter().map(|(name, value)| (Str::from(name), value)).collect()
            }
        },
        _ => Vec::new(),
    };
    let (mut direct, mut tables) = (Vec::new(), Vec::new());
    for (key, value) in all {
        let is_table = matches!(kind(&value, budget, depth)?, Kind::Table | Kind::ArrayOfTables);
        if is_table { &mut tables } else { &mut direct }.push((key, value));
    }
    Ok(Entries { direct, tables })
}

fn push_key(out: &mut Output, key: &Str) {
    let is_bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !key.is_empty() && key.as_bytes().iter().all(is_bare) {
        out.push_str(key);
    } else {
        push_quoted(out, key);
    }
}

fn push_quoted(out: &mut Output, text: &Str) {
    out.push(b"\"");
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let escape = match byte {
            b'"' => "\\\"".to_owned(),
            b'\\' => "\\\\".to_owned(),
            b'\x08' => "\\b".to_owned(),
            b'\t' => "\\t".to_owned(),
            b'\n' => "\\n".to_owned(),
            b'\x0c' => "\\f".to_owned(),
            b'\r' => "\\r".to_owned(),
            0..=0x1f | 0x7f => format!("\\u{byte:04x}"),
            _ => continue,
        };
        out.push_str(&text.part(from..at));
        out.push(escape.as_bytes());
        from = at + 1;
    }
    out.push_str(&text.part(from..bytes.len()));
    out.push(b"\"");
}
