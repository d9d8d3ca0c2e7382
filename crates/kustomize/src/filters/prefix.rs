//! Prefixes and suffixes of names.

use super::field::{FieldError, apply};
use crate::config::FieldSpec;
use crate::id::{Gvk, ResId};
use crate::limits::Copied;
use crate::yaml::edit::set_scalar;
use crate::yaml::{Kind, Node, Tag};

/// Whether the name of such an object is never changed, since it must be what it is.
///
/// Mirrors `prefixFieldSpecsToSkip` in `internal/builtins/PrefixTransformer.go` of kustomize api v0.21.2.
pub(crate) fn is_exempt(id: &ResId) -> bool {
    let Gvk { group, kind, .. } = &id.gvk;
    matches!(kind.as_str(), "CustomResourceDefinition" | "Namespace")
        || (kind == "APIService" && group == "apiregistration.k8s.io")
}

/// Puts a text before and one behind the value of a field.
pub(crate) fn add(
    object: &mut Node,
    prefix: &str,
    suffix: &str,
    spec: &FieldSpec,
    copied: &Copied,
) -> Result<(), FieldError> {
    apply(spec, &Some((Kind::Scalar, Tag::Str)), object, &mut |field| {
        copied.add(prefix.len() + suffix.len())?;
        let text = format!("{prefix}{}{suffix}", field.text());
        Ok(set_scalar(field, Node::scalar(text))?)
    })
}
