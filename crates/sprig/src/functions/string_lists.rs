//! Lists of strings.

use sealift_gotemplate::{Context, Map, Output, Str, Type, Value};

use crate::table::{Give, Result, Table, Texts};
use crate::text;
use crate::values;

/// Go's `map[string]string`.
struct Numbered(Vec<Str>);

impl Give for Numbered {
    fn kind() -> Type {
        Type::map(Type::String)
    }

    fn give(self) -> Value {
        let map = Map::typed(Type::String);
        for (place, part) in self.0.into_iter().enumerate() {
            map.insert(format!("_{place}"), part);
        }
        map.into()
    }
}

pub(super) fn insert(table: &mut Table<'_>) {
    table.two("splitList", |context, separator: Str, text: Str| {
        Ok(Texts::some(split(context, &separator, -1, &text)?))
    });
    table.two("split", |context, separator: Str, text: Str| {
        Ok(Numbered(split(context, &separator, -1, &text)?))
    });
    table.three("splitn", |context, separator: Str, most: i64, text: Str| {
        Ok(Numbered(split(context, &separator, most, &text)?))
    });
    table.two("join", join);
    table.one("toStrings", |context, value: Value| strings(context, &value));
    table.one("sortAlpha", |context, value: Value| {
        let Texts(texts) = strings_of_list(context, &value)?;
        let mut texts = match texts {
            Some(texts) => texts,
            None if values::elements(&value).is_some() => return Ok(Texts(None)),
            None => vec![values::text(&value, context.budget())?],
        };
        texts.sort();
        Ok(Texts::some(texts))
    });
}

fn split(context: &Context<'_>, separator: &Str, most: i64, text: &Str) -> Result<Vec<Str>> {
    // As many parts as there may be, without searching.
    context.budget().check_elements(text.len() / separator.len().max(1))?;
    Ok(text::split(text, separator.as_bytes(), most))
}

/// Returns what `strslice` makes of a value: its elements as strings, without `nil`.
fn strings(context: &Context<'_>, value: &Value) -> Result<Texts> {
    match strings_of_list(context, value)? {
        Texts(Some(texts)) => Ok(Texts::some(texts)),
        Texts(None) => Ok(match value {
            Value::Nil => Texts::some(Vec::new()),
            value if values::elements(value).is_some() => Texts(None),
            value => Texts::some(vec![values::text(value, context.budget())?]),
        }),
    }
}

/// Returns the elements as strings; `None` for what is no list, and for a `[]string` that
/// is `nil`.
fn strings_of_list(context: &Context<'_>, value: &Value) -> Result<Texts> {
    if let Value::NilOf(kind) = value
        && kind.to_string() == "[]string"
    {
        return Ok(Texts(None));
    }
    let Some(items) = values::elements(value) else { return Ok(Texts(None)) };
    let budget = context.budget();
    budget.check_elements(items.len())?;
    let items = items.iter().filter(|item| !matches!(item, Value::Nil));
    Ok(Texts::some(
        items.map(|item| values::text(item, budget)).collect::<std::result::Result<_, _>>()?,
    ))
}

fn join(context: &mut Context<'_>, separator: Str, value: Value) -> Result<Str> {
    let texts = strings(context, &value)?.0.unwrap_or_default();
    let mut out = Output::new();
    for (place, text) in texts.iter().enumerate() {
        if place > 0 {
            out.push_str(&separator);
        }
        out.push_str(text);
        context.budget().check_string(out.bytes().len())?;
    }
    Ok(out.into_str())
}
