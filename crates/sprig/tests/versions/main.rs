//! What Masterminds/semver v3.5.0 answered: `recorded.txt.gz` has a case and its answer in
//! each line, from a grammar near every rule and from the constraints of charts.

mod case;

use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use case::{Case, unhex};
use sealift_sprig::semver::{Constraints, MAX_CONSTRAINT_BYTES, Version};

fn recorded() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/versions/recorded.txt.gz");
    let packed = fs_err::read(path).expect("the recording is there");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text).expect("it is text");
    text
}

#[test]
fn every_operation_answers_as_the_go_library_did() {
    let recorded = recorded();
    let mut different = Vec::new();
    for line in recorded.lines() {
        let (case, expected) = line.rsplit_once('\t').expect("an answer");
        let (case, expected) = (Case::read(case), unhex(expected));
        let answer = case.answer().join("\0");
        if answer != expected {
            let (constraint, version) = (case.constraint, case.version);
            different.push(format!("{constraint} {version}\n  go   {expected}\n  here {answer}"));
        }
    }
    assert!(recorded.lines().count() > 4000, "the recording was cut");
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
}

#[test]
fn a_prerelease_is_met_only_where_one_is_named() {
    let candidate: Version = "1.3.0-rc.1".parse().expect("a version");
    let check = |text: &str| text.parse::<Constraints>().expect(text).check(&candidate);
    assert!(!check(">=1.2"));
    assert!(check(">=1.2-0"));
    assert!(check(">=1.2 || >1.0.0-0"));
    assert!(!check(">=1.2-0, <1.3-0"));
}

#[test]
fn each_reason_names_version_and_constraint() {
    let constraints: Constraints = ">=1.2, !=1.5 || ^3".parse().expect("a constraint");
    let version = "1.5.1".parse().expect("a version");
    let reasons = constraints.validate(&version).expect_err("it is excluded");
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    assert_eq!(reasons, ["\"1.5.1\" is equal to \"1.5\"", "\"1.5.1\" is less than \"3\""]);
}

#[test]
fn metadata_and_spelling_do_not_count_in_comparisons() {
    let version = |text: &str| text.parse::<Version>().expect(text);
    assert_eq!(version("v1.2"), version("1.2.0+build"));
    assert!(version("1.0.0-rc.10") > version("1.0.0-rc.9"));
    assert!(version("1.0.0-rc") < version("1.0.0"));
}

#[test]
fn hostile_texts_end_soon() {
    let start = Instant::now();
    let texts = ["1 - 2 ", " ", "1", ">", "1.", "1 ", "x||", "-", "1-a."];
    for text in texts {
        let longest = text.repeat(MAX_CONSTRAINT_BYTES / text.len());
        drop(longest.parse::<Constraints>());
        drop(text.repeat(1 << 20).parse::<Version>());
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}
