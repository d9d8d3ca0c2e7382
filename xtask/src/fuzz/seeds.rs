//! What mutations begin with.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use sealift_archive::{EntryKind, GzipLimits, TarLimits, TarReader, gunzip_bounded};

use super::targets::kustomizations::OBJECT;
use super::targets::values::VALUES;
use crate::workspace;

/// Charts of the oracles that are small enough to be changed in many ways.
const PACKED_BYTES: u64 = 4 << 10;

/// Bytes of one, unpacked.
const UNPACKED_BYTES: u64 = 64 << 10;

/// Bytes of a schema that is changed.
const SCHEMA_BYTES: usize = 32 << 10;

/// Returns the seeds of a target: its folder, and what the oracles have for it.
pub(super) fn of(target: &str) -> Result<Vec<Vec<u8>>> {
    let folder = workspace::root().join("fuzz/seeds").join(target);
    let mut seeds = files(&folder)?.iter().map(fs_err::read).collect::<Result<Vec<_>, _>>()?;
    match target {
        "chart_load" => {
            for tar in charts()? {
                seeds.push(parts(&tar)?);
            }
        }
        "coalesce" => {
            seeds.extend(value_cases()?.map(String::into_bytes));
            for tar in charts()? {
                seeds.push(parts(&tar)?);
            }
        }
        "json6902" => {
            seeds.extend(patches("api_filters_patchjson6902.json", "/filter/Patch", "/input")?);
        }
        "kustomization" => {
            for tree in trees()? {
                seeds.extend(tree.into_iter().filter_map(|(name, text)| {
                    name.ends_with("kustomization.yaml").then(|| text.into_bytes())
                }));
            }
        }
        "kustomize_build" => seeds.extend(trees()?.iter().map(joined)),
        "strategic_merge" => {
            seeds.extend(patches("kyaml_yaml_merge2.json", "/source", "/dest")?);
        }
        "schema" => seeds.extend(schemas()?),
        "strvals" => seeds.extend(value_cases()?.filter_map(|case| arguments(&case))),
        "git_tree" | "tar" => seeds.extend(charts()?),
        "template" => {
            seeds.extend(probes()?);
            for tar in charts()? {
                seeds.extend(templates(&tar)?);
            }
        }
        _ => {}
    }
    if seeds.is_empty() {
        bail!("{} holds no seed", folder.display());
    }
    Ok(seeds)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

/// Expressions of the oracles.
fn probes() -> Result<Vec<Vec<u8>>> {
    let Some(oracles) = workspace::oracles() else { return Ok(Vec::new()) };
    let mut probes = Vec::new();
    for name in ["probes-1.json", "probes-2.json"] {
        let path = oracles.join("helm-probes").join(name);
        let rows: Vec<Vec<serde_json::Value>> =
            serde_json::from_str(&fs_err::read_to_string(path)?)?;
        let texts = rows.iter().flatten().filter_map(serde_json::Value::as_str);
        probes
            .extend(texts.filter(|text| text.contains("{{")).map(|text| text.as_bytes().to_vec()));
    }
    Ok(probes)
}

/// The cases of the tests of values: charts with arguments.
fn value_cases() -> Result<impl Iterator<Item = String>> {
    let folder = workspace::root().join("crates/helm/tests/values/cases");
    let cases =
        files(&folder)?.iter().map(fs_err::read_to_string).collect::<Result<Vec<_>, _>>()?;
    Ok(cases.into_iter())
}

/// The arguments of a case.
fn arguments(case: &str) -> Option<Vec<u8>> {
    let (_, rest) = case.split_once("== args\n")?;
    Some(rest.split("== ").next()?.as_bytes().to_vec())
}

/// Schemas of charts with the values of those: both as JSON, so that they can be changed as JSON.
fn schemas() -> Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for path in archives()? {
        let limit = GzipLimits::output(8 << 20);
        let Ok(tar) = gunzip_bounded(&fs_err::read(&path)?[..], limit) else { continue };
        let limits = TarLimits { entries: 5000, file_bytes: 8 << 20, total_bytes: 64 << 20 };
        let mut reader = TarReader::new(&tar[..], limits).without_root();
        let (mut schema, mut values) = (Vec::new(), Vec::new());
        while let Some(entry) = reader.next_entry()? {
            match entry.path.to_string().as_str() {
                "values.schema.json" => schema = entry.content()?,
                "values.yaml" => values = entry.content()?,
                _ => {}
            }
        }
        if (1..SCHEMA_BYTES).contains(&schema.len()) {
            seeds.extend(with_values(schema, &values));
        }
    }
    Ok(seeds)
}

fn with_values(mut schema: Vec<u8>, values: &[u8]) -> Option<Vec<u8>> {
    let values = std::str::from_utf8(values).ok()?;
    let first = sealift_goyaml::documents(values, &sealift_goyaml::Limits::default()).next()?;
    let json = sealift_goyaml::to_json(&first.ok()?).ok()?;
    schema.extend(VALUES.bytes());
    schema.extend(json.bytes());
    Some(schema)
}

