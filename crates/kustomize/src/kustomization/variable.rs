//! The field `vars`.

use std::fmt;

use super::decode::decode_fields;
use super::replacement::DEFAULT_FIELD_PATH;
use crate::id::{Gvk, split_api_version};

/// An entry of `vars`: a name for a field of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Var {
    pub(crate) name: String,
    pub(crate) object: VarObject,
    pub(crate) field: FieldSelector,
}

decode_fields!(Var, "Var", { "name" => name, "objref" => object, "fieldref" => field });

/// The object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct VarObject {
    pub(crate) api_version: String,
    pub(crate) gvk: Gvk,
    pub(crate) name: String,
    pub(crate) namespace: String,
}

decode_fields!(VarObject, "Target", {
    "apiVersion" => api_version,
    "group" => gvk.group,
    "version" => gvk.version,
    "kind" => gvk.kind,
    "name" => name,
    "namespace" => namespace,
});

/// The field of the object, the name by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldSelector {
    pub(crate) path: String,
}

decode_fields!(FieldSelector, "FieldSelector", { "fieldPath" => path });

impl Var {
    /// Says what was left out. `Defaulting` in `types/var.go` of kustomize api v0.21.2.
    pub(crate) fn fill(&mut self) {
        if self.field.path.is_empty() {
            DEFAULT_FIELD_PATH.clone_into(&mut self.field.path);
        }
        if !self.object.api_version.is_empty() && self.object.api_version.matches('/').count() < 2 {
            let (group, version) = split_api_version(&self.object.api_version);
            if !group.is_empty() || self.object.api_version.contains('/') {
                group.clone_into(&mut self.object.gvk.group);
            }
            version.clone_into(&mut self.object.gvk.version);
        }
    }
}

impl fmt::Display for Var {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{{{} {} {{{}}}}}", self.name, self.object.gvk, self.field.path)
    }
}
