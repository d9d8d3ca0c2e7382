//! Values with the lines on which they stand.

use sealift_goyaml::Node;

use super::decode::{Decode, Decoder};

/// Something with the line where it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lined<T> {
    pub(crate) value: T,
    pub(crate) line: u32,
    /// Of a text: where its own lines stand.
    pub(crate) lines: TextLines,
}

/// Where the lines of a text stand in its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextLines {
    /// The line of the first one, from 1; 0 where there is no file.
    first: u32,
    /// Whether each one stands on a line of its own; else all count as standing where the text begins.
    is_literal: bool,
}

impl TextLines {
    /// Those of a text that is a file.
    pub(crate) const FILE: Self = Self { first: 1, is_literal: true };

    fn of(node: &Node<'_>) -> Self {
        let first = node.content_line();
        Self { first, is_literal: node.line_of(1) == Some(first.saturating_add(1)) }
    }

    /// Returns the line of the file for a line of the text, both from 1; 0 where there is none.
    pub(crate) fn line(self, line: u32) -> u32 {
        let behind = if self.is_literal { line.saturating_sub(1) } else { 0 };
        if self.first == 0 || line == 0 { 0 } else { self.first.saturating_add(behind) }
    }

    /// Returns where the lines stand of a text whose first bytes are cut off.
    pub(crate) fn behind(self, cut: &str) -> Self {
        let lines = cut.bytes().filter(|byte| *byte == b'\n').count();
        let lines = u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1);
        Self { first: self.line(lines), ..self }
    }
}

impl<T: Decode> Decode for Lined<T> {
    fn go_type() -> String {
        T::go_type()
    }

    fn decode(&mut self, node: &Node<'_>, decoder: &mut Decoder) {
        self.line = node.line();
        self.lines = TextLines::of(node);
        self.value.decode(node, decoder);
    }
}
