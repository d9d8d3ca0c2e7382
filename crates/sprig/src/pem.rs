//! Keys and certificates in text.

use crate::base::BASE64;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Returns the label of the first block in a text, such as `CERTIFICATE`.
///
/// Mirrors `Decode` of `encoding/pem` of Go 1.26: what cannot be read is passed over.
pub(crate) fn label(text: &str) -> Option<&str> {
    let mut from = 0;
    while let Some(found) = text[from..].find(END) {
        let end = from + found;
        from = end + END.len();
        if let Some(label) = block(text, end) {
            return Some(label);
        }
    }
    None
}

/// Returns the label of the block that ends at a place.
fn block(text: &str, end: usize) -> Option<&str> {
    let begin = text[..end].rfind(BEGIN).filter(|&at| at == 0 || text[..at].ends_with('\n'))?;
    let (line, body) = text[begin + BEGIN.len()..end].split_once('\n')?;
    let label = line.trim_end_matches([' ', '\t', '\r']).strip_suffix(DASHES)?;
    let tail = text[end + END.len()..].strip_prefix(label)?.strip_prefix(DASHES)?;
    let is_alone = tail.split('\n').next()?.trim_end_matches([' ', '\t', '\r']).is_empty();
    let is_header = |line: &&str| line.contains(':');
    let headers = body.split_inclusive('\n').take_while(is_header).map(str::len).sum();
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let data: Vec<u8> = body[headers..].bytes().filter(|byte| !is_blank(byte)).collect();
    let ends_line = body.is_empty() || body.ends_with('\n');
    (is_alone && ends_line && BASE64.decode(&data).is_ok()).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn the_first_block_that_can_be_read_is_found() {
        let block = |label: &str, body: &str| {
            format!("-----BEGIN {label}-----\n{body}-----END {label}-----\n")
        };
        assert_eq!(label(&block("CERTIFICATE", "YQ==\n")), Some("CERTIFICATE"));
        assert_eq!(label(&block("A KEY", "Proc-Type: 4\n\nYQ\n==\n")), Some("A KEY"));
        let two = block("A", "?\n") + "text\n" + &block("B", "YQ==\n");
        assert_eq!(label(&two), Some("B"));
        assert_eq!(label("-----BEGIN A-----\nYQ==\n-----END B-----\n"), None);
        assert_eq!(label("x-----BEGIN A-----\nYQ==\n-----END A-----\n"), None);
        assert_eq!(label("YQ=="), None);
    }
}
