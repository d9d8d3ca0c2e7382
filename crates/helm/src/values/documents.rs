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
    let mut lines = Lines { text, at: 0, number: 1 };
    std::iter::from_fn(move || lines.document())
}

/// What of a text comes next.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    number: u32,
}

impl<'t> Lines<'t> {
    fn document(&mut self) -> Option<Result<Document<'t>, ReadError>> {
        let (start, first_line) = (self.at, self.number);
        if start == self.text.len() {
            return None;
        }
        while let Some(line) = self.line() {
            let Some(rest) = line.strip_prefix(SEPARATOR) else { continue };
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                self.at = self.text.len();
                return Some(Err(no_separator(rest, self.number - 1)));
            }
            let end = self.at - line.len();
            if end > start {
                return Some(Ok(Document { text: with_ends(&self.text[start..end]), first_line }));
            }
        }
        Some(Ok(Document { text: with_ends(&self.text[start..]), first_line }))
    }

    fn line(&mut self) -> Option<&'t str> {
        let line = self.text[self.at..].split_inclusive('\n').next()?;
        self.at += line.len();
        self.number = self.number.saturating_add(1);
        Some(line)
    }
}

/// Ends each line with one line feed. Most texts have such lines: they are not copied.
fn with_ends(text: &str) -> Cow<'_, str> {
    if text.ends_with('\n') && !text.contains('\r') {
        return text.into();
    }
    let mut ended = String::with_capacity(text.len() + 1);
    for line in text.split_inclusive('\n') {
        ended.push_str(line.strip_suffix("\r\n").or(line.strip_suffix('\n')).unwrap_or(line));
        ended.push('\n');
    }
    ended.into()
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
        let ends = [("a\n", "a\n"), ("a", "a\n"), ("a\r\nb\rc", "a\nb\rc\n"), ("a\r", "a\r\n")];
        for (text, ended) in ends {
            assert_eq!(documents(text), [(ended.to_owned(), 1)], "{text:?}");
        }
        let second = split("a\n---\nb\n").nth(1).expect("two").expect("a document");
        assert!(matches!(second.text, Cow::Borrowed("b\n")), "it is not copied");
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
