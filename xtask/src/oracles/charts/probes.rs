//! `helm-probes`: expressions that Helm 4.2.3 evaluated in a template of a chart.

use std::path::Path;
use std::rc::Rc;

use anyhow::{Result, bail};
use sealift_gotemplate::Map;
use sealift_helm::chart::LoadOptions;
use sealift_helm::engine::Engine;
use sealift_helm::values::{coalesce, process_dependencies};
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Release};
use sealift_products::charts::on_large_stack;
use serde_json::Value as Json;

use super::outcome;
use crate::oracles::Run;

const SET: &str = "helm-probes";

/// The template that each expression is put into.
const TEMPLATE: &str = "templates/a.txt";

/// An expression with what Helm printed, or why it failed.
struct Probe {
    expression: String,
    is_ok: bool,
    printed: String,
}

pub(super) fn run(oracles: &Path, run: &mut Run) -> Result<()> {
    let folder = oracles.join(SET);
    if !folder.is_dir() {
        run.skip(SET, "not found");
        return Ok(());
    }
    let mut probes = Vec::new();
    for name in ["probes-1.json", "probes-2.json"] {
        probes.extend(read(&fs_err::read_to_string(folder.join(name))?)?);
    }
    let files = files(&folder.join("chart"))?;
    let failing = on_large_stack(|| {
        let failing = probes.iter().enumerate().filter(|(_, probe)| !is_equal(&files, probe));
        failing.map(|(number, probe)| format!("{number} {}", probe.expression)).collect()
    })?;
    run.done(outcome(SET, probes.len(), failing));
    Ok(())
}

/// Reads rows of `[label,] expression, ok, output or error`.
fn read(text: &str) -> Result<Vec<Probe>> {
    let rows: Vec<Vec<Json>> = serde_json::from_str(text)?;
    rows.into_iter()
        .map(|row| match &*row {
            [.., Json::String(expression), Json::Bool(is_ok), Json::String(printed)] => Ok(Probe {
                expression: expression.clone(),
                is_ok: *is_ok,
                printed: printed.clone(),
            }),
            _ => bail!("not a probe: {row:?}"),
        })
        .collect()
}

fn files(chart: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut open = vec![chart.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs_err::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let below = path.strip_prefix(chart)?.to_string_lossy().into_owned();
                files.push((below, fs_err::read(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Compares output byte for byte, and errors text for text.
fn is_equal(files: &[(String, Vec<u8>)], probe: &Probe) -> bool {
    match render(files, &probe.expression) {
        Ok(printed) => probe.is_ok && printed == probe.printed,
        Err(message) => !probe.is_ok && message == probe.printed,
    }
}

fn render(files: &[(String, Vec<u8>)], expression: &str) -> Result<String, String> {
    let profile = Profile::Helm4_2_4;
    let mut files = files.to_vec();
    for (path, bytes) in &mut files {
        if path == TEMPLATE {
            *bytes = expression.as_bytes().to_vec();
        }
    }
    let chart = Chart::load(files, &LoadOptions::default()).map_err(|error| error.to_string())?;
    let user = Map::new();
    let chart =
        process_dependencies(&chart, &user, profile).map_err(|error| error.to_string())?.chart;
    let values = coalesce(&chart, &user, profile).map_err(|error| error.to_string())?.values;
    let release = Release { name: "rel".to_owned(), namespace: "ns".to_owned(), is_upgrade: false };
    let mut capabilities =
        Capabilities::new(profile, None, &[]).map_err(|error| error.to_string())?;
    // As of the Helm that was asked, which was built without its full version.
    "v4.2".clone_into(&mut capabilities.helm_version);
    let engine = Engine::new(profile, Rc::new(FixedHost::default()));
    let rendered = engine
        .render(&chart, &values, &release, &capabilities)
        .map_err(|error| error.to_string())?;
    let template = rendered.iter().find(|file| file.path.ends_with("/templates/a.txt"));
    Ok(template.map(|file| file.text.to_text().into_owned()).unwrap_or_default())
}
