//! Bytes that should be text.

/// The first place at which bytes are not UTF-8, as go-yaml tells it.
///
/// Mirrors `yaml_parser_update_buffer` in `readerc.go` of go.yaml.in/yaml v2.4.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotUtf8 {
    /// From 1.
    pub(crate) line: u32,
    /// In characters, from 1.
    pub(crate) column: u32,
    /// go-yaml's words.
    pub(crate) problem: &'static str,
}

/// Returns the text, or where it is none.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, NotUtf8> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (valid, rest) = bytes.split_at(error.valid_up_to());
        let valid = String::from_utf8_lossy(valid);
        let last = valid.rsplit('\n').next().unwrap_or_default();
        let count = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
        let (line, column) = (valid.matches('\n').count(), last.chars().count());
        NotUtf8 { line: count(line), column: count(column), problem: problem(rest) }
    })
}

/// Says what is wrong with the bytes at the start.
fn problem(bytes: &[u8]) -> &'static str {
    let width = match bytes.first() {
        Some(0xc0..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf7) => 4,
        _ => return "invalid leading UTF-8 octet",
    };
    match bytes.get(..width) {
        None => "incomplete UTF-8 octet sequence",
        Some(octets) if octets[1..].iter().any(|octet| octet & 0xc0 != 0x80) => {
            "invalid trailing UTF-8 octet"
        }
        Some([0xc0 | 0xc1, ..] | [0xe0, ..=0x9f, ..] | [0xf0, ..=0x8f, ..]) => {
            "invalid length of a UTF-8 sequence"
        }
        Some(_) => "invalid Unicode character",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_has_the_words_of_go_yaml() {
        let cases = [
            (&b"a: \xff"[..], "invalid leading UTF-8 octet"),
            (b"a: \x80", "invalid leading UTF-8 octet"),
            (b"a: \xe2\x82", "incomplete UTF-8 octet sequence"),
            (b"a: \xe2\x82a", "invalid trailing UTF-8 octet"),
            (b"a: \xc0\x80", "invalid length of a UTF-8 sequence"),
            (b"a: \xe0\x80\x80", "invalid length of a UTF-8 sequence"),
            (b"a: \xed\xa0\x80", "invalid Unicode character"),
            (b"a: \xf4\x90\x80\x80", "invalid Unicode character"),
        ];
        for (bytes, problem) in cases {
            let error = text(bytes).expect_err("no UTF-8");
            assert_eq!(error, NotUtf8 { line: 1, column: 4, problem }, "{bytes:?}");
        }
        let error = text("é\né\u{e9}".as_bytes()).map(|_| ()).and(text(b"\xc3\xa9\n\xc3\xa9\xff"));
        assert_eq!(error.map_err(|error| (error.line, error.column)), Err((2, 2)));
    }
}
