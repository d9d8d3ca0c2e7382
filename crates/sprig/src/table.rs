//! Functions by name, with the types that Go's have.

use sealift_gotemplate::{
    Context, Function, FunctionError, Functions, List, Map, Signature, Str, Type, Value,
};

pub(crate) type Result<T> = std::result::Result<T, FunctionError>;

/// An argument: how Go types it, and how it is taken out of a value.
pub(crate) trait Take: Sized {
    fn kind() -> Type;
    fn take(value: &Value) -> Option<Self>;
}

/// A result: how Go types it, and the value it becomes.
pub(crate) trait Give {
    fn kind() -> Type;
    fn give(self) -> Value;
}

/// Go's `int64`, where a plain `i64` is `int`.
pub(crate) struct Long(pub(crate) i64);

/// Go's `map[string]interface {}`, which may be `nil`.
#[derive(Clone)]
pub(crate) struct Dict(pub(crate) Option<Map>);

/// Go's `[]interface {}`, which may be `nil`.
pub(crate) struct Items(pub(crate) Option<Vec<Value>>);

/// Go's `[]string`, which may be `nil`.
pub(crate) struct Texts(pub(crate) Option<Vec<Str>>);

impl Take for Value {
    fn kind() -> Type {
        Type::Any
    }

    fn take(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl Give for Value {
    fn kind() -> Type {
        Type::Any
    }

    fn give(self) -> Value {
        self
    }
}

impl Take for Str {
    fn kind() -> Type {
        Type::String
    }

    fn take(value: &Value) -> Option<Self> {
        value.as_str().cloned()
    }
}

impl Take for bool {
    fn kind() -> Type {
        Type::Bool
    }

    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }
}

impl Take for i64 {
    fn kind() -> Type {
        Type::Int
    }

    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }
}

impl Take for f64 {
    fn kind() -> Type {
        Type::Float64
    }

    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Float(number) => Some(*number),
            _ => None,
        }
    }
}

impl Take for Dict {
    fn kind() -> Type {
        Type::dict()
    }

    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Map(map) => Some(Self(Some(map.clone()))),
            value if value.is_nil() => Some(Self(None)),
            _ => None,
        }
    }
}

impl Take for Items {
    fn kind() -> Type {
        Type::list(Type::Any)
    }

    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::List(list) => Some(Self(Some(list.items().to_vec()))),
            value if value.is_nil() => Some(Self(None)),
            _ => None,
        }
    }
}

macro_rules! give {
    ($($kind:ty => $name:expr),* $(,)?) => {$(
        impl Give for $kind {
            fn kind() -> Type {
                $name
            }

            fn give(self) -> Value {
                self.into()
            }
        }
    )*};
}

give! { Str => Type::String, bool => Type::Bool, i64 => Type::Int, f64 => Type::Float64 }

impl Give for Long {
    fn kind() -> Type {
        Type::Int64
    }

    fn give(self) -> Value {
        Value::Int64(self.0)
    }
}

impl Give for Dict {
    fn kind() -> Type {
        Type::dict()
    }

    fn give(self) -> Value {
        self.0.map_or(Value::Nil, Value::from)
    }
}

impl Give for Items {
    fn kind() -> Type {
        Type::list(Type::Any)
    }

    fn give(self) -> Value {
        self.0.map_or(Value::Nil, |items| List::new(items).into())
    }
}

impl Give for Texts {
    fn kind() -> Type {
        Type::list(Type::String)
    }

    fn give(self) -> Value {
        let list = |texts: Vec<Str>| texts.into_iter().map(Value::from).collect();
        self.0.map_or(Value::Nil, |texts| List::typed(Type::String, list(texts)).into())
    }
}

impl Texts {
    pub(crate) fn some(texts: Vec<Str>) -> Self {
        Self(Some(texts))
    }
}

/// The functions that are being put together.
pub(crate) struct Table<'f>(pub(crate) &'f mut Functions);

fn nth<T: Take>(arguments: &[Value], place: usize) -> Result<T> {
    let taken = arguments.get(place).and_then(T::take);
    taken.ok_or_else(|| "an argument is not what the signature says".into())
}

fn rest<T: Take>(arguments: &[Value], from: usize) -> Result<Vec<T>> {
    (from..arguments.len()).map(|place| nth(arguments, place)).collect()
}

macro_rules! fixed {
    ($($name:ident ($($kind:ident $place:literal),*);)*) => {
        impl Table<'_> {$(
            /// Adds a function of so many arguments.
            pub(crate) fn $name<$($kind: Take,)* R: Give>(
                &mut self,
                name: &str,
                body: impl Fn(&mut Context<'_>, $($kind),*) -> Result<R> + 'static,
            ) {
                let signature = Signature::new([$($kind::kind()),*], R::kind());
                self.0.insert(name, Function::new(signature, move |context, _arguments| {
                    Ok(body(context, $(nth::<$kind>(_arguments, $place)?),*)?.give())
                }));
            }
        )*}
    };
}

macro_rules! open {
    ($($name:ident ($($kind:ident $place:literal),*) $count:literal;)*) => {
        impl Table<'_> {$(
            /// Adds a function of so many arguments or more.
            pub(crate) fn $name<$($kind: Take,)* M: Take, R: Give>(
                &mut self,
                name: &str,
                body: impl Fn(&mut Context<'_>, $($kind,)* Vec<M>) -> Result<R> + 'static,
            ) {
                let signature = Signature::variadic([$($kind::kind()),*], M::kind(), R::kind());
                self.0.insert(name, Function::new(signature, move |context, arguments| {
                    let more = rest::<M>(arguments, $count)?;
                    Ok(body(context, $(nth::<$kind>(arguments, $place)?,)* more)?.give())
                }));
            }
        )*}
    };
}

fixed! {
    none ();
    one (A 0);
    two (A 0, B 1);
    three (A 0, B 1, C 2);
    four (A 0, B 1, C 2, D 3);
    five (A 0, B 1, C 2, D 3, E 4);
    six (A 0, B 1, C 2, D 3, E 4, F 5);
}

open! {
    many () 0;
    one_many (A 0) 1;
    two_many (A 0, B 1) 2;
}
