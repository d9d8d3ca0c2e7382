//! The trees of a parsed text.
//!
//! A chart has a hundred thousand nodes, of which most are executed once or never. So all of a
//! text's are in a few lists, nodes refer to others by their places there, and what a node quotes is
//! a place in the text: parsing takes memory a few times for each text, not for each node.

use std::marker::PhantomData;
use std::rc::Rc;

use crate::function::Function;
use crate::number::Number;
use crate::value::{Str, Value};

/// A place in the text, in bytes. A [`Str`] is not longer.
pub(crate) type Pos = u32;

/// A variable's name, by its number in the [`Symbols`](super::symbols::Symbols).
pub(crate) type Symbol = u32;

/// One template.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) name: Str,
    /// The name of the text in which the template stands.
    pub(crate) text_name: Str,
    /// All nodes of that text.
    pub(crate) nodes: Rc<Nodes>,
    pub(crate) root: Span<Node>,
}

/// The nodes of a text.
#[derive(Debug)]
pub(crate) struct Nodes {
    pub(crate) text: Str,
    pub(crate) branches: Vec<Branch>,
    pub(crate) calls: Vec<Call>,
    pub(crate) chains: Vec<Chain>,
    pub(crate) commands: Vec<Command>,
    /// Looked up when the text was parsed.
    pub(crate) functions: Vec<Function>,
    pub(crate) literals: Vec<Literal>,
    pub(crate) names: Vec<Name>,
    pub(crate) items: Vec<Node>,
    pub(crate) numerals: Vec<Numeral>,
    pub(crate) pipes: Vec<Pipe>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) words: Vec<Word>,
}

/// A part of one of the lists.
pub(crate) struct Span<T> {
    start: u32,
    end: u32,
    of: PhantomData<T>,
}

/// The place of one in one of the lists.
pub(crate) struct At<T> {
    place: u32,
    of: PhantomData<T>,
}

/// A part of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) start: Pos,
    pub(crate) end: Pos,
}

/// What stands between the texts, and the texts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node {
    Action(Pos, At<Pipe>),
    Break,
    Continue,
    If(At<Branch>),
    Range(At<Branch>),
    Template(At<Call>),
    Text(Name),
    With(At<Branch>),
}

/// `{{if}}`, `{{range}}` or `{{with}}`.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) pipe: Pipe,
    pub(crate) body: Span<Node>,
    pub(crate) otherwise: Option<Span<Node>>,
    /// Whether what comes after it may see that it was executed: it sets variables, or
    /// leaves a loop.
    pub(crate) leaks: bool,
}

/// `{{template}}`, or what is left of a `{{block}}` where it stands.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) pos: Pos,
    pub(crate) name: Str,
    pub(crate) pipe: Option<Pipe>,
}

/// Commands of which each gets the result of the one before, and the variables that
/// get the result of the last.
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) pos: Pos,
    pub(crate) is_assignment: bool,
    pub(crate) variables: Span<Variable>,
    /// At least one.
    pub(crate) commands: Span<Command>,
}

/// A function, method, field or value, and its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) pos: Pos,
    pub(crate) word: Word,
    pub(crate) arguments: Span<Word>,
}

/// One operand of a command.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Word {
    Bool(Pos, bool),
    /// Fields of something that is not a name.
    Chain(At<Chain>),
    Dot(Pos),
    Field(Pos, Span<Name>),
    /// A function by its name.
    Function(Name, At<Function>),
    Nil(Pos),
    Number(At<Numeral>),
    Pipe(At<Pipe>),
    String(At<Literal>),
    Variable(At<Variable>),
}

/// `(…).a.b`.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) pos: Pos,
    pub(crate) word: Word,
    pub(crate) fields: Span<Name>,
}

/// A number, and its value where any type is welcome.
#[derive(Debug)]
pub(crate) struct Numeral {
    pub(crate) pos: Pos,
    pub(crate) number: Number,
    pub(crate) value: Result<Value, String>,
}

/// A string, and how it is written.
#[derive(Debug)]
pub(crate) struct Literal {
    pub(crate) written: Name,
    pub(crate) value: Value,
}

/// `$x.a.b`.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) pos: Pos,
    pub(crate) symbol: Symbol,
    /// With its dollar.
    pub(crate) name: Name,
    pub(crate) fields: Span<Name>,
}

