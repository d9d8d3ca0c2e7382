//! Pipelines and their commands.

use super::slot::Slot;
use super::{At, Frame, Given};
use crate::error::Error;
use crate::parse::node::{Command, Pipe, Word};

impl<'t> Frame<'t, '_> {
    pub(super) fn pipeline(&mut self, dot: &Slot, pipe: &'t Pipe) -> Result<Slot, Error> {
        self.at = At::Pipe(pipe);
        let mut last = None;
        for command in self.nodes.all(pipe.commands) {
            last = Some(self.command(dot, command, last)?.unboxed());
        }
        let slot = last.unwrap_or(Slot::NONE);
        for variable in self.nodes.all(pipe.variables) {
            if pipe.is_assignment {
                self.set_variable(variable.symbol, variable.name, slot.clone())?;
            } else {
                self.variables.push((variable.symbol, slot.clone()));
            }
        }
        Ok(slot)
    }

    /// Evaluates a command; `last` is the result of the one before it.
    fn command(
        &mut self,
        dot: &Slot,
        command: &'t Command,
        last: Option<Slot>,
    ) -> Result<Slot, Error> {
        self.spend(1)?;
        let Command { word, arguments, .. } = command;
        let nodes = self.nodes;
        let given = |last| Given { dot, words: nodes.all(*arguments), last };
        match *word {
            Word::Chain(chain) => self.chain(word, nodes.get(chain), given(last)),
            Word::Field(_, names) => {
                self.at = At::Word(word);
                self.fields(dot.clone(), word, nodes.all(names), given(last))
            }
            Word::Function(name, function) => {
                self.at = At::Word(word);
                let at = At::Command(command);
                self.call(nodes.get(function), nodes.bytes(name), at, given(last))
            }
            Word::Pipe(pipe) => {
                self.no_arguments(command, last.as_ref())?;
                self.nested(|frame| frame.pipeline(dot, nodes.get(pipe)))
            }
            Word::Variable(variable) => {
                self.at = At::Word(word);
                let variable = nodes.get(variable);
                let slot = self.variable(variable.symbol, variable.name)?;
                if variable.fields.is_empty() {
                    self.no_arguments(command, last.as_ref())?;
                    return Ok(slot);
                }
                self.fields(slot, word, nodes.all(variable.fields), given(last))
            }
            _ => self.value(dot, command, last.as_ref()),
        }
    }

    /// Evaluates a command that is a value itself.
    fn value(
        &mut self,
        dot: &Slot,
        command: &'t Command,
        last: Option<&Slot>,
    ) -> Result<Slot, Error> {
        self.at = At::Word(&command.word);
        self.no_arguments(command, last)?;
        match &command.word {
            Word::Dot(_) => Ok(dot.clone()),
            Word::Nil(_) => Err(self.wrong("nil is not a command")),
            word => self.literal(word),
        }
    }

    fn no_arguments(&self, command: &Command, last: Option<&Slot>) -> Result<(), Error> {
        if !command.arguments.is_empty() || last.is_some() {
            // Go writes a parenthesised pipeline here without its parentheses.
            let word = self.nodes.shown(&command.word);
            return Err(self.wrong(format!("can't give argument to non-function {word}")));
        }
        Ok(())
    }
}
