//! Patterns of paths: Go's `filepath.Match`.

/// A pattern is none: it ends inside a class or after a backslash, or a class is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadPattern;

/// Returns whether a pattern matches all of a path.
///
/// `*` and `?` stop at a `/`; a class may match it. What is wrong in a pattern shows only where Go looks: not behind a star when
/// what stands before it does not match.
///
/// Mirrors `Match` in `path/filepath/match.go` of Go 1.26 on Unix.
pub(crate) fn matches(pattern: &str, path: &str) -> Result<bool, BadPattern> {
    let mut left = path;
    let mut rest = pattern;
    while !rest.is_empty() {
        let (star, chunk);
        (star, chunk, rest) = scan(rest);
        if star && chunk.is_empty() {
            return Ok(!left.contains('/'));
        }
        match find(chunk, left, star, rest.is_empty())? {
            Some(after) => left = after,
            None => return Ok(false),
        }
    }
    Ok(left.is_empty())
}

/// Cuts off stars and what follows them up to the next one.
fn scan(pattern: &str) -> (bool, &str, &str) {
    let chunks = pattern.trim_start_matches('*');
    let star = chunks.len() < pattern.len();
    let (mut in_class, mut escaped) = (false, false);
    for (at, character) in chunks.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '*' if !in_class => return (star, &chunks[..at], &chunks[at..]),
            _ => {}
        }
    }
    (star, chunks, "")
}

/// Matches a chunk where the text begins or, behind a star, further on; the last one must reach the end.
fn find<'p>(
    chunk: &str,
    text: &'p str,
    star: bool,
    is_last: bool,
) -> Result<Option<&'p str>, BadPattern> {
    let mut from = text;
    loop {
        match match_chunk(chunk, from)? {
            Some(after) if after.is_empty() || !is_last => return Ok(Some(after)),
            _ => {}
        }
        let mut characters = from.chars();
        match characters.next() {
            Some(character) if star && character != '/' => from = characters.as_str(),
            _ => return Ok(None),
        }
    }
}

/// Returns what is left of a text after a chunk without stars.
fn match_chunk<'p>(chunk: &str, text: &'p str) -> Result<Option<&'p str>, BadPattern> {
    let mut pattern = chunk.chars();
    let mut text = Some(text.chars());
    while let Some(token) = pattern.next() {
        // After a mismatch the rest of the chunk is still read for its mistakes.
        let character = text.as_mut().and_then(Iterator::next);
        let fits = match token {
            '[' => {
                let class = class(&mut pattern)?;
                character.is_some_and(|character| class.takes(character))
            }
            '?' => character.is_some_and(|character| character != '/'),
            '\\' => {
                let literal = pattern.next().ok_or(BadPattern)?;
                character == Some(literal)
            }
            literal => character == Some(literal),
        };
        if !fits {
            text = None;
        }
    }
    Ok(text.map(|text| text.as_str()))
}

struct Class {
    negated: bool,
    ranges: Vec<(char, char)>,
}

impl Class {
    fn takes(&self, character: char) -> bool {
        self.negated != self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&character))
    }
}

fn class(pattern: &mut std::str::Chars<'_>) -> Result<Class, BadPattern> {
    let mut take = |wanted: char| {
        let found = pattern.as_str().starts_with(wanted);
        if found {
            pattern.next();
        }
        found
    };
    let negated = take('^');
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && pattern.as_str().starts_with(']') {
            pattern.next();
            return Ok(Class { negated, ranges });
        }
        let low = bound(pattern)?;
        let mut high = low;
        if pattern.as_str().starts_with('-') {
            pattern.next();
            high = bound(pattern)?;
        }
        ranges.push((low, high));
    }
}

/// A character of a class, behind which something must follow.
fn bound(pattern: &mut std::str::Chars<'_>) -> Result<char, BadPattern> {
    let character = match pattern.next() {
        None | Some('-' | ']') => None,
        Some('\\') => pattern.next(),
        found => found,
    };
    character.filter(|_| !pattern.as_str().is_empty()).ok_or(BadPattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_go() {
        let bad = Err(BadPattern);
        let cases = [
            ("templates/*.yaml", "templates/a.yaml", Ok(true)),
            ("templates/*.yaml", "templates/x/a.yaml", Ok(false)),
            ("*/*/a?[b-d].yaml", "x/y/azc.yaml", Ok(true)),
            ("[^a]", "a", Ok(false)),
            ("a*b*c", "aXbYbZc", Ok(true)),
            ("a*b*c", "aXbYbZd", Ok(false)),
            ("a*b", "abb", Ok(true)),
            ("*a*", "/a", Ok(false)),
            (r"a\*", "a*", Ok(true)),
            (r"a\*b*", "a*bc", Ok(true)),
            ("*", "", Ok(true)),
            ("**", "ab", Ok(true)),
            ("*", "a/b", Ok(false)),
            ("?", "/", Ok(false)),
            ("[^b]", "/", Ok(true)),
            ("a*[^b]c", "a/c", Ok(true)),
            ("[a", "a", bad),
            ("[a", "b", bad),
            ("[]a]", "]", bad),
            ("[-]", "-", bad),
            ("[a-]", "a", bad),
            (r"[\]]", "]", Ok(true)),
            ("a", "b", Ok(false)),
            ("b[", "abc", bad),
            ("x*[", "abc", Ok(false)),
            ("a*[", "abc", bad),
            ("\\", "a", bad),
            (r"a\", "", bad),
            ("é?", "éü", Ok(true)),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }
}