/// Templates of a chart.
fn templates(tar: &[u8]) -> Result<Vec<Vec<u8>>> {
    let limits =
        TarLimits { entries: 1000, file_bytes: UNPACKED_BYTES, total_bytes: UNPACKED_BYTES };
    let mut reader = TarReader::new(tar, limits);
    let mut templates = Vec::new();
    while let Some(entry) = reader.next_entry()? {
        if entry.path.to_string().contains("/templates/") && entry.kind == EntryKind::File {
            templates.push(entry.content()?);
        }
    }
    Ok(templates)
}

/// Small charts of the oracles, unpacked to tar; none where there are no oracles.
fn charts() -> Result<Vec<Vec<u8>>> {
    let mut charts = Vec::new();
    for path in archives()? {
        if fs_err::metadata(&path)?.len() <= PACKED_BYTES {
            let tar = gunzip_bounded(&fs_err::read(&path)?[..], GzipLimits::output(UNPACKED_BYTES));
            charts.extend(tar.ok().filter(|tar| tar.len() as u64 <= UNPACKED_BYTES));
        }
    }
    Ok(charts)
}

/// All charts of the oracles.
fn archives() -> Result<Vec<PathBuf>> {
    let Some(oracles) = workspace::oracles() else { return Ok(Vec::new()) };
    let mut archives = Vec::new();
    for repository in files(&oracles.join("charts"))?.iter().filter(|path| path.is_dir()) {
        archives.extend(files(repository)?);
    }
    archives.retain(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    Ok(archives)
}

/// The files of a chart as the target `chart_load` takes them.
fn parts(tar: &[u8]) -> Result<Vec<u8>> {
    let limits = TarLimits { entries: 1000, file_bytes: 1 << 20, total_bytes: 1 << 20 };
    let mut reader = TarReader::new(tar, limits).without_root();
    let mut text = String::new();
    while let Some(entry) = reader.next_entry()? {
        if entry.kind == EntryKind::File {
            writeln!(text, "== {}", entry.path)?;
            text.push_str(&String::from_utf8_lossy(&entry.content()?));
        }
    }
    Ok(text.into_bytes())
}

/// Names of files with what is in them.
type Tree = Vec<(String, String)>;

/// The trees of kustomize's own tests, as far as they are text.
fn trees() -> Result<Vec<Tree>> {
    let Some(oracles) = workspace::oracles() else { return Ok(Vec::new()) };
    let (mut trees, mut rest) = (Vec::new(), vec![oracles.join("kustomize/krusty")]);
    while let Some(folder) = rest.pop() {
        if folder.file_name().is_some_and(|name| name == "in") {
            let mut tree = Tree::new();
            gather(&folder, "", &mut tree)?;
            trees.push(tree);
            continue;
        }
        rest.extend(files(&folder)?.into_iter().filter(|path| path.is_dir()));
    }
    trees.sort();
    Ok(trees)
}

fn gather(folder: &Path, at: &str, tree: &mut Tree) -> Result<()> {
    for path in files(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{at}{name}");
        if path.is_dir() {
            gather(&path, &format!("{name}/"), tree)?;
        } else if let Ok(text) = fs_err::read_to_string(&path) {
            tree.push((name, text));
        }
    }
    Ok(())
}

fn joined(tree: &Tree) -> Vec<u8> {
    let parts = tree.iter().map(|(name, text)| {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        format!("== {name}\n{text}{end}")
    });
    parts.collect::<String>().into_bytes()
}

/// Patches of kustomize's tests with the objects that they are for, which get the names that all must have.
fn patches(file: &str, patch: &str, object: &str) -> Result<Vec<Vec<u8>>> {
    let Some(oracles) = workspace::oracles() else { return Ok(Vec::new()) };
    let text = fs_err::read_to_string(oracles.join("kustomize/unit").join(file))?;
    let tables: serde_json::Value = serde_json::from_str(&text)?;
    let rows = tables.as_object().into_iter().flatten().flat_map(|(_, table)| rows(table));
    let pairs = rows.filter_map(|row| {
        let text = |at: &str| row.pointer(at).and_then(serde_json::Value::as_str);
        let (patch, object) = (text(patch)?, text(object)?);
        let patch = if patch.contains("\"op\"") || patch.contains("op:") {
            patch.to_owned()
        } else {
            named(patch)
        };
        Some(format!("{patch}{OBJECT}{}", named(object)).into_bytes())
    });
    Ok(pairs.collect())
}

fn rows(table: &serde_json::Value) -> Vec<&serde_json::Value> {
    match table {
        serde_json::Value::Array(rows) => rows.iter().collect(),
        serde_json::Value::Object(rows) => rows.values().collect(),
        _ => Vec::new(),
    }
}

fn named(object: &str) -> String {
    let mut text = object.trim().to_owned();
    for (key, line) in [("kind:", "kind: Deployment"), ("metadata:", "metadata: {name: a}")] {
        if !text.contains(key) {
            text = format!("{line}\n{text}");
        }
    }
    format!("{text}\n")
}
