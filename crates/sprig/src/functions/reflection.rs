//! What values are.

use sealift_gotemplate::{Str, Value};

use crate::equality;
use crate::table::Table;
use crate::values::{kind_name, type_name};

pub(super) fn insert(table: &mut Table<'_>) {
    table.one("typeOf", |_, value: Value| Ok(Str::from(type_name(&value))));
    table.one("kindOf", |_, value: Value| Ok(Str::from(kind_name(&value))));
    table.two("typeIs", |_, name: Str, value: Value| {
        Ok(name.as_bytes() == type_name(&value).as_bytes())
    });
    table.two("kindIs", |_, name: Str, value: Value| {
        Ok(name.as_bytes() == kind_name(&value).as_bytes())
    });
    table.two("typeIsLike", |_, name: Str, value: Value| {
        let kind = type_name(&value);
        let pointed = kind.strip_prefix('*').unwrap_or(&kind);
        Ok([kind.as_bytes(), pointed.as_bytes()].contains(&name.as_bytes()))
    });
    table.two("deepEqual", |context, a: Value, b: Value| {
        Ok(equality::equal(&a, &b, context.budget())?)
    });
}
