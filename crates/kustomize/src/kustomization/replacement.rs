//! The field `replacements`.

use std::fmt;

use super::decode::decode_fields;
use super::patch::Selector;
use crate::id::ResId;

/// What is copied when no field is named.
pub(crate) const DEFAULT_FIELD_PATH: &str = "metadata.name";

/// An entry of `replacements`: a file, or a replacement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReplacementField {
    pub(crate) path: String,
    pub(crate) replacement: Replacement,
}

decode_fields!(ReplacementField, "ReplacementField", {
    "path" => path,
    "source" => replacement.source,
    "targets" => replacement.targets,
    "sourceValue" => replacement.source_value,
});

/// Copies a value to fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Replacement {
    pub(crate) source: Option<SourceSelector>,
    pub(crate) source_value: Option<String>,
    pub(crate) targets: Option<Vec<Option<TargetSelector>>>,
}

decode_fields!(Replacement, "Replacement", {
    "source" => source,
    "targets" => targets,
    "sourceValue" => source_value,
});

/// The field that is copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceSelector {
    pub(crate) id: ResId,
    pub(crate) field_path: String,
    pub(crate) options: Option<FieldOptions>,
}

decode_fields!(SourceSelector, "SourceSelector", {
    "group" => id.gvk.group,
    "version" => id.gvk.version,
    "kind" => id.gvk.kind,
    "name" => id.name,
    "namespace" => id.namespace,
    "fieldPath" => field_path,
    "options" => options,
});

impl fmt::Display for SourceSelector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.id)?;
        if !self.field_path.is_empty() {
            write!(formatter, ":{}", self.field_path)?;
        }
        match &self.options {
            Some(FieldOptions { delimiter, index, create, .. })
                if !delimiter.is_empty() || *create =>
            {
                write!(formatter, ":{delimiter}({index}), create={create}")
            }
            _ => Ok(()),
        }
    }
}

/// The fields that it is copied to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TargetSelector {
    pub(crate) select: Option<Selector>,
    pub(crate) reject: Vec<Selector>,
    pub(crate) field_paths: Vec<String>,
    pub(crate) options: Option<FieldOptions>,
}

decode_fields!(TargetSelector, "TargetSelector", {
    "select" => select,
    "reject" => reject,
    "fieldPaths" => field_paths,
    "options" => options,
});

/// Which part of a text is copied, and whether fields are created.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldOptions {
    pub(crate) delimiter: String,
    pub(crate) index: i64,
    pub(crate) encoding: String,
    pub(crate) create: bool,
}

decode_fields!(FieldOptions, "FieldOptions", {
    "delimiter" => delimiter,
    "index" => index,
    "encoding" => encoding,
    "create" => create,
});
