//! Nodes written as YAML, in the styles that they were read with.

use super::comments::{Block, Comments};
use super::node::{Data, Node};
use super::style::Style;
use super::tag::Tag;

/// Writes a node as `String` of kyaml v0.21.2 does: go-yaml v3, two blanks, items no further in than their key, no line folded.
///
/// Comments are not kept.
pub(crate) fn to_text(node: &Node) -> String {
    written(node, Comments::default())
}

/// As [`to_text`], with the comments of the text that the node was read from.
pub(crate) fn to_commented_text(node: &Node, old: &str) -> String {
    written(node, Comments::of(old))
}

fn written(node: &Node, comments: Comments) -> String {
    let mut writer =
        Writer { text: String::new(), comments, line: 0, last: 0, foot: None, is_folded: false };
    match &node.data {
        Data::Map(entries) if is_block(node, entries.is_empty()) => writer.map(entries, 0, false),
        Data::Seq(items) if is_block(node, items.is_empty()) => writer.seq(items, 0, false),
        _ => {
            writer.inline(node, 0, false, false);
            writer.text.push('\n');
        }
    }
    writer.end();
    writer.text
}

/// The tag that is written: one that was, or one that a scalar has although its text says another. `encoder.node` in `encode.go`
/// of go.yaml.in/yaml v3.0.5.
fn shown_tag(node: &Node) -> Option<&str> {
    let is_other =
        |text: &str| !matches!(node.tag, Tag::Empty | Tag::Str) && Tag::of_plain(text) != node.tag;
    let is_shown =
        node.style.has(Style::TAGGED) || matches!(&node.data, Data::Scalar(text) if is_other(text));
    is_shown.then(|| node.tag.name())
}

/// Whether a collection is written over several lines.
fn is_block(node: &Node, is_empty: bool) -> bool {
    !is_empty && !node.style.has(Style::FLOW)
}

struct Writer {
    text: String,
    comments: Comments,
    /// Where what is being written was read, and what was written last.
    line: u32,
    last: u32,
    /// The column of a comment that belongs to what is above it, until something is written below it.
    foot: Option<usize>,
    /// Whether a folded text was written last that ends with a line break, behind which go-yaml puts another before comments.
    is_folded: bool,
}

impl Writer {
    fn indent(&mut self, column: usize) {
        self.text.extend(std::iter::repeat_n(' ', column));
    }

