//! What `!!binary` holds.

/// Decodes padded base64; line breaks are passed over, as Go's `StdEncoding` does.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut symbols = text.iter().copied().filter(|symbol| !matches!(symbol, b'\n' | b'\r'));
    while let Some(first) = symbols.next() {
        let group = [first, symbols.next()?, symbols.next()?, symbols.next()?];
        let padding = group.iter().rev().take_while(|&&symbol| symbol == b'=').count();
        if padding > 2 || (padding > 0 && symbols.clone().next().is_some()) {
            return None;
        }
        let mut bits: u32 = 0;
        for &symbol in &group[..4 - padding] {
            bits = (bits << 6) | sextet(symbol)?;
        }
        let [_, triple @ ..] = (bits << (6 * padding)).to_be_bytes();
        bytes.extend_from_slice(&triple[..3 - padding]);
    }
    Some(bytes)
}

fn sextet(symbol: u8) -> Option<u32> {
    Some(u32::from(match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Makes a text of bytes; each byte that is no UTF-8 becomes U+FFFD, as Go's JSON encoder has it.
pub(crate) fn to_text(bytes: Vec<u8>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    text
}

/// Writes bytes in base 64, padded.
pub(crate) fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_with_line_breaks_is_decoded() {
        assert_eq!(decode(b"aGVs\nbG8=\n"), Some(b"hello".to_vec()));
        assert_eq!(decode(b"aA=="), Some(b"h".to_vec()));
        assert_eq!(decode(b""), Some(Vec::new()));
    }

    #[test]
    fn missing_padding_and_other_symbols_are_refused() {
        for text in ["aGVsbG8", "aGVs bG8=", "a===", "aA==aA==", "=aaa", "a-b_", "aA=a"] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn every_byte_that_is_no_utf_8_is_one_replacement() {
        assert_eq!(to_text(vec![b'a', 0xE2, 0x82, b'b']), "a\u{fffd}\u{fffd}b");
    }
}
