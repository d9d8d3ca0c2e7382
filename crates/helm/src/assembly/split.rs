//! Texts to documents.

use std::ops::Range;

use super::space::{is_blank, trim_end, trim_start};
use crate::profile::Rules;

const SEPARATOR: &[u8] = b"---";

/// Returns the places of the documents of a text: `SplitManifests` in `pkg/release/v1/util/manifest.go` of Helm
/// 4.2.4, or in `pkg/releaseutil/manifest.go` of 3.21.4.
pub(super) fn documents(text: &[u8], rules: &Rules) -> Vec<Range<usize>> {
    if is_blank(text) {
        return Vec::new();
    }
    let (start, end) = (text.len() - trim_start(text).len(), trim_end(text).len());
    if rules.keeps_document_ends {
        let parts = parts(text, start..text.len(), at_line_start);
        return parts.filter_map(|part| without_blank_start(text, part)).collect();
    }
    let parts = parts(text, start..end, after_blank_lines);
    parts.filter(|part| !part.is_empty()).map(|part| trimmed(text, part)).collect()
}

/// Finds the next separator at or after a place, which has all of the text before it: what it takes of the text.
type Find = fn(text: &[u8], whole: &Range<usize>, from: usize) -> Option<Range<usize>>;

/// Splits as Go's `Regexp.Split` does.
fn parts(text: &[u8], whole: Range<usize>, find: Find) -> impl Iterator<Item = Range<usize>> {
    let mut from = Some(whole.start);
    std::iter::from_fn(move || {
        let start = from?;
        let separator = find(text, &whole, start);
        from = separator.as_ref().map(|separator| separator.end);
        Some(start..separator.map_or(whole.end, |separator| separator.start))
    })
}

/// `(?m)^---[ \t]*`
fn at_line_start(text: &[u8], whole: &Range<usize>, from: usize) -> Option<Range<usize>> {
    let is_start = |at: usize| at == whole.start || text[at - 1] == b'\n';
    let at = separators(text, whole, from).find(|&at| is_start(at))?;
    Some(at..end_of(text, whole, at, |byte| matches!(byte, b' ' | b'\t')))
}

/// `(?:^|\s*\n)---\s*`
fn after_blank_lines(text: &[u8], whole: &Range<usize>, from: usize) -> Option<Range<usize>> {
    let is_start = |at: usize| at == whole.start || (at > from && text[at - 1] == b'\n');
    let at = separators(text, whole, from).find(|&at| is_start(at))?;
    let before = text[from..at].iter().rposition(|&byte| !is_regex_space(byte));
    let start = before.map_or(from, |last| from + last + 1);
    Some(start..end_of(text, whole, at, is_regex_space))
}

/// The places of `---`.
fn separators(text: &[u8], whole: &Range<usize>, from: usize) -> impl Iterator<Item = usize> {
    // A run of dashes holds several; only its start can stand at the start of a line.
    memchr::memmem::find_iter(&text[from..whole.end], SEPARATOR).map(move |at| from + at)
}

fn end_of(text: &[u8], whole: &Range<usize>, at: usize, more: impl Fn(u8) -> bool) -> usize {
    let after = at + SEPARATOR.len();
    let count = text[after..whole.end].iter().take_while(|&&byte| more(byte)).count();
    after + count
}

/// `\s` of RE2.
fn is_regex_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn without_blank_start(text: &[u8], part: Range<usize>) -> Option<Range<usize>> {
    let rest = trim_start(&text[part.clone()]);
    (!rest.is_empty()).then(|| part.end - rest.len()..part.end)
}

fn trimmed(text: &[u8], part: Range<usize>) -> Range<usize> {
    let rest = trim_start(&text[part.clone()]);
    let start = part.end - rest.len();
    start..start + trim_end(rest).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    fn split(text: &str, profile: Profile) -> Vec<&str> {
        documents(text.as_bytes(), profile.rules()).into_iter().map(|part| &text[part]).collect()
    }

    #[test]
    fn helm_4_splits_at_each_line_that_begins_with_dashes_and_keeps_the_ends_of_documents() {
        let split = |text| split(text, Profile::Helm4_2_4);
        assert_eq!(split("a: 1\n\n---\nb: 2\n"), ["a: 1\n\n", "b: 2\n"]);
        assert_eq!(split("---\n---  \n\na: 1\n--- # x\nb\n"), ["a: 1\n", "# x\nb\n"]);
        assert_eq!(split("a: |\n  x\n---b: 1"), ["a: |\n  x\n", "b: 1"]);
        assert_eq!(split("a: 1\n----\nb"), ["a: 1\n", "-\nb"]);
        assert_eq!(split(" ---\na"), ["a"]);
        assert_eq!(split("a: 1\n ---\nb"), ["a: 1\n ---\nb"]);
        assert!(split(" \n---\n\n---\n").is_empty());
    }

    #[test]
    fn helm_3_trims_documents_and_keeps_empty_ones() {
        let split = |text| split(text, Profile::Helm3_21_4);
        assert_eq!(split("a: 1\n\n \n---\nb: 2\n"), ["a: 1", "b: 2"]);
        assert_eq!(split("---\n---\na: 1"), ["---\na: 1"]);
        assert_eq!(split("a\n---\n\u{a0}\n---\nb"), ["a", "", "b"]);
        assert_eq!(split("a: 1\n ---\nb"), ["a: 1\n ---\nb"]);
        assert_eq!(split("a: 1 \n----\nb"), ["a: 1", "-\nb"]);
    }
}
