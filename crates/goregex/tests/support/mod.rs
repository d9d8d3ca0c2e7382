//! Cases as Go was asked them, and answers written as Go wrote them.

use std::fmt::Write;
use std::ops::Range;

use sealift_goregex::{Regex, quote_meta};

/// A pattern, a text, a limit and a template.
pub(crate) struct Case {
    pub(crate) pattern: Vec<u8>,
    pub(crate) text: Vec<u8>,
    pub(crate) limit: i64,
    pub(crate) template: Vec<u8>,
}

impl Case {
    /// Reads `pattern TAB text TAB limit TAB template`, all but the limit in hexadecimal.
    pub(crate) fn read(line: &str) -> Self {
        let mut fields = line.split('\t');
        let mut next = || fields.next().expect("four fields");
        let (pattern, text) = (unhex(next()), unhex(next()));
        let limit = next().parse().expect("a number");
        Self { pattern, text, limit, template: unhex(next()) }
    }

    /// All operations' results in one line.
    pub(crate) fn answer(&self) -> String {
        let regex = match Regex::from_bytes(&self.pattern) {
            Ok(regex) => regex,
            Err(error) => return format!("E {}", hex(error.to_string().as_bytes())),
        };
        let mut out = format!("O {}", regex.captures());
        for name in regex.capture_names() {
            write!(out, ",{}", name.unwrap_or("")).expect("a string takes all");
        }
        let first = regex.find_index(&self.text).map_or("-".to_owned(), |range| range_text(&range));
        let groups = regex.find_all_submatch_index(&self.text, self.limit);
        let groups: String = groups.iter().map(|groups| groups_text(groups) + ";").collect();
        let all = regex.find_all_index(&self.text, -1);
        let all: String = all.iter().map(|range| range_text(range) + ";").collect();
        let most = usize::MAX;
        let replaced = regex.replace_all(&self.text, &self.template, most).expect("no limit");
        let literal =
            regex.replace_all_literal(&self.text, &self.template, most).expect("no limit");
        let parts = regex.split(&self.text, self.limit);
        let parts: String = parts.iter().map(|part| hex(part) + ";").collect();
        let matches = regex.is_match(&self.text);
        let (replaced, literal, quoted) =
            (hex(&replaced), hex(&literal), hex(&quote_meta(&self.text)));
        format!("{out} {matches} {first} {groups} {all} {replaced} {literal} {parts} {quoted}")
    }
}

fn range_text(range: &Range<usize>) -> String {
    format!("{},{}", range.start, range.end)
}

fn groups_text(groups: &[Option<Range<usize>>]) -> String {
    let groups: Vec<String> =
        groups.iter().map(|group| group.as_ref().map_or("-1,-1".to_owned(), range_text)).collect();
    groups.join(",")
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(digit).collect()
}
