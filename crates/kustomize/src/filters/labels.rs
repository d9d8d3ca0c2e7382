//! Labels set in fields.

use std::collections::BTreeMap;

use super::field::{FieldError, apply};
use crate::config::FieldSpecs;
use crate::limits::Copied;
use crate::yaml::edit::set_field;
use crate::yaml::{Kind, Node, Tag};

/// Sets labels in each field of a list, which holds a map.
///
/// Mirrors `filters/labels/labels.go` of kustomize api v0.21.2.
pub(crate) fn set(
    object: &mut Node,
    labels: &BTreeMap<String, String>,
    specs: &FieldSpecs,
    copied: &Copied,
) -> Result<(), FieldError> {
    for (key, value) in labels {
        for spec in &specs.0 {
            apply(spec, &Some((Kind::Map, Tag::Map)), object, &mut |map| {
                copied.add(key.len() + value.len())?;
                Ok(set_field(map, key, Node::tagged(value.as_str(), Tag::Str))?)
            })?;
        }
    }
    Ok(())
}
