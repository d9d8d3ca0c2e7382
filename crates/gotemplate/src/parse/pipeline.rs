//! Pipelines, commands and their words.

use super::Parser;
use super::node::{Chain, Command, Literal, Name, Numeral, Pipe, Span, Variable, Word};
use super::token::{Kind, Token};
use crate::error::Error;
use crate::number::Number;
use crate::value::Value;

impl<'t> Parser<'t> {
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe, Error> {
        let pos = self.peek_word().pos;
        let declared = self.nodes.mark::<Variable>();
        let mut is_assignment = false;
        while self.declaration(declared, &mut is_assignment, context)? {}
        let variables = self.nodes.since(declared);
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
        if start == self.heaps.commands.len() {
            return Err(self.wrong(format!("missing value for {context}")));
        }
        self.check(&self.heaps.commands[start..])?;
        let commands = self.nodes.take(&mut self.heaps.commands, start);
        Ok(Pipe { pos, is_assignment, variables, commands })
    }

    /// Reads a variable that the pipeline sets; returns whether there may be another.
    fn declaration(
        &mut self,
        declared: u32,
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
                self.declare(token);
                Ok(false)
            }
            Kind::Char if next.bytes == b"," => {
                self.next_word();
                self.declare(token);
                self.second_declaration(declared, context)
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

    fn second_declaration(&mut self, declared: u32, context: &str) -> Result<bool, Error> {
        if context != "range" || self.nodes.mark::<Variable>() - declared >= 2 {
            return Err(self.wrong(format!("too many declarations in {context}")));
        }
        match self.peek_word().kind {
            Kind::Variable | Kind::RightDelimiter | Kind::RightParen => Ok(true),
            _ => Err(self.wrong("range can only initialize variables".to_owned())),
        }
    }

    fn declare(&mut self, token: Token<'t>) {
        let variable = self.variable(token);
        self.scope.variables.push(variable.symbol);
        self.nodes.add(variable);
        self.leaks += 1;
    }

    fn variable(&self, token: Token<'t>) -> Variable {
        let symbol = self.grammar.symbols.number(token.bytes);
        Variable { pos: token.pos, symbol, name: token.name(), fields: Span::NONE }
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
        let Some(&word) = self.heaps.words.get(start) else {
            return Err(self.wrong("empty command".to_owned()));
        };
        let arguments = self.nodes.take(&mut self.heaps.words, start + 1);
        self.heaps.words.truncate(start);
        Ok(Command { pos, word, arguments })
    }

    /// Reads a word and the fields behind it; nothing where no word begins.
    fn operand(&mut self) -> Result<Option<Word>, Error> {
        let Some(word) = self.term()? else { return Ok(None) };
        let next = self.peek();
        if next.kind != Kind::Field {
            return Ok(Some(word));
        }
        match word {
            Word::Variable(at) => {
                let fields = self.fields();
                let variable = self.nodes.get_mut(at);
                (variable.pos, variable.fields) = (next.pos, fields);
                Ok(Some(word))
            }
            Word::Bool(..) | Word::Dot(_) | Word::Nil(_) | Word::Number(_) | Word::String(_) => {
                let shown = crate::quote::quoted(&self.nodes.shown(&word).to_string());
                Err(self.wrong(format!("unexpected . after term {shown}")))
            }
            word => {
                let fields = self.fields();
                let chain = Chain { pos: next.pos, word, fields };
                Ok(Some(Word::Chain(self.nodes.add(chain))))
            }
        }
    }

    /// Reads `.a.b`. Its place is that of the second field, if there is one.
    fn field_word(&mut self, token: Token<'_>) -> Word {
        let start = self.nodes.mark::<Name>();
        self.nodes.add(field(token));
        let next = self.peek();
        let pos = if next.kind == Kind::Field { next.pos } else { token.pos };
        self.fields();
        Word::Field(pos, self.nodes.since(start))
    }

    fn fields(&mut self) -> Span<Name> {
        let start = self.nodes.mark::<Name>();
        while self.peek().kind == Kind::Field {
            let token = self.next();
            self.nodes.add(field(token));
        }
        self.nodes.since(start)
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
                let pipe = self.nested(read)?;
                Word::Pipe(self.nodes.add(pipe))
            }
            Kind::Nil => Word::Nil(token.pos),
            Kind::RawString | Kind::String => {
                let value = Value::Str(self.unquote(token)?);
                Word::String(self.nodes.add(Literal { written: token.name(), value }))
            }
            Kind::Variable => self.use_variable(token)?,
            _ => {
                self.back();
                return Ok(None);
            }
        };
        Ok(Some(word))
    }

    fn number(&mut self, token: Token<'_>) -> Result<Word, Error> {
        let text = String::from_utf8_lossy(token.bytes);
        let number = Number::parse(&text).map_err(|message| self.wrong(message))?;
        let value = number.value();
        Ok(Word::Number(self.nodes.add(Numeral { pos: token.pos, number, value })))
    }

    fn function(&mut self, token: Token<'t>) -> Result<Word, Error> {
        let known = self.functions.get(token.bytes).copied();
        let function = if let Some(known) = known {
            known
        } else {
            let name = String::from_utf8_lossy(token.bytes);
            let Some(function) = self.grammar.functions.get(&name) else {
                let name = crate::quote::quoted(&name);
                return Err(self.wrong(format!("function {name} not defined")));
            };
            let function = self.nodes.add(function.clone());
            self.functions.insert(token.bytes, function);
            function
        };
        Ok(Word::Function(token.name(), function))
    }

    fn use_variable(&mut self, token: Token<'t>) -> Result<Word, Error> {
        let variable = self.variable(token);
        if self.scope.variables.contains(&variable.symbol) {
            return Ok(Word::Variable(self.nodes.add(variable)));
        }
        let name = crate::quote::quoted(&String::from_utf8_lossy(token.bytes));
        Err(self.wrong(format!("undefined variable {name}")))
    }
}

/// Returns a field's name without its dot.
fn field(token: Token<'_>) -> Name {
    let Name { start, end } = token.name();
    Name { start: start + 1, end }
}
