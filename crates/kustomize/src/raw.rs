//! Single filters on texts, for comparison with kustomize's own tables. Not part of the API.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::{FieldSpec, FieldSpecs};
use crate::filters::images::{ImageRule, split};
use crate::filters::json_patch::JsonPatch;
use crate::filters::namespace::{NamespaceRule, Subjects};
use crate::filters::vars::{VarValue, VarValues, expanded_text};
use crate::filters::{hash, labels, prefix, replacement, replicas, strategic_merge, value_add};
use crate::id::Gvk;
use crate::kustomization::replacement::Replacement;
use crate::kustomization::{Image, Mode, decode, decode_fields};
use crate::limits::Copied;
use crate::openapi::Schema;
use crate::resource::{Place, Resource, Step};
use crate::yaml::{Node, first, from_json, path, to_json_text, to_text, to_value};

type Result<T> = std::result::Result<T, String>;

#[expect(clippy::needless_pass_by_value, reason = "handed to `map_err`")]
fn said(error: impl ToString) -> String {
    error.to_string()
}

/// Reads documents, changes each and writes them.
fn each(text: &str, mut change: impl FnMut(&mut Node) -> Result<()>) -> Result<String> {
    let mut written = Vec::new();
    for part in text.trim_start_matches('\n').split("\n---\n") {
        let Some(mut node) = first(part).map_err(said)? else { continue };
        change(&mut node)?;
        written.push(to_text(&node));
    }
    Ok(written.join("---\n"))
}

/// Merges a patch into an object; `infers` when lists are merged by names of which no type says it.
pub fn merge(patch: &str, object: &str, infers: bool) -> Result<String> {
    let read = |text| first(text).map_err(said).map(Option::unwrap_or_default);
    let merged =
        strategic_merge::merge_inferring(read(object)?, read(patch)?, Schema::builtin(), infers);
    Ok(merged.map_err(said)?.map(|node| to_text(&node)).unwrap_or_default())
}

