//! Versions.

use std::rc::Rc;

use sealift_gotemplate::{Function, Number, Object, Signature, Str, Type, Value};

use crate::semver::{Constraints, Version};
use crate::table::{Give, Table};

const POINTER: &str = "*semver.Version";
const PLAIN: &str = "semver.Version";

/// A version as templates see it: a pointer, or what a method returned.
struct Parsed {
    version: Version,
    type_name: &'static str,
}

impl Give for Parsed {
    fn kind() -> Type {
        Type::Object(POINTER.into())
    }

    fn give(self) -> Value {
        Value::Object(Rc::new(self))
    }
}

pub(super) fn insert(table: &mut Table<'_>) {
    table.one("semver", |_, text: Str| match text.to_text().parse::<Version>() {
        Ok(version) => Ok(Parsed { version, type_name: POINTER }),
        Err(error) => Err(error.to_string().into()),
    });
    table.two("semverCompare", |context, constraint: Str, version: Str| {
        context.spend(constraint.len() as u64)?;
        let constraints: Constraints =
            constraint.to_text().parse().map_err(|error| says(&error))?;
        let version: Version = version.to_text().parse().map_err(|error| says(&error))?;
        Ok(constraints.check(&version))
    });
}

fn says(error: &impl std::error::Error) -> sealift_gotemplate::FunctionError {
    error.to_string().into()
}

impl Object for Parsed {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn field(&self, _: &str) -> Option<Value> {
        None
    }

    fn method(&self, name: &str) -> Option<Function> {
        let version = &self.version;
        let number = |number: u64| Some(getter(Type::Uint64, Number::Uint64(number).into()));
        let text = |text: &str| Some(getter(Type::String, text.into()));
        let next = |version: Version| {
            let next = Self { version, type_name: PLAIN };
            Some(getter(Type::Object(PLAIN.into()), Value::Object(Rc::new(next))))
        };
        match name {
            "Major" => number(version.major()),
            "Minor" => number(version.minor()),
            "Patch" => number(version.patch()),
            "Prerelease" => text(version.prerelease()),
            "Metadata" => text(version.metadata()),
            "Original" if self.type_name == POINTER => text(version.original()),
            "String" => text(&version.to_string()),
            "IncMajor" => next(version.next_major()),
            "IncMinor" => next(version.next_minor()),
            "IncPatch" => next(version.next_patch()),
            "Compare" | "Equal" | "GreaterThan" | "LessThan" if self.type_name == POINTER => {
                Some(comparison(version.clone(), name))
            }
            _ => None,
        }
    }

    fn text(&self) -> Option<Str> {
        Some(Str::from(self.version.to_string()))
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn getter(kind: Type, value: Value) -> Function {
    Function::new(Signature::new([], kind), move |_, _| Ok(value.clone()))
}

fn comparison(version: Version, name: &str) -> Function {
    let wants_number = name == "Compare";
    let accepts: fn(std::cmp::Ordering) -> bool = match name {
        "GreaterThan" => std::cmp::Ordering::is_gt,
        "LessThan" => std::cmp::Ordering::is_lt,
        _ => std::cmp::Ordering::is_eq,
    };
    let result = if wants_number { Type::Int } else { Type::Bool };
    Function::new(Signature::new([Parsed::kind()], result), move |_, arguments| {
        let other = match arguments {
            [Value::Object(object)] => object.as_any().downcast_ref::<Parsed>(),
            _ => None,
        };
        let Some(other) = other else {
            return Err("runtime error: invalid memory address or nil pointer dereference".into());
        };
        let order = version.cmp(&other.version);
        Ok(if wants_number { Value::Int(order as i64) } else { accepts(order).into() })
    })
}
