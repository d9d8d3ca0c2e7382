//! What mutations begin with.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use sealift_archive::{EntryKind, GzipLimits, TarLimits, TarReader, gunzip_bounded};

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
        "schema" => seeds.extend(schemas()?),
        "strvals" => seeds.extend(value_cases()?.filter_map(|case| arguments(&case))),
        "tar" => seeds.extend(charts()?),
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
