//! What one template printed, by its lines and by what was read.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Read;
use crate::parse::node::Pos;
use crate::value::Str;

/// Which line of the text printed what, and which reads it may depend on.
///
/// The line of what a template, function or `tpl` printed is that of the action that
/// called it.
#[derive(Debug, Default)]
pub struct Record {
    /// Where the lines of the text end.
    newlines: Vec<usize>,
    /// In the order of the output.
    pieces: Vec<Piece>,
    scopes: Vec<Scope>,
    reads: Vec<Read>,
    /// Reads of which all that was printed later may come.
    carried: Vec<Read>,
}

/// What one node printed.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) output: Range<usize>,
    pub(super) pos: Pos,
    /// Whether the output is the text itself.
    pub(super) is_text: bool,
    /// What was read for it: a part of all reads.
    pub(super) own: Range<usize>,
    pub(super) scope: Option<u32>,
    /// As many carried reads were there before.
    pub(super) carried: usize,
}

/// A condition or loop, and what was read for it.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) outer: Option<u32>,
    pub(super) own: Range<usize>,
}

impl Record {
    pub(super) fn set_text(&mut self, text: &Str) {
        let bytes = text.as_bytes().iter().enumerate();
        self.newlines = bytes.filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    }

    /// Returns the line of the text that printed the byte at an offset of the output,
    /// counted from 1.
    ///
    /// There is none outside of what the template printed, nor behind its first million
    /// of pieces.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> Option<usize> {
        let place = self.pieces.partition_point(|piece| piece.output.end <= offset);
        let piece = self.pieces.get(place).filter(|piece| piece.output.start <= offset)?;
        let within = if piece.is_text { offset - piece.output.start } else { 0 };
        Some(self.line_of(piece.pos as usize + within))
    }

    /// Returns the reads that a part of the output may depend on, each once.
    ///
    /// Those are the reads for what printed it, for the conditions and loops around, for
    /// what printed nothing where it begins, ends or in between, and for what came before
    /// and set variables or changed maps. There may be more reads than matter; when a
    /// value changes, and the part with it, the read is there unless the text has been
    /// produced elsewhere, or by more than a million of pieces or reads.
    #[must_use]
    pub fn reads_at(&self, output: Range<usize>) -> Vec<Read> {
        let first = self.pieces.partition_point(|piece| piece.output.end < output.start);
        let touching =
            self.pieces[first..].iter().take_while(|piece| piece.output.start <= output.end);
        let mut found = BTreeSet::new();
        for piece in touching.filter(|piece| {
            piece.output.is_empty()
                || (piece.output.start < output.end && output.start < piece.output.end)
        }) {
            found.extend(&self.reads[piece.own.clone()]);
            found.extend(self.around(piece.scope));
            found.extend(&self.carried[..piece.carried]);
        }
        found.into_iter().cloned().collect()
    }

    fn line_of(&self, pos: usize) -> usize {
        1 + self.newlines.partition_point(|&newline| newline < pos)
    }

    /// Returns what was read for a scope and those around it.
    pub(super) fn around(&self, scope: Option<u32>) -> impl Iterator<Item = &Read> {
        std::iter::successors(self.scope(scope), |scope| self.scope(scope.outer))
            .flat_map(|scope| &self.reads[scope.own.clone()])
    }

    fn scope(&self, scope: Option<u32>) -> Option<&Scope> {
        self.scopes.get(scope? as usize)
    }

    pub(super) fn add(&mut self, piece: Piece, most: usize) {
        if self.pieces.len() < most {
            self.pieces.push(piece);
        }
    }

    /// Adds reads, and returns which part of all they are.
    pub(super) fn add_reads(&mut self, reads: &[Read], most: usize) -> Range<usize> {
        let start = self.reads.len();
        if start.saturating_add(reads.len()) <= most {
            self.reads.extend_from_slice(reads);
        }
        start..self.reads.len()
    }

    pub(super) fn add_scope(&mut self, scope: Scope) -> Option<u32> {
        let number = u32::try_from(self.scopes.len()).ok()?;
        self.scopes.push(scope);
        Some(number)
    }

    pub(super) fn carry(&mut self, read: Read) {
        self.carried.push(read);
    }

    /// Returns the number of carried reads.
    pub(super) fn carried(&self) -> usize {
        self.carried.len()
    }
}
