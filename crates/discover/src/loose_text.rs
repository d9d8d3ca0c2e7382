//! Text that is no document: scripts, settings in other formats, templates.

use sealift_inventory::Confidence;

use crate::found::{Search, View};
use crate::place::Place;
use crate::role::{self, Role};
use crate::shape::{self, Shape};
use crate::{Error, address};

/// Searches lines. A whole reference that is assigned to an image-like name is likely; all else is only possible, since
/// it is not known what reads the text.
pub(crate) fn lines(
    search: &mut Search<'_>,
    place: &Place<'_>,
    text: &str,
    view: View<'_>,
) -> Result<(), Error> {
    // Pictures and pages name schemas and authors.
    let addresses = view.addresses && !text.trim_start().starts_with('<');
    let view = View { addresses, ..view };
    for (line, number) in text.lines().zip(1..) {
        search.visit(view.depth)?;
        if is_comment(line) || assigned(search, place, (number, line), view)? {
            continue;
        }
        words(search, place, (number, line), view)?;
    }
    Ok(())
}

/// Searches words that stand in a sentence or a command.
pub(crate) fn words(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (number, line): (u32, &str),
    view: View<'_>,
) -> Result<(), Error> {
    if view.secret {
        return Ok(());
    }
    for reference in tokens(line).filter_map(shape::sure) {
        search.image(place, number, view, (reference, Confidence::Possible))?;
    }
    for url in address::urls(line) {
        search.address(place, number, view, url)?;
    }
    Ok(())
}

/// Returns whether some word in a text looks like an image.
pub(crate) fn has_reference(text: &str) -> bool {
    text.contains('/') && tokens(text).any(|token| shape::sure(token).is_some())
}

pub(crate) fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//") || line.starts_with("<!--")
}

/// The words that may be references: no character that a reference cannot hold, no part of an address.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | ':' | '@' | '-');
    let tokens = text.split(move |c: char| !is_part(c));
    let tokens = tokens.filter(|token| token.contains('/') && !token.contains("//"));
    tokens.map(|token| token.trim_end_matches(['.', ':', ',']))
}

/// Searches `image: REF`, `"image": "REF",`, `IMAGE=REF`. Returns whether the line is one of these.
fn assigned(
    search: &mut Search<'_>,
    place: &Place<'_>,
    (number, line): (u32, &str),
    view: View<'_>,
) -> Result<bool, Error> {
    let Some((name, value)) = assignment(line).filter(|_| !view.secret) else { return Ok(false) };
    if !role::mentions_image(name) {
        return Ok(false);
    }
    let Some(named) = role::of(name).filter(|named| named.role == Role::Image) else {
        return Ok(false);
    };
    match Shape::read(value) {
        Ok(shape) if shape.pinned || shape.hosted => {
            let is_whole = shape.pinned && shape.pathed;
            let confidence = if is_whole { Confidence::Likely } else { Confidence::Possible };
            search.image(place, number, view, (shape.reference, confidence))?;
            Ok(true)
        }
        Err(error)
            if error.is_template() && named.stem.is_empty() && value.starts_with(['{', '$']) =>
        {
            search.unresolved(place, number, view, (value, error.to_string()))?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_start_matches("- ").trim_start_matches("export ");
    let at = line.find([':', '='])?;
    let name = line[..at].trim().trim_matches(['"', '\'']);
    let value = line[at + 1..].trim().trim_end_matches([',', ';']);
    let value = value.split_once(" #").map_or(value, |(value, _)| value).trim();
    let value = value.trim_matches(['"', '\'']);
    let is_name =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    (is_name && !name.is_empty() && !value.is_empty()).then_some((name, value))
}
