//! Patterns of paths: Go's `filepath.Match`.

/// Returns whether a pattern matches all of a path. `None` for a pattern that is none.
pub(super) fn matches(pattern: &str, path: &str) -> Option<bool> {
    let tokens = parse(pattern)?;
    let path: Vec<char> = path.chars().collect();
    // Greedy with one point to go back to: of two stars, only the last can matter, as neither crosses a `/`.
    let (mut token, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        match (tokens.get(token), path.get(at)) {
            (Some(Token::Star), _) => {
                star = Some((token, at));
                token += 1;
            }
            (Some(found), Some(&c)) if found.takes(c) => {
                token += 1;
                at += 1;
            }
            (None, None) => return Some(true),
            _ => match star {
                Some((from, end)) if path.get(end).is_some_and(|&c| c != '/') => {
                    star = Some((from, end + 1));
                    (token, at) = (from + 1, end + 1);
                }
                _ => return Some(false),
            },
        }
    }
}

enum Token {
    Any,
    Char(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
    Star,
}

impl Token {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Any => c != '/',
            Self::Char(other) => c == *other,
            Self::Class { negated, ranges } => {
                *negated != ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
            }
            Self::Star => false,
        }
    }
}

fn parse(pattern: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Star,
            '?' => Token::Any,
            '\\' => Token::Char(chars.next()?),
            '[' => class(&mut chars)?,
            c => Token::Char(c),
        });
    }
    Some(tokens)
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Token> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && chars.next_if_eq(&']').is_some() {
            return Some(Token::Class { negated, ranges });
        }
        let low = bound(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { bound(chars)? } else { low };
        ranges.push((low, high));
    }
}

fn bound(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        '\\' => chars.next(),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_go() {
        let cases = [
            ("templates/*.yaml", "templates/a.yaml", Some(true)),
            ("templates/*.yaml", "templates/x/a.yaml", Some(false)),
            ("*/*/a?[b-d].yaml", "x/y/azc.yaml", Some(true)),
            ("[^a]", "a", Some(false)),
            ("[^a]", "/", Some(true)),
            ("a*b*c", "aXbYbZc", Some(true)),
            ("a*b*c", "aXbYbZd", Some(false)),
            (r"a\*", "a*", Some(true)),
            ("*", "", Some(true)),
            ("[a", "a", None),
            ("[]a]", "]", None),
            ("[-]", "-", None),
            ("a", "b", Some(false)),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }
}
