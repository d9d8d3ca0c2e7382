//! Arguments of programs: flags that are named for an image, and scripts.

use std::collections::HashMap;

use sealift_goyaml::{Node, Value};
use sealift_inventory::Confidence;

use crate::found::{Search, View};
use crate::object::{Entries, entries, get, string};
use crate::place::Place;
use crate::shape::{self, Shape};
use crate::walk::{self, Scope};
use crate::{Error, address, embedded_text, loose_text, role};

/// The variables of a container and their values.
pub(crate) type Variables<'a> = HashMap<&'a str, &'a str>;

/// Returns the variables that a container sets to plain values.
pub(crate) fn variables<'a>(container: Entries<'a>) -> Variables<'a> {
    let Some(Value::Seq(items)) = get(container, "env").map(Node::value) else {
        return Variables::new();
    };
    let pair = |item: &'a Node<'a>| {
        Some((string(entries(item), "name")?, string(entries(item), "value")?))
    };
    items.iter().filter_map(pair).collect()
}

/// Returns whether a list that no key calls arguments holds flags.
pub(crate) fn is_list(items: &[Node]) -> bool {
    let flag = |text: &str| {
        text.starts_with('-')
            && text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphabetic())
    };
    let strings = items.iter().all(|item| matches!(item.value(), Value::Str(_)));
    strings && items.iter().any(|item| matches!(item.value(), Value::Str(text) if flag(text)))
}

/// Searches `args` or `command` of a map that need not be a container.
pub(crate) fn list(
    search: &mut Search<'_>,
    place: &Place<'_>,
    items: &[Node],
    view: View<'_>,
    scope: &Scope<'_>,
) -> Result<(), Error> {
    self::items(search, place, items, view, &variables(scope.map))
}

/// Searches arguments one by one.
pub(crate) fn items(
    search: &mut Search<'_>,
    place: &Place<'_>,
    items: &[Node],
    view: View<'_>,
    variables: &Variables<'_>,
) -> Result<(), Error> {
    let view = View { images: 0, ..view };
    let mut words = Words { variables, is_script: false, expects: false };
    walk::each(place, items, |here, item| {
        search.visit(view.depth)?;
        let Value::Str(text) = item.value() else { return Ok(()) };
        if !text.trim().contains(char::is_whitespace) {
            return words.word(search, here, (item.line(), text), view);
        }
        if text.trim_start().starts_with(['{', '[']) {
            return embedded_text::text(search, here, (item, text), view);
        }
        words.expects = false;
        script(search, here, (item, text), view, variables)
    })
}

/// Searches a script, word by word.
fn script(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (node, text): (&Node, &str),
    view: View<'_>,
    variables: &Variables<'_>,
) -> Result<(), Error> {
    let layer = embedded_text::layer("text", node, view);
    let is_long = text.trim().contains('\n');
    let inner = place.text(layer);
    let mut words = Words { variables, is_script: true, expects: false };
    for (line, number) in text.lines().zip(1..) {
        if loose_text::is_comment(line) {
            continue;
        }
        let (place, line_number) = if is_long { (&inner, number) } else { (place, node.line()) };
        for word in line.split_whitespace() {
            words.word(search, place, (line_number, word), view)?;
        }
    }
    Ok(())
}

/// What is known when the next word is read.
struct Words<'a> {
    variables: &'a Variables<'a>,
    is_script: bool,
    /// The word before was a flag that takes an image.
    expects: bool,
}

impl Words<'_> {
    fn word(
        &mut self,
        search: &mut Search<'_>,
        place: &Place<'_>,
        (line, word): (u32, &str),
        view: View<'_>,
    ) -> Result<(), Error> {
        let expected = std::mem::take(&mut self.expects);
        let word = word.trim_matches(|c: char| matches!(c, '"' | '\'' | ';' | ',' | '\\' | '`'));
        let word = word.trim();
        if let Some((flag, value)) = assignment(word) {
            let value = value.trim_matches(['"', '\'']);
            return if role::is_image(flag) {
                self.images(search, place, (line, value), view)
            } else {
                self.other(search, place, (line, value), view)
            };
        }
        if word.starts_with('-') {
            self.expects = role::is_image(word);
            return Ok(());
        }
        if expected {
            return self.images(search, place, (line, word), view);
        }
        self.other(search, place, (line, word), view)
    }

    /// The value of a flag that takes images: `REF`, `REF,REF`, `NAME=REF`.
    fn images(
        &self,
        search: &mut Search<'_>,
        place: &Place<'_>,
        (line, value): (u32, &str),
        view: View<'_>,
    ) -> Result<(), Error> {
        for part in value.split(',') {
            let part = part.split_once('=').map_or(part, |(_, reference)| reference);
            let Some(part) = expand(part, self.variables) else {
                if !self.is_script {
                    let reason = "the container sets no such variable".to_owned();
                    search.unresolved(place, line, view, (part, reason))?;
                }
                continue;
            };
            match Shape::read(&part) {
                Ok(shape) if shape.is_named() => {
                    search.image(place, line, view, (shape.reference, Confidence::Likely))?;
                }
                Err(error)
                    if shape::is_placeholder(&part) && !self.is_script && !part.contains("://") =>
                {
                    search.unresolved(place, line, view, (&part, shape::reason(&part, &error)))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A word or the value of a flag that is not named for an image.
    fn other(
        &self,
        search: &mut Search<'_>,
        place: &Place<'_>,
        (line, value): (u32, &str),
        view: View<'_>,
    ) -> Result<(), Error> {
        if let Some(url) = address::url(value, "") {
            return search.address(place, line, view, url);
        }
        let confidence = if self.is_script { Confidence::Possible } else { Confidence::Likely };
        for part in value.split(',') {
            let part = part.rsplit('=').next().unwrap_or(part);
            if let Some(reference) = shape::sure(part) {
                search.image(place, line, view, (reference, confidence))?;
            }
        }
        Ok(())
    }
}

/// Splits `--flag=value` and `NAME=value`.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    (is_name && !name.is_empty()).then_some((name, value))
}

/// Puts in the values of `$(NAME)`, as Kubernetes does. `None` when one is not set to a plain value.
///
/// <https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/>
fn expand(text: &str, variables: &Variables<'_>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("$(") {
        let end = rest[start..].find(')')? + start;
        let name = &rest[start + 2..end];
        let value = variables.get(name)?;
        out.push_str(&rest[..start]);
        out.push_str(value);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Some(out)
}
