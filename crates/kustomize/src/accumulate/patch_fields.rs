//! The transformers of `patches`, `patchesStrategicMerge` and `patchesJson6902`.

use std::rc::Rc;

use sealift_goyaml::{Limits, to_yaml};

use super::Target;
use super::patches::{JsonRule, MergeRule};
use super::transformer::Transformer;
use crate::error::Error;
use crate::filters::json_patch::JsonPatch;
use crate::kustomization::Lined;
use crate::kustomization::patch::{Patch, Selector};
use crate::resource::{Place, Resource, Step, read};
use crate::yaml::Json;

impl Target<'_> {
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
        read(&text, &file)
            .map_err(|error| Error::from(error).during(format!("patch file '{path}'")))
    }

    /// Reads an entry of `patches`: a patch to merge, or a list of operations, and not both.
    ///
    /// Mirrors `Config` in `internal/builtins/PatchTransformer.go` of kustomize api v0.21.2.
    pub(super) fn patch(&self, entry: &Patch, line: u32) -> Result<Transformer, Error> {
        let WrittenPatch { text, source, step } = self.written(entry, line)?;
        let wrong = |reason: String| Error::Configuration(about(entry, &reason));
        let merged = read(&text, &step.place.file);
        let operations = if text.is_empty() { None } else { JsonPatch::parse(&text).ok() };
        let target = entry.target.clone();
        match (merged, operations) {
            (Ok(patches), Some(operations)) if !patches.is_empty() && !operations.is_empty() => {
                Err(wrong(format!("illegally qualifies as both an SM and JSON patch: {source}")))
            }
            (Err(error), None) => {
                let reason = format!("unable to parse SM or JSON patch from {source}");
                let is_yaml = !error.is_malformed();
                let error = Error::from(error);
                Err(if is_yaml { wrong(reason) } else { error.during(about(entry, &reason)) })
            }
            (Ok(patches), _) if patches.is_empty() => Ok(Transformer::Nothing),
            (Ok(patches), _) => {
                let patches = with_options(patches, entry);
                Ok(Transformer::Merge(MergeRule { patches, target, source, step }))
            }
            (Err(_), Some(patch)) => {
                Ok(Transformer::Json(JsonRule { patch, target, source, is_old: false, step }))
            }
        }
    }

    /// Finds the text of an entry of `patches`, in the kustomization or in a file.
    fn written(&self, entry: &Patch, line: u32) -> Result<WrittenPatch, Error> {
        let wrong = |reason: &str| Err(Error::Configuration(about(entry, reason)));
        let (text, source, file, line) = match (entry.text.trim(), entry.path.as_str()) {
            ("", "") => return wrong("must specify one of patch and path"),
            (inline, "") => (inline.to_owned(), format!("[patch: {inline:?}]"), self.file(), line),
            ("", path) => {
                let text = self.root.load_text(path).map_err(|error| {
                    let reason = format!("failed to get the patch file from path({path})");
                    Error::from(error).during(about(entry, &reason))
                })?;
                let file: Rc<str> = crate::loader::path::join(self.root.path(), path).into();
                (text.into_owned(), format!("[path: {path:?}]"), file, 1)
            }
            _ => return wrong("patch and path can't be set at the same time"),
        };
        let step = Step { field: "patches", place: Place { file, line } };
        Ok(WrittenPatch { text, source, step })
    }

    /// Reads an entry of `patchesJson6902`.
    ///
    /// Mirrors `Config` in `internal/builtins/PatchJson6902Transformer.go` of kustomize api v0.21.2.
    pub(super) fn old_json(&self, entry: &Patch, line: u32) -> Result<Transformer, Error> {
        let about = |reason: &str| {
            format!(
                "trouble configuring builtin PatchJson6902Transformer with config: `\n{}`{reason}",
                config_text(entry, "jsonOp")
            )
        };
        let wrong = |reason: String| Error::Configuration(about(&format!(": {reason}")));
        if entry.target.as_ref().is_none_or(|target| target.id.name.is_empty()) {
            return Err(wrong("must specify the target name".to_owned()));
        }
        let (text, file): (_, Rc<str>) = match (entry.text.as_str(), entry.path.as_str()) {
            ("", "") => return Err(wrong("empty file path and empty jsonOp".to_owned())),
            (text, "") => (text.to_owned(), self.file()),
            ("", path) => {
                let text = self.root.load_text(path);
                let text = text.map_err(|error| Error::from(error).during(about("")))?;
                let file = crate::loader::path::join(self.root.path(), path).into();
                (text.into_owned(), file)
            }
            _ => return Err(wrong("must specify a file path or jsonOp, not both".to_owned())),
        };
        if text.is_empty() {
            return Err(wrong(format!("patch file '{}' seems to be empty", entry.path)));
        }
        let operations =
            JsonPatch::parse(&text).map_err(|error| wrong(format!("decoding {text}: {error}")))?;
        if operations.is_empty() {
            let path = &entry.path;
            return Err(wrong(format!("patch appears to be empty; file={path}, JsonOp={text}")));
        }
        let source = if entry.path.is_empty() { text } else { entry.path.clone() };
        let line = if entry.path.is_empty() { line } else { 1 };
        let step = Step { field: "patchesJson6902", place: Place { file, line } };
        let target = entry.target.clone();
        Ok(Transformer::Json(JsonRule { patch: operations, target, source, is_old: true, step }))
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

/// The entry as kustomize writes it in messages.
fn config_text(patch: &Patch, text_field: &'static str) -> String {
    let mut entries = Vec::new();
    push(&mut entries, text_field, &patch.text);
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

/// The text of an entry of `patches`.
struct WrittenPatch {
    text: String,
    /// What messages call it.
    source: String,
    step: Step,
}

/// Says which entry of `patches` is wrong.
fn about(entry: &Patch, reason: &str) -> String {
    let config = config_text(entry, "patch");
    format!("trouble configuring builtin PatchTransformer with config: `\n{config}`: {reason}")
}
