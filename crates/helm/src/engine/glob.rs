//! Patterns of `.Files.Glob`.
//!
//! Mirrors github.com/gobwas/glob v0.2.3 with `/` as the separator, except that it takes
//! a time that is bounded by both lengths.

use std::iter::Peekable;
use std::str::Chars;

use sealift_gotemplate::{Budget, Limit};

const SEPARATOR: char = '/';

/// Braces inside one another.
const MOST_BRACES: usize = 250;

/// A pattern; one that is wrong matches everything.
pub(super) struct Glob {
    parts: Vec<Part>,
}

/// A part of a pattern.
enum Part {
    /// `*`: anything but separators.
    Any,
    /// `{a,b}`.
    AnyOf(Vec<Vec<Self>>),
    /// `[abc]`.
    List { chars: Vec<char>, negated: bool },
    /// `[a-c]`.
    Range { low: char, high: char, negated: bool },
    /// `?`.
    Single,
    /// `**`.
    Super,
    /// Anything else.
    Text(Vec<char>),
}

impl Glob {
    pub(super) fn new(pattern: &str) -> Self {
        let parts = Parser { chars: pattern.chars().peekable() }.parse();
        Self { parts: parts.unwrap_or_else(|| vec![Part::Super]) }
    }

    /// Returns whether a name matches.
    ///
    /// # Errors
    ///
    /// [`Limit::Steps`].
    pub(super) fn matches(&self, name: &str, budget: &Budget) -> Result<bool, Limit> {
        let name: Vec<char> = name.chars().collect();
        let mut places = vec![false; name.len() + 1];
        places[0] = true;
        let places = run(&self.parts, &name, places, budget)?;
        Ok(places.last() == Some(&true))
    }
}

/// Returns the places that can be reached from some places of a name.
///
/// Recursion is as deep as braces are.
fn run(
    parts: &[Part],
    name: &[char],
    mut places: Vec<bool>,
    budget: &Budget,
) -> Result<Vec<bool>, Limit> {
    if let [Part::Text(prefix), Part::Super, Part::Text(suffix)] = parts {
        return Ok(between(prefix, suffix, name, &places));
    }
    for part in parts {
        budget.spend(1 + name.len() as u64 / 16)?;
        places = match part {
            Part::AnyOf(patterns) => {
                let mut reached = vec![false; places.len()];
                for pattern in patterns {
                    let by_pattern = run(pattern, name, places.clone(), budget)?;
                    reached.iter_mut().zip(by_pattern).for_each(|(place, by)| *place |= by);
                }
                reached
            }
            Part::Any => spread(places, name, |c| c != SEPARATOR),
            Part::Super => spread(places, name, |_| true),
            Part::List { chars, negated } => {
                shift(&places, name, |c| chars.contains(&c) != *negated)
            }
            Part::Range { low, high, negated } => {
                shift(&places, name, |c| (*low <= c && c <= *high) != *negated)
            }
            Part::Single => shift(&places, name, |c| c != SEPARATOR),
            Part::Text(text) => behind(text, name, &places),
        };
    }
    Ok(places)
}

/// Goes on by a text.
fn behind(text: &[char], name: &[char], places: &[bool]) -> Vec<bool> {
    let starts = |at: usize| name[at..].starts_with(text);
    let mut reached = vec![false; places.len()];
    for at in (0..places.len()).filter(|&at| places[at] && starts(at)) {
        reached[at + text.len()] = true;
    }
    reached
}

/// Goes on by a prefix, anything and a suffix, which may overlap, as gobwas has it.
fn between(prefix: &[char], suffix: &[char], name: &[char], places: &[bool]) -> Vec<bool> {
    let mut starts = (0..places.len()).filter(|&at| places[at]);
    let first = starts.find(|&at| name[at..].starts_with(prefix));
    let ends = |at: usize| {
        first.is_some_and(|first| at >= first + prefix.len().max(suffix.len()))
            && name[..at].ends_with(suffix)
    };
    (0..places.len()).map(ends).collect()
}

/// Goes on from each place as long as characters fit.
fn spread(mut places: Vec<bool>, name: &[char], fits: impl Fn(char) -> bool) -> Vec<bool> {
    for (at, &c) in name.iter().enumerate() {
        places[at + 1] |= places[at] && fits(c);
    }
    places
}

/// Goes on from each place by one character that fits.
fn shift(places: &[bool], name: &[char], fits: impl Fn(char) -> bool) -> Vec<bool> {
    let moved = name.iter().zip(places).map(|(&c, &is_reached)| is_reached && fits(c));
    std::iter::once(false).chain(moved).collect()
}

struct Parser<'p> {
    chars: Peekable<Chars<'p>>,
}

