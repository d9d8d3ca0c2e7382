//! Pipelines, commands and their words.

use super::Parser;
use super::node::{Chain, Command, Literal, Named, Numeral, Pipe, Variable, Word};
use super::token::{Kind, Token};
use crate::error::Error;
use crate::number::Number;
use crate::value::{Str, Value};

impl<'t> Parser<'t> {
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe, Error> {
        let pos = self.peek_word().pos;
        let mut pipe =
            Pipe { pos, is_assignment: false, variables: Vec::new(), commands: Vec::new() };
        while self.declaration(&mut pipe, context)? {}
        loop {
            let token = self.next_word();
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::LeftParen
                | Kind::Nil
                | Kind::Number
                | Kind::RawString
                | Kind::String
                | Kind::Variable => {
                    self.back();
                    pipe.commands.push(self.command()?);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
        self.check(&pipe, context)?;
        Ok(pipe)
    }

    /// Reads a variable that the pipeline sets; returns whether there may be another.
    fn declaration(&mut self, pipe: &mut Pipe, context: &str) -> Result<bool, Error> {
        let token = self.peek_word();
        if token.kind != Kind::Variable {
            return Ok(false);
        }
        self.next();
        let after = self.peek();
        let next = self.peek_word();
        match next.kind {
            Kind::Assign | Kind::Declare => {
                pipe.is_assignment = next.kind == Kind::Assign;
                self.next_word();
                self.declare(pipe, token);
                Ok(false)
            }
            Kind::Char if next.bytes == b"," => {
                self.next_word();
                self.declare(pipe, token);
                self.second_declaration(pipe, context)
            }
            _ => {
                if after.kind == Kind::Space {
                    self.back_three(token, after);
                } else {
                    self.back_two(token);
                }
                Ok(false)
            }
        }
    }

    fn second_declaration(&mut self, pipe: &Pipe, context: &str) -> Result<bool, Error> {
        if context != "range" || pipe.variables.len() >= 2 {
            return Err(self.wrong(format!("too many declarations in {context}")));
        }
        match self.peek_word().kind {
            Kind::Variable | Kind::RightDelimiter | Kind::RightParen => Ok(true),
            _ => Err(self.wrong("range can only initialize variables".to_owned())),
        }
    }

    fn declare(&mut self, pipe: &mut Pipe, token: Token<'t>) {
        let variable = self.variable(token);
        self.scope.variables.push(variable.symbol);
        pipe.variables.push(variable);
        self.leaks += 1;
    }

    fn variable(&self, token: Token<'t>) -> Variable {
        let (symbol, name) = self.grammar.symbols.number(token.bytes);
        Variable { pos: token.pos, symbol, name, fields: Vec::new() }
    }

    fn check(&self, pipe: &Pipe, context: &str) -> Result<(), Error> {
        if pipe.commands.is_empty() {
            return Err(self.wrong(format!("missing value for {context}")));
        }
        for (place, command) in pipe.commands.iter().enumerate().skip(1) {
            let first = &command.words[0];
            if matches!(
                first,
                Word::Bool(..) | Word::Dot(_) | Word::Nil(_) | Word::Number(_) | Word::String(_)
            ) {
                let stage = place + 1;
                return Err(self.wrong(format!("non executable command in pipeline stage {stage}")));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command, Error> {
        let mut command = Command { pos: self.peek_word().pos, words: Vec::new() };
        loop {
            self.peek_word();
            command.words.extend(self.operand()?);
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelimiter | Kind::RightParen => self.back(),
                Kind::Pipe => {}
                _ => return Err(self.unexpected(token, "operand")),
            }
            break;
        }
        if command.words.is_empty() {
            return Err(self.wrong("empty command".to_owned()));
        }
        Ok(command)
    }

    /// Reads a word and the fields behind it; nothing where no word begins.
    fn operand(&mut self) -> Result<Option<Word>, Error> {
        let Some(word) = self.term()? else { return Ok(None) };
        let next = self.peek();
        if next.kind != Kind::Field {
            return Ok(Some(word));
        }
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field {
            fields.push(field(self.next()));
        }
        match word {
            Word::Field(_, mut names) => {
                names.append(&mut fields);
                Ok(Some(Word::Field(next.pos, names)))
            }
            Word::Variable(mut variable) => {
                variable.pos = next.pos;
                variable.fields.append(&mut fields);
                Ok(Some(Word::Variable(variable)))
            }
            Word::Bool(..) | Word::Dot(_) | Word::Nil(_) | Word::Number(_) | Word::String(_) => {
                let shown = crate::quote::quoted(&word.to_string());
                Err(self.wrong(format!("unexpected . after term {shown}")))
            }
            word => Ok(Some(Word::Chain(Box::new(Chain { pos: next.pos, word, fields })))),
        }
    }

    fn term(&mut self) -> Result<Option<Word>, Error> {
        let token = self.next_word();
        let word = match token.kind {
            Kind::Bool => Word::Bool(token.pos, token.bytes == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => self.number(token)?,
            Kind::Dot => Word::Dot(token.pos),
            Kind::Field => Word::Field(token.pos, vec![field(token)]),
            Kind::Identifier => self.function(token)?,
            Kind::LeftParen => {
                let read =
                    |parser: &mut Self| parser.pipeline("parenthesized pipeline", Kind::RightParen);
                Word::Pipe(Box::new(self.nested(read)?))
            }
            Kind::Nil => Word::Nil(token.pos),
            Kind::RawString | Kind::String => {
                let value = Value::Str(self.unquote(token)?);
                let written = Str::from(token.bytes);
                Word::String(Box::new(Literal { pos: token.pos, written, value }))
            }
            Kind::Variable => self.use_variable(token)?,
            _ => {
                self.back();
                return Ok(None);
            }
        };
        Ok(Some(word))
    }

    fn number(&self, token: Token<'_>) -> Result<Word, Error> {
        let text = String::from_utf8_lossy(token.bytes);
        let number = Number::parse(&text).map_err(|message| self.wrong(message))?;
        let value = number.value();
        Ok(Word::Number(Box::new(Numeral { pos: token.pos, number, value })))
    }

    fn function(&self, token: Token<'_>) -> Result<Word, Error> {
        let name = Str::from(token.bytes);
        let Some(function) = self.grammar.functions.get(&name.to_text()) else {
            let name = crate::quote::quoted(&name.to_text());
            return Err(self.wrong(format!("function {name} not defined")));
        };
        let function = function.clone();
        Ok(Word::Function(Box::new(Named { pos: token.pos, name, function })))
    }

    fn use_variable(&self, token: Token<'t>) -> Result<Word, Error> {
        let variable = self.variable(token);
        if self.scope.variables.contains(&variable.symbol) {
            return Ok(Word::Variable(Box::new(variable)));
        }
        let name = crate::quote::quoted(&variable.name.to_text());
        Err(self.wrong(format!("undefined variable {name}")))
    }
}

/// Returns a field's name without its dot.
fn field(token: Token<'_>) -> Str {
    Str::from(&token.bytes[1..])
}
