//! Actions that are not just printed: conditions, loops, templates.

use super::node::{At, Branch, Call, Node, Span};
use super::token::{Keyword, Kind, Token};
use super::{Close, Item, Parser};
use crate::error::Error;
use crate::value::Str;

impl Parser<'_> {
    /// Reads an action, whose left delimiter is read already.
    pub(super) fn action(&mut self) -> Result<Item, Error> {
        let token = self.next_word();
        let Kind::Keyword(keyword) = token.kind else {
            self.back();
            let pos = self.peek().pos;
            let pipe = self.pipeline("command", Kind::RightDelimiter)?;
            return Ok(Item::Node(Node::Action(pos, self.nodes.add(pipe))));
        };
        match keyword {
            Keyword::Block => self.block().map(Item::Node),
            Keyword::Break => self.jump("{{break}}", Node::Break),
            Keyword::Continue => self.jump("{{continue}}", Node::Continue),
            Keyword::Define => Err(self.plain_unexpected(token)),
            Keyword::Else => self.otherwise(),
            Keyword::End => {
                self.expect(Kind::RightDelimiter, "end")?;
                Ok(Item::Close(Close::End))
            }
            Keyword::If => self.branch(keyword, "if").map(|at| Item::Node(Node::If(at))),
            Keyword::Range => self.branch(keyword, "range").map(|at| Item::Node(Node::Range(at))),
            Keyword::Template => self.call().map(Item::Node),
            Keyword::With => self.branch(keyword, "with").map(|at| Item::Node(Node::With(at))),
        }
    }

    /// A `define` that is not at the top is read as a command.
    fn plain_unexpected(&mut self, token: Token<'_>) -> Error {
        self.unexpected(token, "command")
    }

    fn jump(&mut self, shown: &str, node: Node) -> Result<Item, Error> {
        let token = self.next_word();
        if token.kind != Kind::RightDelimiter {
            return Err(self.unexpected(token, shown));
        }
        if self.scope.ranges == 0 {
            return Err(self.wrong(format!("{shown} outside {{{{range}}}}")));
        }
        self.leaks += 1;
        Ok(Item::Node(node))
    }

    fn otherwise(&mut self) -> Result<Item, Error> {
        // `else if` and `else with` leave the second word to be read by the branch.
        let next = self.peek_word().kind;
        if !matches!(next, Kind::Keyword(Keyword::If | Keyword::With)) {
            self.expect(Kind::RightDelimiter, "else")?;
        }
        Ok(Item::Close(Close::Else))
    }

    fn branch(&mut self, keyword: Keyword, context: &str) -> Result<At<Branch>, Error> {
        let variables = self.scope.variables.len();
        let pipe = self.pipeline(context, Kind::RightDelimiter)?;
        let loops = usize::from(keyword == Keyword::Range);
        let leaks = self.leaks - usize::from(pipe.is_assignment);
        self.scope.ranges += loops;
        let (body, close) = self.list()?;
        self.scope.ranges -= loops;
        let otherwise = match close {
            Close::End => None,
            Close::Else => Some(self.otherwise_of(keyword, context)?),
        };
        self.scope.variables.truncate(variables);
        let leaks = self.leaks > leaks;
        Ok(self.nodes.add(Branch { pipe, body, otherwise, leaks }))
    }

    fn otherwise_of(&mut self, keyword: Keyword, context: &str) -> Result<Span<Node>, Error> {
        let chains = matches!(keyword, Keyword::If | Keyword::With);
        if chains && self.peek().kind == Kind::Keyword(keyword) {
            self.next();
            let branch = self.nested(|parser| parser.branch(keyword, context))?;
            let node = if keyword == Keyword::If { Node::If(branch) } else { Node::With(branch) };
            let mark = self.nodes.mark::<Node>();
            self.nodes.add(node);
            return Ok(self.nodes.since(mark));
        }
        let (nodes, close) = self.list()?;
        if close != Close::End {
            return Err(self.wrong(format!("expected end; found {}", close.shown())));
        }
        Ok(nodes)
    }

    fn block(&mut self) -> Result<Node, Error> {
        let token = self.next_word();
        let name = self.template_name(token, "block clause")?;
        let pipe = self.pipeline("block clause", Kind::RightDelimiter)?;
        let outer = std::mem::take(&mut self.scope);
        // Errors about how the block ends are those of the template around it.
        let (root, close) = self.list()?;
        let inner = std::mem::replace(&mut self.scope, outer);
        if close != Close::End {
            return Err(self.wrong(format!("unexpected {} in block clause", close.shown())));
        }
        let outer = std::mem::replace(&mut self.scope, inner);
        self.add(name.clone(), root)?;
        self.scope = outer;
        let call = Call { pos: token.pos, name, pipe: Some(pipe) };
        Ok(Node::Template(self.nodes.add(call)))
    }

    fn call(&mut self) -> Result<Node, Error> {
        let token = self.next_word();
        let name = self.template_name(token, "template clause")?;
        let mut pipe = None;
        if self.next_word().kind != Kind::RightDelimiter {
            self.back();
            pipe = Some(self.pipeline("template clause", Kind::RightDelimiter)?);
        }
        Ok(Node::Template(self.nodes.add(Call { pos: token.pos, name, pipe })))
    }

    fn template_name(&mut self, token: Token<'_>, context: &str) -> Result<Str, Error> {
        match token.kind {
            Kind::String | Kind::RawString => self.unquote(token),
            _ => Err(self.unexpected(token, context)),
        }
    }
}
