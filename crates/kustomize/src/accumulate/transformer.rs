//! Transformers, ready to run.

use std::collections::BTreeMap;

use super::accumulator::add_hashes;
use super::patches::{JsonRule, MergeRule, run_json, run_merge, run_old_merge};
use super::secret::changed;
use crate::config::FieldSpecs;
use crate::error::Error;
use crate::filters::field::FieldError;
use crate::filters::images::ImageRule;
use crate::filters::namespace::{NamespaceRule, Subjects};
use crate::filters::{annotations, labels, prefix, replacement, replicas, value_add};
use crate::id::ResId;
use crate::kustomization::patch::Selector;
use crate::kustomization::replacement::Replacement;
use crate::kustomization::{Image, Replica};
use crate::limits::Copied;
use crate::openapi::Schema;
use crate::resmap::find_any;
use crate::resource::{Resource, Step};
use crate::selector::select;
use crate::yaml::Node;

/// A transformer with all that it needs.
pub(super) enum Transformer {
    /// `patchesStrategicMerge`.
    OldMerge(Vec<Resource>, Vec<Step>),
    /// An entry of `patches` that is merged.
    Merge(MergeRule),
    /// An entry of `patches` or `patchesJson6902` that lists operations.
    Json(JsonRule),
    /// `patches` that say nothing.
    Nothing,
    Namespace {
        namespace: String,
        specs: FieldSpecs,
        unset_only: bool,
        subjects: Subjects,
    },
    Prefix(String, FieldSpecs),
    Suffix(String, FieldSpecs),
    Labels(BTreeMap<String, String>, FieldSpecs),
    Annotations(BTreeMap<String, String>, FieldSpecs),
    Replicas(Replica, FieldSpecs),
    Image(Image, FieldSpecs, Step),
    Replacements(Vec<(Replacement, Step)>),
    Hash,
    ValueAdd {
        value: String,
        targets: Vec<ValueTarget>,
    },
}

/// A field that a value is added to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ValueTarget {
    pub(super) selector: Option<Selector>,
    pub(super) field_path: String,
    pub(super) position: i64,
}

crate::kustomization::decode_fields!(ValueTarget, "Target", {
    "selector" => selector,
    "fieldPath" => field_path,
    "filePathPosition" => position,
});

impl Transformer {
    /// The kind of the configuration that it has in kustomize.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::OldMerge(..) => "PatchStrategicMergeTransformer",
            Self::Json(rule) if rule.is_old => "PatchJson6902Transformer",
            Self::Merge(_) | Self::Json(_) | Self::Nothing => "PatchTransformer",
            Self::Namespace { .. } => "NamespaceTransformer",
            Self::Prefix(..) => "PrefixTransformer",
            Self::Suffix(..) => "SuffixTransformer",
            Self::Labels(..) => "LabelTransformer",
            Self::Annotations(..) => "AnnotationsTransformer",
            Self::Replicas(..) => "ReplicaCountTransformer",
            Self::Image(..) => "ImageTagTransformer",
            Self::Replacements(_) => "ReplacementTransformer",
            Self::Hash => "HashTransformer",
            Self::ValueAdd { .. } => "ValueAddTransformer",
        }
    }
}

/// Runs a transformer. Mirrors `internal/builtins` of kustomize api v0.21.2.
pub(super) fn run(
    transformer: &Transformer,
    all: &mut Vec<Resource>,
    schema: &Schema,
    copied: &Copied,
) -> Result<(), Error> {
    match transformer {
        Transformer::OldMerge(patches, steps) => run_old_merge(all, patches, steps, schema),
        Transformer::Merge(rule) => run_merge(all, rule, schema, copied),
        Transformer::Json(rule) => run_json(all, rule, copied),
        Transformer::Nothing => Ok(()),
        Transformer::Namespace { namespace, specs, unset_only, subjects } => {
            let (unset_only, subjects) = (*unset_only, *subjects);
            run_namespace(all, &NamespaceRule { namespace, specs, unset_only, subjects, copied })
        }
        Transformer::Prefix(text, specs) => run_affix(all, (text, ""), specs, copied),
        Transformer::Suffix(text, specs) => run_affix(all, ("", text), specs, copied),
        Transformer::Labels(pairs, specs) => {
            each(all, "a label", |resource| labels::set(&mut resource.node, pairs, specs, copied))
        }
        Transformer::Annotations(pairs, specs) => each(all, "an annotation", |resource| {
            annotations::set(&mut resource.node, pairs, specs, copied)
        }),
        Transformer::Replicas(replica, specs) => run_replicas(all, replica, specs),
        Transformer::Image(image, specs, step) => {
            run_image(all, &ImageRule::new(image, copied), specs, step)
        }
        Transformer::Replacements(list) => {
            let apply = |(rule, step): &(_, _)| replacement::apply(all, rule, step, copied);
            Ok(list.iter().try_for_each(apply)?)
        }
        Transformer::Hash => add_hashes(all),
        Transformer::ValueAdd { value, targets } => {
            targets.iter().try_for_each(|target| run_value_add(all, value, target, copied))
        }
    }
}

