//! Nodes written again, as errors show them.

use std::fmt::{self, Display, Formatter};

use super::node::{Call, Command, Name, Nodes, Pipe, Span, Variable, Word};
use crate::quote::quoted;

/// A node that is to be shown, with the nodes that it refers to.
pub(crate) struct Shown<'n, T> {
    nodes: &'n Nodes,
    node: &'n T,
}

impl Nodes {
    pub(crate) fn shown<'n, T>(&'n self, node: &'n T) -> Shown<'n, T> {
        Shown { nodes: self, node }
    }

    fn fields(&self, f: &mut Formatter<'_>, names: Span<Name>) -> fmt::Result {
        self.all(names).iter().try_for_each(|name| write!(f, ".{}", self.shown_name(*name)))
    }
}

impl Display for Shown<'_, Call> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", quoted(&self.node.name.to_text()))?;
        if let Some(pipe) = &self.node.pipe {
            write!(f, " {}", self.nodes.shown(pipe))?;
        }
        f.write_str("}}")
    }
}

impl Display for Shown<'_, Pipe> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let variables = self.nodes.all(self.node.variables);
        for (place, variable) in variables.iter().enumerate() {
            let variable = self.nodes.shown(variable);
            write!(f, "{}{variable}", if place == 0 { "" } else { ", " })?;
        }
        if !variables.is_empty() {
            f.write_str(if self.node.is_assignment { " = " } else { " := " })?;
        }
        for (place, command) in self.nodes.all(self.node.commands).iter().enumerate() {
            let command = self.nodes.shown(command);
            write!(f, "{}{command}", if place == 0 { "" } else { " | " })?;
        }
        Ok(())
    }
}

impl Display for Shown<'_, Command> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let arguments = self.nodes.all(self.node.arguments);
        let mut space = "";
        for word in std::iter::once(&self.node.word).chain(arguments) {
            let shown = self.nodes.shown(word);
            match word {
                Word::Pipe(_) => write!(f, "{space}({shown})")?,
                _ => write!(f, "{space}{shown}")?,
            }
            space = " ";
        }
        Ok(())
    }
}

impl Display for Shown<'_, Word> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let nodes = self.nodes;
        match *self.node {
            Word::Bool(_, truth) => write!(f, "{truth}"),
            Word::Chain(chain) => {
                let chain = nodes.get(chain);
                let shown = nodes.shown(&chain.word);
                match chain.word {
                    Word::Pipe(_) => write!(f, "({shown})")?,
                    _ => shown.fmt(f)?,
                }
                nodes.fields(f, chain.fields)
            }
            Word::Dot(_) => f.write_str("."),
            Word::Field(_, names) => nodes.fields(f, names),
            Word::Function(name, _) => f.write_str(&nodes.shown_name(name)),
            Word::Nil(_) => f.write_str("nil"),
            Word::Number(numeral) => f.write_str(&nodes.get(numeral).number.text),
            Word::Pipe(pipe) => nodes.shown(nodes.get(pipe)).fmt(f),
            Word::String(literal) => f.write_str(&nodes.shown_name(nodes.get(literal).written)),
            Word::Variable(variable) => nodes.shown(nodes.get(variable)).fmt(f),
        }
    }
}

impl Display for Shown<'_, Variable> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.nodes.shown_name(self.node.name))?;
        self.nodes.fields(f, self.node.fields)
    }
}
