//! White space as Go's `unicode.IsSpace` has it, in texts that need not be UTF-8.

/// Returns the text without white space at its start.
pub(super) fn trim_start(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let Some((c, len)) = first(rest)
        && c.is_whitespace()
    {
        rest = &rest[len..];
    }
    rest
}

/// Returns the text without white space at its end.
pub(super) fn trim_end(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let Some((c, len)) = last(rest)
        && c.is_whitespace()
    {
        rest = &rest[..rest.len() - len];
    }
    rest
}

/// Takes the white space off both ends of a text in pieces, none of which ends inside a character.
pub(super) fn trim_pieces(pieces: &mut Vec<&[u8]>) {
    while let Some(last) = pieces.pop() {
        let trimmed = trim_end(last);
        if !trimmed.is_empty() {
            pieces.push(trimmed);
            break;
        }
    }
    for piece in pieces {
        *piece = trim_start(piece);
        if !piece.is_empty() {
            break;
        }
    }
}

/// Returns whether there is nothing but white space.
pub(super) fn is_blank(text: &[u8]) -> bool {
    trim_start(text).is_empty()
}

/// Bytes of the longest character.
const LONGEST: usize = 4;

/// The first character and its bytes; `None` where none is.
fn first(text: &[u8]) -> Option<(char, usize)> {
    let head = &text[..text.len().min(LONGEST)];
    let chunk = head.utf8_chunks().next()?;
    let c = chunk.valid().chars().next()?;
    Some((c, c.len_utf8()))
}

fn last(text: &[u8]) -> Option<(char, usize)> {
    (1..=text.len().min(LONGEST)).find_map(|len| {
        let tail = &text[text.len() - len..];
        let mut chars = std::str::from_utf8(tail).ok()?.chars();
        chars.next().map(|c| (c, len))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_what_go_takes_for_it() {
        let mut pieces =
            [&b" "[..], b"\n", b"\t ", "\u{a0} a".as_bytes(), b"", b"b \n", b" "].to_vec();
        trim_pieces(&mut pieces);
        assert_eq!(pieces.concat(), b"ab");
        let mut blank = [&b" "[..], b"\n"].to_vec();
        trim_pieces(&mut blank);
        assert_eq!(blank.concat(), b"");
        let text = "\u{a0}\u{2003}a b\u{85}\r\n".as_bytes();
        assert_eq!(trim_end(trim_start(text)), b"a b");
        assert_eq!(trim_end(trim_start(b"\xff a \xff")), b"\xff a \xff");
        assert!(is_blank(" \t\u{3000}\n".as_bytes()));
        assert!(!is_blank("\u{200b}".as_bytes()));
    }
}
