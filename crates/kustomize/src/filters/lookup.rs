//! A field at the end of a path with indices and conditions.

use super::field::FieldError;
use crate::yaml::edit::check_kind;
use crate::yaml::{Kind, Node, path};

/// Finds the node at the end of a path; `None` where there is none.
///
/// Mirrors `PathGetter` in `yaml/fns.go` of kyaml v0.21.2 without creation.
pub(crate) fn lookup<'n>(root: &'n Node, parts: &[String]) -> Result<Option<&'n Node>, FieldError> {
    let mut here = root;
    for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        match step(here, part)? {
            Some(next) => here = next,
            None => return Ok(None),
        }
    }
    Ok(Some(here))
}

fn step<'n>(node: &'n Node, part: &str) -> Result<Option<&'n Node>, FieldError> {
    if let Ok(index) = part.parse::<i64>() {
        let Ok(index) = usize::try_from(index) else {
            return Err(FieldError::Unsupported(part.to_owned()));
        };
        check_kind(node, Kind::Seq)?;
        return Ok(node.items().get(index));
    }
    match part {
        "-" => {
            check_kind(node, Kind::Seq)?;
            Ok(node.items().last())
        }
        "*" => Err(FieldError::Unsupported(part.to_owned())),
        part if path::is_list_index(part) => {
            let (name, value) = condition(part)?;
            check_kind(node, Kind::Seq)?;
            Ok(node.items().iter().find(|item| fits(item, name, value)))
        }
        part => {
            if node.is_null() {
                return Ok(None);
            }
            check_kind(node, Kind::Map)?;
            Ok(node.get(part))
        }
    }
}

/// Cuts `[name=value]`.
pub(super) fn condition(part: &str) -> Result<(&str, &str), FieldError> {
    let inner = part.strip_prefix('[').unwrap_or(part);
    let inner = inner.strip_suffix(']').unwrap_or(inner);
    inner.split_once('=').ok_or_else(|| {
        FieldError::Other(format!(
            "list path element must contain fieldName=fieldValue for element to match: {part}"
        ))
    })
}

fn fits(item: &Node, name: &str, value: &str) -> bool {
    if name.is_empty() {
        return item.text() == value;
    }
    item.get(name).is_some_and(|field| field.text() == value)
}

/// Finds the node that [`lookup`] finds, to be changed.
pub(super) fn lookup_mut<'n>(root: &'n mut Node, parts: &[String]) -> Option<&'n mut Node> {
    let mut here = root;
    for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        here = step_mut(here, part)?;
    }
    Some(here)
}

fn step_mut<'n>(node: &'n mut Node, part: &str) -> Option<&'n mut Node> {
    if let Some(index) = path::index(part) {
        return node.items_mut().get_mut(index);
    }
    match part {
        "-" => node.items_mut().last_mut(),
        part if path::is_list_index(part) => {
            let (name, value) = condition(part).ok()?;
            node.items_mut().iter_mut().find(|item| fits(item, name, value))
        }
        part => node.get_mut(part),
    }
}
