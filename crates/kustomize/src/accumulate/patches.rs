//! Patches, ready to be applied.

use super::secret::changed;
use crate::error::Error;
use crate::filters::json_patch::JsonPatch;
use crate::filters::strategic_merge::merge;
use crate::kustomization::patch::Selector;
use crate::limits::Copied;
use crate::loader::LoadError;
use crate::openapi::Schema;
use crate::resmap::{check_unique, find_one};
use crate::resource::{History, Resource, Step, meta, take_lines};
use crate::selector::select;
use crate::yaml::{Json, Node, Tag, from_json, to_value};

/// A patch that is merged into objects.
pub(super) struct MergeRule {
    /// One for each document.
    pub(super) patches: Vec<Resource>,
    pub(super) target: Option<Selector>,
    /// How the patch is named in messages.
    pub(super) source: String,
    pub(super) step: Step,
}

/// A patch that lists operations.
pub(super) struct JsonRule {
    pub(super) patch: JsonPatch,
    pub(super) target: Option<Selector>,
    pub(super) source: String,
    /// Whether it is one of `patchesJson6902`, which leave no trace of the earlier identity.
    pub(super) is_old: bool,
    pub(super) step: Step,
}

/// An annotation that stands for those of kustomize while a patch is applied.
const MARK: &str = "internal.config.kubernetes.io/history";

/// Applies `patchesStrategicMerge`: each patch to the one object that has or had its identity.
///
/// Mirrors `internal/builtins/PatchStrategicMergeTransformer.go` of kustomize api v0.21.2.
pub(super) fn run_old_merge(
    all: &mut Vec<Resource>,
    patches: &[Resource],
    steps: &[Step],
    schema: &Schema,
) -> Result<(), Error> {
    for (patch, step) in patches.iter().zip(steps) {
        let id = patch.original_id();
        let at = find_one(all, &id)
            .map_err(|cause| Error::PatchTarget { id: Box::new(id.clone()), cause })?;
        let selected = with_id_of(all, &[at]);
        apply_to(all, &selected, patch, step, schema)?;
    }
    Ok(())
}

/// Applies an entry of `patches`.
///
/// Mirrors `internal/builtins/PatchTransformer.go` of kustomize api v0.21.2.
pub(super) fn run_merge(
    all: &mut Vec<Resource>,
    rule: &MergeRule,
    schema: &Schema,
    copied: &Copied,
) -> Result<(), Error> {
    let Some(target) = &rule.target else {
        for patch in &rule.patches {
            let id = patch.original_id();
            let at = find_one(all, &id).map_err(|cause| {
                Error::PatchTarget { id: Box::new(id.clone()), cause }
                    .during("no resource matches strategic merge patch")
            })?;
            merge_shown(&mut all[at], patch, schema)?;
            all[at].note(&rule.step);
        }
        return Ok(());
    };
    let [patch] = &rule.patches[..] else {
        return Err(Error::Configuration(format!(
            "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: {}",
            rule.source
        )));
    };
    let selected = select(all, target).map_err(|error| {
        Error::from(error).during(format!("unable to find patch target {target} in `resources`"))
    })?;
    let selected = with_id_of(all, &selected);
    let size = patch.node.size(0).map_err(LoadError::from)?;
    copied.add(size.saturating_mul(selected.len())).map_err(LoadError::from)?;
    apply_to(all, &selected, patch, &rule.step, schema)
}

/// All objects that have the identity of one of those that are selected.
fn with_id_of(all: &[Resource], selected: &[usize]) -> Vec<usize> {
    let ids: Vec<_> = selected.iter().map(|at| all[*at].id()).collect();
    (0..all.len()).filter(|at| selected.contains(at) || ids.contains(&all[*at].id())).collect()
}

/// Applies a patch to objects, whatever they are called, and drops those that it removes.
///
/// Mirrors `ApplySmPatch` in `resmap/reswrangler.go` of kustomize api v0.21.2.
fn apply_to(
    all: &mut Vec<Resource>,
    selected: &[usize],
    patch: &Resource,
    step: &Step,
    schema: &Schema,
) -> Result<(), Error> {
    for at in selected {
        let mut copy = patch.clone();
        copy.take_metadata(patch)?;
        meta::set_kind(&mut copy.node, meta::kind(&patch.node))?;
        let api_version = meta::api_version(&all[*at].node).to_owned();
        meta::set_api_version(&mut copy.node, &api_version)?;
        merge_shown(&mut all[*at], &copy, schema)?;
        all[*at].note(step);
    }
    all.retain(|resource| !resource.node.is_nil_or_empty());
    Ok(check_unique(all)?)
}

