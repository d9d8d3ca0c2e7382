//! Pipelines, commands and their words.

use std::ops::Range;

use super::node::{Chain, Command, Literal, Numeral, Pipe, Variable, Word};
use super::token::{Kind, Token};
use super::{Parser, take};
use crate::error::Error;
use crate::number::Number;
use crate::value::{Str, Value};

impl<'t> Parser<'t> {
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe, Error> {
        let pos = self.peek_word().pos;
        let mut variables = Vec::new();
        let mut is_assignment = false;
        while self.declaration(&mut variables, &mut is_assignment, context)? {}
        let start = self.heaps.commands.len();
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
                    let command = self.command()?;
                    self.heaps.commands.push(command);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
        self.check(&self.heaps.commands[start..])?;
        let mut commands = self.heaps.commands.drain(start..);
        let Some(first) = commands.next() else {
            drop(commands);
            return Err(self.wrong(format!("missing value for {context}")));
        };
        let (variables, rest) = (variables.into(), commands.collect());
        Ok(Pipe { pos, is_assignment, variables, first, rest })
    }

    /// Reads a variable that the pipeline sets; returns whether there may be another.
    fn declaration(
        &mut self,
        variables: &mut Vec<Variable>,
        is_assignment: &mut bool,
        context: &str,
    ) -> Result<bool, Error> {
        let token = self.peek_word();
        if token.kind != Kind::Variable {
            return Ok(false);
        }
        self.next();
        let after = self.peek();
        let next = self.peek_word();
        match next.kind {
            Kind::Assign | Kind::Declare => {
                *is_assignment = next.kind == Kind::Assign;
                self.next_word();
                self.declare(variables, token);
                Ok(false)
            }
            Kind::Char if next.bytes == b"," => {
                self.next_word();
                self.declare(variables, token);
                self.second_declaration(variables.len(), context)
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

    fn second_declaration(&mut self, declared: usize, context: &str) -> Result<bool, Error> {
        if context != "range" || declared >= 2 {
            return Err(self.wrong(format!("too many declarations in {context}")));
        }
        match self.peek_word().kind {
            Kind::Variable | Kind::RightDelimiter | Kind::RightParen => Ok(true),
            _ => Err(self.wrong("range can only initialize variables".to_owned())),
        }
    }

    fn declare(&mut self, variables: &mut Vec<Variable>, token: Token<'t>) {
        let variable = self.variable(token);
        self.scope.variables.push(variable.symbol);
        variables.push(variable);
        self.leaks += 1;
    }

    fn variable(&self, token: Token<'t>) -> Variable {
        let (symbol, name) = self.grammar.symbols.number(token.bytes);
        Variable { pos: token.pos, symbol, name, fields: Box::default() }
    }

    fn check(&self, commands: &[Command]) -> Result<(), Error> {
        for (place, command) in commands.iter().enumerate().skip(1) {
            if matches!(
                command.word,
                Word::Bool(..) | Word::Dot(_) | Word::Nil(_) | Word::Number(_) | Word::String(_)
            ) {
                let stage = place + 1;
                return Err(self.wrong(format!("non executable command in pipeline stage {stage}")));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command, Error> {
        let pos = self.peek_word().pos;
        let start = self.heaps.words.len();
        loop {
            self.peek_word();
            if let Some(word) = self.operand()? {
                self.heaps.words.push(word);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelimiter | Kind::RightParen => self.back(),
                Kind::Pipe => {}
                _ => return Err(self.unexpected(token, "operand")),
            }
            break;
        }
        let mut words = self.heaps.words.drain(start..);
        let Some(word) = words.next() else {
            drop(words);
            return Err(self.wrong("empty command".to_owned()));
        };
        Ok(Command { pos, word, arguments: words.collect() })
    }

    /// Reads a word and the fields behind it; nothing where no word begins.
    fn operand(&mut self) -> Result<Option<Word>, Error> {
        let Some(word) = self.term()? else { return Ok(None) };
        let next = self.peek();
        if next.kind != Kind::Field {
            return Ok(Some(word));
        }
        match word {
            Word::Variable(mut variable) => {
                variable.pos = next.pos;
                variable.fields = self.fields();
                Ok(Some(Word::Variable(variable)))
            }
            Word::Bool(..) | Word::Dot(_) | Word::Nil(_) | Word::Number(_) | Word::String(_) => {
                let shown = crate::quote::quoted(&word.to_string());
                Err(self.wrong(format!("unexpected . after term {shown}")))
            }
            word => {
                let fields = self.fields();
                Ok(Some(Word::Chain(Box::new(Chain { pos: next.pos, word, fields }))))
            }
        }
    }

    /// Reads `.a.b`. Its place is that of the second field, if there is one.
    fn field_word(&mut self, token: Token<'_>) -> Word {
        let field = self.field(token);
        self.heaps.fields.push(field);
        let next = self.peek();
        let pos = if next.kind == Kind::Field { next.pos } else { token.pos };
        Word::Field(pos, self.fields())
    }

    /// Reads fields, and returns them with those on the heap.
    fn fields(&mut self) -> Box<[Str]> {
        while self.peek().kind == Kind::Field {
            let token = self.next();
            let field = self.field(token);
            self.heaps.fields.push(field);
        }
        take(&mut self.heaps.fields, 0)
    }

    /// Returns a field's name without its dot.
    fn field(&self, token: Token<'_>) -> Str {
        let Range { start, end } = token.range();
        self.text.shared_part(start + 1..end)
    }

    fn term(&mut self) -> Result<Option<Word>, Error> {
        let token = self.next_word();
        let word = match token.kind {
            Kind::Bool => Word::Bool(token.pos, token.bytes == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => self.number(token)?,
            Kind::Dot => Word::Dot(token.pos),
            Kind::Field => self.field_word(token),
            Kind::Identifier => self.function(token)?,
            Kind::LeftParen => {
                let read =
                    |parser: &mut Self| parser.pipeline("parenthesized pipeline", Kind::RightParen);
                Word::Pipe(Box::new(self.nested(read)?))
            }
            Kind::Nil => Word::Nil(token.pos),
            Kind::RawString | Kind::String => {
                let value = Value::Str(self.unquote(token)?);
                let written = self.text.shared_part(token.range());
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
        let name = self.text.shared_part(token.range());
        let Some(function) = self.grammar.functions.get(&name.to_text()) else {
            let name = crate::quote::quoted(&name.to_text());
            return Err(self.wrong(format!("function {name} not defined")));
        };
        let function = function.clone();
        Ok(Word::Function(token.pos, name, function))
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
