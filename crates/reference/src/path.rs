//! The path part of a name.

use crate::ParseError;

/// The longest path that distribution/reference takes.
const MAX_CHARACTERS: usize = 255;

/// Checks a path: components of letters and digits joined by one `.`, `_`, `__` or any number of `-`.
pub(crate) fn check(path: &str) -> Result<(), ParseError> {
    if path.len() > 1 && path.ends_with('/') && !path.ends_with("//") {
        return Err(ParseError::TrailingSlash(path.to_owned()));
    }
    for component in path.split('/') {
        if component.is_empty() {
            return Err(ParseError::EmptyComponent(path.to_owned()));
        }
        check_component(component)?;
    }
    if path.len() > MAX_CHARACTERS { Err(ParseError::PathTooLong(path.len())) } else { Ok(()) }
}

fn check_component(component: &str) -> Result<(), ParseError> {
    let owned = || component.to_owned();
    if component.contains(|c: char| c.is_ascii_uppercase()) {
        return Err(ParseError::Capitals(owned()));
    }
    if let Some(character) = component.chars().find(|c| !is_alphanumeric(*c) && !is_separator(*c)) {
        return Err(ParseError::PathCharacter { component: owned(), character });
    }
    if component.starts_with(is_separator) || component.ends_with(is_separator) {
        return Err(ParseError::SeparatorAtEdge(owned()));
    }
    for run in component.split(is_alphanumeric).filter(|run| !run.is_empty()) {
        if !matches!(run, "." | "_" | "__") && run.contains(['.', '_']) {
            return Err(ParseError::Separator { component: owned(), separator: run.to_owned() });
        }
    }
    Ok(())
}

fn is_alphanumeric(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit()
}

fn is_separator(character: char) -> bool {
    matches!(character, '.' | '_' | '-')
}
