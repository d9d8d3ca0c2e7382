//! Nodes: texts, actions, conditions, loops.

use std::rc::Rc;

use super::slot::Slot;
use super::{At, Frame};
use crate::error::Error;
use crate::format::{Printer, shown};
use crate::limits::Limit;
use crate::parse::node::{Branch, Call, Node, Pos, Span};
use crate::quote::quoted;
use crate::trace::Scribe;
use crate::value::{Numeric, Type, Value};

/// How to go on after a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Break,
    Continue,
    Next,
}

impl<'t> Frame<'t, '_> {
    pub(super) fn list(&mut self, dot: &Slot, nodes: Span<Node>) -> Result<Flow, Error> {
        for node in self.nodes.all(nodes) {
            match self.node(dot, node)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn node(&mut self, dot: &Slot, node: &'t Node) -> Result<Flow, Error> {
        self.spend(1)?;
        let nodes = self.nodes;
        match *node {
            Node::Action(pos, pipe) => {
                let pipe = nodes.get(pipe);
                self.at = At::Action(pos, pipe);
                let slot = self.pipeline(dot, pipe)?;
                let start = self.out.len();
                if pipe.variables.is_empty() {
                    self.at = At::Action(pos, pipe);
                    self.print(&slot.value)?;
                }
                self.write_down(pos, start, !pipe.variables.is_empty());
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
            Node::If(branch) => {
                return self.nested(|frame| frame.condition(dot, nodes.get(branch), false));
            }
            Node::Range(branch) => {
                return self.nested(|frame| frame.range(dot, nodes.get(branch)));
            }
            Node::Template(call) => {
                let call = nodes.get(call);
                self.at = At::Template(call);
                let start = self.out.len();
                self.nested(|frame| frame.template(dot, call))?;
                self.write_down(call.pos, start, false);
            }
            Node::Text(text) => {
                let len = text.range().len();
                self.budget.spend_output(len).map_err(|limit| self.limited(limit))?;
                let start = self.out.len();
                self.out.push_part(&nodes.text, text.range());
                self.check_output()?;
                if let Some(scribe) = &mut self.scribe {
                    scribe.text(text.start, start..self.out.len());
                }
            }
            Node::With(branch) => {
                return self.nested(|frame| frame.condition(dot, nodes.get(branch), true));
            }
        }
        Ok(Flow::Next)
    }

    fn write_down(&mut self, pos: Pos, start: usize, sets: bool) {
        if let Some(scribe) = &mut self.scribe {
            scribe.action(pos, start..self.out.len(), sets, self.budget);
        }
    }

    /// Executes what depends on the pipeline of a branch, which was just evaluated.
    fn inside(
        &mut self,
        branch: &Branch,
        act: impl FnOnce(&mut Self) -> Result<Flow, Error>,
    ) -> Result<Flow, Error> {
        let at = self.out.len();
        let budget = self.budget;
        let enter = |scribe: &mut Scribe| scribe.enter(branch.pipe.pos, at, branch.leaks, budget);
        let outer = self.scribe.as_deref_mut().map(enter);
        let flow = act(self);
        if let (Some(scribe), Some(outer)) = (&mut self.scribe, outer) {
            scribe.leave(outer);
        }
        flow
    }

    fn print(&mut self, value: &Value) -> Result<(), Error> {
        let start = self.out.len();
        match value {
            Value::Nil => self.out.push(b"<no value>"),
            Value::Str(text) => self.out.push_str(text),
            Value::Func(_) => {
                let shown = self.at.shown(self.nodes);
                let message = format!("can't print {shown} of type {}", value.kind());
                return Err(self.wrong(message));
            }
            value => {
                let limit = Limit::OutputBytes(self.budget.limits().output_bytes);
                let before = self.out.bound(self.budget.output_left(), limit);
                Printer::new(self.out).printed(value);
                self.out.rebound(before);
            }
        }
        let written = self.out.len() - start;
        self.budget.spend_output(written).map_err(|limit| self.limited(limit))?;
        self.check_output()
    }

    fn check_output(&self) -> Result<(), Error> {
        self.out.reached().map_or(Ok(()), |limit| Err(self.limited(limit)))
    }

    fn condition(&mut self, dot: &Slot, branch: &'t Branch, is_with: bool) -> Result<Flow, Error> {
        let mark = self.variables.len();
        let slot = self.pipeline(dot, &branch.pipe)?;
        let flow = self.inside(branch, |frame| {
            if slot.value.is_true() {
                frame.list(if is_with { &slot } else { dot }, branch.body)
            } else {
                frame.otherwise(dot, branch)
            }
        });
        self.variables.truncate(mark);
        flow
    }

    fn otherwise(&mut self, dot: &Slot, branch: &'t Branch) -> Result<Flow, Error> {
        branch.otherwise.map_or(Ok(Flow::Next), |nodes| self.list(dot, nodes))
    }

    fn range(&mut self, dot: &Slot, branch: &'t Branch) -> Result<Flow, Error> {
        let mark = self.variables.len();
        let over = self.pipeline(dot, &branch.pipe)?;
        let flow = self.inside(branch, |frame| {
            if frame.elements(&over.value, branch)? {
                Ok(Flow::Next)
            } else {
                frame.otherwise(dot, branch)
            }
        });
        self.variables.truncate(mark);
        flow
    }

    /// Executes the body for each element; returns whether there was one.
    fn elements(&mut self, over: &Value, branch: &'t Branch) -> Result<bool, Error> {
        let int = |index: usize| Slot::plain(Value::Int(i64::try_from(index).unwrap_or(i64::MAX)));
        match over {
            Value::NilOf(kind) if matches!(**kind, Type::Object(_)) => {
                Err(self.wrong("range can't iterate over <nil>"))
            }
            Value::Nil | Value::NilOf(_) => Ok(false),
            Value::List(list) => {
                for (index, item) in list.items().iter().enumerate() {
                    let item = Slot::of(list.elem(), item.clone());
                    if self.once(branch, int(index), &item)? == Flow::Break {
                        break;
                    }
                }
                Ok(!list.is_empty())
            }
            Value::Map(map) => {
                let entries = map.entries();
                for (key, item) in entries.iter() {
                    let item = Slot::of(map.elem(), item.clone());
                    if self.once(branch, Slot::plain(Value::Str(key.clone())), &item)?
                        == Flow::Break
                    {
                        break;
                    }
                }
                Ok(entries.iter().len() > 0)
            }
            Value::Bytes(bytes) => {
                for (index, &byte) in bytes.as_bytes().iter().enumerate() {
                    let item = Slot::plain(Value::byte(byte));
                    if self.once(branch, int(index), &item)? == Flow::Break {
                        break;
                    }
                }
                Ok(!bytes.is_empty())
            }
            value => self.numbers(value, branch),
        }
    }

    fn numbers(&mut self, over: &Value, branch: &'t Branch) -> Result<bool, Error> {
        let shown = || shown(over, 'v');
        let end = match over.numeric() {
            Some(Numeric::Int(end)) => u64::try_from(end).unwrap_or(0),
            Some(Numeric::Uint(end)) => end,
            Some(Numeric::Complex(..) | Numeric::Float(_)) | None => {
                let shown = shown();
                // Go looks at what a pointer points to.
                let is_object = matches!(over, Value::Object(_));
                let shown = shown.strip_prefix('&').filter(|_| is_object).unwrap_or(&shown);
                return Err(self.wrong(format!("range can't iterate over {shown}")));
            }
        };
        if self.nodes.all(branch.pipe.variables).len() > 1 {
            let message = "to iterate over more than one variable";
            return Err(self.wrong(format!("can't use {} {message}", shown())));
        }
        let kind = over.kind();
        for number in 0..end {
            let item = Slot::plain(Value::whole(&kind, number.cast_signed()));
            if self.once(branch, Slot::NONE, &item)? == Flow::Break {
                break;
            }
        }
        Ok(end > 0)
    }

    /// Executes the body of a loop for one element.
    fn once(&mut self, branch: &'t Branch, index: Slot, item: &Slot) -> Result<Flow, Error> {
        self.spend(1)?;
        let variables = self.nodes.all(branch.pipe.variables);
        let mark = self.variables.len();
        if branch.pipe.is_assignment {
            let slots = if variables.len() > 1 {
                [index, item.clone()]
            } else {
                [item.clone(), Slot::NONE]
            };
            for (variable, slot) in variables.iter().zip(slots) {
                self.set_variable(variable.symbol, variable.name, slot)?;
            }
        } else {
            let set = |place: Option<&mut (u32, Slot)>, slot| {
                if let Some(place) = place {
                    place.1 = slot;
                }
            };
            if !variables.is_empty() {
                set(self.variables.iter_mut().nth_back(0), item.clone());
            }
            if variables.len() > 1 {
                set(self.variables.iter_mut().nth_back(1), index);
            }
        }
        let flow = self.list(item, branch.body);
        self.variables.truncate(mark);
        flow
    }

    fn template(&mut self, dot: &Slot, call: &'t Call) -> Result<(), Error> {
        let Some(tree) = self.set.tree(&call.name) else {
            let name = quoted(&call.name.to_text());
            return Err(self.wrong(format!("template {name} not defined")));
        };
        let frames = self.budget.frames.get();
        let most = self.budget.limits().frames;
        if frames >= most {
            return Err(self.limited(Limit::Frames(most)));
        }
        let dot = match &call.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Slot::NONE,
        };
        self.budget.frames.set(frames + 1);
        let tree = Rc::clone(&tree);
        let done = Frame::new(self.set, self.budget, &tree, dot, self.out).run();
        self.budget.frames.set(frames);
        done
    }
}