    /// The first entry stands on the line that is begun, behind the `-` of an item.
    fn map(&mut self, entries: &[(Node, Node)], column: usize, is_begun: bool) {
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 || !is_begun {
                self.head(key.line, column);
                self.indent(column);
            }
            self.begin(key.line);
            self.inline(key, column, false, true);
            self.text.push(':');
            self.tag(value);
            match &value.data {
                Data::Map(inner) if is_block(value, inner.is_empty()) => {
                    self.tail();
                    self.text.push('\n');
                    self.map(inner, column + 2, false);
                }
                Data::Seq(items) if is_block(value, items.is_empty()) => {
                    self.tail();
                    self.text.push('\n');
                    self.seq(items, column, false);
                }
                _ => self.end_of_line(value, column),
            }
            self.foot(key.line, column);
        }
    }

    fn seq(&mut self, items: &[Node], column: usize, is_begun: bool) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 || !is_begun {
                self.head(item.line, column);
                self.indent(column);
            }
            self.begin(item.line);
            self.text.push('-');
            self.tag(item);
            match &item.data {
                Data::Map(inner) if is_block(item, inner.is_empty()) => {
                    self.text.push(' ');
                    self.map(inner, column + 2, true);
                }
                Data::Seq(inner) if is_block(item, inner.is_empty()) => {
                    self.text.push(' ');
                    self.seq(inner, column + 2, true);
                }
                _ => self.end_of_line(item, column),
            }
            self.foot(item.line, column);
        }
    }

    /// Begins to write what was read from a line.
    fn begin(&mut self, line: u32) {
        self.line = line;
        self.is_folded = false;
        if line > 0 {
            self.last = line;
        }
    }

    /// Writes the comments above a line.
    fn head(&mut self, line: u32, column: usize) {
        let head = self.comments.head(line);
        if self.foot.take() == Some(column) {
            self.text.push('\n');
        }
        let Some((blocks, is_first)) = head else { return };
        let ends_with_blank = blocks.last().is_some_and(|block| block.precedes_blank);
        self.blocks(&blocks, column);
        if is_first && ends_with_blank {
            self.text.push('\n');
        }
    }

    fn blocks(&mut self, blocks: &[Block], column: usize) {
        self.text.push_str(if std::mem::take(&mut self.is_folded) { "\n" } else { "" });
        for (index, block) in blocks.iter().enumerate() {
            let is_apart = index > 0 && block.follows_blank;
            self.text.push_str(if is_apart { "\n" } else { "" });
            for line in &block.lines {
                self.indent(column);
                self.text.push_str(line);
                self.text.push('\n');
            }
        }
    }

    /// Writes the comment at the end of the line that is being written.
    fn tail(&mut self) {
        if let Some(comment) = self.comments.tail(self.line) {
            self.text.push(' ');
            self.text.push_str(&comment);
        }
    }

    /// Writes the comments that stand below what was written last and belong to an entry of a line.
    fn foot(&mut self, of: u32, column: usize) {
        while let Some(block) = self.comments.foot(self.last, of) {
            if self.foot == Some(column) {
                self.text.push('\n');
            }
            self.blocks(&[block], column);
            self.foot = Some(column);
        }
    }

    fn end(&mut self) {
        let blocks = self.comments.end();
        if !blocks.is_empty() {
            self.text.push('\n');
            self.blocks(&blocks, 0);
        }
    }

    fn tag(&mut self, node: &Node) {
        if let Some(tag) = shown_tag(node) {
            self.text.push(' ');
            self.text.push_str(tag);
        }
    }

    fn end_of_line(&mut self, node: &Node, column: usize) {
        let start = self.text.len();
        self.text.push(' ');
        self.inline(node, column, false, false);
        if self.text.len() == start + 1 {
            self.text.pop();
        }
        self.tail();
        self.text.push('\n');
    }

    fn inline(&mut self, node: &Node, column: usize, in_flow: bool, is_key: bool) {
        match &node.data {
            Data::Scalar(text) => self.scalar(node, text, column, (in_flow, is_key)),
            Data::Map(entries) => {
                self.text.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.text.push_str(if index > 0 { ", " } else { "" });
                    self.inline(key, column, true, true);
                    self.text.push(':');
                    self.tag(value);
                    self.text.push(' ');
                    self.inline(value, column, true, false);
                }
                self.text.push('}');
            }
            Data::Seq(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.text.push_str(if index > 0 { ", " } else { "" });
                    for part in shown_tag(item).into_iter().flat_map(|tag| [tag, " "]) {
                        self.text.push_str(part);
                    }
                    self.inline(item, column, true, false);
                }
                self.text.push(']');
            }
            Data::Alias(_) => {}
        }
    }

    /// Mirrors `encoder.node` in `encode.go` and `yaml_emitter_select_scalar_style` in `emitterc.go` of go.yaml.in/yaml v3.0.5.
    fn scalar(&mut self, node: &Node, text: &str, column: usize, place: (bool, bool)) {
        let (in_flow, is_key) = place;
        let found = Analysis::of(text);
        let is_forced = node.tag == Tag::Str && Tag::of_plain(text) != Tag::Str;
        let mut style = node.style;
        if !style.is_quoted() {
            style = if text.contains('\n') {
                Style::LITERAL
            } else if is_forced {
                Style::DOUBLE_QUOTED
            } else {
                Style::PLAIN
            };
        }
        let can_be_plain = if in_flow { found.flow_plain } else { found.block_plain };
        let needs_text = text.is_empty() && (in_flow || is_key);
        if style == Style::PLAIN && (!can_be_plain || needs_text) {
            style = Style::SINGLE_QUOTED;
        }
        if style.has(Style::SINGLE_QUOTED) && !found.single_quoted {
            style = Style::DOUBLE_QUOTED;
        }
        let is_block = style.has(Style::LITERAL.with(Style::FOLDED));
        if is_block && (!found.block || in_flow || is_key) || is_key && found.multiline {
            style = Style::DOUBLE_QUOTED;
        }
        self.styled(text, style, column);
    }

    fn styled(&mut self, text: &str, style: Style, column: usize) {
        if style.has(Style::DOUBLE_QUOTED) {
            self.double_quoted(text);
        } else if style.has(Style::SINGLE_QUOTED) {
            self.text.push('\'');
            self.text.push_str(&text.replace('\'', "''"));
            self.text.push('\'');
        } else if style.has(Style::LITERAL) || style.has(Style::FOLDED) {
            self.block(text, style.has(Style::FOLDED), column + 2);
        } else {
            self.text.push_str(text);
        }
    }

    fn double_quoted(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\t' => self.text.push_str("\\t"),
                '\r' => self.text.push_str("\\r"),
                character if is_printable(character) => self.text.push(character),
                character => {
                    let code = u32::from(character);
                    let escape = match code {
                        0..=0xFF => format!("\\x{code:02X}"),
                        0x100..=0xFFFF => format!("\\u{code:04X}"),
                        _ => format!("\\U{code:08X}"),
                    };
                    self.text.push_str(&escape);
                }
            }
        }
        self.text.push('"');
    }

    fn block(&mut self, text: &str, is_folded: bool, column: usize) {
        self.text.push(if is_folded { '>' } else { '|' });
        if text.starts_with([' ', '\n']) {
            self.text.push('2');
        }
        if !text.ends_with('\n') {
            self.text.push('-');
        } else if text.len() == 1 || text.ends_with("\n\n") {
            self.text.push('+');
        }
        self.tail();
        self.is_folded = is_folded && text.ends_with('\n');
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
        for (index, line) in lines.iter().enumerate() {
            self.text.push('\n');
            let before = index.checked_sub(1).map(|index| lines[index]);
            let folds = before.is_some_and(|before| !before.is_empty() && !before.starts_with(' '));
            if is_folded && folds && !line.is_empty() && !line.starts_with(' ') {
                self.text.push('\n');
            }
            if !line.is_empty() {
                self.indent(column);
                self.text.push_str(line);
            }
        }
    }
}

