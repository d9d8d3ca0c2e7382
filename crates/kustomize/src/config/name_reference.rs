//! Fields that hold the names of other objects.

use super::field_spec::FieldSpecs;
use crate::id::Gvk;
use crate::kustomization::decode_fields;

/// The fields that hold names of objects of a kind.
///
/// Mirrors `NameBackReferences` in `internal/plugins/builtinconfig/namebackreferences.go` of kustomize api v0.21.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameReference {
    /// The kind that is named.
    pub(crate) gvk: Gvk,
    /// Where its name stands.
    pub(crate) referrers: FieldSpecs,
}

decode_fields!(NameReference, "NameBackReferences", {
    "group" => gvk.group,
    "version" => gvk.version,
    "kind" => gvk.kind,
    "fieldSpecs" => referrers,
});

/// Adds fields to those of the same kind; returns the path of two that disagree.
pub(super) fn merge_one(all: &mut Vec<NameReference>, more: &NameReference) -> Result<(), String> {
    let mut is_known = false;
    for known in all.iter_mut().filter(|known| known.gvk == more.gvk) {
        known.referrers.merge_all(&more.referrers)?;
        is_known = true;
    }
    if !is_known {
        all.push(more.clone());
    }
    Ok(())
}