/// Gives a list in which places of its elements lead to them.
pub(crate) trait Held: Sized {
    fn list(nodes: &Nodes) -> &Vec<Self>;
    fn list_mut(nodes: &mut Nodes) -> &mut Vec<Self>;
}

macro_rules! held {
    ($($kind:ty: $list:ident),* $(,)?) => {$(
        impl Held for $kind {
            fn list(nodes: &Nodes) -> &Vec<Self> {
                &nodes.$list
            }

            fn list_mut(nodes: &mut Nodes) -> &mut Vec<Self> {
                &mut nodes.$list
            }
        }
    )*};
}

held! {
    Branch: branches,
    Call: calls,
    Chain: chains,
    Command: commands,
    Function: functions,
    Literal: literals,
    Name: names,
    Node: items,
    Numeral: numerals,
    Pipe: pipes,
    Variable: variables,
    Word: words,
}

impl Nodes {
    pub(crate) fn new(text: Str) -> Self {
        Self {
            text,
            branches: Vec::new(),
            calls: Vec::new(),
            chains: Vec::new(),
            commands: Vec::new(),
            functions: Vec::new(),
            literals: Vec::new(),
            names: Vec::new(),
            items: Vec::new(),
            numerals: Vec::new(),
            pipes: Vec::new(),
            variables: Vec::new(),
            words: Vec::new(),
        }
    }

    pub(crate) fn add<T: Held>(&mut self, one: T) -> At<T> {
        let list = T::list_mut(self);
        let place = place(list);
        list.push(one);
        At { place, of: PhantomData }
    }

    /// Returns where the next ones will be.
    pub(crate) fn mark<T: Held>(&self) -> u32 {
        place(T::list(self))
    }

    /// Returns those that were added since.
    pub(crate) fn since<T: Held>(&self, start: u32) -> Span<T> {
        Span { start, end: self.mark::<T>(), of: PhantomData }
    }

    /// Adds what is in a list from some place on, and takes it away there.
    pub(crate) fn take<T: Held>(&mut self, from: &mut Vec<T>, start: usize) -> Span<T> {
        let mark = self.mark::<T>();
        T::list_mut(self).extend(from.drain(start..));
        self.since(mark)
    }

    pub(crate) fn get<T: Held>(&self, at: At<T>) -> &T {
        &T::list(self)[at.place as usize]
    }

    pub(crate) fn get_mut<T: Held>(&mut self, at: At<T>) -> &mut T {
        &mut T::list_mut(self)[at.place as usize]
    }

    pub(crate) fn all<T: Held>(&self, span: Span<T>) -> &[T] {
        &T::list(self)[span.start as usize..span.end as usize]
    }

    pub(crate) fn bytes(&self, name: Name) -> &[u8] {
        &self.text.as_bytes()[name.range()]
    }

    pub(crate) fn shown_name(&self, name: Name) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(name))
    }

    /// Returns whether nodes are only white space.
    pub(crate) fn is_blank(&self, nodes: Span<Node>) -> bool {
        self.all(nodes).iter().all(|node| match *node {
            Node::Text(text) => self.shown_name(text).trim_matches(is_space).is_empty(),
            _ => false,
        })
    }

    pub(crate) fn pos(&self, word: &Word) -> Pos {
        match *word {
            Word::Bool(pos, _) | Word::Dot(pos) | Word::Field(pos, _) | Word::Nil(pos) => pos,
            Word::Chain(chain) => self.get(chain).pos,
            Word::Function(name, _) => name.start,
            Word::Number(numeral) => self.get(numeral).pos,
            Word::Pipe(pipe) => self.get(pipe).pos,
            Word::String(literal) => self.get(literal).written.start,
            Word::Variable(variable) => self.get(variable).pos,
        }
    }
}

/// A list is not longer than the text.
fn place<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).expect("a text is shorter than 4 GiB")
}

impl Name {
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl<T> Span<T> {
    pub(crate) const NONE: Self = Self { start: 0, end: 0, of: PhantomData };

    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl<T> Clone for At<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for At<T> {}

impl<T> std::fmt::Debug for At<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.place.fmt(f)
    }
}

impl<T> Clone for Span<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Span<T> {}

impl<T> std::fmt::Debug for Span<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (self.start..self.end).fmt(f)
    }
}

impl Tree {
    /// Returns whether there is only white space: then the template replaces no other.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_blank(self.root)
    }
}

/// Returns whether Go's `unicode.IsSpace` accepts the character.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}