/// As [`merge_into`], with messages that show nothing of a Secret.
fn merge_shown(resource: &mut Resource, patch: &Resource, schema: &Schema) -> Result<(), Error> {
    changed(resource, "a strategic merge patch", |resource| merge_into(resource, patch, schema))
}

/// Mirrors `ApplySmPatch` in `resource/resource.go` of kustomize api v0.21.2.
fn merge_into(resource: &mut Resource, patch: &Resource, schema: &Schema) -> Result<(), Error> {
    let [name, namespace, kind] =
        [meta::name, meta::namespace, meta::kind].map(|part| part(&resource.node).to_owned());
    let allowed = (patch.history.allows_name_change, patch.history.allows_kind_change);
    if allowed.0 || allowed.1 {
        resource.store_previous_id();
    }
    let had_history = mark(resource)?;
    let object = std::mem::replace(&mut resource.node, removed());
    let Some(node) = merge(object, patch.node.clone(), schema)? else { return Ok(()) };
    resource.node = node;
    if resource.node.is_nil_or_empty() {
        return Ok(());
    }
    unmark(resource, had_history)?;
    if allowed.0 || allowed.1 {
        resource.history.allows_name_change |= allowed.0;
        resource.history.allows_kind_change |= allowed.1;
    }
    if !allowed.1 {
        meta::set_kind(&mut resource.node, &kind)?;
    }
    if !allowed.0 {
        meta::set_name(&mut resource.node, &name)?;
    }
    Ok(meta::set_namespace(&mut resource.node, &namespace)?)
}

/// What is left of an object that is removed.
fn removed() -> Node {
    Node::tagged("", Tag::Null)
}

/// Puts an annotation where kustomize would have its own, if it had any.
fn mark(resource: &mut Resource) -> Result<bool, Error> {
    let has_history = !resource.history.is_empty();
    if has_history {
        meta::set_annotation(&mut resource.node, MARK, "1")?;
    }
    Ok(has_history)
}

/// Removes the annotation again. A patch that removed it removed what kustomize knew of the object.
fn unmark(resource: &mut Resource, had_history: bool) -> Result<(), Error> {
    if !had_history {
        return Ok(());
    }
    let Some(metadata) = resource.node.get_mut("metadata") else {
        resource.history = History::default();
        return Ok(());
    };
    let annotations = metadata.get_mut("annotations");
    let mark = match annotations {
        Some(annotations) => crate::yaml::edit::clear(annotations, MARK)?,
        None => None,
    };
    if mark.is_none() {
        resource.history = History::default();
    }
    if metadata.get("annotations").is_some_and(|map| map.entries().is_empty() && !map.is_null()) {
        crate::yaml::edit::clear(metadata, "annotations")?;
    }
    Ok(())
}

/// Applies operations to the objects that are selected.
pub(super) fn run_json(
    all: &mut [Resource],
    rule: &JsonRule,
    copied: &Copied,
) -> Result<(), Error> {
    let Some(target) = &rule.target else {
        let source = &rule.source;
        return Err(Error::Configuration(format!("must specify a target for JSON patch {source}")));
    };
    for at in select(all, target)? {
        changed(&mut all[at], "a JSON patch", |resource| operate(resource, rule, copied))?;
    }
    Ok(())
}

/// Applies operations to an object.
fn operate(resource: &mut Resource, rule: &JsonRule, copied: &Copied) -> Result<(), Error> {
    if !rule.is_old {
        resource.store_previous_id();
    }
    let has_history = mark(resource)?;
    let mut value = to_value(&resource.node)?.into_owned();
    rule.patch.apply(&mut value, copied)?;
    if !matches!(value, Json::Map(_)) {
        let source = &rule.source;
        return Err(Error::Configuration(format!("JSON patch leaves no object: {source}")));
    }
    let mut node = from_json(&value);
    if resource.is_traced() {
        take_lines(&mut node, &resource.node);
    }
    resource.node = node;
    let mut annotations = meta::annotations(&resource.node);
    if has_history {
        annotations.remove(MARK);
    }
    meta::set_annotations(&mut resource.node, &annotations)?;
    resource.note(&rule.step);
    Ok(())
}
