//! Strings.

use sealift_gotemplate::{Context, Output, Str, Value, sprintf};

use crate::table::{Result, Table};
use crate::text::{self, runes, to_lower, to_title, to_upper};
use crate::values;

pub(super) fn insert(table: &mut Table<'_>) {
    table.none("hello", |_| Ok(Str::from("Hello!")));
    table.many("quote", quote);
    table.many("squote", squote);
    table.many("cat", cat);
    table.two("trunc", |_, count, text| Ok(trunc(count, text)));
    table.three("substr", substr);
    table.three("replace", replace);
    table.two("repeat", repeat);
    table.two("indent", indent);
    table.two("nindent", |context: &mut Context<'_>, count: i64, text: Str| {
        let indented = indent(context, count, text)?;
        context.budget().check_string(indented.len() + 1)?;
        let mut out = Output::new();
        out.push(b"\n");
        out.push_str(&indented);
        Ok(out.into_str())
    });
    table.three("plural", |_, one: Str, many: Str, count: i64| {
        Ok(if count == 1 { one } else { many })
    });
    insert_tests(table);
    insert_trims(table);
    insert_cases(table);
}

fn insert_tests(table: &mut Table<'_>) {
    table.two("contains", |_, part: Str, text: Str| {
        Ok(text::find(text.as_bytes(), part.as_bytes()).is_some())
    });
    table.two("hasPrefix", |_, part: Str, text: Str| {
        Ok(text.as_bytes().starts_with(part.as_bytes()))
    });
    table
        .two("hasSuffix", |_, part: Str, text: Str| Ok(text.as_bytes().ends_with(part.as_bytes())));
}

fn insert_trims(table: &mut Table<'_>) {
    table.one("trim", |_, text: Str| Ok(text::trim(&text, char::is_whitespace)));
    for name in ["trimAll", "trimall"] {
        table.two(name, |_, cut: Str, text: Str| {
            let cut: Vec<char> = runes(cut.as_bytes()).map(|rune| rune.character).collect();
            Ok(text::trim(&text, |c| cut.contains(&c)))
        });
    }
    table.two("trimSuffix", |_, cut: Str, text: Str| {
        let kept = text.as_bytes().strip_suffix(cut.as_bytes()).map(<[u8]>::len);
        Ok(kept.map_or_else(|| text.clone(), |end| text.part(0..end)))
    });
    table.two("trimPrefix", |_, cut: Str, text: Str| {
        let kept = text.as_bytes().strip_prefix(cut.as_bytes()).map(<[u8]>::len);
        Ok(kept.map_or_else(|| text.clone(), |len| text.part(text.len() - len..text.len())))
    });
    table.one("nospace", |_, text: Str| {
        // Byte by byte, so that a character of several bytes becomes several.
        let bytes = text.as_bytes().iter().map(|&byte| char::from(byte));
        let kept: String = bytes.filter(|c| !c.is_whitespace()).collect();
        let is_whole = kept.chars().count() == text.len();
        Ok(if is_whole { text } else { text.derive(kept) })
    });
}

fn insert_cases(table: &mut Table<'_>) {
    table.one("upper", |_, text: Str| Ok(text::map(&text, to_upper)));
    table.one("lower", |_, text: Str| Ok(text::map(&text, to_lower)));
    table.one("title", |_, text: Str| {
        let mut before = ' ';
        Ok(text::map(&text, |c| {
            let begins = is_separator(before);
            before = c;
            if begins { to_title(c) } else { c }
        }))
    });
}

/// Returns whether a word may begin behind a character, as `strings.Title` sees it.
fn is_separator(c: char) -> bool {
    if c.is_ascii() { !c.is_ascii_alphanumeric() && c != '_' } else { c.is_whitespace() }
}

fn quote(context: &mut Context<'_>, values: Vec<Value>) -> Result<Str> {
    let budget = context.budget();
    let mut out = Output::new();
    for value in values.iter().filter(|value| !matches!(value, Value::Nil)) {
        if !out.bytes().is_empty() {
            out.push(b" ");
        }
        out.push_str(&values::quoted(&values::text(value, budget)?, budget)?);
        budget.check_string(out.bytes().len())?;
    }
    Ok(out.into_str())
}

