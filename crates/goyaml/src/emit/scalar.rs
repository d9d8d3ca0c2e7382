//! A string, in the style that go-yaml chooses for it.

use super::analysis::{Analysis, is_break, is_printable};
use super::sink::Sink;

/// Where a string stands.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// Before a `:`, where it may not be folded.
    SimpleKey,
    /// Anywhere else; its further lines begin in this column.
    Node { column: usize },
}

pub(super) fn write(sink: &mut Sink, text: &str, found: Analysis, place: Place) {
    if found.has_line_feed {
        return match place {
            Place::Node { column } if !found.forbids_block => literal(sink, text, column),
            _ => double_quoted(sink, text, place),
        };
    }
    if found.is_ambiguous {
        double_quoted(sink, text, place);
    } else if !found.forbids_plain {
        plain(sink, text, place);
    } else if found.forbids_single_quoted {
        double_quoted(sink, text, place);
    } else {
        single_quoted(sink, text, place);
    }
}

fn plain(sink: &mut Sink, text: &str, place: Place) {
    sink.begin("");
    fold(sink, text, place);
    sink.end("");
}

fn single_quoted(sink: &mut Sink, text: &str, place: Place) {
    sink.begin("'");
    if text.contains('\'') {
        fold(sink, &text.replace('\'', "''"), place);
    } else {
        fold(sink, text, place);
    }
    sink.end("'");
}

/// Writes text; a single blank past the width becomes a line break.
fn fold(sink: &mut Sink, text: &str, place: Place) {
    let column = match place {
        Place::Node { column } if !sink.fits(text) || text.contains(is_break) => column,
        _ => return sink.value(text),
    };
    let (mut after_blank, mut after_break) = (false, false);
    for (at, character) in text.char_indices() {
        let rest = &text[at + character.len_utf8()..];
        if character == ' ' {
            let is_inside = at > 0 && !rest.is_empty() && !rest.starts_with(' ');
            if is_inside && !after_blank && sink.is_past_width() {
                sink.indent(column);
            } else {
                sink.character(' ');
            }
            after_blank = true;
        } else if is_break(character) {
            sink.value_break(character);
            after_break = true;
        } else {
            if after_break {
                sink.indent(column);
            }
            sink.value(character.encode_utf8(&mut [0; 4]));
            (after_blank, after_break) = (false, false);
        }
    }
}

/// Writes text with escapes; a blank past the width becomes a line break, and
/// one after it that would get lost is escaped.
fn double_quoted(sink: &mut Sink, text: &str, place: Place) {
    sink.begin("\"");
    // libyaml looks for a mark at the start of the text, wherever it is.
    let escapes_all = text.starts_with('\u{feff}');
    let mut after_blank = false;
    for (at, character) in text.char_indices() {
        let is_plain = is_printable(character) && !matches!(character, '"' | '\\');
        if escapes_all || !is_plain || is_break(character) {
            escape(sink, character);
            after_blank = false;
        } else if character == ' ' {
            let rest = &text[at + 1..];
            match place {
                Place::Node { column }
                    if !after_blank && sink.is_past_width() && at > 0 && !rest.is_empty() =>
                {
                    sink.indent(column);
                    if rest.starts_with(' ') {
                        sink.character('\\');
                    }
                }
                _ => sink.character(' '),
            }
            after_blank = true;
        } else {
            sink.character(character);
            after_blank = false;
        }
    }
    sink.end("\"");
}

fn escape(sink: &mut Sink, character: char) {
    let escape = match character {
        '\0' => "\\0",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{85}' => "\\N",
        '\u{a0}' => "\\_",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        _ => {
            let code = u32::from(character);
            return sink.text(&match code {
                0..=0xFF => format!("\\x{code:02X}"),
                0x100..=0xFFFF => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            });
        }
    };
    sink.text(escape);
}

/// Writes the lines as they are behind a `|`, with the hints that it needs.
fn literal(sink: &mut Sink, text: &str, column: usize) {
    let indentation =
        if text.starts_with(|first| first == ' ' || is_break(first)) { "2" } else { "" };
    let mut last = text.chars().rev();
    let chomping = match (last.next().is_some_and(is_break), last.next().is_none_or(is_break)) {
        (false, _) => "-",
        (true, false) => "",
        (true, true) => "+",
    };
    sink.begin(&format!("|{indentation}{chomping}"));
    sink.begin_block();
    for line in text.split_inclusive(is_break) {
        let (content, end) = match line.chars().next_back().filter(|&last| is_break(last)) {
            Some(end) => (&line[..line.len() - end.len_utf8()], Some(end)),
            None => (line, None),
        };
        if !content.is_empty() {
            sink.indent(column);
            sink.value(content);
        }
        if let Some(end) = end {
            sink.value_break(end);
        }
    }
}
