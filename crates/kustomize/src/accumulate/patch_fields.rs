//! The transformers of `patches`, `patchesStrategicMerge` and `patchesJson6902`.

use std::rc::Rc;

use sealift_goyaml::{Limits, to_yaml};

use super::Target;
use super::patches::{JsonRule, MergeRule};
use super::secret::{self, HIDDEN};
use super::transformer::Transformer;
use crate::error::Error;
use crate::filters::json_patch::JsonPatch;
use crate::kustomization::patch::{Patch, Selector};
use crate::kustomization::{Lined, TextLines};
use crate::loader::path;
use crate::resource::{Place, Resource, ResourceError, Step, forget_lines, lines_of, read};
use crate::yaml::{Json, Node, first};

impl Target<'_> {
    /// Reads `patchesStrategicMerge`: each entry is a patch, or else a file.
    pub(super) fn old_merge(&self, entries: &[Lined<String>]) -> Result<Transformer, Error> {
        let (mut all, mut steps) = (Vec::new(), Vec::new());
        for entry in entries {
            let (mut patches, written) = self.patches_of(entry)?;
            for patch in &mut patches {
                let line = written.lines.line(patch.place().line);
                let line = if line == 0 { written.line } else { line };
                let written = Written { line, ..written.clone() };
                steps.push(self.step_of("patchesStrategicMerge", &written, [&mut patch.node]));
            }
            all.append(&mut patches);
        }
        if all.is_empty() {
            let entries: Vec<_> = entries.iter().map(|entry| entry.value.as_str()).collect();
            return Err(Error::Configuration(format!(
                "patch appears to be empty; files=[{}]",
                entries.join(" ")
            )));
        }
        Ok(Transformer::OldMerge(all, steps))
    }

    /// Reads an entry of `patchesStrategicMerge`, and says where its patches stand.
    fn patches_of(&self, entry: &Lined<String>) -> Result<(Vec<Resource>, Written), Error> {
        let path = &entry.value;
        if let Ok(patches) = read(path, &self.file()) {
            return Ok((patches, Written::inline(self.file(), entry)));
        }
        secret::check_name("patchesStrategicMerge", path)?;
        let text = self.root.load_text(path)?;
        let written = Written::file(path::join(self.root.path(), path).into());
        let patches = read(&text, &written.file)
            .map_err(|error| Error::from(error).during(format!("patch file '{path}'")))?;
        Ok((patches, written))
    }

    /// Reads an entry of `patches`: a patch to merge, or a list of operations, and not both.
    ///
    /// Mirrors `Config` in `internal/builtins/PatchTransformer.go` of kustomize api v0.21.2.
    pub(super) fn patch(&self, entry: &Patch, line: u32) -> Result<Transformer, Error> {
        let WrittenPatch { text, source, written } = self.written(entry, line)?;
        let wrong = |reason: String| Error::Configuration(about(entry, &reason));
        let merged = read(&text, &written.file);
        let operations = if text.is_empty() { None } else { JsonPatch::parse(&text).ok() };
        let target = entry.target.clone();
        match (merged, operations) {
            (Ok(patches), Some(operations)) if !patches.is_empty() && !operations.is_empty() => {
                Err(wrong(format!("illegally qualifies as both an SM and JSON patch: {source}")))
            }
            (Err(error), None) => Err(unreadable(entry, &text, &source, error)),
            (Ok(patches), _) if patches.is_empty() => Ok(Transformer::Nothing),
            (Ok(mut patches), _) => {
                let nodes = patches.iter_mut().map(|patch| &mut patch.node);
                let step = self.step_of("patches", &written, nodes);
                let patches = with_options(patches, entry);
                Ok(Transformer::Merge(MergeRule { patches, target, source, step }))
            }
            (Err(_), Some(patch)) => {
                let step = self.step_of_operations("patches", &written, &text);
                Ok(Transformer::Json(JsonRule { patch, target, source, is_old: false, step }))
            }
        }
    }

    /// Finds the text of an entry of `patches`, in the kustomization or in a file.
    fn written(&self, entry: &Patch, line: u32) -> Result<WrittenPatch, Error> {
        let wrong = |reason: &str| Err(Error::Configuration(about(entry, reason)));
        let inline = entry.text.value.trim();
        match (inline, entry.path.as_str()) {
            ("", "") => wrong("must specify one of patch and path"),
            (inline, "") => {
                let source = if is_of_secret(entry, inline) {
                    format!("[patch: {HIDDEN}]")
                } else {
                    format!("[patch: {inline:?}]")
                };
                let written = self.inline(&entry.text, line);
                Ok(WrittenPatch { text: inline.to_owned(), source, written })
            }
            ("", path) => {
                let text = self.root.load_text(path).map_err(|error| {
                    let reason = format!("failed to get the patch file from path({path})");
                    Error::from(error).during(about(entry, &reason))
                })?;
                let written = Written::file(path::join(self.root.path(), path).into());
                let source = format!("[path: {path:?}]");
                Ok(WrittenPatch { text: text.into_owned(), source, written })
            }
            _ => wrong("patch and path can't be set at the same time"),
        }
    }

    /// Says where the text of an entry stands that begins on a line, once blanks around it are cut off.
    fn inline(&self, text: &Lined<String>, line: u32) -> Written {
        let cut = &text.value[..text.value.len() - text.value.trim_start().len()];
        Written { file: self.file(), line, lines: text.lines.behind(cut) }
    }

    /// Reads an entry of `patchesJson6902`.
    ///
    /// Mirrors `Config` in `internal/builtins/PatchJson6902Transformer.go` of kustomize api v0.21.2.
    pub(super) fn old_json(&self, entry: &Patch, line: u32) -> Result<Transformer, Error> {
        let about = |reason: &str| about_operations(entry, reason);
        let wrong = |reason: String| Error::Configuration(about(&format!(": {reason}")));
        if entry.target.as_ref().is_none_or(|target| target.id.name.is_empty()) {
            return Err(wrong("must specify the target name".to_owned()));
        }
        let (text, written) = match (entry.text.value.as_str(), entry.path.as_str()) {
            ("", "") => return Err(wrong("empty file path and empty jsonOp".to_owned())),
            (text, "") => {
                (text.to_owned(), Written { line, ..Written::inline(self.file(), &entry.text) })
            }
            ("", path) => {
                let text = self.root.load_text(path);
                let text = text.map_err(|error| Error::from(error).during(about("")))?;
                let written = Written::file(path::join(self.root.path(), path).into());
                (text.into_owned(), written)
            }
            _ => return Err(wrong("must specify a file path or jsonOp, not both".to_owned())),
        };
        let patch = operations(entry, &text).map_err(wrong)?;
        let step = self.step_of_operations("patchesJson6902", &written, &text);
        let source = match entry.path.as_str() {
            "" if is_of_secret(entry, &text) => HIDDEN.to_owned(),
            "" => text,
            file => file.to_owned(),
        };
        let target = entry.target.clone();
        Ok(Transformer::Json(JsonRule { patch, target, source, is_old: true, step }))
    }

    /// Makes the step of patches. Where that is traced, it knows the lines of their texts, and these forget theirs: what they give
    /// to an object has none in the object's file.
    fn step_of<'n>(
        &self,
        field: &'static str,
        written: &Written,
        nodes: impl IntoIterator<Item = &'n mut Node>,
    ) -> Step {
        let mut step = Step::new(field, written.place());
        if self.shared.options.is_traced {
            let nodes: Vec<_> = nodes.into_iter().collect();
            let texts = lines_of(nodes.iter().map(|node| &**node), written.lines);
            step.texts = Some(Rc::new(texts));
            nodes.into_iter().for_each(forget_lines);
        }
        step
    }

    /// As [`Self::step_of`], for operations.
    fn step_of_operations(&self, field: &'static str, written: &Written, text: &str) -> Step {
        let mut read =
            if self.shared.options.is_traced { first(text).ok().flatten() } else { None };
        self.step_of(field, written, &mut read)
    }
}

