//! A value put into a field, or into one part of the path that the field holds.

use super::field::FieldError;
use crate::loader::path::join;
use crate::yaml::edit::{check_kind, field_or_create, set_scalar};
use crate::yaml::{Kind, Node, path};

/// Sets a field, which is created; with a position, puts the value before that part of the path in the field.
///
/// Mirrors `filters/valueadd/valueadd.go` of kustomize api v0.21.2.
pub(crate) fn add(
    object: &mut Node,
    value: &str,
    field_path: &str,
    position: i64,
) -> Result<(), FieldError> {
    let parts = path::split(field_path, '/');
    let mut here = object;
    for (at, part) in parts.iter().enumerate() {
        let kind = if at + 1 == parts.len() { Kind::Scalar } else { Kind::Map };
        match field_or_create(here, part, kind)? {
            Some(field) => here = field,
            None => return Ok(()),
        }
    }
    check_kind(here, Kind::Scalar)?;
    let text = match usize::try_from(position) {
        Ok(position) if position > 0 => insert_part(here.text(), position - 1, value),
        _ => value.to_owned(),
    };
    Ok(set_scalar(here, Node::scalar(text))?)
}

/// Mirrors `InsertPathPart` in `filesys/util.go` of kyaml v0.21.2.
fn insert_part(whole: &str, position: usize, part: &str) -> String {
    if part.is_empty() {
        return whole.to_owned();
    }
    let (root, rest) = match whole.strip_prefix('/') {
        Some(rest) => ("/", rest),
        None => ("", whole),
    };
    let mut parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    join("", &format!("{root}{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_put_where_it_is_wanted() {
        for (whole, position, want) in [
            ("projects/whatever", 0, "valueAdded/projects/whatever"),
            ("projects/whatever", 1, "projects/valueAdded/whatever"),
            ("projects/whatever", 9, "projects/whatever/valueAdded"),
            ("/projects", 0, "/valueAdded/projects"),
        ] {
            assert_eq!(insert_part(whole, position, "valueAdded"), want, "{whole} {position}");
        }
    }
}
