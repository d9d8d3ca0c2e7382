//! The fields of a kustomization, and those of its small parts.

use std::collections::BTreeMap;

use super::decode::decode_fields;
use super::generator::{ConfigMapArgs, GeneratorOptions, SecretArgs};
use super::helm::{HelmChart, HelmChartArgs, HelmGlobals};
use super::lined::Lined;
use super::patch::Patch;
use super::replacement::ReplacementField;
use super::variable::Var;
use crate::config::FieldSpec;

type Strings = BTreeMap<String, String>;

/// Mirrors `Kustomization` in `types/kustomization.go` of kustomize api v0.21.2.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Kustomization {
    pub(crate) kind: String,
    pub(crate) api_version: String,
    pub(crate) metadata: Option<ObjectMeta>,
    pub(crate) openapi: Option<Strings>,
    pub(crate) name_prefix: String,
    pub(crate) name_suffix: String,
    pub(crate) namespace: String,
    pub(crate) common_labels: Option<Strings>,
    pub(crate) labels: Option<Vec<Label>>,
    pub(crate) common_annotations: Option<Strings>,
    pub(crate) patches_strategic_merge: Option<Vec<Lined<String>>>,
    pub(crate) patches_json6902: Option<Vec<Lined<Patch>>>,
    pub(crate) patches: Option<Vec<Lined<Patch>>>,
    pub(crate) images: Option<Vec<Lined<Image>>>,
    pub(crate) image_tags: Option<Vec<Lined<Image>>>,
    pub(crate) replacements: Option<Vec<Lined<ReplacementField>>>,
    pub(crate) replicas: Option<Vec<Replica>>,
    pub(crate) vars: Option<Vec<Var>>,
    pub(crate) sort_options: Option<SortOptions>,
    pub(crate) resources: Option<Vec<String>>,
    pub(crate) components: Option<Vec<String>>,
    pub(crate) crds: Option<Vec<String>>,
    pub(crate) bases: Option<Vec<String>>,
    pub(crate) config_map_generator: Option<Vec<ConfigMapArgs>>,
    pub(crate) secret_generator: Option<Vec<SecretArgs>>,
    pub(crate) helm_globals: Option<HelmGlobals>,
    pub(crate) helm_charts: Option<Vec<HelmChart>>,
    pub(crate) helm_chart_inflation_generator: Option<Vec<HelmChartArgs>>,
    pub(crate) generator_options: Option<GeneratorOptions>,
    pub(crate) configurations: Option<Vec<String>>,
    pub(crate) generators: Option<Vec<String>>,
    pub(crate) transformers: Option<Vec<String>>,
    pub(crate) validators: Option<Vec<String>>,
    pub(crate) build_metadata: Option<Vec<String>>,
    /// Old fields that were there, each with what is used instead. No field of the file.
    pub(super) old: Vec<(&'static str, &'static str)>,
}

impl Kustomization {
    /// Old fields that the file has, each with what is used instead.
    ///
    /// Mirrors `CheckDeprecatedFields` in `types/kustomization.go` of kustomize api v0.21.2.
    pub(crate) fn old_fields(&self) -> Vec<(&'static str, &'static str)> {
        let old = [
            (self.bases.is_some(), "bases", "resources"),
            (self.common_labels.is_some(), "commonLabels", "labels"),
            (self.image_tags.is_some(), "imageTags", "images"),
            (self.patches_json6902.is_some(), "patchesJson6902", "patches"),
            (self.patches_strategic_merge.is_some(), "patchesStrategicMerge", "patches"),
            (self.vars.is_some(), "vars", "replacements"),
        ];
        let found = old.into_iter().filter(|(is_there, ..)| *is_there);
        self.old.iter().copied().chain(found.map(|(_, old, new)| (old, new))).collect()
    }
}

decode_fields!(Kustomization, "Kustomization", {
    "kind" => kind,
    "apiVersion" => api_version,
    "metadata" => metadata,
    "openapi" => openapi,
    "namePrefix" => name_prefix,
    "nameSuffix" => name_suffix,
    "namespace" => namespace,
    "commonLabels" => common_labels,
    "labels" => labels,
    "commonAnnotations" => common_annotations,
    "patchesStrategicMerge" => patches_strategic_merge,
    "patchesJson6902" => patches_json6902,
    "patches" => patches,
    "images" => images,
    "imageTags" => image_tags,
    "replacements" => replacements,
    "replicas" => replicas,
    "vars" => vars,
    "sortOptions" => sort_options,
    "resources" => resources,
    "components" => components,
    "crds" => crds,
    "bases" => bases,
    "configMapGenerator" => config_map_generator,
    "secretGenerator" => secret_generator,
    "helmGlobals" => helm_globals,
    "helmCharts" => helm_charts,
    "helmChartInflationGenerator" => helm_chart_inflation_generator,
    "generatorOptions" => generator_options,
    "configurations" => configurations,
    "generators" => generators,
    "transformers" => transformers,
    "validators" => validators,
    "buildMetadata" => build_metadata,
});

/// Metadata of the kustomization itself, or of the configuration of a transformer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ObjectMeta {
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) labels: Strings,
    pub(crate) annotations: Strings,
}

decode_fields!(ObjectMeta, "ObjectMeta", {
    "name" => name,
    "namespace" => namespace,
    "labels" => labels,
    "annotations" => annotations,
});

/// An entry of `images`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) name: String,
    pub(crate) new_name: String,
    pub(crate) tag_suffix: String,
    pub(crate) new_tag: String,
    pub(crate) digest: String,
}

decode_fields!(Image, "Image", {
    "name" => name,
    "newName" => new_name,
    "tagSuffix" => tag_suffix,
    "newTag" => new_tag,
    "digest" => digest,
});

/// An entry of `labels`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Label {
    pub(crate) pairs: Strings,
    pub(crate) include_selectors: bool,
    pub(crate) include_templates: bool,
    pub(crate) include_volume_claim_templates: bool,
    pub(crate) fields: Vec<FieldSpec>,
}

decode_fields!(Label, "Label", {
    "pairs" => pairs,
    "includeSelectors" => include_selectors,
    "includeTemplates" => include_templates,
    "includeVolumeClaimTemplates" => include_volume_claim_templates,
    "fields" => fields,
});

/// An entry of `replicas`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Replica {
    pub(crate) name: String,
    pub(crate) count: i64,
}

decode_fields!(Replica, "Replica", { "name" => name, "count" => count });

/// The field `sortOptions`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SortOptions {
    pub(crate) order: String,
    pub(crate) legacy: Option<LegacySortOptions>,
}

decode_fields!(SortOptions, "SortOptions", { "order" => order, "legacySortOptions" => legacy });

/// Kinds that come first and last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LegacySortOptions {
    pub(crate) first: Vec<String>,
    pub(crate) last: Vec<String>,
}

decode_fields!(LegacySortOptions, "LegacySortOptions", { "orderFirst" => first, "orderLast" => last });
