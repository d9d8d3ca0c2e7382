//! From text to trees.
//!
//! Mirrors the grammar and the errors of `text/template/parse` in Go 1.26.

mod control;
mod display;
mod lexer;
pub(crate) mod node;
mod pipeline;
pub(crate) mod symbols;
mod token;

use std::ops::Range;
use std::rc::Rc;

pub(crate) use lexer::Delimiters;
use lexer::Lexer;
use node::{At, Command, Node, Nodes, Pos, Span, Symbol, Tree, Word};
use symbols::{DOLLAR, Symbols};
use token::{Keyword, Kind, Token};

use crate::error::{Error, Place};
use crate::function::{Function, FunctionError, Functions};
use crate::limits::Limit;
use crate::names::Names;
use crate::unicode::newlines;
use crate::value::Str;

/// What a text is parsed with.
pub(crate) struct Grammar<'t> {
    pub(crate) delimiters: &'t Delimiters,
    pub(crate) functions: &'t Functions,
    pub(crate) symbols: &'t Symbols,
    /// Actions and parentheses inside one another, at most.
    pub(crate) depth: usize,
}

/// What was read of a text.
#[derive(Debug)]
pub(crate) struct Parsed {
    nodes: Rc<Nodes>,
    /// The template that is the text itself, or was defined in its place.
    own: Span<Node>,
    /// The others that it defines.
    defined: Vec<(Str, Span<Node>)>,
    /// Whether it defines one of its own name.
    defines_own: bool,
}

impl Parsed {
    /// Returns whether a text of that name would be read just so.
    pub(crate) fn is_of(&self, name: &Str, text: &Str) -> bool {
        let known = &self.nodes.text;
        known == text
            && known.origin().is_none()
            && text.origin().is_none()
            && !self.defines_own
            && self.defined.iter().all(|(defined, _)| defined != name)
    }

    /// Returns the templates of a text of that name: itself, and those it defines.
    pub(crate) fn trees(&self, name: &Str) -> impl Iterator<Item = Tree> {
        let tree = |name: &Str, text_name: &Str, root| {
            let (name, text_name) = (name.clone(), text_name.clone());
            Tree { name, text_name, nodes: Rc::clone(&self.nodes), root }
        };
        let defined = self.defined.iter().map(move |(defined, root)| tree(defined, name, *root));
        defined.chain([tree(name, name, self.own)])
    }
}

/// Reads a text.
pub(crate) fn parse(name: &Str, text: &Str, grammar: &Grammar<'_>) -> Result<Parsed, Error> {
    let mut lexer = Lexer::new(text.as_bytes(), grammar.delimiters);
    lexer.has_break = grammar.functions.get("break").is_some();
    lexer.has_continue = grammar.functions.get("continue").is_some();
    let mut parser = Parser {
        name,
        text,
        grammar,
        lexer,
        nodes: Nodes::new(text.clone()),
        roots: Names::default(),
        functions: Names::default(),
        depth: 0,
        leaks: 0,
        scope: Scope::default(),
        heaps: Heaps::default(),
    };
    let root = parser.whole()?;
    let defines_own = parser.roots.contains_key(name);
    parser.add(name.clone(), root)?;
    let Parser { nodes, mut roots, .. } = parser;
    let own = roots.remove(name).unwrap_or(root);
    let defined = roots.into_iter().collect();
    Ok(Parsed { nodes: Rc::new(nodes), own, defined, defines_own })
}

/// Reads one text.
struct Parser<'t> {
    name: &'t Str,
    text: &'t Str,
    grammar: &'t Grammar<'t>,
    lexer: Lexer<'t>,
    nodes: Nodes,
    /// The templates by name.
    roots: Names<Str, Span<Node>>,
    /// Those that were looked up.
    functions: Names<&'t [u8], At<Function>>,
    depth: usize,
    /// What was read so far and is seen outside of its branch: see [`node::Branch`].
    leaks: usize,
    scope: Scope<'t>,
    heaps: Heaps,
}

/// What was read of lists whose end was not read yet, the innermost last.
#[derive(Default)]
struct Heaps {
    commands: Vec<Command>,
    nodes: Vec<Node>,
    words: Vec<Word>,
}

/// What each template of a text has for itself.
struct Scope<'t> {
    /// Tokens read ahead, the next one last. The first is where errors are.
    ahead: [Option<Token<'t>>; 3],
    count: usize,
    variables: Vec<Symbol>,
    /// The place behind which the action began that is being read.
    action: Option<Pos>,
    ranges: usize,
}

impl Default for Scope<'_> {
    fn default() -> Self {
        Self { ahead: [None; 3], count: 0, variables: vec![DOLLAR], action: None, ranges: 0 }
    }
}

/// What ends a list of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Close {
    Else,
    End,
}

impl Close {
    fn shown(self) -> &'static str {
        match self {
            Self::Else => "{{else}}",
            Self::End => "{{end}}",
        }
    }
}

/// A node, or what closes the list.
enum Item {
    Close(Close),
    Node(Node),
}

impl<'t> Parser<'t> {
    fn whole(&mut self) -> Result<Span<Node>, Error> {
        let start = self.heaps.nodes.len();
        while self.peek().kind != Kind::End {
            if self.peek().kind == Kind::LeftDelimiter {
                let delimiter = self.next();
                let token = self.next_word();
                if token.kind == Kind::Keyword(Keyword::Define) {
                    self.definition()?;
                    continue;
                }
                self.back_two(delimiter);
            }
            match self.text_or_action()? {
                Item::Node(node) => self.heaps.nodes.push(node),
                Item::Close(close) => {
                    return Err(self.wrong(format!("unexpected {}", close.shown())));
                }
            }
        }
        Ok(self.nodes.take(&mut self.heaps.nodes, start))
    }