/// Reads a document, aliases and merge keys replaced, and writes it.
pub fn read(text: &str) -> Result<String> {
    each(text, |_| Ok(()))
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn spec(value: &Value) -> FieldSpec {
    let gvk = &value["Gvk"];
    let part = |name| string(&gvk[name]);
    FieldSpec {
        gvk: Gvk { group: part("Group"), version: part("Version"), kind: part("Kind") },
        path: string(&value["Path"]),
        create: value["CreateIfNotPresent"] == true,
    }
}

fn specs(value: &Value) -> FieldSpecs {
    FieldSpecs(value.as_array().into_iter().flatten().map(spec).collect())
}

fn strings(value: &Value) -> BTreeMap<String, String> {
    let entries = value.as_object().into_iter().flatten().filter(|(key, _)| *key != "__type");
    entries.map(|(key, value)| (key.clone(), string(value))).collect()
}

/// Runs a filter as a row of a table has it.
pub fn filter(name: &str, row: &Value) -> Result<String> {
    let (input, filter) = (string(&row["input"]), &row["filter"]);
    each(&input, |node| match name {
        "labels" => set_labels(node, &filter["Labels"], &specs(&filter["FsSlice"])),
        "annotations" => {
            // As the table's test does, which has the usual field besides those of the row.
            let mut all = specs(&row["fsslice"]);
            all.0.insert(0, FieldSpec::of_all("metadata/annotations", true));
            set_labels(node, &filter["Annotations"], &all)
        }
        "prefix" => affix(node, &string(&filter["Prefix"]), "", filter),
        "suffix" => affix(node, "", &string(&filter["Suffix"]), filter),
        "replicas" => {
            let count = filter["Replica"]["Count"].as_i64().unwrap_or_default();
            replicas::set(node, count, &spec(&filter["FieldSpec"])).map_err(said)
        }
        "value" => {
            let position = filter["FilePathPosition"].as_i64().unwrap_or_default();
            value_add::add(node, &string(&filter["Value"]), &string(&filter["FieldPath"]), position)
                .map_err(said)
        }
        "namespace" => namespace(node, filter, &specs(&row["fsslice"])),
        "image" => images(node, filter, Some(&specs(&row["fsSlice"]))),
        "containers" => images(node, filter, None),
        "json" => operations(node, &string(&filter["Patch"])),
        other => Err(format!("no filter {other}")),
    })
}

fn set_labels(node: &mut Node, labels: &Value, specs: &FieldSpecs) -> Result<()> {
    labels::set(node, &strings(labels), specs, &Copied::default()).map_err(said)
}

fn affix(node: &mut Node, before: &str, behind: &str, filter: &Value) -> Result<()> {
    prefix::add(node, before, behind, &spec(&filter["FieldSpec"]), &Copied::default()).map_err(said)
}

fn namespace(node: &mut Node, filter: &Value, specs: &FieldSpecs) -> Result<()> {
    let rule = NamespaceRule {
        namespace: &string(&filter["Namespace"]),
        specs,
        unset_only: filter["UnsetOnly"] == true,
        subjects: match string(&filter["SetRoleBindingSubjects"]).as_str() {
            "AllServiceAccountSubjects" | "allServiceAccounts" => Subjects::ServiceAccounts,
            "NoSubjects" | "none" => Subjects::None,
            _ => Subjects::Default,
        },
        copied: &Copied::default(),
    };
    rule.apply(node).map_err(said)
}

/// Changes images in these fields, or in containers.
fn images(node: &mut Node, filter: &Value, specs: Option<&FieldSpecs>) -> Result<()> {
    let (image, copied) = (image(&filter["ImageTag"]), Copied::default());
    let rule = ImageRule::new(&image, &copied);
    let done = match specs {
        Some(specs) => rule.apply_fields(node, specs),
        None => rule.apply_containers(node),
    };
    done.map(|_| ()).map_err(said)
}

fn operations(node: &mut Node, patch: &str) -> Result<()> {
    let mut value = to_value(node).map_err(said)?.into_owned();
    let patch = JsonPatch::parse(patch).map_err(said)?;
    patch.apply(&mut value, &Copied::default()).map_err(said)?;
    *node = from_json(&value);
    Ok(())
}

fn image(value: &Value) -> Image {
    Image {
        name: string(&value["Name"]),
        new_name: string(&value["NewName"]),
        tag_suffix: string(&value["TagSuffix"]),
        new_tag: string(&value["NewTag"]),
        digest: string(&value["Digest"]),
    }
}

#[derive(Default)]
struct Rules {
    replacements: Vec<Replacement>,
}

decode_fields!(Rules, "Filter", { "replacements" => replacements });

/// Does replacements on documents.
pub fn replace(input: &str, rules: &str) -> Result<String> {
    let rules: Rules = decode(rules, Mode::Lenient).map_err(said)?;
    let mut all = Vec::new();
    for part in input.trim_start_matches('\n').split("\n---\n") {
        all.extend(first(part).map_err(said)?.map(|node| Resource::new(node, Place::default())));
    }
    let step = Step::new("replacements", Place::default());
    for rule in &rules.replacements {
        replacement::apply(&mut all, rule, &step, &Copied::default()).map_err(said)?;
    }
    Ok(all.iter().map(|one| to_text(&one.node)).collect::<Vec<_>>().join("---\n"))
}

/// The value of a document, as JSON.
pub fn json(text: &str) -> Result<String> {
    let node = first(text).map_err(said)?.unwrap_or_default();
    Ok(to_json_text(&to_value(&node).map_err(said)?))
}

/// The suffix of an object.
pub fn suffix(object: &str) -> Result<String> {
    let node = first(object).map_err(said)?.ok_or("nothing")?;
    hash::suffix(&node).map_err(said)
}

/// Whether an image has a name.
pub fn is_image(reference: &str, name: &str) -> bool {
    let image = Image { name: name.to_owned(), ..Image::default() };
    ImageRule::new(&image, &Copied::default()).fits(reference)
}

/// Name, tag and digest of an image.
pub fn image_parts(reference: &str) -> (String, String, String) {
    let (name, tag, digest) = split(reference);
    (name.to_owned(), tag.to_owned(), digest.to_owned())
}

/// Puts texts in the place of variables.
pub fn expand(text: &str, values: &BTreeMap<String, String>) -> String {
    let values: VarValues =
        values.iter().map(|(name, text)| (name.clone(), VarValue::Text(text.clone()))).collect();
    expanded_text(text, &values)
}

/// Cuts a path, with brackets kept whole or not.
pub fn path_parts(text: &str, keeps_brackets: bool) -> Vec<String> {
    if keeps_brackets { path::split_brackets(text) } else { path::split(text, '/') }
}
