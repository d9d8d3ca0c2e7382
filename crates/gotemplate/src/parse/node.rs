//! The tree of a parsed template.

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
    /// The text in which the template stands.
    pub(crate) text: Str,
    pub(crate) root: Box<[Node]>,
}

/// What stands between the texts, and the texts.
#[derive(Debug)]
pub(crate) enum Node {
    Action(Pos, Box<Pipe>),
    Break,
    Continue,
    If(Box<Branch>),
    Range(Box<Branch>),
    Template(Box<Call>),
    Text(Pos, Str),
    With(Box<Branch>),
}

/// `{{if}}`, `{{range}}` or `{{with}}`.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) pipe: Pipe,
    pub(crate) body: Box<[Node]>,
    pub(crate) otherwise: Option<Box<[Node]>>,
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
    pub(crate) variables: Box<[Variable]>,
    pub(crate) first: Command,
    pub(crate) rest: Box<[Command]>,
}

/// A function, method, field or value, and its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) pos: Pos,
    pub(crate) word: Word,
    pub(crate) arguments: Box<[Word]>,
}

/// One operand of a command.
///
/// There are many: those that are common and small are not behind a pointer.
#[derive(Debug)]
pub(crate) enum Word {
    Bool(Pos, bool),
    /// Fields of something that is not a name.
    Chain(Box<Chain>),
    Dot(Pos),
    Field(Pos, Box<[Str]>),
    /// A function by its name, looked up when the text was parsed.
    Function(Pos, Str, Function),
    Nil(Pos),
    Number(Box<Numeral>),
    Pipe(Box<Pipe>),
    String(Box<Literal>),
    Variable(Box<Variable>),
}

/// `(…).a.b`.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) pos: Pos,
    pub(crate) word: Word,
    pub(crate) fields: Box<[Str]>,
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
    pub(crate) pos: Pos,
    pub(crate) written: Str,
    pub(crate) value: Value,
}

/// `$x.a.b`.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) pos: Pos,
    pub(crate) symbol: Symbol,
    /// With its dollar.
    pub(crate) name: Str,
    pub(crate) fields: Box<[Str]>,
}

impl Pipe {
    pub(crate) fn commands(&self) -> impl Iterator<Item = &Command> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}

impl Tree {
    /// Returns whether there is only white space: then the template replaces no other.
    pub(crate) fn is_empty(&self) -> bool {
        self.root.iter().all(|node| match node {
            Node::Text(_, text) => text.to_text().trim_matches(is_space).is_empty(),
            _ => false,
        })
    }
}

/// Returns whether Go's `unicode.IsSpace` accepts the character.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

impl Word {
    pub(crate) fn pos(&self) -> Pos {
        match self {
            Self::Bool(pos, _)
            | Self::Dot(pos)
            | Self::Field(pos, _)
            | Self::Function(pos, ..)
            | Self::Nil(pos) => *pos,
            Self::Chain(chain) => chain.pos,
            Self::Number(numeral) => numeral.pos,
            Self::Pipe(pipe) => pipe.pos,
            Self::String(literal) => literal.pos,
            Self::Variable(variable) => variable.pos,
        }
    }
}
