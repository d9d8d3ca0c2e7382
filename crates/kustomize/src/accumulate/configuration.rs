//! The transformers of the fields of a kustomization.

use std::rc::Rc;

use sealift_goyaml::{Limits, to_yaml};

use super::Target;
use super::origin::Origin;
use super::patches::{JsonRule, MergeRule};
use super::transformer::Transformer;
use crate::config::{FieldSpec, FieldSpecs, TransformerConfig};
use crate::error::Error;
use crate::filters::json_patch::JsonPatch;
use crate::filters::namespace::Subjects;
use crate::kustomization::patch::{Patch, Selector};
use crate::kustomization::replacement::{Replacement, ReplacementField};
use crate::kustomization::{Label, Lined, Mode, decode};
use crate::resource::{Place, Resource, Step, read};
use crate::yaml::Json;

/// A transformer, and where it is said that it ran.
pub(super) type Sourced = (Transformer, Option<Origin>);

impl Target<'_> {
    /// The transformers of all fields, in the order in which they run, all read before one is run.
    ///
    /// Mirrors `configureBuiltinTransformers` in `internal/target/kusttarget_configplugin.go` of kustomize api v0.21.2.
    pub(super) fn own_transformers(&self, config: &TransformerConfig) -> Result<Vec<Sourced>, Error> {
        let own = &self.kustomization;
        let mut all = Vec::new();
        if let Some(patches) = own.patches_strategic_merge.as_ref().filter(|list| !list.is_empty()) {
            all.push(self.old_merge(patches)?);
        }
        for patch in own.patches.iter().flatten() {
            all.push(self.patch(&patch.value, patch.line)?);
        }
        if !own.namespace.is_empty() {
            all.push(Transformer::Namespace {
                namespace: own.namespace.clone(),
                specs: config.namespace.clone(),
                unset_only: false,
                subjects: Subjects::default(),
            });
        }
        if !own.name_prefix.is_empty() {
            all.push(Transformer::Prefix(own.name_prefix.clone(), config.name_prefix.clone()));
        }
        if !own.name_suffix.is_empty() {
            all.push(Transformer::Suffix(own.name_suffix.clone(), config.name_suffix.clone()));
        }
        for label in own.labels.iter().flatten() {
            all.push(Transformer::Labels(label.pairs.clone(), label_specs(label, config)?));
        }
        let has_labels = own.labels.as_ref().is_some_and(|labels| !labels.is_empty());
        let common = own.common_labels.clone().unwrap_or_default();
        if has_labels || !common.is_empty() {
            all.push(Transformer::Labels(common, config.common_labels.clone()));
        }
        let annotations = own.common_annotations.clone().unwrap_or_default();
        if !annotations.is_empty() {
            all.push(Transformer::Annotations(annotations, config.common_annotations.clone()));
        }
        for patch in own.patches_json6902.iter().flatten() {
            all.push(self.old_json(&patch.value, patch.line)?);
        }
        for replica in own.replicas.iter().flatten() {
            all.push(Transformer::Replicas(replica.clone(), config.replicas.clone()));
        }
        for image in own.images.iter().flatten() {
            let step = self.step("images", image.line);
            all.push(Transformer::Image(image.value.clone(), config.images.clone(), step));
        }
        if let Some(list) = own.replacements.as_ref().filter(|list| !list.is_empty()) {
            all.push(Transformer::Replacements(self.replacements(list)?));
        }
        let origin = |transformer: &Transformer| {
            self.origin.as_ref().map(|own| own.of_builtin(self.file_name, transformer.name()))
        };
        Ok(all.into_iter().map(|one| (origin(&one), one)).map(|(origin, one)| (one, origin)).collect())
    }

    pub(super) fn step(&self, field: &'static str, line: u32) -> Step {
        Step { field, place: Place { file: self.file(), line } }
    }

    /// Reads `patchesStrategicMerge`: each entry is a patch, or else a file.
    pub(super) fn old_merge(&self, entries: &[Lined<String>]) -> Result<Transformer, Error> {
        let mut all: Vec<Resource> = Vec::new();
        for Lined { value, .. } in entries {
            match read(value, &self.file()) {
                Ok(patches) => all.extend(patches),
                Err(_) => all.extend(self.patches_of_file(value)?),
            }
        }
        if all.is_empty() {
            let entries: Vec<_> = entries.iter().map(|entry| entry.value.as_str()).collect();
            return Err(Error::Configuration(format!(
                "patch appears to be empty; files=[{}]",
                entries.join(" ")
            )));
        }
        let step = |patch: &Resource| Step {
            field: "patchesStrategicMerge",
            place: patch.place().clone(),
        };
        let steps = all.iter().map(step).collect();
        Ok(Transformer::OldMerge(all, steps))
    }

    fn patches_of_file(&self, path: &str) -> Result<Vec<Resource>, Error> {
        let text = self.root.load_text(path)?;
        let file = crate::loader::path::join(self.root.path(), path).into();
        read(&text, &file).map_err(|error| Error::from(error).during(format!("patch file '{path}'")))
    }

    /// Reads an entry of `patches`: a patch to merge, or a list of operations, and not both.
    ///
    /// Mirrors `Config` in `internal/builtins/PatchTransformer.go` of kustomize api v0.21.2.
    pub(super) fn patch(&self, patch: &Patch, line: u32) -> Result<Transformer, Error> {
        let wrong = |reason: String| {
            Error::Configuration(format!(
                "trouble configuring builtin PatchTransformer with config: `\n{}`: {reason}",
                config_text(patch, "patch")
            ))
        };
        let inline = patch.patch.trim();
        let (text, source, file): (_, _, Rc<str>) = match (inline, patch.path.as_str()) {
            ("", "") => return Err(wrong("must specify one of patch and path".to_owned())),
            (inline, "") => (inline.to_owned(), format!("[patch: {inline:?}]"), self.file()),
            ("", path) => {
                let text = self.root.load_text(path).map_err(|error| {
                    wrong(format!("failed to get the patch file from path({path}): {error}"))
                })?;
                let file = crate::loader::path::join(self.root.path(), path).into();
                (text.into_owned(), format!("[path: {path:?}]"), file)
            }
            _ => return Err(wrong("patch and path can't be set at the same time".to_owned())),
        };
        let merged = read(&text, &file);
        let listed = if text.is_empty() { None } else { JsonPatch::parse(&text).ok() };
        let step = Step { field: "patches", place: Place { file, line: if inline.is_empty() { 1 } else { line } } };
        match (merged, listed) {
            (Ok(patches), Some(listed)) if !patches.is_empty() && !listed.is_empty() => {
                Err(wrong(format!("illegally qualifies as both an SM and JSON patch: {source}")))
            }
            (Err(_), None) => Err(wrong(format!("unable to parse SM or JSON patch from {source}"))),
            (Ok(patches), _) if patches.is_empty() => Ok(Transformer::Nothing),
            (Ok(patches), _) => {
                let target = patch.target.clone();
                let patches = with_options(patches, patch);
                Ok(Transformer::Merge(MergeRule { patches, target, source, step }))
            }
            (Err(_), Some(listed)) => {
                let target = patch.target.clone();
                Ok(Transformer::Json(JsonRule { patch: listed, target, source, is_old: false, step }))
            }
        }
    }

    /// Reads an entry of `patchesJson6902`.
    ///
    /// Mirrors `Config` in `internal/builtins/PatchJson6902Transformer.go` of kustomize api v0.21.2.
    pub(super) fn old_json(&self, patch: &Patch, line: u32) -> Result<Transformer, Error> {
        let wrong = |reason: String| {
            Error::Configuration(format!(
                "trouble configuring builtin PatchJson6902Transformer with config: `\n{}`: {reason}",
                config_text(patch, "jsonOp")
            ))
        };
        if patch.target.as_ref().is_none_or(|target| target.id.name.is_empty()) {
            return Err(wrong("must specify the target name".to_owned()));
        }
        let (text, file): (_, Rc<str>) = match (patch.patch.as_str(), patch.path.as_str()) {
            ("", "") => return Err(wrong("empty file path and empty jsonOp".to_owned())),
            (text, "") => (text.to_owned(), self.file()),
            ("", path) => {
                let text = self.root.load_text(path).map_err(|error| wrong(error.to_string()))?;
                let file = crate::loader::path::join(self.root.path(), path).into();
                (text.into_owned(), file)
            }
            _ => return Err(wrong("must specify a file path or jsonOp, not both".to_owned())),
        };
        if text.is_empty() {
            return Err(wrong(format!("patch file '{}' seems to be empty", patch.path)));
        }
        let listed = JsonPatch::parse(&text)
            .map_err(|error| wrong(format!("decoding {text}: {error}")))?;
        if listed.is_empty() {
            let path = &patch.path;
            return Err(wrong(format!("patch appears to be empty; file={path}, JsonOp={text}")));
        }
        let source = if patch.path.is_empty() { text } else { patch.path.clone() };
        let line = if patch.path.is_empty() { line } else { 1 };
        let step = Step { field: "patchesJson6902", place: Place { file, line } };
        let target = patch.target.clone();
        Ok(Transformer::Json(JsonRule { patch: listed, target, source, is_old: true, step }))
    }

    /// Reads `replacements`, those in files too.
    pub(super) fn replacements(
        &self,
        list: &[Lined<ReplacementField>],
    ) -> Result<Vec<(Replacement, Step)>, Error> {
        let mut all = Vec::new();
        for Lined { value, line } in list {
            if value.path.is_empty() {
                all.push((value.replacement.clone(), self.step("replacements", *line)));
                continue;
            }
            let inline = &value.replacement;
            if inline.source.is_some() || inline.targets.as_ref().is_some_and(|list| !list.is_empty()) {
                return Err(Error::Configuration(format!(
                    "cannot specify both path and inline replacement: '{}'",
                    value.path
                )));
            }
            all.extend(self.replacements_of_file(&value.path)?);
        }
        Ok(all)
    }

    fn replacements_of_file(&self, path: &str) -> Result<Vec<(Replacement, Step)>, Error> {
        let text = self.root.load_text(path)?;
        let about = |error| Error::Decode(error).during(format!("replacements of '{path}'"));
        let whole: Json<'static> = decode(&text, Mode::Lenient).map_err(about)?;
        let list: Vec<Lined<Replacement>> = match whole {
            Json::Seq(_) => decode(&text, Mode::Lenient).map_err(about)?,
            Json::Map(_) => vec![decode(&text, Mode::Lenient).map_err(about)?],
            _ => {
                return Err(Error::Configuration(format!(
                    "unsupported replacement type encountered within replacement path: '{path}'"
                )));
            }
        };
        let file: Rc<str> = crate::loader::path::join(self.root.path(), path).into();
        let step = |line| Step { field: "replacements", place: Place { file: Rc::clone(&file), line } };
        Ok(list.into_iter().map(|one| (one.value, step(one.line))).collect())
    }
}

