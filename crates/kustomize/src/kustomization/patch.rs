//! Patches and what they select.

use std::fmt;

use super::decode::decode_fields;
use super::lined::Lined;
use crate::id::ResId;

/// An entry of `patches` or `patchesJson6902`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Patch {
    pub(crate) path: String,
    pub(crate) text: Lined<String>,
    pub(crate) target: Option<Selector>,
    pub(crate) options: Option<PatchOptions>,
}

decode_fields!(Patch, "Patch", {
    "path" => path,
    "patch" => text,
    "target" => target,
    "options" => options,
});

/// What a patch may change besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PatchOptions {
    pub(crate) allow_name_change: bool,
    pub(crate) allow_kind_change: bool,
}

decode_fields!(PatchOptions, "PatchArgs", {
    "allowNameChange" => allow_name_change,
    "allowKindChange" => allow_kind_change,
});

/// Selects objects: each part is a regular expression for the whole text, what is empty fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selector {
    pub(crate) id: ResId,
    pub(crate) annotations: String,
    pub(crate) labels: String,
}

decode_fields!(Selector, "Selector", {
    "group" => id.gvk.group,
    "version" => id.gvk.version,
    "kind" => id.gvk.kind,
    "name" => id.name,
    "namespace" => id.namespace,
    "annotationSelector" => annotations,
    "labelSelector" => labels,
});

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:a={}:l={}", self.id, self.annotations, self.labels)
    }
}
