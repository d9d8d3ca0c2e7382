//! The block collections that are open, by their column.

use super::Scanner;
use crate::cursor::Mark;
use crate::token::TokenKind;

/// The columns of the open block collections, outermost first.
pub(super) struct Indentation {
    /// −1 outside any; columns only grow.
    column: i64,
    outer: Vec<i64>,
}

impl Indentation {
    pub(super) fn new() -> Self {
        Self { column: -1, outer: Vec::new() }
    }

    pub(super) fn column(&self) -> i64 {
        self.column
    }
}

impl<'t> Scanner<'t> {
    /// Opens a block collection where the column is deeper than the one that is open.
    pub(super) fn roll_indentation(
        &mut self,
        mark: Mark,
        number: Option<usize>,
        kind: TokenKind<'t>,
    ) {
        let column = i64::from(mark.column);
        if self.in_flow() || self.indentation.column >= column {
            return;
        }
        self.indentation.outer.push(self.indentation.column);
        self.indentation.column = column;
        let number = number.unwrap_or_else(|| self.next_number());
        self.insert(number, kind, mark);
    }

    /// Closes the block collections that are deeper than the column.
    pub(super) fn unroll_indentation(&mut self, column: i64) {
        if self.in_flow() {
            return;
        }
        while self.indentation.column > column {
            self.push(TokenKind::BlockEnd, self.cursor.mark());
            self.indentation.column = self.indentation.outer.pop().unwrap_or(-1);
        }
    }
}
