//! A part of a pattern that was read, with what its limits need.

use regex_syntax::hir::{Capture, Hir, Repetition};

/// The meaning of a part of the pattern, its depth, and the largest product of
/// nested repeat counts in it.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) hir: Hir,
    pub(crate) depth: usize,
    pub(crate) copies: u64,
}

impl Piece {
    pub(crate) fn leaf(hir: Hir) -> Self {
        Self { hir, depth: 1, copies: 1 }
    }

    pub(crate) fn capture(self, index: u32) -> Self {
        let sub = Box::new(self.hir);
        let hir = Hir::capture(Capture { index, name: None, sub });
        Self { hir, depth: self.depth + 1, copies: self.copies }
    }

    /// As Go counts it, `{0}` hides the counts inside and an open end has none.
    pub(crate) fn repeat(self, min: u32, max: Option<u32>, greedy: bool) -> Self {
        let copies = match max.unwrap_or(min) {
            0 if max.is_some() => 1,
            count => self.copies.saturating_mul(u64::from(count.max(1))),
        };
        let repetition = Repetition { min, max, greedy, sub: Box::new(self.hir) };
        Self { hir: Hir::repetition(repetition), depth: self.depth + 1, copies }
    }

    pub(crate) fn concat(pieces: Vec<Self>) -> Self {
        Self::join(pieces, Hir::concat)
    }

    pub(crate) fn alternation(pieces: Vec<Self>) -> Self {
        Self::join(pieces, Hir::alternation)
    }

    fn join(mut pieces: Vec<Self>, with: fn(Vec<Hir>) -> Hir) -> Self {
        if pieces.len() == 1 {
            return pieces.remove(0);
        }
        let depth = 1 + pieces.iter().map(|piece| piece.depth).max().unwrap_or(0);
        let copies = pieces.iter().map(|piece| piece.copies).max().unwrap_or(1);
        let hir = with(pieces.into_iter().map(|piece| piece.hir).collect());
        Self { hir, depth, copies }
    }
}
