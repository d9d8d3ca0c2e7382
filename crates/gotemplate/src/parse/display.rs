//! Nodes written again, as errors show them.

use std::fmt::{self, Display, Formatter};

use super::node::{Call, Chain, Command, Pipe, Variable, Word};
use crate::quote::quoted;
use crate::value::Str;

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", quoted(&self.name.to_text()))?;
        if let Some(pipe) = &self.pipe {
            write!(f, " {pipe}")?;
        }
        f.write_str("}}")
    }
}

impl Display for Pipe {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (place, variable) in self.variables.iter().enumerate() {
            write!(f, "{}{variable}", if place == 0 { "" } else { ", " })?;
        }
        if !self.variables.is_empty() {
            f.write_str(if self.is_assignment { " = " } else { " := " })?;
        }
        for (place, command) in self.commands().enumerate() {
            write!(f, "{}{command}", if place == 0 { "" } else { " | " })?;
        }
        Ok(())
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for word in std::iter::once(&self.word).chain(&self.arguments) {
            match word {
                Word::Pipe(pipe) => write!(f, "{space}({pipe})")?,
                word => write!(f, "{space}{word}")?,
            }
            space = " ";
        }
        Ok(())
    }
}

impl Display for Word {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(_, truth) => write!(f, "{truth}"),
            Self::Chain(chain) => chain.fmt(f),
            Self::Dot(_) => f.write_str("."),
            Self::Field(_, names) => fields(f, names),
            Self::Function(_, name, _) => name.fmt(f),
            Self::Nil(_) => f.write_str("nil"),
            Self::Number(numeral) => f.write_str(&numeral.number.text),
            Self::Pipe(pipe) => pipe.fmt(f),
            Self::String(literal) => literal.written.fmt(f),
            Self::Variable(variable) => variable.fmt(f),
        }
    }
}

impl Display for Chain {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.word {
            Word::Pipe(pipe) => write!(f, "({pipe})")?,
            word => word.fmt(f)?,
        }
        fields(f, &self.fields)
    }
}

impl Display for Variable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)?;
        fields(f, &self.fields)
    }
}

fn fields(f: &mut Formatter<'_>, names: &[Str]) -> fmt::Result {
    names.iter().try_for_each(|name| write!(f, ".{name}"))
}