fn with_options(mut patches: Vec<Resource>, patch: &Patch) -> Vec<Resource> {
    if let Some(options) = &patch.options {
        for patch in &mut patches {
            patch.history.allows_name_change = options.allow_name_change;
            patch.history.allows_kind_change = options.allow_kind_change;
        }
    }
    patches
}

/// Where an entry of `labels` sets labels.
fn label_specs(label: &Label, config: &TransformerConfig) -> Result<FieldSpecs, Error> {
    let mut specs = FieldSpecs(label.fields.clone());
    let conflict = |path| crate::config::ConflictError { section: "Labels", path };
    let mut more = vec![&config.labels];
    if label.include_selectors {
        more.push(&config.common_labels);
    } else {
        more.extend(label.include_templates.then_some(&config.template_labels));
        let claims = &config.volume_claim_template_labels;
        more.extend(label.include_volume_claim_templates.then_some(claims));
    }
    more.into_iter().try_for_each(|more| specs.merge_all(more)).map_err(conflict)?;
    if !label.include_selectors {
        specs.merge_one(&FieldSpec::of_all("metadata/labels", true)).map_err(conflict)?;
    }
    Ok(specs)
}

/// The entry as kustomize writes it in messages.
fn config_text(patch: &Patch, text_field: &'static str) -> String {
    let mut entries = Vec::new();
    push(&mut entries, text_field, &patch.patch);
    push(&mut entries, "path", &patch.path);
    if let Some(target) = &patch.target {
        entries.push(("target".into(), selector(target)));
    }
    to_yaml(&Json::Map(entries), &Limits::default()).unwrap_or_default()
}

fn selector(selector: &Selector) -> Json<'_> {
    let mut entries = Vec::new();
    push(&mut entries, "annotationSelector", &selector.annotations);
    push(&mut entries, "group", &selector.id.gvk.group);
    push(&mut entries, "kind", &selector.id.gvk.kind);
    push(&mut entries, "labelSelector", &selector.labels);
    push(&mut entries, "name", &selector.id.name);
    push(&mut entries, "namespace", &selector.id.namespace);
    push(&mut entries, "version", &selector.id.gvk.version);
    Json::Map(entries)
}

fn push<'a>(
    entries: &mut Vec<(std::borrow::Cow<'a, str>, Json<'a>)>,
    name: &'static str,
    text: &'a str,
) {
    if !text.is_empty() {
        entries.push((name.into(), Json::Str(text.into())));
    }
}