/// Changes all objects.
fn each<E: Into<Error>>(
    all: &mut [Resource],
    change: &str,
    mut act: impl FnMut(&mut Resource) -> Result<(), E>,
) -> Result<(), Error> {
    all.iter_mut().try_for_each(|resource| changed(resource, change, &mut act))
}

/// What makes two objects one.
fn key(id: &ResId) -> (String, String, String) {
    (id.gvk.to_string(), id.name.clone(), id.effective_namespace().to_owned())
}

fn run_namespace(all: &mut [Resource], rule: &NamespaceRule<'_>) -> Result<(), Error> {
    const FROM_CHART: &str = "internal.config.kubernetes.io/helm-generated";
    if rule.namespace.is_empty() {
        return Ok(());
    }
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for resource in all.iter() {
        *counts.entry(key(&resource.id())).or_default() += 1;
    }
    for at in 0..all.len() {
        let resource = &mut all[at];
        let from_chart =
            crate::resource::meta::annotation(&resource.node, FROM_CHART) == Some("true");
        if resource.node.is_nil_or_empty() || from_chart {
            continue;
        }
        let old = key(&resource.id());
        resource.store_previous_id();
        changed(resource, "a namespace", |resource| rule.apply(&mut resource.node))?;
        let id = resource.id();
        if let Some(count) = counts.get_mut(&old) {
            *count -= 1;
        }
        let count = counts.entry(key(&id)).or_default();
        *count += 1;
        if *count > 1 {
            let same = all.iter().filter(|other| other.id().is_same(&id)).map(Resource::describe);
            return Err(Error::NamespaceConflict(same.collect::<Vec<_>>().join(" ")));
        }
    }
    Ok(())
}

fn run_affix(
    all: &mut [Resource],
    (before, behind): (&str, &str),
    specs: &FieldSpecs,
    copied: &Copied,
) -> Result<(), Error> {
    each(all, "a prefix or suffix", |resource| {
        let id = resource.original_id();
        if prefix::is_exempt(&id) {
            return Ok(());
        }
        for spec in specs.0.iter().filter(|spec| id.gvk.is_selected(&spec.gvk)) {
            if spec.path == "metadata/name" && !(before.is_empty() && behind.is_empty()) {
                let history = &mut resource.history;
                history.prefixes.extend(Some(before.to_owned()).filter(|text| !text.is_empty()));
                history.suffixes.extend(Some(behind.to_owned()).filter(|text| !text.is_empty()));
                resource.store_previous_id();
            }
            prefix::add(&mut resource.node, before, behind, spec, copied)?;
        }
        Ok::<_, FieldError>(())
    })
}

fn run_replicas(all: &mut [Resource], replica: &Replica, specs: &FieldSpecs) -> Result<(), Error> {
    let mut is_found = false;
    for spec in &specs.0 {
        let found = find_any(all, |id| id.name == replica.name && id.gvk.is_selected(&spec.gvk));
        is_found |= !found.is_empty();
        for at in found {
            changed(&mut all[at], "a number of replicas", |resource| {
                replicas::set(&mut resource.node, replica.count, spec)
            })?;
        }
    }
    if is_found {
        return Ok(());
    }
    Err(Error::Replicas { name: replica.name.clone(), kinds: specs.to_string() })
}

fn run_image(
    all: &mut [Resource],
    rule: &ImageRule<'_>,
    specs: &FieldSpecs,
    step: &Step,
) -> Result<(), Error> {
    const CHANGE: &str = "an image";
    let mut is_set = vec![false; all.len()];
    for (resource, is_set) in all.iter_mut().zip(&mut is_set) {
        let apply = |resource: &mut Resource| rule.apply_containers(&mut resource.node);
        *is_set |= changed(resource, CHANGE, apply)?;
    }
    for (resource, is_set) in all.iter_mut().zip(&mut is_set) {
        let apply = |resource: &mut Resource| rule.apply_fields(&mut resource.node, specs);
        *is_set |= changed(resource, CHANGE, apply)?;
        if *is_set {
            resource.note(step);
        }
    }
    Ok(())
}

fn run_value_add(
    all: &mut [Resource],
    value: &str,
    target: &ValueTarget,
    copied: &Copied,
) -> Result<(), Error> {
    let selected = match &target.selector {
        Some(selector) => select(all, selector)?,
        None => (0..all.len()).collect(),
    };
    for at in selected {
        copied.add(value.len()).map_err(FieldError::from)?;
        changed(&mut all[at], "a value", |resource| {
            add_value(&mut resource.node, value, target, copied)
        })?;
    }
    Ok(())
}

fn add_value(
    node: &mut Node,
    value: &str,
    target: &ValueTarget,
    copied: &Copied,
) -> Result<(), Error> {
    if target.field_path == "metadata/namespace" {
        let (unset_only, subjects) = (false, Subjects::default());
        let specs = &FieldSpecs::default();
        let rule = NamespaceRule { namespace: value, specs, unset_only, subjects, copied };
        return Ok(rule.apply(node)?);
    }
    Ok(value_add::add(node, value, &target.field_path, target.position)?)
}