impl Parser<'_> {
    /// Returns the parts of the pattern, unless it is wrong.
    fn parse(mut self) -> Option<Vec<Part>> {
        // The patterns that are open: each `{` begins alternatives, of which the last
        // is being read.
        let mut open: Vec<Vec<Vec<Part>>> = vec![vec![Vec::new()]];
        while let Some(&c) = self.chars.peek().filter(|&&c| c != '\0') {
            let is_inside = open.len() > 1;
            match c {
                char::REPLACEMENT_CHARACTER => return None,
                '{' => {
                    if open.len() > MOST_BRACES {
                        return None;
                    }
                    open.push(vec![Vec::new()]);
                }
                ',' if is_inside => open.last_mut()?.push(Vec::new()),
                '}' if is_inside => {
                    let alternatives = open.pop()?;
                    open.last_mut()?.last_mut()?.push(Part::AnyOf(alternatives));
                }
                c => {
                    let part = self.part(c, is_inside)?;
                    if !matches!(&part, Part::Text(text) if text.is_empty()) {
                        open.last_mut()?.last_mut()?.push(part);
                    }
                    continue;
                }
            }
            self.chars.next();
        }
        while open.len() > 1 {
            let alternatives = open.pop()?;
            open.last_mut()?.last_mut()?.push(Part::AnyOf(alternatives));
        }
        open.pop()?.pop()
    }

    /// Reads a part that begins with a character; a text may be empty.
    fn part(&mut self, first: char, is_inside: bool) -> Option<Part> {
        match first {
            '[' => {
                self.chars.next();
                return self.class();
            }
            '?' => {
                self.chars.next();
                return Some(Part::Single);
            }
            '*' => {
                self.chars.next();
                let is_super = self.chars.next_if_eq(&'*').is_some();
                return Some(if is_super { Part::Super } else { Part::Any });
            }
            _ => {}
        }
        let ends: &[char] =
            if is_inside { &['?', '*', '[', '{', '}', ','] } else { &['?', '*', '[', '{'] };
        self.text(ends).map(Part::Text)
    }

    /// Reads text up to a character that ends it, or to the end.
    fn text(&mut self, ends: &[char]) -> Option<Vec<char>> {
        let mut text = Vec::new();
        while let Some(c) = self.chars.next_if(|c| !ends.contains(c) && *c != '\0') {
            let c = if c == '\\' {
                match self.chars.next_if(|&c| c != '\0') {
                    Some(c) => c,
                    None => break,
                }
            } else {
                c
            };
            if c == char::REPLACEMENT_CHARACTER {
                return None;
            }
            text.push(c);
        }
        Some(text)
    }

    /// Reads what follows `[`.
    fn class(&mut self) -> Option<Part> {
        let negated = self.chars.next_if_eq(&'!').is_some();
        let mut ahead = self.chars.clone();
        let low = ahead.next().filter(|&c| c != '\0')?;
        let part = if ahead.next() == Some('-') {
            self.chars.nth(1)?;
            let high = self.chars.next().filter(|&c| c != '\0' && c >= low)?;
            Part::Range { low, high, negated }
        } else {
            let chars = self.text(&[']'])?;
            if chars.is_empty() {
                return None;
            }
            Part::List { chars, negated }
        };
        self.chars.next_if_eq(&']').map(|_| part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_gobwas_glob() {
        for (pattern, name, matches) in [
            ("*", "a.txt", true),
            ("*", "d/a.txt", false),
            ("**", "d/a.txt", true),
            ("**.txt", "d/a.txt", true),
            ("**/*.txt", "a.txt", false),
            ("**/*.txt", "d/a.txt", true),
            ("a.**.b", "a.b", true),
            ("a.**.b", "a.b.c", false),
            ("d/*", "d/", true),
            ("d/*", "d/e/f", false),
            ("{a,b/*}.{x,y}", "b/c.y", true),
            ("{a,b/*}.{x,y}", "b.y", false),
            ("{a,{b,c}d}", "cd", true),
            ("{a,b", "b", true),
            ("a}", "a}", true),
            ("a,b", "a,b", true),
            ("[ab]", "b", true),
            ("[!ab]", "b", false),
            ("[!ab]", "/", true),
            ("[a-c]", "b", true),
            ("[!a-c]", "b", false),
            ("?", "/", false),
            ("?", "é", true),
            (r"\*", "*", true),
            (r"\*", "a", false),
            ("[", "anything/at all", true),
            ("[]", "anything", true),
            ("[a-", "anything", true),
            ("[c-a]", "anything", true),
            ("[ab", "anything", true),
            ("", "", true),
            ("", "a", false),
        ] {
            let found = Glob::new(pattern).matches(name, &Budget::default());
            assert_eq!(found, Ok(matches), "{pattern} {name}");
        }
    }
}
