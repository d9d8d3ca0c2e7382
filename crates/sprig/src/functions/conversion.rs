//! Numbers and strings out of other values.

use sealift_gotemplate::{Str, Value, sprint};

use crate::cast::{self, NotWhole, parse_whole};
use crate::table::{Long, Table};
use crate::values;

pub(super) fn insert(table: &mut Table<'_>) {
    table.one("int", |_, value: Value| Ok(cast::whole(&value)));
    table.one("int64", |_, value: Value| Ok(Long(cast::whole(&value))));
    table.one("float64", |_, value: Value| Ok(cast::float(&value)));
    table.one("toString", |context, value: Value| Ok(values::text(&value, context.budget())?));
    table.one("atoi", |_, text: Str| {
        Ok(parse_whole(text.as_bytes(), 10).unwrap_or_else(|error| match error {
            NotWhole::Syntax => 0,
            NotWhole::Range(most) => most,
        }))
    });
    table.one("toDecimal", |context, value: Value| {
        let text = sprint(&[value], context.budget().limits().string_bytes)?;
        Ok(Long(parse_whole(text.as_bytes(), 8).unwrap_or(0)))
    });
}
