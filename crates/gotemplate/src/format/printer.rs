//! Any value by any verb.

use std::rc::Rc;

use super::flags::Flags;
use super::float::{Float, complex, float};
use super::integer::{Integer, integer, quoted_rune, rune, unicode};
use super::text;
use crate::limits::{Limit, VALUE_DEPTH};
use crate::output::Output;
use crate::unicode::push;
use crate::value::{List, Map, Number, Numeric, Object, Str, Type, Value};

/// Writes values.
pub(crate) struct Printer<'o> {
    out: &'o mut Output,
    flags: Flags,
    depth: u32,
    /// Set while a value is written that its verb does not fit.
    in_error: bool,
}

impl<'o> Printer<'o> {
    /// Returns a printer for `%v`.
    pub(crate) fn new(out: &'o mut Output) -> Self {
        Self::with(out, Flags::default())
    }

    pub(super) fn with(out: &'o mut Output, flags: Flags) -> Self {
        Self { out, flags, depth: 0, in_error: false }
    }

    /// Writes an argument of `Printf`.
    pub(crate) fn argument(&mut self, value: &Value, verb: char) {
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => self.flags.pad(self.out, b"<nil>"),
            (Value::Nil, _) => self.misfit(value, verb),
            (_, 'T') => {
                let kind = Str::from(value.kind().to_string());
                text::plain(self.out, &self.flags, &kind);
            }
            _ => self.value(value, verb),
        }
    }

    /// Writes what a template prints, of a pointer what it points to.
    pub(crate) fn printed(&mut self, value: &Value) {
        match value {
            Value::Object(object) => match object.text_at_address() {
                Some(text) => self.out.push_str(&text),
                None => self.structure(object, 'v'),
            },
            value => self.value(value, 'v'),
        }
    }

    /// Writes a value, which may be inside another.
    pub(crate) fn value(&mut self, value: &Value, verb: char) {
        match value {
            Value::Nil => self.nil(),
            Value::Bool(truth) => self.bool(*truth, verb),
            Value::Bytes(bytes) => self.bytes(bytes, verb),
            Value::Float(number) => self.float(value, Float::Double(*number), verb),
            Value::Func(_) => self.address(value, verb),
            Value::Int(number) | Value::Int64(number) => {
                self.integer(value, Integer::from(*number), true, verb);
            }
            Value::List(list) => self.list(list, verb),
            Value::Map(map) => self.map(map, verb),
            Value::NilOf(kind) => self.nil_of(kind, value, verb),
            Value::Number(number) => self.number(value, number, verb),
            Value::Object(object) => self.object(object, value, verb),
            Value::Str(text) => self.string(text, value, verb),
        }
    }

    /// Writes what stands in place of a value that does not fit the verb.
    fn misfit(&mut self, value: &Value, verb: char) {
        let mut head = b"%!".to_vec();
        push(&mut head, verb);
        head.push(b'(');
        self.out.push(&head);
        if matches!(value, Value::Nil) {
            self.out.push(b"<nil>");
        } else {
            self.out.push(format!("{}=", value.kind()).as_bytes());
            let before = (self.in_error, self.depth);
            // Go begins anew here, which shows what a pointer inside another value points to.
            (self.in_error, self.depth) = (true, 0);
            self.value(value, 'v');
            (self.in_error, self.depth) = before;
        }
        self.out.push(b")");
    }

    fn nil(&mut self) {
        self.out.push(if self.flags.sharp_v { b"interface {}(nil)" } else { b"<nil>" });
    }

    fn bool(&mut self, truth: bool, verb: char) {
        match verb {
            't' | 'v' => self.flags.pad(self.out, if truth { b"true" } else { b"false" }),
            _ => self.misfit(&Value::Bool(truth), verb),
        }
    }

    fn number(&mut self, value: &Value, number: &Number, verb: char) {
        match (number, number.numeric()) {
            (Number::Float32(single), _) => self.float(value, Float::Single(*single), verb),
            (_, Numeric::Complex(real, imaginary)) => self.complex(value, (real, imaginary), verb),
            (_, Numeric::Float(double)) => self.float(value, Float::Double(double), verb),
            (_, Numeric::Int(int)) => self.integer(value, Integer::from(int), true, verb),
            (_, Numeric::Uint(int)) => self.integer(value, Integer::from(int), false, verb),
        }
    }

    fn integer(&mut self, value: &Value, number: Integer, is_signed: bool, verb: char) {
        match verb {
            'v' if self.flags.sharp_v && !is_signed => self.hex_byte(number),
            'v' | 'd' => integer(self.out, &self.flags, number, 'd'),
            'b' | 'o' | 'O' | 'x' | 'X' => integer(self.out, &self.flags, number, verb),
            'c' => rune(self.out, &self.flags, number),
            'q' => quoted_rune(self.out, &self.flags, number),
            'U' => unicode(self.out, &self.flags, number),
            _ => self.misfit(value, verb),
        }
    }

    fn hex_byte(&mut self, number: Integer) {
        integer(self.out, &Flags { sharp: true, ..self.flags }, number, 'x');
    }

    fn float(&mut self, value: &Value, number: Float, verb: char) {
        match verb {
            'b' | 'g' | 'G' | 'v' | 'x' | 'X' => float(self.out, &self.flags, number, verb, None),
            'e' | 'E' | 'f' | 'F' => float(self.out, &self.flags, number, verb, Some(6)),
            _ => self.misfit(value, verb),
        }
    }

    fn complex(&mut self, value: &Value, parts: (f64, f64), verb: char) {
        match verb {
            'b' | 'g' | 'G' | 'v' | 'x' | 'X' => complex(self.out, &self.flags, parts, verb, None),
            'e' | 'E' | 'f' | 'F' => complex(self.out, &self.flags, parts, verb, Some(6)),
            _ => self.misfit(value, verb),
        }
    }

    fn string(&mut self, text: &Str, value: &Value, verb: char) {
        match verb {
            'v' if self.flags.sharp_v => text::quoted(self.out, &self.flags, text),
            'v' | 's' => text::plain(self.out, &self.flags, text),
            'x' | 'X' => text::hex(self.out, &self.flags, text, verb == 'X'),
            'q' => text::quoted(self.out, &self.flags, text),
            _ => self.misfit(value, verb),
        }
    }

    /// Prints `[104 101]`. A chart that prints its context by mistake prints all its files
    /// so: megabytes.
    fn plain_bytes(&mut self, bytes: &Str) {
        const CHUNK: usize = 4096;
        const WIDEST: usize = 4;
        let start = self.out.len();
        let mut text = [0; CHUNK * WIDEST];
        let digits = |byte: u8| 1 + usize::from(byte > 9) + usize::from(byte > 99);
        let between = bytes.len();
        self.out.reserve(
            bytes.as_bytes().iter().map(|&byte| digits(byte)).sum::<usize>() + between + 2,
        );
        self.out.push(b"[");
        for (index, chunk) in bytes.as_bytes().chunks(CHUNK).enumerate() {
            let mut end = 0;
            for &byte in chunk {
                // Always as many bytes as the widest has: that is one instruction.
                let (decimal, len) = DECIMALS[usize::from(byte)];
                if let Some(there) = text[end..].first_chunk_mut() {
                    *there = decimal;
                }
                end += usize::from(len);
            }
            let from = usize::from(index == 0);
            self.out.push(&text[from..end]);
            if self.out.is_stopped() {
                return;
            }
        }
        self.out.push(b"]");
        self.out.derived(bytes, start);
    }

    fn bytes(&mut self, bytes: &Str, verb: char) {
        match verb {
            's' => return text::plain(self.out, &self.flags, bytes),
            'x' | 'X' => return text::hex(self.out, &self.flags, bytes, verb == 'X'),
            'q' => return text::quoted(self.out, &self.flags, bytes),
            'v' | 'd' if self.flags == Flags::default() => return self.plain_bytes(bytes),
            _ => {}
        }
        let start = self.out.len();
        let separator = if self.flags.sharp_v { "[]byte{, " } else { "[ " };
        let (open, between) =
            separator.split_at(separator.len() - if self.flags.sharp_v { 2 } else { 1 });
        self.out.push(open.as_bytes());
        for (place, &byte) in bytes.as_bytes().iter().enumerate() {
            if place > 0 {
                self.out.push(between.as_bytes());
            }
            let verb = if verb == 'v' && !self.flags.sharp_v { 'd' } else { verb };
            self.value(&Value::byte(byte), verb);
            if self.out.is_stopped() {
                return;
            }
        }
        self.out.push(if self.flags.sharp_v { b"}" } else { b"]" });
        self.out.derived(bytes, start);
    }

    fn list(&mut self, list: &List, verb: char) {
        let sharp = self.flags.sharp_v;
        self.open(sharp, || list.kind(), "[");
        for (place, item) in list.items().iter().enumerate() {
            self.separate(place);
            self.inner(item, verb);
            if self.out.is_stopped() {
                return;
            }
        }
        self.out.push(if sharp { b"}" } else { b"]" });
    }

    fn map(&mut self, map: &Map, verb: char) {
        let sharp = self.flags.sharp_v;
        self.open(sharp, || map.kind(), "map[");
        for (place, (key, value)) in map.entries().iter().enumerate() {
            self.separate(place);
            self.string(key, &Value::Str(key.clone()), verb);
            self.out.push(b":");
            self.inner(value, verb);
            if self.out.is_stopped() {
                return;
            }
        }
        self.out.push(if sharp { b"}" } else { b"]" });
    }

    fn open(&mut self, sharp: bool, kind: impl FnOnce() -> Type, plain: &str) {
        if sharp {
            self.out.push(format!("{}{{", kind()).as_bytes());
        } else {
            self.out.push(plain.as_bytes());
        }
    }

    fn separate(&mut self, place: usize) {
        if place > 0 {
            self.out.push(if self.flags.sharp_v { b", " } else { b" " });
        }
    }

    /// Writes an element.
    fn inner(&mut self, value: &Value, verb: char) {
        if self.depth >= VALUE_DEPTH {
            return self.out.stop(Limit::ValueDepth(VALUE_DEPTH));
        }
        self.depth += 1;
        self.value(value, verb);
        self.depth -= 1;
    }

    fn nil_of(&mut self, kind: &Type, value: &Value, verb: char) {
        if self.flags.sharp_v {
            let shown = match kind {
                Type::Object(name) | Type::Func(name) => format!("({name})(nil)"),
                Type::Bytes => "[]byte(nil)".to_owned(),
                kind => format!("{kind}(nil)"),
            };
            return self.out.push(shown.as_bytes());
        }
        match kind.underlying() {
            Type::Map(_) => self.out.push(b"map[]"),
            Type::Bytes if matches!(verb, 's' | 'x' | 'X' | 'q') => {
                self.bytes(&Str::from(""), verb);
            }
            Type::Bytes | Type::List(_) => self.out.push(b"[]"),
            _ if verb == 'v' => self.flags.pad(self.out, b"<nil>"),
            _ => self.address(value, verb),
        }
    }

    fn object(&mut self, object: &Rc<dyn Object>, value: &Value, verb: char) {
        let fits = matches!(verb, 'v' | 's' | 'x' | 'X' | 'q') && !self.flags.sharp_v;
        if fits
            && !self.in_error
            && let Some(text) = object.text()
        {
            return self.string(&text, &Value::Str(text.clone()), verb);
        }
        let name = object.type_name();
        let (is_pointer, name) = match name.strip_prefix('*') {
            Some(name) => (true, name),
            None => (false, name),
        };
        if is_pointer && self.depth > 0 {
            return self.address(value, verb);
        }
        self.out.push(if is_pointer { b"&" } else { b"" });
        self.out.push(if self.flags.sharp_v { name.as_bytes() } else { b"" });
        self.structure(object, verb);
    }

    fn structure(&mut self, object: &Rc<dyn Object>, verb: char) {
        self.out.push(b"{");
        for (place, (name, field)) in object.fields().iter().enumerate() {
            self.separate(place);
            if self.flags.plus_v || self.flags.sharp_v {
                self.out.push(name.as_bytes());
                self.out.push(b":");
            }
            self.inner(field, verb);
            if self.out.is_stopped() {
                return;
            }
        }
        self.out.push(b"}");
    }

    /// Nothing here has an address, and no two runs of Go print the same one.
    fn address(&mut self, value: &Value, verb: char) {
        match verb {
            'v' | 'p' => self.flags.pad(self.out, b"0x0"),
            'b' | 'd' | 'o' | 'x' | 'X' => {
                integer(self.out, &self.flags, Integer::from(0_u64), verb);
            }
            _ => self.misfit(value, verb),
        }
    }
}

/// The numbers of a byte with a space before them, and their lengths.
static DECIMALS: [([u8; 4], u8); 256] = {
    let mut decimals = [([b' '; 4], 0); 256];
    let mut byte = 0;
    while byte < decimals.len() {
        let mut len = 1;
        let mut power = if byte >= 100 {
            100
        } else if byte >= 10 {
            10
        } else {
            1
        };
        while power > 0 {
            decimals[byte].0[len] = b"0123456789"[byte / power % 10];
            len += 1;
            power /= 10;
        }
        decimals[byte].1 = [0, 1, 2, 3, 4][len];
        byte += 1;
    }
    decimals
};
