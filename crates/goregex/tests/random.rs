//! No pattern and no text makes a panic, and what comes back fits the text.

use sealift_goregex::{Regex, quote_meta};

/// A generator of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % below
    }

    fn pattern(&mut self) -> Vec<u8> {
        const PARTS: &[&[u8]] = &[
            b"(",
            b")",
            b"(?",
            b"(?i",
            b"(?P<n>",
            b"(?:",
            b"[",
            b"[^",
            b"]",
            b"[:alpha:]",
            b"-",
            b"*",
            b"+",
            b"?",
            b"{2}",
            b"{",
            b",",
            b"}",
            b"|",
            b"^",
            b"$",
            b".",
            b"\\",
            b"\\Q",
            b"\\E",
            b"\\pL",
            b"\\p{Greek}",
            b"\\x{10FFFF}",
            b"\\x",
            b"\\b",
            b"\\B",
            b"\\012",
            b"a",
            b"B",
            b"0",
            "é".as_bytes(),
            "ſ".as_bytes(),
            "日".as_bytes(),
            b"\xFF",
            b"\xC3",
        ];
        (0..self.next(12)).flat_map(|_| PARTS[self.next(PARTS.len())].to_vec()).collect()
    }

    fn text(&mut self) -> Vec<u8> {
        const PARTS: &[&[u8]] =
            &[b"a", b"B", b"0", b"\n", b"(", "é".as_bytes(), "日".as_bytes(), b"\xE6\x97", b"\xFF"];
        (0..self.next(9)).flat_map(|_| PARTS[self.next(PARTS.len())].to_vec()).collect()
    }
}

#[test]
fn no_pattern_panics() {
    let mut numbers = Numbers(0x5EA1_1F70);
    let mut compiled = 0;
    for _ in 0..30_000 {
        let pattern = numbers.pattern();
        let Ok(regex) = Regex::from_bytes(&pattern) else { continue };
        compiled += 1;
        check(&regex, &numbers.text(), &numbers.text());
    }
    assert!(compiled > 5_000, "only {compiled} patterns compiled");
}

fn check(regex: &Regex, text: &[u8], template: &[u8]) {
    let all = regex.find_all_index(text, -1);
    assert!(all.windows(2).all(|pair| pair[0].end <= pair[1].start));
    assert_eq!(regex.is_match(text), !all.is_empty());
    assert_eq!(regex.find_index(text).as_ref(), all.first());
    let groups = regex.find_all_submatch_index(text, -1);
    assert!(groups.iter().zip(&all).all(|(groups, whole)| groups[0].as_ref() == Some(whole)));
    let replaced = regex.replace_all_literal(text, b"", 1 << 20).expect("it is short");
    let matched: usize = all.iter().map(ExactSizeIterator::len).sum();
    assert_eq!(replaced.len(), text.len() - matched);
    let again = regex.replace_all(text, b"${0}", 1 << 20).expect("it is short");
    assert_eq!(again, text, "each match is replaced by itself");
    let parts: usize = regex.split(text, 3).iter().map(|part| part.len()).sum();
    assert!(parts <= text.len());
    assert!(regex.replace_all(text, template, 1 << 20).is_ok());
}

#[test]
fn a_quoted_text_matches_itself() {
    let mut numbers = Numbers(17);
    for _ in 0..2_000 {
        let text = numbers.pattern();
        let Ok(regex) = Regex::from_bytes(&quote_meta(&text)) else {
            assert!(std::str::from_utf8(&text).is_err());
            continue;
        };
        assert_eq!(regex.find(&text), Some(&text[..]));
    }
}
