//! Every folder under `tests/cases/shipment` is one test: `in.yaml` is read as a shipment, and the outcome is `want`.
//!
//! `UPDATE=1 cargo test -p sealift-inventory --test shipment` rewrites the outcomes; read the diff.

use std::path::Path;

use fs_err as fs;
use sealift_inventory::{LIMITS, Limits, Shipment, SourceKind, Starter};

fn outcome(text: &str) -> String {
    match Shipment::read("sealift.yaml", text) {
        Ok(shipment) => format!("{shipment:#?}\n"),
        Err(error) => format!("error: {error:#}\n"),
    }
}

#[test]
fn every_case_has_its_outcome() {
    #[expect(
        clippy::disallowed_methods,
        reason = "rewriting the outcomes is asked for by the environment"
    )]
    let update = std::env::var_os("UPDATE").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/shipment");
    let mut cases: Vec<_> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 50, "the cases are gone");
    let mut failures = Vec::new();
    for case in cases {
        let got = outcome(&fs::read_to_string(case.join("in.yaml")).unwrap());
        let want = case.join("want");
        if update {
            fs::write(want, &got).unwrap();
        } else if fs::read_to_string(want).ok().as_ref() != Some(&got) {
            failures.push(format!("{}: got {got}", case.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_error_shows_a_password() {
    let text = "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {name: x}\nsources:\n";
    let text = format!("{text}- package: {{url: \"https://me:canary@a.example/x.tgz\"}}\n");
    let error = Shipment::read("s.yaml", &text).unwrap_err();
    assert!(!format!("{error:#}").contains("canary"), "{error:#}");
    assert!(format!("{error:#}").contains("https://…@a.example/x.tgz"), "{error:#}");
}

#[test]
fn a_shipment_above_its_size_is_refused_unread() {
    let text = " ".repeat((4 << 20) + 1);
    let error = Shipment::read("s.yaml", &text).unwrap_err();
    assert_eq!(error.to_string(), "s.yaml: the file has 4194305 bytes; at most 4194304 are read");
}

#[test]
fn a_deep_shipment_is_an_error_and_no_overflow() {
    for text in ["[".repeat(100_000), "a: ".repeat(1_000), "- ".repeat(100_000)] {
        Shipment::read("s.yaml", &text).unwrap_err();
    }
}

#[test]
fn every_starter_is_a_shipment_of_its_kind() {
    for starter in Starter::ALL {
        let shipment = Shipment::read("sealift.yaml", &Shipment::starter(starter)).unwrap();
        let key = shipment.sources[0].kind.key().to_lowercase();
        assert_eq!(key, starter.as_str().replace('-', ""));
        assert_eq!(Starter::from_word(starter.as_str()), Some(starter));
    }
}

#[test]
fn what_a_starter_shows_as_comments_is_right_too() {
    for starter in Starter::ALL {
        let text = Shipment::starter(starter);
        let uncommented: Vec<_> = text.lines().map(|line| line.replacen("# - ", "- ", 1)).collect();
        let keys = |line: &String| {
            ["remap", "exclude", "decide", "values", "set", "providers", "prefix"]
                .iter()
                .any(|key| line.trim_start().starts_with(&format!("# {key}:")))
        };
        let lines = uncommented
            .iter()
            .map(|line| if keys(line) { line.replacen("# ", "", 1) } else { line.clone() });
        let text = lines.collect::<Vec<_>>().join("\n");
        let shipment = Shipment::read("sealift.yaml", &text)
            .unwrap_or_else(|error| panic!("{error:#}\n{text}"));
        assert!(
            shipment.decide.len() == 1
                && shipment.remap.0.len() == 1
                && shipment.exclude.len() == 1
        );
        if let SourceKind::Helm(helm) = &shipment.sources[0].kind {
            assert_eq!(helm.set, ["installCRDs=true"]);
        }
    }
}

#[test]
fn limits_are_sorted_and_set_by_name() {
    assert!(LIMITS.is_sorted());
    let mut limits = Limits::default();
    assert_eq!(limits.get("template-steps"), Some(50_000_000));
    limits.set("template-steps", 5).unwrap();
    assert_eq!(limits.get("template-steps"), Some(5));
    assert_eq!(
        limits.set("yaml-node", 5).unwrap_err(),
        "there is no limit `yaml-node`; did you mean `yaml-nodes`?"
    );
}