fn squote(context: &mut Context<'_>, values: Vec<Value>) -> Result<Str> {
    let budget = context.budget();
    let mut out = Output::new();
    for value in values.iter().filter(|value| !matches!(value, Value::Nil)) {
        if !out.bytes().is_empty() {
            out.push(b" ");
        }
        out.push(b"'");
        out.push_str(&sprintf(
            &Str::from("%v"),
            std::slice::from_ref(value),
            budget.limits().string_bytes,
        )?);
        out.push(b"'");
        budget.check_string(out.bytes().len())?;
    }
    Ok(out.into_str())
}

fn cat(context: &mut Context<'_>, values: Vec<Value>) -> Result<Str> {
    let values: Vec<Value> =
        values.into_iter().filter(|value| !matches!(value, Value::Nil)).collect();
    let format = vec!["%v"; values.len()].join(" ");
    Ok(sprintf(&Str::from(format), &values, context.budget().limits().string_bytes)?)
}

fn trunc(count: i64, text: Str) -> Str {
    let len = text.len();
    let wanted = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if wanted >= len {
        text
    } else if count < 0 {
        text.part(len - wanted..len)
    } else {
        text.part(0..wanted)
    }
}

fn substr(_: &mut Context<'_>, start: i64, end: i64, text: Str) -> Result<Str> {
    let outside =
        |message: String| Err(format!("runtime error: slice bounds out of range {message}").into());
    let len = text.len();
    let within = |place: i64| usize::try_from(place).ok().filter(|&place| place <= len);
    if start < 0 {
        return match within(end) {
            Some(end) => Ok(text.part(0..end)),
            None if end < 0 => outside(format!("[:{end}]")),
            None => outside(format!("[:{end}] with length {len}")),
        };
    }
    let end = within(end).unwrap_or(len);
    match within(start) {
        Some(start) if start <= end => Ok(text.part(start..end)),
        _ => outside(format!("[{start}:{end}]")),
    }
}

fn replace(context: &mut Context<'_>, old: Str, new: Str, text: Str) -> Result<Str> {
    let bytes = text.as_bytes();
    let budget = context.budget();
    let mut out = Output::new();
    let mut start = 0;
    if old.is_empty() {
        for rune in runes(bytes) {
            out.push_str(&new);
            out.push_str(&text.part(rune.start..rune.end));
            budget.check_string(out.bytes().len())?;
        }
        out.push_str(&new);
        return Ok(out.into_str());
    }
    if old == new {
        return Ok(text);
    }
    while let Some(found) = text::find(&bytes[start..], old.as_bytes()) {
        out.push_str(&text.part(start..start + found));
        out.push_str(&new);
        budget.check_string(out.bytes().len())?;
        start += found + old.len();
    }
    if start == 0 {
        return Ok(text);
    }
    out.push_str(&text.part(start..bytes.len()));
    Ok(out.into_str())
}

fn repeat(context: &mut Context<'_>, count: i64, text: Str) -> Result<Str> {
    if count < 0 {
        return Err("strings: negative Repeat count".into());
    }
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    context.budget().check_string(text.len().saturating_mul(count))?;
    Ok(text.derive(text.as_bytes().repeat(if text.is_empty() { 0 } else { count })))
}

fn indent(context: &mut Context<'_>, spaces: i64, text: Str) -> Result<Str> {
    if spaces < 0 {
        return Err("strings: negative Repeat count".into());
    }
    let spaces = usize::try_from(spaces).unwrap_or(usize::MAX);
    let lines = text.as_bytes().split(|&byte| byte == b'\n').count();
    let len = spaces.saturating_mul(lines).saturating_add(text.len());
    context.budget().check_string(len)?;
    let pad = vec![b' '; spaces];
    let mut out = Output::new();
    let mut start = 0;
    for line in text.as_bytes().split_inclusive(|&byte| byte == b'\n') {
        out.push(&pad);
        out.push_str(&text.part(start..start + line.len()));
        start += line.len();
    }
    if text.is_empty() || text.as_bytes().ends_with(b"\n") {
        out.push(&pad);
    }
    Ok(out.into_str())
}
