//! Functions that templates call.

use std::fmt;
use std::rc::Rc;

use crate::builtins::Builtin;
use crate::error::Error;
use crate::execute::Context;
use crate::limits::Limit;
use crate::names::Names;
use crate::value::{Type, Value};

/// What a function takes and returns.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The types of the arguments that there must be.
    pub params: Vec<Type>,
    /// The type of further arguments, when there may be any.
    pub variadic: Option<Type>,
    /// The type of the result.
    pub result: Type,
}

impl Signature {
    /// Returns the signature of a function with so many arguments, no more.
    #[must_use]
    pub fn new(params: impl Into<Vec<Type>>, result: Type) -> Self {
        Self { params: params.into(), variadic: None, result }
    }

    /// Returns the signature of a function with at least so many arguments.
    #[must_use]
    pub fn variadic(params: impl Into<Vec<Type>>, more: Type, result: Type) -> Self {
        Self { params: params.into(), variadic: Some(more), result }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("func(")?;
        for (place, param) in self.params.iter().enumerate() {
            write!(f, "{}{param}", if place == 0 { "" } else { ", " })?;
        }
        if let Some(more) = &self.variadic {
            write!(f, "{}...{more}", if self.params.is_empty() { "" } else { ", " })?;
        }
        write!(f, ") {}", self.result)
    }
}

/// A function of the host, or one of Go's own.
///
/// Arguments are checked before it is called: each has the type that the signature
/// says, where `nil` of a list or map is [`Value::NilOf`] its type.
#[derive(Clone)]
pub struct Function(Rc<Data>);

struct Data {
    signature: Signature,
    body: Body,
}

/// What a function does.
pub(crate) enum Body {
    Builtin(Builtin),
    Host(Box<Host>),
}

type Host = dyn Fn(&mut Context<'_>, &[Value]) -> Result<Value, FunctionError>;

impl Function {
    /// Returns a function of the host.
    pub fn new<F>(signature: Signature, body: F) -> Self
    where
        F: Fn(&mut Context<'_>, &[Value]) -> Result<Value, FunctionError> + 'static,
    {
        Self(Rc::new(Data { signature, body: Body::Host(Box::new(body)) }))
    }

    pub(crate) fn builtin(builtin: Builtin) -> Self {
        Self(Rc::new(Data { signature: builtin.signature(), body: Body::Builtin(builtin) }))
    }

    /// Returns what the function takes and returns.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.0.signature
    }

    pub(crate) fn body(&self) -> &Body {
        &self.0.body
    }

    pub(crate) fn type_name(&self) -> String {
        self.0.signature.to_string()
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.signature, f)
    }
}

/// Functions by name. Go's own are always there; a host's wins over them.
#[derive(Clone, Debug)]
pub struct Functions(Names<Box<str>, Function>);

impl Functions {
    /// Returns Go's own functions.
    #[must_use]
    pub fn new() -> Self {
        let own = Builtin::ALL.iter();
        Self(own.map(|&builtin| (builtin.name().into(), Function::builtin(builtin))).collect())
    }

    /// Adds a function, in place of one of the same name.
    pub fn insert(&mut self, name: &str, function: Function) {
        self.0.insert(name.into(), function);
    }

    /// Returns a function by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Function> {
        self.0.get(name)
    }
}

impl Default for Functions {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a function has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FunctionError {
    /// A limit was reached.
    #[error("{0}")]
    Limit(#[from] Limit),
    /// The function says so.
    #[error("{0}")]
    Message(String),
    /// A template that the function executed failed.
    #[error("{0}")]
    Template(#[from] Error),
    /// A template that the function executed failed, and the function has more to say.
    #[error("{prefix}{error}")]
    Wrapped {
        /// What stands before the error.
        prefix: String,
        /// The error of the template.
        error: Error,
    },
}

impl From<String> for FunctionError {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

impl From<&str> for FunctionError {
    fn from(message: &str) -> Self {
        Self::Message(message.to_owned())
    }
}