    fn definition(&mut self) -> Result<(), Error> {
        let outer = std::mem::take(&mut self.scope);
        let name = self.next_word();
        if !matches!(name.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(name, "define clause"));
        }
        let name = self.unquote(name)?;
        self.expect(Kind::RightDelimiter, "define clause")?;
        self.body("define clause", name)?;
        self.scope = outer;
        Ok(())
    }

    /// Reads the nodes of a template up to its end, and adds it.
    fn body(&mut self, context: &str, name: Str) -> Result<(), Error> {
        let (root, close) = self.list()?;
        if close != Close::End {
            return Err(self.wrong(format!("unexpected {} in {context}", close.shown())));
        }
        self.add(name, root)
    }

    fn add(&mut self, name: Str, root: Span<Node>) -> Result<(), Error> {
        let is_empty = |root| self.nodes.is_blank(root);
        match self.roots.get(&name) {
            Some(&other) if !is_empty(other) => {
                if !is_empty(root) {
                    let name = crate::quote::quoted(&name.to_text());
                    return Err(
                        self.wrong(format!("template: multiple definition of template {name}"))
                    );
                }
            }
            _ => {
                self.roots.insert(name, root);
            }
        }
        Ok(())
    }

    fn list(&mut self) -> Result<(Span<Node>, Close), Error> {
        let start = self.heaps.nodes.len();
        while self.peek_word().kind != Kind::End {
            match self.text_or_action()? {
                Item::Node(node) => self.heaps.nodes.push(node),
                Item::Close(close) => {
                    return Ok((self.nodes.take(&mut self.heaps.nodes, start), close));
                }
            }
        }
        Err(self.wrong("unexpected EOF".to_owned()))
    }

    fn text_or_action(&mut self) -> Result<Item, Error> {
        let token = self.next_word();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node::Text(token.name()))),
            Kind::LeftDelimiter => {
                self.scope.action = Some(token.pos);
                let item = self.nested(Self::action)?;
                self.scope.action = None;
                Ok(item)
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }

    /// Reads something that may contain itself.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth >= self.grammar.depth {
            let limit = FunctionError::from(Limit::ParseDepth(self.grammar.depth));
            return Err(Error::caused(self.place(), String::new(), limit));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn next(&mut self) -> Token<'t> {
        let scope = &mut self.scope;
        if scope.count > 0 {
            scope.count -= 1;
        } else {
            scope.ahead[0] = Some(self.lexer.next());
        }
        scope.ahead[scope.count].expect("a token ahead was read")
    }

    /// Returns the token just read to be read again.
    fn back(&mut self) {
        self.scope.count += 1;
    }

    /// Returns two tokens to be read again: the given one, and the one just read.
    fn back_two(&mut self, first: Token<'t>) {
        self.scope.ahead[1] = Some(first);
        self.scope.count = 2;
    }

    /// Returns three tokens to be read again: the given ones, and the one just read.
    fn back_three(&mut self, first: Token<'t>, second: Token<'t>) {
        self.scope.ahead[1] = Some(second);
        self.scope.ahead[2] = Some(first);
        self.scope.count = 3;
    }

    fn peek(&mut self) -> Token<'t> {
        let token = self.next();
        self.back();
        token
    }

    /// Returns the next token that is no space.
    fn next_word(&mut self) -> Token<'t> {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_word(&mut self) -> Token<'t> {
        let token = self.next_word();
        self.back();
        token
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<Token<'t>, Error> {
        let token = self.next_word();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(token, context)) }
    }

    fn unquote(&self, token: Token<'_>) -> Result<Str, Error> {
        if crate::quote::is_plain(token.bytes) {
            let Range { start, end } = token.range();
            return Ok(self.text.shared_part(start + 1..end - 1));
        }
        match crate::quote::unquote(token.bytes) {
            Some(bytes) => Ok(self.keep_origin(token, bytes)),
            None => Err(self.wrong("invalid syntax".to_owned())),
        }
    }

    /// Returns a literal's value with the origin of the text that it stands in.
    fn keep_origin(&self, token: Token<'_>, bytes: Vec<u8>) -> Str {
        match self.text.origin() {
            Some(_) => self.text.part(token.range()).derive(bytes),
            None => Str::from(bytes),
        }
    }

    /// Returns the line of a place in the text, counted from 1.
    fn line(&self, pos: Pos) -> usize {
        1 + newlines(&self.text.as_bytes()[..pos as usize])
    }

    fn place(&self) -> Place {
        let line = self.scope.ahead[0].map_or(1, |token| self.line(token.pos));
        Place { text: self.name.to_text().into_owned(), line, ..Place::default() }
    }

    fn wrong(&self, message: String) -> Error {
        Error::new(self.place(), message)
    }

    fn unexpected(&self, token: Token<'_>, context: &str) -> Error {
        if token.kind != Kind::Error {
            return self.wrong(format!("unexpected {} in {context}", token.shown()));
        }
        let message = self.lexer.error();
        let mut started = String::new();
        let line = self.scope.action.map(|pos| self.line(pos));
        if let Some(line) = line.filter(|&line| line != self.line(token.pos)) {
            let action = if message.ends_with(" action") { "" } else { " in action" };
            started = format!("{action} started at {}:{line}", self.name);
        }
        self.wrong(format!("{message}{started}"))
    }
}