/// Reads the operations of an entry of `patchesJson6902`; says what is wrong with them.
fn operations(entry: &Patch, text: &str) -> Result<JsonPatch, String> {
    let path = &entry.path;
    if text.is_empty() {
        return Err(format!("patch file '{path}' seems to be empty"));
    }
    let is_hidden = is_of_secret(entry, text);
    let shown = if is_hidden { HIDDEN } else { text };
    let operations = JsonPatch::parse(text).map_err(|error| {
        let why = if is_hidden { String::new() } else { format!(": {error}") };
        format!("decoding {shown}{why}")
    })?;
    if operations.is_empty() {
        return Err(format!("patch appears to be empty; file={path}, JsonOp={shown}"));
    }
    Ok(operations)
}

/// Says of a text that it is no patch.
fn unreadable(entry: &Patch, text: &str, source: &str, error: ResourceError) -> Error {
    let reason = format!("unable to parse SM or JSON patch from {source}");
    // What is wrong with it may be shown with what is around it.
    if !error.is_malformed() || is_of_secret(entry, text) {
        return Error::Configuration(about(entry, &reason));
    }
    Error::from(error).during(about(entry, &reason))
}

/// Whether a patch may be one of a Secret, whose values are in no message: by its text, or as its target is a Secret or any kind
/// that fits a pattern.
fn is_of_secret(entry: &Patch, text: &str) -> bool {
    let kind = entry.target.as_ref().map_or("", |target| &target.id.gvk.kind);
    let is_pattern = kind.contains(|c: char| !c.is_ascii_alphanumeric());
    is_pattern || kind == "Secret" || secret::is_of_secret(text)
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
    let text = &patch.text.value;
    let text = if is_of_secret(patch, text) { HIDDEN } else { text };
    push(&mut entries, text_field, if patch.text.value.is_empty() { "" } else { text });
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

/// Where a patch is written.
#[derive(Clone)]
struct Written {
    file: Rc<str>,
    /// Where it begins.
    line: u32,
    /// Where its lines stand.
    lines: TextLines,
}

impl Written {
    fn file(file: Rc<str>) -> Self {
        Self { file, line: 1, lines: TextLines::FILE }
    }

    fn inline(file: Rc<str>, entry: &Lined<String>) -> Self {
        Self { file, line: entry.line, lines: entry.lines }
    }

    fn place(&self) -> Place {
        Place { file: Rc::clone(&self.file), line: self.line }
    }
}

/// The text of an entry of `patches`.
struct WrittenPatch {
    text: String,
    /// What messages call it.
    source: String,
    written: Written,
}

fn about_operations(entry: &Patch, reason: &str) -> String {
    format!(
        "trouble configuring builtin PatchJson6902Transformer with config: `\n{}`{reason}",
        config_text(entry, "jsonOp")
    )
}

/// Says which entry of `patches` is wrong.
fn about(entry: &Patch, reason: &str) -> String {
    let config = config_text(entry, "patch");
    format!("trouble configuring builtin PatchTransformer with config: `\n{config}`: {reason}")
}