/// What the characters of a scalar allow; `yaml_emitter_analyze_scalar` in `emitterc.go` of go.yaml.in/yaml v3.0.5.
#[expect(clippy::struct_excessive_bools, reason = "libyaml's findings, each on its own")]
struct Analysis {
    multiline: bool,
    flow_plain: bool,
    block_plain: bool,
    single_quoted: bool,
    block: bool,
}

impl Analysis {
    fn of(text: &str) -> Self {
        if text.is_empty() {
            let (flow_plain, block) = (false, false);
            return Self {
                multiline: false,
                flow_plain,
                block_plain: true,
                single_quoted: true,
                block,
            };
        }
        let (block_indicators, flow_indicators) = indicators(text);
        let multiline = text.contains('\n');
        let is_special =
            text.chars().any(|character| character != '\t' && !is_printable(character));
        let has_tab = text.contains('\t');
        let has_edge = text.starts_with([' ', '\n']) || text.ends_with([' ', '\n']);
        let breaks_blanks = text.contains("\n ");
        let blanks_break = text.contains(" \n");
        let no_plain =
            has_edge || breaks_blanks || blanks_break || has_tab || is_special || multiline;
        Self {
            multiline,
            flow_plain: !no_plain && !flow_indicators,
            block_plain: !no_plain && !block_indicators,
            single_quoted: !(breaks_blanks || blanks_break || has_tab || is_special),
            block: !(text.ends_with(' ') || blanks_break || is_special),
        }
    }
}

/// Whether a text has what means something outside and inside of flow collections.
fn indicators(text: &str) -> (bool, bool) {
    let is_marker = text.starts_with("---") || text.starts_with("...");
    let (mut block, mut flow) = (is_marker, is_marker);
    let mut after_blank = true;
    for (at, character) in text.char_indices() {
        let rest = &text[at + character.len_utf8()..];
        let before_blank = rest.is_empty() || rest.starts_with([' ', '\t', '\n']);
        match character {
            ':' => (flow, block) = (true, block || before_blank),
            '?' => (flow, block) = (true, block || at == 0 && before_blank),
            ',' | '[' | ']' | '{' | '}' => (flow, block) = (true, block || at == 0),
            '#' if after_blank => (flow, block) = (true, true),
            '-' if at == 0 && before_blank => (flow, block) = (true, true),
            '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' if at == 0 => {
                (flow, block) = (true, true);
            }
            _ => {}
        }
        after_blank = matches!(character, ' ' | '\t' | '\n');
    }
    (block, flow)
}

fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        && character != '\u{feff}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_written_where_they_stood() {
        for text in [
            "# document\n\n# head\na: 1 # tail\n# of a\n\n# of b\nb: 'it''s # no' # yes\n",
            "a: # at a\n  # of b\n  b: |- # block\n    # text\n  # below b\nc:\n- d # e\n# of f\n- f: 1\n  # below f\ng: 1\n",
            "a:\n  b:\n    c: 1\n    # c\n  # b\n# a\nd: {e: 1} # f\n\n# end\n\n# of all\n",
        ] {
            let node = super::super::first(text).unwrap().unwrap();
            assert_eq!(to_commented_text(&node, text), text);
        }
        for (old, want) in [
            ("a: 1\n\n\n# of b\n\nb: 1\n", "a: 1\n# of b\nb: 1\n"),
            (
                "a: >\n  b\n# of c\nc: 1\nd: >-\n  e\n# of f\nf: 1\n",
                "a: >\n  b\n\n# of c\nc: 1\nd: >-\n  e\n# of f\nf: 1\n",
            ),
            ("a:\n    - b\n    # of c\n    - c\n", "a:\n- b\n# of c\n- c\n"),
        ] {
            let node = super::super::first(old).unwrap().unwrap();
            assert_eq!(to_commented_text(&node, old), want);
        }
    }

    #[test]
    fn what_was_read_is_written_as_it_was() {
        for text in [
            "a: b\nc:\n- d\n- e: f\n  g: \"1\"\n",
            "a:\n  b: 'x'\n  c: [1, \"2\", {a: b}]\n",
            "a: |\n  line\n  more\nb: |-\n  end\nc: >\n  folded\n\n  lines\n",
            "- - a\n  - b\n- {}\n- []\n- null\n- ~\n",
        ] {
            let node = super::super::first(text).unwrap().unwrap();
            assert_eq!(to_text(&node), text);
        }
    }
}
