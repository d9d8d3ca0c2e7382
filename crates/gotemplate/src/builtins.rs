//! The functions that Go's templates have.

mod compare;
mod escape;
mod index;

pub(crate) use index::prepare;

use crate::execute::slot::Slot;
use crate::format::{sprint, sprintf, sprintln};
use crate::function::{FunctionError, Signature};
use crate::limits::Limits;
use crate::value::{Str, Type, Value};

/// A function of Go's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    And,
    Call,
    Eq,
    Ge,
    Gt,
    Html,
    Index,
    Js,
    Le,
    Len,
    Lt,
    Ne,
    Not,
    Or,
    Print,
    Printf,
    Println,
    Slice,
    Urlquery,
}

impl Builtin {
    pub(crate) const ALL: [Self; 19] = [
        Self::And,
        Self::Call,
        Self::Eq,
        Self::Ge,
        Self::Gt,
        Self::Html,
        Self::Index,
        Self::Js,
        Self::Le,
        Self::Len,
        Self::Lt,
        Self::Ne,
        Self::Not,
        Self::Or,
        Self::Print,
        Self::Printf,
        Self::Println,
        Self::Slice,
        Self::Urlquery,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Call => "call",
            Self::Eq => "eq",
            Self::Ge => "ge",
            Self::Gt => "gt",
            Self::Html => "html",
            Self::Index => "index",
            Self::Js => "js",
            Self::Le => "le",
            Self::Len => "len",
            Self::Lt => "lt",
            Self::Ne => "ne",
            Self::Not => "not",
            Self::Or => "or",
            Self::Print => "print",
            Self::Printf => "printf",
            Self::Println => "println",
            Self::Slice => "slice",
            Self::Urlquery => "urlquery",
        }
    }

    pub(crate) fn signature(self) -> Signature {
        let reflect = || vec![Type::Reflect];
        match self {
            Self::And | Self::Call | Self::Index | Self::Or | Self::Slice => {
                Signature::variadic(reflect(), Type::Reflect, Type::Reflect)
            }
            Self::Eq => Signature::variadic(reflect(), Type::Reflect, Type::Bool),
            Self::Ge | Self::Gt | Self::Le | Self::Lt | Self::Ne => {
                Signature::new(vec![Type::Reflect, Type::Reflect], Type::Bool)
            }
            Self::Html | Self::Js | Self::Print | Self::Println | Self::Urlquery => {
                Signature::variadic(vec![], Type::Any, Type::String)
            }
            Self::Len => Signature::new(reflect(), Type::Int),
            Self::Not => Signature::new(reflect(), Type::Bool),
            Self::Printf => Signature::variadic(vec![Type::String], Type::Any, Type::String),
        }
    }

    /// Calls the function with arguments that fit its signature.
    pub(crate) fn call(self, slots: Vec<Slot>, limits: &Limits) -> Result<Slot, FunctionError> {
        let most = limits.string_bytes;
        let values =
            |slots: Vec<Slot>| slots.into_iter().map(|slot| slot.value).collect::<Vec<_>>();
        let value = match self {
            Self::And | Self::Call | Self::Or => return Err("is called by the executor".into()),
            Self::Eq => compare::equal_to_any(&values(slots))?.into(),
            Self::Ge => (!compare::less(&values(slots))?).into(),
            Self::Gt => (!compare::less_or_equal(&values(slots))?).into(),
            Self::Html => Value::Str(escape::html(&values(slots), most)?),
            Self::Index => return Ok(index::index(slots)?),
            Self::Js => Value::Str(escape::js(&values(slots), most)?),
            Self::Le => compare::less_or_equal(&values(slots))?.into(),
            Self::Len => index::len(&slots)?,
            Self::Lt => compare::less(&values(slots))?.into(),
            Self::Ne => (!compare::equal_to_any(&values(slots))?).into(),
            Self::Not => (!slots.iter().any(|slot| slot.value.is_true())).into(),
            Self::Print => Value::Str(sprint(&values(slots), most)?),
            Self::Printf => Value::Str(printf(&values(slots), most)?),
            Self::Println => Value::Str(sprintln(&values(slots), most)?),
            Self::Slice => return Ok(Slot::plain(index::slice(slots)?)),
            Self::Urlquery => Value::Str(escape::url_query(&values(slots), most)?),
        };
        Ok(Slot::plain(value))
    }
}

fn printf(values: &[Value], most: usize) -> Result<Str, FunctionError> {
    match values {
        [Value::Str(format), rest @ ..] => Ok(sprintf(format, rest, most)?),
        _ => Err("the format is no string".into()),
    }
}
