#![doc = include_str!("../README.md")]

mod budget;
mod builtins;
mod error;
mod execute;
mod format;
mod function;
mod limits;
mod names;
mod number;
mod origin;
mod output;
mod parse;
mod quote;
mod set;
mod trace;
mod unicode;
mod value;

pub use budget::Budget;
pub use error::{Error, Place};
pub use execute::Context;
pub use format::{sprint, sprintf, sprintln};
pub use function::{Function, FunctionError, Functions, Signature};
pub use limits::{Limit, Limits, VALUE_DEPTH};
pub use origin::{Origin, Source, Span};
pub use output::Output;
pub use quote::quoted;
pub use set::{MissingKey, Templates};
pub use trace::{Read, Record, Step, Trace};
pub use unicode::is_print;
pub use value::{Entries, List, Map, Named, Number, Numeric, Object, Str, Type, Value};
