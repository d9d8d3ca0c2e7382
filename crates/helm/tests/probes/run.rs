//! The comparison; `cargo xtask oracles` compiles this file, too.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::rc::Rc;

use fs_err as fs;
use sealift_gotemplate::Map;
use sealift_helm::chart::LoadOptions;
use sealift_helm::engine::Engine;
use sealift_helm::values::{coalesce, process_dependencies};
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Release};
use serde_json::Value as Json;

/// The template that each expression is put into.
const TEMPLATE: &str = "templates/a.txt";

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) total: usize,
    /// Number and text of each expression that gives something else.
    pub(crate) failing: BTreeSet<String>,
    /// What Helm and we give for each of them.
    pub(crate) differences: Vec<String>,
}

/// An expression with what Helm printed, or why it failed.
struct Probe {
    expression: String,
    is_ok: bool,
    printed: String,
}

/// Files by their paths.
type Files = Vec<(String, Vec<u8>)>;

/// Compares output byte for byte, and errors text for text.
pub(crate) fn run(folder: &Path) -> Result<Outcome, Box<dyn Error + Send + Sync>> {
    let files = files(&folder.join("chart"))?;
    let mut outcome = Outcome { total: 0, failing: BTreeSet::new(), differences: Vec::new() };
    for name in ["probes-1.json", "probes-2.json"] {
        for probe in read(&fs::read_to_string(folder.join(name))?)? {
            let here = render(&files, &probe.expression);
            let helm = if probe.is_ok { Ok(&probe.printed) } else { Err(&probe.printed) };
            if here.as_ref() != helm {
                let number = outcome.total;
                outcome.failing.insert(format!("{number} {}", probe.expression));
                let both = format!("{}\n  helm: {helm:?}\n  here: {here:?}", probe.expression);
                outcome.differences.push(both);
            }
            outcome.total += 1;
        }
    }
    Ok(outcome)
}

/// Reads rows of `[label,] expression, ok, output or error`.
fn read(text: &str) -> Result<Vec<Probe>, Box<dyn Error + Send + Sync>> {
    let rows: Vec<Vec<Json>> = serde_json::from_str(text)?;
    let probes = rows.into_iter().map(|row| match &*row {
        [.., Json::String(expression), Json::Bool(is_ok), Json::String(printed)] => {
            Ok(Probe { expression: expression.clone(), is_ok: *is_ok, printed: printed.clone() })
        }
        _ => Err(format!("not a probe: {row:?}").into()),
    });
    probes.collect()
}

fn files(chart: &Path) -> Result<Files, Box<dyn Error + Send + Sync>> {
    let mut files = Files::new();
    let mut open = vec![chart.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let below = path.strip_prefix(chart)?.to_string_lossy().into_owned();
                files.push((below, fs::read(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Returns what the template prints with an expression in it, or the message.
fn render(files: &Files, expression: &str) -> Result<String, String> {
    let profile = Profile::Helm4_2_4;
    let mut files = files.clone();
    for (_, bytes) in files.iter_mut().filter(|(path, _)| path == TEMPLATE) {
        *bytes = expression.as_bytes().to_vec();
    }
    let chart = Chart::load(files, &LoadOptions::default()).map_err(|error| error.to_string())?;
    let user = Map::new();
    let processed =
        process_dependencies(&chart, &user, profile).map_err(|error| error.to_string())?;
    let coalesced =
        coalesce(&processed.chart, &user, profile).map_err(|error| error.to_string())?;
    let release = Release { name: "rel".to_owned(), namespace: "ns".to_owned(), is_upgrade: false };
    let mut capabilities =
        Capabilities::new(profile, None, &[]).map_err(|error| error.to_string())?;
    // As of the Helm that was asked, which was built without its full version.
    "v4.2".clone_into(&mut capabilities.helm_version);
    let rendered = Engine::new(profile, Rc::new(FixedHost::default()))
        .render(&processed.chart, &coalesced.values, &release, &capabilities)
        .map_err(|error| error.to_string())?;
    let path = format!("{}/{TEMPLATE}", processed.chart.name());
    let file = rendered.iter().find(|file| file.path == path).ok_or("nothing was rendered")?;
    Ok(file.text.to_text().into_owned())
}
