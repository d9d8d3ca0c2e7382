//! From trees and data to output.
//!
//! Mirrors the evaluation and the errors of `text/template` in Go 1.26.

mod call;
mod context;
mod field;
mod pipeline;
pub(crate) mod slot;
mod walk;
mod word;

pub use context::Context;

use std::rc::Rc;

use crate::budget::Budget;
use crate::error::{Error, Place};
use crate::function::FunctionError;
use crate::limits::Limit;
use crate::output::Output;
use crate::parse::node::{Call, Command, Name, Nodes, Pipe, Pos, Symbol, Tree, Word};
use crate::parse::symbols::DOLLAR;
use crate::quote::quoted;
use crate::set::Templates;
use crate::trace::{Record, Scribe, Trace};
use crate::unicode::newlines;
use crate::value::{Str, Value};
use slot::Slot;

/// Steps of a frame, besides those of its nodes: as many as take the same time.
const FRAME_STEPS: u64 = 9;

/// Executes a template by its name.
pub(crate) fn execute(
    set: &Templates,
    name: &Str,
    data: &Value,
    budget: &Budget,
    out: &mut Output,
) -> Result<(), Error> {
    in_frame(set, &*found(set, name)?, data, budget, Sink { out, scribe: None })
}

/// Executes a template that need not be one of the set.
fn execute_tree(
    set: &Templates,
    tree: &Tree,
    data: &Value,
    budget: &Budget,
    out: &mut Output,
) -> Result<(), Error> {
    in_frame(set, tree, data, budget, Sink { out, scribe: None })
}

/// Executes a template by its name, and writes down what its nodes do.
pub(crate) fn execute_traced(
    set: &Templates,
    name: &Str,
    data: &Value,
    budget: &Budget,
    trace: &mut Trace,
) -> Result<(Output, Record), Error> {
    let mut out = Output::new();
    let mut scribe = Scribe::new(trace, budget);
    in_frame(
        set,
        &*found(set, name)?,
        data,
        budget,
        Sink { out: &mut out, scribe: Some(&mut scribe) },
    )?;
    Ok((out, scribe.finish(trace)))
}

/// What an execution writes.
struct Sink<'o> {
    out: &'o mut Output,
    /// Writes down what the nodes do, when the execution is traced.
    scribe: Option<&'o mut Scribe>,
}

fn found(set: &Templates, name: &Str) -> Result<Rc<Tree>, Error> {
    set.tree(name).ok_or_else(|| {
        let text = name.to_text().into_owned();
        let message = format!("{} is an incomplete or empty template", quoted(&text));
        Error::new(Place { text, ..Place::default() }, message)
    })
}

fn in_frame(
    set: &Templates,
    tree: &Tree,
    data: &Value,
    budget: &Budget,
    sink: Sink<'_>,
) -> Result<(), Error> {
    let most = budget.limits().frames;
    let is_deep = budget.frames.get() >= most;
    let limit = if is_deep { Err(Limit::Frames(most)) } else { budget.spend(FRAME_STEPS) };
    if let Err(limit) = limit {
        let place = Place { text: tree.name.to_text().into_owned(), ..Place::default() };
        return Err(Error::caused(place, String::new(), limit.into()));
    }
    budget.frames.set(budget.frames.get() + 1);
    let mut frame = Frame::new(set, budget, tree, Slot::plain(data.clone()), sink.out);
    frame.scribe = sink.scribe;
    if let Some(scribe) = &mut frame.scribe {
        scribe.begin(&tree.nodes.text);
    }
    let done = frame.run();
    budget.frames.set(budget.frames.get() - 1);
    done
}

/// One template being executed.
struct Frame<'t, 'o> {
    set: &'t Templates,
    budget: &'t Budget,
    tree: &'t Tree,
    nodes: &'t Nodes,
    dot: Slot,
    /// The node that errors are about.
    at: At<'t>,
    variables: Vec<(Symbol, Slot)>,
    out: &'o mut Output,
    /// Writes down what the nodes do, when the execution is traced: only in its first frame.
    scribe: Option<&'o mut Scribe>,
}

