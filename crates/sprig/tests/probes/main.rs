//! Expressions that Helm 4.2.3 evaluated, with what it printed.
//!
//! The expressions and the chart that they are about are in `helm-probes` of the oracles.

#[path = "../host/mod.rs"]
mod host;

mod chart;

use std::path::PathBuf;

use sealift_gotemplate::{Budget, Error, FunctionError, MissingKey, Output, Templates};
use serde_json::Value as Json;

/// The score that is kept.
const EQUAL: usize = 268;

/// What only Helm has: functions, and objects of its own.
const HELM: &[&str] = &[
    "include",
    "tpl",
    "toYaml",
    "toYamlPretty",
    "fromYaml",
    "fromYamlArray",
    "fromJsonArray",
    "toToml",
    "fromToml",
    "lookup",
    "required",
    "getHostByName",
    "Files",
    "Capabilities",
    "Subcharts",
    "AsMap",
    "Table",
    "YAML",
];

struct Probe {
    expression: String,
    is_ok: bool,
    printed: String,
}

#[test]
fn expressions_print_what_helm_prints() {
    let Some(probes) = probes() else {
        eprintln!("no helm-probes: set SEALIFT_ORACLES");
        return;
    };
    let needs_helm = |probe: &&Probe| words(&probe.expression).any(|word| HELM.contains(&word));
    let (skipped, own): (Vec<_>, Vec<_>) = probes.iter().partition(needs_helm);
    let differing: Vec<_> = own.iter().filter(|probe| !is_equal(probe)).collect();
    let equal = own.len() - differing.len();
    println!("sprig probes: {equal} of {} equal, {} need helm", own.len(), skipped.len());
    for probe in &differing {
        let (expression, printed) = (&probe.expression, &probe.printed);
        println!("{expression}\n  helm: {printed:?}\n  here: {:?}", render(expression));
    }
    assert!(equal >= EQUAL, "{equal} of {} equal, {EQUAL} before", own.len());
}

fn probes() -> Option<Vec<Probe>> {
    let oracles = option_env!("SEALIFT_ORACLES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/oracles")),
        PathBuf::from,
    );
    let mut probes = Vec::new();
    for name in ["probes-1.json", "probes-2.json"] {
        let text = fs_err::read_to_string(oracles.join("helm-probes").join(name)).ok()?;
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
    Some(probes)
}

/// Returns the names in a template, those inside strings as well.
fn words(template: &str) -> impl Iterator<Item = &str> {
    template.split(|c: char| !c.is_ascii_alphanumeric())
}

fn is_equal(probe: &Probe) -> bool {
    match render(&probe.expression) {
        Ok(printed) => probe.is_ok && printed == probe.printed,
        Err(errors) => !probe.is_ok && errors.contains(&probe.printed),
    }
}

/// Returns what is printed, or the forms in which Helm may give the error.
fn render(expression: &str) -> Result<String, Vec<String>> {
    const NAME: &str = "p2/templates/a.txt";
    let mut templates =
        Templates::new(sealift_sprig::functions(&host::fixed())).missing_key(MissingKey::Zero);
    let mut output = Output::new();
    let done = templates
        .parse(
            "p2/templates/_h.tpl",
            r#"{{ define "dup" }}parent{{ end }}{{ define "inc" }}[{{ . }}]{{ end }}"#,
        )
        .and_then(|()| templates.parse(NAME, expression))
        .and_then(|()| templates.execute(NAME, &chart::data(), &Budget::default(), &mut output));
    match done {
        Ok(()) => Ok(String::from_utf8_lossy(output.bytes()).replace("<no value>", "")),
        Err(error) => Err(forms(&error)),
    }
}

fn forms(error: &Error) -> Vec<String> {
    let place = error.place();
    let at = format!("{}:{}:{}", place.text, place.line, place.column.unwrap_or_default());
    let mut forms = vec![error.to_string()];
    if let Some((template, node)) = &place.executing {
        let message = error.message();
        forms.push(format!("{at}\n  executing {template:?} at <{node}>:\n    {message}"));
    }
    if let Some(FunctionError::Message(message)) = error.cause() {
        forms.push(format!("execution error at ({at}): {message}"));
    }
    forms
}
