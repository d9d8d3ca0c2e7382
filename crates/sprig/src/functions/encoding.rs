//! Base 64, base 32 and JSON.

use sealift_gotemplate::{Context, FunctionError, Str, Value};

use crate::base::{BASE32, BASE64};
use crate::json::{self, Style};
use crate::table::{Result, Table};

pub(super) fn insert(table: &mut Table<'_>) {
    for (encode, decode, base) in [("b64enc", "b64dec", &BASE64), ("b32enc", "b32dec", &BASE32)] {
        table.one(encode, |context, text: Str| {
            context.budget().check_string(base.encoded_len(text.len()))?;
            Ok(text.derive(base.encode(text.as_bytes())))
        });
        table.one(decode, |_, text: Str| {
            Ok(match base.decode(text.as_bytes()) {
                Ok(bytes) => text.derive(bytes),
                Err(message) => Str::from(message),
            })
        });
    }
    insert_json(table);
}

fn insert_json(table: &mut Table<'_>) {
    for (plain, must, style) in [
        ("toJson", "mustToJson", Style::Compact),
        ("toPrettyJson", "mustToPrettyJson", Style::Pretty),
        ("toRawJson", "mustToRawJson", Style::Raw),
    ] {
        table.one(must, move |context, value: Value| write(context, &value, style));
        table.one(plain, move |context, value: Value| match write(context, &value, style) {
            Err(FunctionError::Message(_)) if style != Style::Raw => Ok(Str::from("")),
            written => written,
        });
    }
    table.one("mustFromJson", |context, text: Str| json::read(&text, context.budget()));
    table.one("fromJson", |context, text: Str| match json::read(&text, context.budget()) {
        Err(FunctionError::Message(_)) => Ok(Value::Nil),
        read => read,
    });
}

fn write(context: &Context<'_>, value: &Value, style: Style) -> Result<Str> {
    json::write(value, style, context.budget())
}
