//! Every folder under `tests/cases` is one shipment: `sealift.yaml` beside its files. `want` shows what is found and how it is named at
//! the target, or the error.
//!
//! `UPDATE=1 cargo test -p sealift-products` rewrites them; read the diff.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "UPDATE rewrites the cases")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fs_err as fs;
use sealift_inventory::{Lock, Shipment};
use sealift_products::generic::{OnFailure, gather};
use sealift_products::{Local, lead_back, naming_rules};

#[test]
fn each_shipment_is_found_and_named_as_its_case_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let (got, want) = (show(&case), case.join("want"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&want, &got).unwrap();
        } else if fs::read_to_string(&want).ok().as_deref() != Some(&got) {
            wrong.push(format!("{}:\n{got}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn show(case: &Path) -> String {
    let shipment =
        Shipment::read("sealift.yaml", &fs::read_to_string(case.join("sealift.yaml")).unwrap())
            .unwrap();
    let text = found(case, &shipment).unwrap_or_else(|error| {
        let mut text = format!("error: {error}\n");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            writeln!(text, "  caused by: {cause}").unwrap();
            source = cause.source();
        }
        text
    });
    text.replace(&format!("{}/", case.display()), "")
}

fn found(case: &Path, shipment: &Shipment) -> Result<String, sealift_products::Error> {
    let keep_going =
        case.file_name().is_some_and(|name| name.to_string_lossy().starts_with("keep_going"));
    let on_failure = if keep_going { OnFailure::KeepGoing } else { OnFailure::Stop };
    let local = Local { base: case.to_owned(), stdin: None };
    let gathered = gather(shipment, "sealift.yaml", &local, on_failure)?;
    let lock = fs::read_to_string(case.join("known.lock"))
        .ok()
        .map(|text| Lock::read("known.lock", &text).unwrap());
    let inventory = lead_back(gathered.inventory, &shipment.targets, lock.as_ref());
    let rules = naming_rules(shipment, &local, &inventory, &gathered.charts)?;
    let mut text = String::new();
    for entry in inventory.artifacts() {
        match entry.artifact.reference() {
            Some(image) => {
                writeln!(text, "{image} → {}", rules.of(image).target(image).unwrap()).unwrap();
            }
            None => writeln!(text, "{}", entry.artifact).unwrap(),
        }
        for finding in &entry.findings {
            writeln!(text, "  {} {}: {}", finding.class, finding.confidence, finding.origin)
                .unwrap();
        }
    }
    for open in inventory.unresolved() {
        writeln!(text, "unresolved {:?}: {}\n  {}", open.text, open.reason, open.origin).unwrap();
    }
    for input in &gathered.inputs {
        writeln!(text, "read {}", input.name).unwrap();
    }
    for failure in &gathered.failures {
        writeln!(text, "failed: {failure}").unwrap();
    }
    Ok(text)
}
