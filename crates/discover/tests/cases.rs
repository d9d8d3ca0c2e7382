//! Every folder under `tests/cases` is one test: `in.yaml` is searched, and what is found is `want.yaml`; for a case
//! named `err_*`, what is said.
//!
//! `UPDATE=1 cargo test --test cases` rewrites the outcomes; read the diff.

use std::error::Error as _;
use std::path::Path;

use sealift_discover::{Limits, manifests};
use sealift_inventory::Origin;

#[test]
fn each_case_finds_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    #[expect(clippy::disallowed_methods, reason = "the switch that rewrites the outcomes")]
    let update = std::env::var_os("UPDATE").is_some();
    let mut cases: Vec<_> =
        fs_err::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 40, "only {} cases under {}", cases.len(), root.display());

    let mut failures = Vec::new();
    for case in cases {
        let got = search(&fs_err::read_to_string(case.join("in.yaml")).unwrap());
        let want = case.join("want.yaml");
        if update {
            fs_err::write(&want, &got).unwrap();
        } else if fs_err::read_to_string(&want).ok().as_deref() != Some(&got) {
            failures.push(format!("{}: got\n{got}", want.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What is found in a text, one item a line.
fn search(text: &str) -> String {
    let found = match manifests(text, "in.yaml", &Origin::new(), &Limits::default()) {
        Ok(found) => found,
        Err(error) => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            return format!("error: \"{error}{cause}\"\n");
        }
    };
    let findings = found.findings.iter().map(|finding| {
        let (name, origin) = (finding.artifact.name(), &finding.origin);
        let (class, confidence) = (finding.class, finding.confidence);
        format!("- {{image: \"{name}\", {class}, {confidence}, at: '{origin}'}}\n")
    });
    let unresolved = found.unresolved.iter().map(|place| {
        let (text, reason, origin) = (&place.text, &place.reason, &place.origin);
        format!("- {{unresolved: '{text}', reason: '{reason}', at: '{origin}'}}\n")
    });
    let addresses = found.addresses.iter().map(|address| {
        let (url, kind, origin) = (&address.url, &address.kind, &address.origin);
        format!("- {{address: '{url}', {kind}, at: '{origin}'}}\n")
    });
    let lines: Vec<String> = findings.chain(unresolved).chain(addresses).collect();
    if lines.is_empty() { "[]\n".to_owned() } else { lines.concat() }
}
