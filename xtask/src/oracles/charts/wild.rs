//! The comparison with a text in which some tokens are wild.

/// Before the length of a token that Helm prints differently each time.
const OPEN: &str = "<<<WILD";
const CLOSE: &str = ">>>";

/// Returns whether a text is what was recorded, but for the tokens that are marked as wild:
/// `<<<WILD:n>>>` stands for a token of n bytes, `<<<WILD>>>` for one of any length.
pub(super) fn matches(recorded: &str, text: &str) -> bool {
    difference(recorded, text).is_none()
}

/// Returns the offset in `text` at which it differs from what was recorded.
pub(super) fn difference(recorded: &str, text: &str) -> Option<usize> {
    let mut rest = recorded;
    let mut at = 0;
    loop {
        let literal = rest.find(OPEN).map_or(rest, |open| &rest[..open]);
        let there = &text.as_bytes()[at..];
        let same = literal.bytes().zip(there).take_while(|(a, b)| a == *b).count();
        if same < literal.len() {
            return Some(at + same);
        }
        at += literal.len();
        rest = &rest[literal.len()..];
        let Some((length, after)) = rest.strip_prefix(OPEN).and_then(|rest| rest.split_once(CLOSE))
        else {
            return (at < text.len()).then_some(at);
        };
        let token = text[at..].bytes().take_while(|&byte| is_token(byte)).count();
        let wanted = length.strip_prefix(':').and_then(|length| length.parse().ok());
        if token == 0 || wanted.is_some_and(|wanted: usize| wanted != token) {
            return Some(at);
        }
        at += token;
        rest = after;
    }
}

/// Marks as wild what differs between two texts of the same program. `None` when more than tokens differ.
pub(super) fn marked(first: &str, second: &str) -> Option<String> {
    let (firsts, seconds) = (pieces(first), pieces(second));
    if firsts.len() != seconds.len() {
        return None;
    }
    let mut marked = String::with_capacity(first.len());
    for (one, other) in firsts.into_iter().zip(seconds) {
        match one == other {
            true => marked.push_str(one),
            false if !one.bytes().chain(other.bytes()).all(is_token) => return None,
            false if one.len() == other.len() => {
                marked.extend([OPEN, ":", &one.len().to_string(), CLOSE]);
            }
            false => marked.extend([OPEN, CLOSE]),
        }
    }
    Some(marked)
}

/// Tokens, and what is between them.
fn pieces(text: &str) -> Vec<&str> {
    text.as_bytes()
        .chunk_by(|a, b| is_token(*a) == is_token(*b))
        .map(|piece| std::str::from_utf8(piece).expect("tokens are ASCII"))
        .collect()
}

/// Returns the line of each text in which they begin to differ.
pub(super) fn excerpt(recorded: &str, text: &str) -> String {
    let at = difference(recorded, text).unwrap_or(text.len());
    let number = 1 + text.get(..at).unwrap_or(text).matches('\n').count();
    let line = |text: &str| text.lines().nth(number - 1).unwrap_or("(the end)").to_owned();
    format!("line {number}\n  here: {:?}\n  Helm: {:?}", line(text), line(recorded))
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_.-".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_between_two_runs_is_wild() {
        let marked = marked("a: x1\nb: ä\nc: k\n", "a: y2\nb: ä\nc: long\n");
        assert_eq!(marked.as_deref(), Some("a: <<<WILD:2>>>\nb: ä\nc: <<<WILD>>>\n"));
        assert_eq!(super::marked("a: 1\n", "a: 1\nb: 2\n"), None);
    }

    #[test]
    fn only_wild_tokens_may_differ() {
        assert!(matches("a: <<<WILD:3>>>\nb: 1\n", "a: x-9\nb: 1\n"));
        assert!(!matches("a: <<<WILD:3>>>\nb: 1\n", "a: x-99\nb: 1\n"));
        assert!(matches("a: <<<WILD>>>\nb: 1\n", "a: AbC=\nb: 1\n"));
        assert!(!matches("a: <<<WILD>>>\nb: 1\n", "a: \nb: 1\n"));
        assert!(!matches("a: <<<WILD>>>\nb: 1\n", "a: x\nb: 2\n"));
        assert!(!matches("a: 1\n", "a: 1\n\n"));
        assert!(!matches("a: 1\n\n", "a: 1\n"));
    }
}
