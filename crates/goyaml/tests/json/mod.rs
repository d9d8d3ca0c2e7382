//! Values of another crate, written by ours.

use sealift_goyaml::{Emit, View};
use serde_json::Value;

#[derive(Clone, Copy)]
pub(crate) struct Json<'a>(pub(crate) &'a Value);

impl<'a> Emit<'a> for Json<'a> {
    fn view(self) -> View<'a, Self> {
        match self.0 {
            Value::Null => View::Null,
            Value::Bool(value) => View::Bool(*value),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => View::Int(number),
                (None, Some(number)) => View::Uint(number),
                (None, None) => View::Float(number.as_f64().expect("it is a number")),
            },
            Value::String(text) => View::Str(text.as_bytes().into()),
            Value::Array(items) => View::Seq(items.iter().map(Self).collect()),
            Value::Object(map) => View::Map(
                map.iter().map(|(key, value)| (key.as_bytes().into(), Self(value))).collect(),
            ),
        }
    }
}
