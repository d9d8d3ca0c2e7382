//! Which fields transformers look at.

mod crds;
mod defaults;
mod field_spec;
mod name_reference;

use std::fmt;
use std::sync::OnceLock;

pub(crate) use crds::from_definitions;
pub(crate) use field_spec::{FieldSpec, FieldSpecs};
pub(crate) use name_reference::NameReference;

use crate::kustomization::decode_fields;

/// Two specifications of one field disagree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("failed to merge {section} fieldSpec: conflicting fieldspecs: {path}")]
pub struct ConflictError {
    /// The section, such as `CommonLabels`.
    pub section: &'static str,
    /// The path of the field.
    pub path: String,
}

/// The fields that each transformer looks at.
///
/// Mirrors `TransformerConfig` in `internal/plugins/builtinconfig/transformerconfig.go` of kustomize api v0.21.2.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TransformerConfig {
    pub(crate) name_prefix: FieldSpecs,
    pub(crate) name_suffix: FieldSpecs,
    pub(crate) namespace: FieldSpecs,
    pub(crate) common_labels: FieldSpecs,
    pub(crate) labels: FieldSpecs,
    pub(crate) template_labels: FieldSpecs,
    pub(crate) volume_claim_template_labels: FieldSpecs,
    pub(crate) common_annotations: FieldSpecs,
    pub(crate) name_reference: Vec<NameReference>,
    pub(crate) var_reference: FieldSpecs,
    pub(crate) images: FieldSpecs,
    pub(crate) replicas: FieldSpecs,
}

decode_fields!(TransformerConfig, "TransformerConfig", {
    "namePrefix" => name_prefix,
    "nameSuffix" => name_suffix,
    "namespace" => namespace,
    "commonLabels" => common_labels,
    "labels" => labels,
    "templateLabels" => template_labels,
    "volumeClaimTemplateLabels" => volume_claim_template_labels,
    "commonAnnotations" => common_annotations,
    "nameReference" => name_reference,
    "varReference" => var_reference,
    "images" => images,
    "replicas" => replicas,
});

impl TransformerConfig {
    /// What kustomize looks at without any configuration.
    pub(crate) fn defaults() -> Self {
        static DEFAULTS: OnceLock<TransformerConfig> = OnceLock::new();
        DEFAULTS.get_or_init(defaults::read).clone()
    }

    /// Adds another configuration to this one.
    pub(crate) fn merge(&mut self, other: &Self) -> Result<(), ConflictError> {
        // What bases mostly have: nothing of it is new.
        if self == other || *other == Self::default() {
            return Ok(());
        }
        for (name, own) in self.sections() {
            let (_, more) = other.section(name);
            own.merge_all(more).map_err(|path| ConflictError { section: name, path })?;
        }
        for reference in &other.name_reference {
            self.add_name_reference(reference)?;
        }
        self.sort();
        Ok(())
    }

    pub(crate) fn add_name_reference(&mut self, more: &NameReference) -> Result<(), ConflictError> {
        name_reference::merge_one(&mut self.name_reference, more)
            .map_err(|path| ConflictError { section: "NameReference", path })
    }

    /// Sorts by kind, in the order in which kinds are made.
    pub(crate) fn sort(&mut self) {
        self.sections().into_iter().for_each(|(_, specs)| specs.sort());
        self.name_reference.sort_by_cached_key(|reference| crate::order::kind_key(&reference.gvk));
    }

    fn sections(&mut self) -> [(&'static str, &mut FieldSpecs); 11] {
        [
            ("NamePrefix", &mut self.name_prefix),
            ("NameSuffix", &mut self.name_suffix),
            ("NameSpace", &mut self.namespace),
            ("CommonAnnotations", &mut self.common_annotations),
            ("CommonLabels", &mut self.common_labels),
            ("Labels", &mut self.labels),
            ("TemplateLabels", &mut self.template_labels),
            ("VolumeClaimTemplateLabels", &mut self.volume_claim_template_labels),
            ("VarReference", &mut self.var_reference),
            ("Images", &mut self.images),
            ("Replicas", &mut self.replicas),
        ]
    }

    fn section(&self, name: &'static str) -> (&'static str, &FieldSpecs) {
        let specs = match name {
            "NamePrefix" => &self.name_prefix,
            "NameSuffix" => &self.name_suffix,
            "NameSpace" => &self.namespace,
            "CommonAnnotations" => &self.common_annotations,
            "CommonLabels" => &self.common_labels,
            "Labels" => &self.labels,
            "TemplateLabels" => &self.template_labels,
            "VolumeClaimTemplateLabels" => &self.volume_claim_template_labels,
            "VarReference" => &self.var_reference,
            "Images" => &self.images,
            _ => &self.replicas,
        };
        (name, specs)
    }
}

impl fmt::Display for FieldSpecs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<_> = self.0.iter().map(|spec| spec.gvk.to_string()).collect();
        write!(formatter, "[{}]", kinds.join(" "))
    }
}