/// What a function or method is called with.
struct Given<'t, 'd> {
    dot: &'d Slot,
    words: &'t [Word],
    /// The result of the command before.
    last: Option<Slot>,
}

impl<'d> Given<'_, 'd> {
    /// Returns no arguments.
    fn nothing(dot: &'d Slot) -> Self {
        Self { dot, words: &[], last: None }
    }
}

/// A node that an error can be about.
#[derive(Clone, Copy)]
enum At<'t> {
    Action(Pos, &'t Pipe),
    Command(&'t Command),
    Pipe(&'t Pipe),
    Start,
    Template(&'t Call),
    Word(&'t Word),
}

impl<'t, 'o> Frame<'t, 'o> {
    fn new(
        set: &'t Templates,
        budget: &'t Budget,
        tree: &'t Tree,
        dot: Slot,
        out: &'o mut Output,
    ) -> Self {
        let variables = vec![(DOLLAR, dot.clone())];
        let nodes = &*tree.nodes;
        Self { set, budget, tree, nodes, dot, at: At::Start, variables, out, scribe: None }
    }

    fn run(&mut self) -> Result<(), Error> {
        let dot = self.dot.clone();
        self.list(&dot, self.tree.root).map(|_| ())
    }

    /// Returns an error about the current node.
    fn wrong(&self, message: impl Into<String>) -> Error {
        Error::new(self.place(), message)
    }

    /// Returns the error of a function that the current node calls.
    fn caused(&self, message: String, cause: FunctionError) -> Error {
        Error::caused(self.place(), message, cause)
    }

    fn limited(&self, limit: Limit) -> Error {
        self.caused(String::new(), limit.into())
    }

    fn spend(&self, steps: u64) -> Result<(), Error> {
        self.budget.spend(steps).map_err(|limit| self.limited(limit))
    }

    /// Does something that may contain itself.
    fn nested<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let nesting = self.budget.nesting.get();
        let most = self.budget.limits().nesting;
        if nesting >= most {
            return Err(self.limited(Limit::Nesting(most)));
        }
        self.budget.nesting.set(nesting + 1);
        let done = act(self);
        self.budget.nesting.set(nesting);
        done
    }

    fn place(&self) -> Place {
        let text = self.nodes.text.as_bytes();
        let before = &text[..text.len().min(self.at.pos(self.nodes) as usize)];
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        Place {
            text: self.tree.text_name.to_text().into_owned(),
            line: 1 + newlines(before),
            column: Some(before.len() - start),
            executing: Some((self.tree.name.to_text().into_owned(), self.at.shown(self.nodes))),
        }
    }

    fn set_variable(&mut self, symbol: Symbol, name: Name, slot: Slot) -> Result<(), Error> {
        match self.variables.iter_mut().rfind(|(other, _)| *other == symbol) {
            Some((_, place)) => {
                *place = slot;
                Ok(())
            }
            None => Err(self.wrong(format!("undefined variable: {}", self.nodes.shown_name(name)))),
        }
    }

    fn variable(&self, symbol: Symbol, name: Name) -> Result<Slot, Error> {
        match self.variables.iter().rfind(|(other, _)| *other == symbol) {
            Some((_, slot)) => Ok(slot.clone()),
            None => Err(self.wrong(format!("undefined variable: {}", self.nodes.shown_name(name)))),
        }
    }
}

impl At<'_> {
    fn pos(self, nodes: &Nodes) -> Pos {
        match self {
            Self::Action(pos, _) => pos,
            Self::Command(command) => command.pos,
            Self::Pipe(pipe) => pipe.pos,
            Self::Start => 0,
            Self::Template(call) => call.pos,
            Self::Word(word) => nodes.pos(word),
        }
    }

    fn shown(self, nodes: &Nodes) -> String {
        match self {
            Self::Action(_, pipe) => format!("{{{{{}}}}}", nodes.shown(pipe)),
            Self::Command(command) => nodes.shown(command).to_string(),
            Self::Pipe(pipe) => nodes.shown(pipe).to_string(),
            Self::Start => String::new(),
            Self::Template(call) => nodes.shown(call).to_string(),
            Self::Word(word) => nodes.shown(word).to_string(),
        }
    }
}
