//! Expressions that Helm 4.2.3 evaluated, with what it printed.
//!
//! The expressions and the chart that they are about are in `helm-probes` of the oracles.

mod chart;

use std::path::PathBuf;
use std::rc::Rc;

use sealift_gotemplate::{Map, Str};
use sealift_helm::chart::File;
use sealift_helm::engine::{Engine, EngineError};
use sealift_helm::values::{coalesce, process_dependencies};
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Release};
use serde_json::Value as Json;

/// The template that the expressions are put in.
const TEMPLATE: &str = "templates/a.txt";

struct Probe {
    expression: String,
    is_ok: bool,
    printed: String,
}

#[test]
fn expressions_print_what_helm_prints() {
    let Some(folder) = folder() else {
        eprintln!("no helm-probes: set SEALIFT_ORACLES");
        return;
    };
    let chart = chart::read(&folder.join("chart"));
    let probes = probes(&folder);
    let mut differing = Vec::new();
    for probe in &probes {
        let outcome = render(&chart, &probe.expression);
        let is_equal = match &outcome {
            Ok(printed) => probe.is_ok && *printed == probe.printed,
            Err(error) => !probe.is_ok && error.to_string() == probe.printed,
        };
        if !is_equal {
            let Probe { expression, printed, .. } = probe;
            differing.push(format!("{expression}\n  helm: {printed:?}\n  here: {outcome:?}"));
        }
    }
    println!("helm probes: {} of {} equal", probes.len() - differing.len(), probes.len());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// Returns the folder of the probes, if it is there.
fn folder() -> Option<PathBuf> {
    let oracles = option_env!("SEALIFT_ORACLES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/oracles")),
        PathBuf::from,
    );
    Some(oracles.join("helm-probes")).filter(|folder| folder.is_dir())
}

fn probes(folder: &std::path::Path) -> Vec<Probe> {
    let mut probes = Vec::new();
    for name in ["probes-1.json", "probes-2.json"] {
        let text = fs_err::read_to_string(folder.join(name)).expect("the oracle is there");
        let rows: Vec<Vec<Json>> = serde_json::from_str(&text).expect("the oracle is JSON");
        for row in rows {
            let [.., Json::String(expression), Json::Bool(is_ok), Json::String(printed)] = &*row
            else {
                panic!("not a probe: {row:?}");
            };
            probes.push(Probe {
                expression: expression.clone(),
                is_ok: *is_ok,
                printed: printed.clone(),
            });
        }
    }
    probes
}

/// Returns what the template prints with an expression in it.
fn render(chart: &Chart, expression: &str) -> Result<String, EngineError> {
    let profile = Profile::Helm4_2_4;
    let probed = chart.templates.iter().cloned().map(|file| match &*file.name {
        TEMPLATE => File { data: Str::from(expression), ..file },
        _ => file,
    });
    let chart = Chart { templates: probed.collect(), ..chart.clone() };
    let chart =
        process_dependencies(&chart, &Map::new(), profile).expect("the chart renders").chart;
    let values = coalesce(&chart, &Map::new(), profile).expect("the chart renders").values;
    let release = Release { name: "rel".to_owned(), namespace: "ns".to_owned(), is_upgrade: false };
    let mut capabilities =
        Capabilities::new(profile, Some("v1.36.0"), &[]).expect("the chart renders");
    // As of a Helm that was built without its full version.
    "v4.2".clone_into(&mut capabilities.helm_version);
    let engine = Engine::new(profile, Rc::new(FixedHost::default()));
    let rendered = engine.render(&chart, &values, &release, &capabilities)?;
    let path = format!("{}/{TEMPLATE}", chart.name());
    let file = rendered.iter().find(|file| file.path == path).expect("the chart renders");
    Ok(file.text.to_text().into_owned())
}
