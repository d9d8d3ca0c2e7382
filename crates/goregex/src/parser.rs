//! Reads Go's syntax, as `regexp/syntax.Parse` does with the flags of
//! `regexp.Compile`.

mod class;
mod escape;
mod group;
mod named;
mod repeat;

use regex_syntax::hir::{Class, ClassUnicode, Hir, Look};

use crate::flags::Flags;
use crate::pattern::Pattern;
use crate::piece::Piece;
use crate::{Error, ErrorKind, MAX_DEPTH, MAX_PATTERN_BYTES, MAX_PROGRAM_BYTES, unicode};

/// What a pattern means.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) hir: Hir,
    /// The name of each group, the first being the whole match.
    pub(crate) names: Vec<Option<String>>,
}

/// Reads a pattern.
pub(crate) fn parse(pattern: &[u8]) -> Result<Parsed, Error> {
    if pattern.len() > MAX_PATTERN_BYTES {
        return Err(Error::new(ErrorKind::Large, pattern));
    }
    let mut parser = Parser::new(pattern);
    parser.read()?;
    let hir = parser.finish()?.hir;
    Ok(Parsed { hir, names: parser.names })
}

struct Parser<'p> {
    pattern: Pattern<'p>,
    flags: Flags,
    open: Vec<Open>,
    names: Vec<Option<String>>,
    /// Ranges that classes may still have: their memory is bounded before a program is made.
    ranges_left: usize,
}

/// A group that is being read, or the pattern itself.
#[derive(Default)]
struct Open {
    capture: Option<u32>,
    /// The flags that hold again behind the group.
    flags: Flags,
    branches: Vec<Piece>,
    items: Vec<Piece>,
}

impl Open {
    fn end_branch(&mut self) {
        let items = std::mem::take(&mut self.items);
        self.branches.push(Piece::concat(items));
    }

    fn close(mut self) -> Piece {
        self.end_branch();
        let piece = Piece::alternation(self.branches);
        match self.capture {
            Some(index) => piece.capture(index),
            None => piece,
        }
    }
}

impl<'p> Parser<'p> {
    fn new(pattern: &'p [u8]) -> Self {
        Self {
            pattern: Pattern::new(pattern),
            flags: Flags::default(),
            open: vec![Open::default()],
            names: vec![None],
            ranges_left: MAX_PROGRAM_BYTES / size_of::<[char; 2]>(),
        }
    }

    fn read(&mut self) -> Result<(), Error> {
        // Where the repetition that was read just before started.
        let mut repeated: Option<usize> = None;
        while let Some(next) = self.pattern.peek() {
            let start = self.pattern.at();
            let is_repetition = match next {
                b'*' | b'+' | b'?' => self.operator(next, repeated)?,
                b'{' => self.counted(repeated)?,
                _ => self.item(next).map(|()| false)?,
            };
            repeated = is_repetition.then_some(start);
        }
        Ok(())
    }

    fn item(&mut self, next: u8) -> Result<(), Error> {
        match next {
            b'(' => self.open_group(),
            b'|' => {
                self.pattern.skip(1);
                self.innermost().end_branch();
                Ok(())
            }
            b')' => self.close_group(),
            b'^' => self.look_after(1, Flags::LINES, [Look::Start, Look::StartLF]),
            b'$' => self.look_after(1, Flags::LINES, [Look::End, Look::EndLF]),
            b'.' => self.dot(),
            b'[' => self.class(),
            b'\\' => self.backslash(),
            _ => match self.pattern.next()? {
                Some(literal) => self.literal(u32::from(literal)),
                None => Ok(()),
            },
        }
    }

    /// Skips `bytes` and pushes the second assertion if `flag` is set, or the first.
    fn look_after(&mut self, bytes: usize, flag: Flags, looks: [Look; 2]) -> Result<(), Error> {
        self.pattern.skip(bytes);
        let look = looks[usize::from(self.flags.has(flag))];
        self.push(Piece::leaf(Hir::look(look)))
    }

    fn dot(&mut self) -> Result<(), Error> {
        self.pattern.skip(1);
        let mut any = unicode::any();
        if !self.flags.has(Flags::DOT_ALL) {
            any.difference(&unicode::class(&[(0x0A, 0x0A)]));
        }
        self.push_class(any)
    }

    /// Pushes a code point, which may be a surrogate: that matches nothing.
    fn literal(&mut self, rune: u32) -> Result<(), Error> {
        let mut class = unicode::class(&[(rune, rune)]);
        if self.flags.has(Flags::FOLD) {
            unicode::fold(&mut class);
        }
        self.push_class(class)
    }

    fn push_class(&mut self, class: ClassUnicode) -> Result<(), Error> {
        self.spend(class.ranges().len())?;
        self.push(Piece::leaf(Hir::class(Class::Unicode(class))))
    }

    fn push(&mut self, piece: Piece) -> Result<(), Error> {
        self.check_depth(&piece)?;
        self.innermost().items.push(piece);
        Ok(())
    }

    fn check_depth(&self, piece: &Piece) -> Result<(), Error> {
        if piece.depth > MAX_DEPTH {
            return Err(Error::new(ErrorKind::NestingDepth, self.pattern.whole()));
        }
        Ok(())
    }

    fn spend(&mut self, ranges: usize) -> Result<(), Error> {
        match self.ranges_left.checked_sub(ranges) {
            Some(left) => self.ranges_left = left,
            None => return Err(Error::new(ErrorKind::Large, self.pattern.whole())),
        }
        Ok(())
    }

    fn innermost(&mut self) -> &mut Open {
        self.open.last_mut().expect("the pattern itself is never closed before its end")
    }

    fn finish(&mut self) -> Result<Piece, Error> {
        let last = self.open.pop().expect("the pattern itself is open");
        if !self.open.is_empty() {
            return Err(Error::new(ErrorKind::MissingParen, self.pattern.whole()));
        }
        let piece = last.close();
        self.check_depth(&piece)?;
        Ok(piece)
    }
}
