//! Numbers of replicas.

use super::field::{FieldError, apply};
use crate::config::FieldSpec;
use crate::yaml::edit::set_scalar;
use crate::yaml::{Kind, Node, Tag};

/// Sets the number of replicas in a field.
///
/// Mirrors `filters/replicacount/replicacount.go` of kustomize api v0.21.2.
pub(crate) fn set(object: &mut Node, count: i64, spec: &FieldSpec) -> Result<(), FieldError> {
    apply(spec, &Some((Kind::Scalar, Tag::Int)), object, &mut |field| {
        Ok(set_scalar(field, Node::tagged(count.to_string(), Tag::Int))?)
    })
}
