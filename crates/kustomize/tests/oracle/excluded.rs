//! Cases of kustomize's own tests that need a program, a plugin or a network: each is refused with what it needs.

use std::path::Path;

use super::cases::{Case, Outcome, build_of, cases, plugin};

/// What a refusal says, by what the case needs; one of them is enough.
const SAID: [(&str, &[&str]); 4] = [
    (
        "krm-function",
        &["needs a program, which is never run here (a KRM function): run it beforehand"],
    ),
    (
        "external-plugin",
        &["needs a program, which is never run here (an exec or Go plugin): run it beforehand"],
    ),
    ("network", &["customschema.json' is remote and was not fetched: build with the network"]),
    (
        "helm",
        &[
            "is remote and was not fetched: build with the network",
            "no repo specified for pull, no chart found at '/kust-tmp/charts/",
            // Of a chart that is to be pulled, a file is asked for first.
            "cannot follow '/kust-tmp/charts/valuesFiles/file1.yaml'",
        ],
    ),
];

/// Runs all cases of a set that are excluded: what can be built all the same is what kustomize gives, and nothing else is built.
pub(crate) fn refused(top: &Path) -> std::io::Result<Outcome> {
    let mut outcome = Outcome::default();
    for folder in cases(top)? {
        let case = Case::read(&folder)?;
        if !case.is_excluded() {
            continue;
        }
        let is_single = folder.join("config.yaml").is_file();
        let got = if is_single { plugin(&case)? } else { build_of(&case)? };
        outcome.note(&case.name(top), case.compare(got.clone()).or_else(|_| said(&case, got)));
    }
    Ok(outcome)
}

fn said(case: &Case, got: Result<String, String>) -> Result<(), String> {
    let needs = case.json["excluded"][0].as_str().unwrap_or_default();
    let report = got.map_or_else(Ok, |text| Err(format!("it needs {needs}, and gave\n{text}")))?;
    let said = SAID.iter().filter(|(need, _)| *need == needs).flat_map(|(_, said)| *said);
    let mut said = said.map(|said| report.contains(said));
    if said.any(|is_there| is_there) { Ok(()) } else { Err(format!("{needs}: {report}")) }
}
