//! A text cut into documents by its lines.

use std::borrow::Cow;

use super::read::{ReadError, ReadErrorKind};

const SEPARATOR: &str = "---";

/// One document of a text.
pub(super) struct Document<'t> {
    /// Its lines. Each ends with one line feed, the last one, too.
    pub(super) text: Cow<'t, str>,
    /// The line of the whole text on which it begins, from 1.
    pub(super) first_line: u32,
}

/// Cuts a text at lines that begin with `---`, whatever YAML takes them for.
///
/// Mirrors `YAMLReader` in `pkg/util/yaml/decoder.go` of k8s.io/apimachinery 0.36.2: a separator
/// before which nothing stands is a part of the document, and a document that has only that is one, too.
pub(super) fn split(text: &str) -> impl Iterator<Item = Result<Document<'_>, ReadError>> {
    let mut lines = text.split_inclusive('\n').zip(1_u32..).peekable();
    let mut failed = false;
    std::iter::from_fn(move || {
        let first_line = lines.peek().filter(|_| !failed)?.1;
        let mut document = String::new();
        for (line, number) in lines.by_ref() {
            if let Some(rest) = line.strip_prefix(SEPARATOR) {
                let rest = rest.trim();
                if !rest.is_empty() && !rest.starts_with('#') {
                    failed = true;
                    return Some(Err(no_separator(rest, number)));
                }
                if !document.is_empty() {
                    break;
                }
            }
            document
                .push_str(line.strip_suffix("\r\n").or(line.strip_suffix('\n')).unwrap_or(line));
            document.push('\n');
        }
        Some(Ok(Document { text: document.into(), first_line }))
    })
}

fn no_separator(rest: &str, line: u32) -> ReadError {
    let kind = ReadErrorKind::Separator { text: rest.to_owned() };
    ReadError { line, column: 1, kind, prefix: "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> Vec<(String, u32)> {
        split(text)
            .map(|document| document.expect(text))
            .map(|document| (document.text.into_owned(), document.first_line))
            .collect()
    }

    #[test]
    fn a_separator_before_everything_belongs_to_the_document() {
        let want = [("---\na\n".to_owned(), 1), ("b\n".to_owned(), 4)];
        assert_eq!(documents("---\na\n--- # next\nb"), want);
        let want = [("---\n".to_owned(), 1), ("---\n".to_owned(), 3)];
        assert_eq!(documents("---\n---\n---\n"), want);
        assert_eq!(documents(""), []);
    }

    #[test]
    fn lines_end_with_a_line_feed() {
        assert_eq!(documents("a\r\nb\rc"), [("a\nb\rc\n".to_owned(), 1)]);
    }

    #[test]
    fn nothing_but_a_comment_may_follow_a_separator() {
        let error = split("a\n---b: 1\n").find_map(Result::err).expect("an error");
        assert_eq!(
            (error.line, error.to_string().as_str()),
            (2, "error reading yaml document: invalid Yaml document separator: b: 1")
        );
    }
}
