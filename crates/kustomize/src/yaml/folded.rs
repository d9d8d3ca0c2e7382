//! What a folded block scalar is after it was written and read again.

use std::borrow::Cow;

/// Returns the text that go-yaml v3 reads from what it writes for a text after `>`.
///
/// Its writer looks for a blank behind the line breaks at the very start of the text where it should look behind those that it
/// writes, so that a line before one that stands further in gets a line break more. Mirrors
/// `yaml_emitter_write_folded_scalar` in `emitterc.go` of go.yaml.in/yaml v3.0.5.
pub(super) fn refolded(text: &str) -> Cow<'_, str> {
    if !may_change(text) {
        return Cow::Borrowed(text);
    }
    let document = format!(">{}{}\n", hints(text), lines(text));
    let limits = sealift_goyaml::Limits::default();
    match sealift_goyaml::first(&document, &limits) {
        Ok(Some(node)) => Cow::Owned(node.as_str().unwrap_or_default().to_owned()),
        _ => Cow::Borrowed(text),
    }
}

/// Most texts have neither lines that stand further in nor blank lines at an end.
fn may_change(text: &str) -> bool {
    let is_block = !text.ends_with(' ') && !text.contains(" \n") && !text.is_empty();
    is_block
        && (text.starts_with([' ', '\n'])
            || text.contains("\n ")
            || text.contains("\n\t")
            || text.ends_with("\n\n"))
}

fn hints(text: &str) -> String {
    let indentation = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let chomping = match text.strip_suffix('\n') {
        None => "-",
        Some(rest) if rest.is_empty() || rest.ends_with('\n') => "+",
        Some(_) => "",
    };
    format!("{indentation}{chomping}")
}

fn lines(text: &str) -> String {
    let mut written = "\n".to_owned();
    let first = text.trim_start_matches('\n').chars().next();
    let doubles = !matches!(first, None | Some(' ' | '\t'));
    let (mut is_at_break, mut is_indented) = (true, true);
    for character in text.chars() {
        if character == '\n' {
            if !is_at_break && !is_indented && doubles {
                written.push('\n');
            }
            written.push('\n');
            is_at_break = true;
            continue;
        }
        if is_at_break {
            written.push_str("  ");
            is_indented = matches!(character, ' ' | '\t');
        }
        written.push(character);
        is_at_break = false;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_before_an_indented_one_gets_a_line_break_more() {
        assert_eq!(refolded("a\n  b\nc\n"), "a\n\n  b\nc\n");
        assert_eq!(refolded("a\n\nb\n"), "a\n\nb\n");
        assert_eq!(refolded("a b\n"), "a b\n");
    }
}
