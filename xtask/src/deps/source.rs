//! Just enough of Rust's syntax to see which paths a file names.

use std::iter::Peekable;
use std::str::Chars;

/// Returns the text without comments and without what strings and characters hold.
pub(super) fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        match (c, next) {
            ('/', '/') => skip_line(&mut rest),
            ('/', '*') => skip_block(&mut rest),
            ('r', '"' | '#') if !is_word(before) => raw(c, &mut rest, &mut code),
            ('"', _) => skip_string(&mut rest),
            ('\'', _) => skip_char(&mut rest),
            _ => code.push(c),
        }
        before = c;
    }
    code
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn skip_line(rest: &mut Peekable<Chars>) {
    while rest.next_if(|c| *c != '\n').is_some() {}
}

fn skip_block(rest: &mut Peekable<Chars>) {
    let mut depth = 1;
    rest.next();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('*', Some('/')) => depth -= 1,
            ('/', Some('*')) => depth += 1,
            _ => continue,
        }
        rest.next();
        if depth == 0 {
            return;
        }
    }
}

fn skip_string(rest: &mut Peekable<Chars>) {
    while let Some(c) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            '"' => return,
            _ => {}
        }
    }
}

/// Passes over a raw string; a raw identifier such as `r#type` is kept.
fn raw(c: char, rest: &mut Peekable<Chars>, code: &mut String) {
    let mut hashes = 0;
    while rest.next_if_eq(&'#').is_some() {
        hashes += 1;
    }
    if rest.next_if_eq(&'"').is_none() {
        code.push(c);
        return;
    }
    let mut seen = None;
    for c in rest.by_ref() {
        seen = match (c, seen) {
            ('"', _) => Some(0),
            ('#', Some(count)) => Some(count + 1),
            _ => None,
        };
        if seen == Some(hashes) {
            return;
        }
    }
}

/// Passes over a character; a lifetime is left, since no quote ends it.
fn skip_char(rest: &mut Peekable<Chars>) {
    let mut ahead = rest.clone();
    let escaped = ahead.next() == Some('\\');
    if escaped {
        ahead.next();
        while ahead.next_if(|c| *c != '\'').is_some() {}
    }
    if ahead.next() == Some('\'') {
        *rest = ahead;
    }
}

/// Cuts the text at its inline tests, which stand last in a file.
pub(super) fn without_tests(code: &str) -> String {
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let at = from + found;
        from = at + "#[cfg(test)]".len();
        if code[from..].trim_start().starts_with("mod ") {
            return code[..at].to_owned();
        }
    }
    code.to_owned()
}

/// Returns every path in the code, with the braces of `use` multiplied out.
pub(super) fn paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut prefixes: Vec<String> = Vec::new();
    let mut path = String::new();
    for c in code.chars().chain([' ']) {
        match c {
            _ if is_word(c) || c == ':' => path.push(c),
            ' ' | '\n' | '\t' | '\r' if path.is_empty() => {}
            '{' => {
                let opens = path.ends_with("::").then(|| path.trim_start_matches(':').to_owned());
                prefixes.push(joined(&prefixes, &opens.unwrap_or_default()));
                path.clear();
            }
            _ => {
                note(&mut paths, &prefixes, &mut path);
                if c == '}' {
                    prefixes.pop();
                }
            }
        }
    }
    paths
}

fn note(paths: &mut Vec<String>, prefixes: &[String], path: &mut String) {
    let name = std::mem::take(path);
    if !name.is_empty() {
        paths.push(joined(prefixes, name.trim_start_matches(':')));
    }
}

/// Puts the innermost open prefix before a path; a block that is no `use` has an empty one.
fn joined(prefixes: &[String], path: &str) -> String {
    format!("{}{path}", prefixes.last().map_or("", String::as_str))
}
