//! Pipelines and their commands.

use super::slot::Slot;
use super::{At, Frame, Given};
use crate::error::Error;
use crate::parse::node::{Command, Pipe, Word};

impl<'t> Frame<'t, '_> {
    pub(super) fn pipeline(&mut self, dot: &Slot, pipe: &'t Pipe) -> Result<Slot, Error> {
        self.at = At::Pipe(pipe);
        let mut last = None;
        for command in &pipe.commands {
            last = Some(self.command(dot, command, last)?.unboxed());
        }
        let slot = last.unwrap_or(Slot::NONE);
        for variable in &pipe.variables {
            if pipe.is_assignment {
                self.set_variable(variable.symbol, &variable.name, slot.clone())?;
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
        let words = &command.words;
        let word = &words[0];
        let given = |last| Given { dot, words: &words[1..], last };
        match word {
            Word::Chain(chain) => self.chain(word, chain, given(last)),
            Word::Field(_, names) => {
                self.at = At::Word(word);
                self.fields(dot.clone(), word, names, given(last))
            }
            Word::Function(named) => {
                self.at = At::Word(word);
                let at = At::Command(command);
                self.call(&named.function, &named.name, at, given(last))
            }
            Word::Pipe(pipe) => {
                self.no_arguments(words, last.as_ref())?;
                self.nested(|frame| frame.pipeline(dot, pipe))
            }
            Word::Variable(variable) => {
                self.at = At::Word(word);
                let slot = self.variable(variable.symbol, &variable.name)?;
                if variable.fields.is_empty() {
                    self.no_arguments(words, last.as_ref())?;
                    return Ok(slot);
                }
                self.fields(slot, word, &variable.fields, given(last))
            }
            _ => self.value(dot, words, last.as_ref()),
        }
    }

    /// Evaluates a command that is a value itself.
    fn value(&mut self, dot: &Slot, words: &'t [Word], last: Option<&Slot>) -> Result<Slot, Error> {
        self.at = At::Word(&words[0]);
        self.no_arguments(words, last)?;
        match &words[0] {
            Word::Dot(_) => Ok(dot.clone()),
            Word::Nil(_) => Err(self.wrong("nil is not a command")),
            word => self.literal(word),
        }
    }

    fn no_arguments(&self, words: &[Word], last: Option<&Slot>) -> Result<(), Error> {
        if words.len() > 1 || last.is_some() {
            // Go writes a parenthesised pipeline here without its parentheses.
            return Err(self.wrong(format!("can't give argument to non-function {}", words[0])));
        }
        Ok(())
    }
}
