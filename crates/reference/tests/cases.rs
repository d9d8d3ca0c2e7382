//! Every line of the files under `tests/cases` is one test: `"input" => outcome`.
//!
//! `UPDATE=1 cargo test -p sealift-reference --test cases` rewrites the outcomes; read the diff. In inputs and outcomes
//! `{h64}` stands for 64 hex digits, `{H64}` for capital ones, `{t128}` for a tag and `{p255}` for a path of that length.

use std::fmt::Write as _;
use std::path::Path;

use fs_err as fs;
use sealift_reference::{Digest, ParseError, Platform, Reference, Repository};

fn abbreviations() -> Vec<(String, String)> {
    let hex = |digits: usize| "0123456789abcdef".chars().cycle().take(digits).collect::<String>();
    let mut all = Vec::new();
    for digits in [128, 96, 64, 63, 32] {
        all.push((format!("{{h{digits}}}"), hex(digits)));
        all.push((format!("{{H{digits}}}"), hex(digits).to_uppercase()));
    }
    all.push(("{host300}".to_owned(), format!("{}.example", "label.".repeat(49) + "x")));
    for characters in [129, 128] {
        all.push((format!("{{t{characters}}}"), "t".repeat(characters)));
    }
    for characters in [256, 255, 240] {
        all.push((format!("{{p{characters}}}"), "p".repeat(characters)));
    }
    all
}

fn expand(text: &str) -> String {
    let text = text.replace("\\t", "\t").replace("\\u{7f}", "\u{7f}");
    abbreviations().iter().fold(text, |text, (short, long)| text.replace(short, long))
}

fn shorten(text: &str) -> String {
    abbreviations().iter().fold(text.to_owned(), |text, (short, long)| text.replace(long, short))
}

fn check(file: &str, outcome: impl Fn(&str) -> Result<String, ParseError>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(file);
    let old = fs::read_to_string(&path).expect("the case file is there");
    let mut new = String::new();
    for line in old.lines() {
        let input = line
            .split("\" => ")
            .next()
            .expect("split yields one")
            .trim_start_matches('"')
            .trim_end_matches('"');
        let got = match outcome(&expand(input)) {
            Ok(text) => text,
            Err(error) => format!("error: {error}"),
        };
        writeln!(new, "\"{input}\" => {}", shorten(&got)).expect("written to a string");
    }
    assert!(new.lines().count() > 5, "{file} has lost its cases");
    #[expect(
        clippy::disallowed_methods,
        reason = "rewriting the outcomes is asked for by the environment"
    )]
    let update = std::env::var_os("UPDATE");
    if update.is_some() {
        fs::write(&path, &new).expect("the case file can be written");
    }
    for (want, got) in old.lines().zip(new.lines()) {
        assert_eq!(got, want, "in {file}");
    }
}

#[test]
fn references_are_read_as_the_case_table_says() {
    check("references.txt", |input| {
        let reference: Reference = input.parse()?;
        assert_eq!(reference.written(), input);
        let lint = reference.lint().map_or(String::new(), |lint| format!("   lint: {lint}"));
        Ok(format!("{reference}{lint}"))
    });
}

#[test]
fn repositories_always_have_a_host() {
    check("repositories.txt", |input| Ok(input.parse::<Repository>()?.to_string()));
}

#[test]
fn digests_are_full_lower_case_and_of_a_supported_algorithm() {
    check("digests.txt", |input| {
        let digest: Digest = input.parse()?;
        Ok(format!("{} {}", digest.algorithm(), digest.hex()))
    });
}

#[test]
fn platforms_have_two_or_three_parts() {
    check("platforms.txt", |input| Ok(input.parse::<Platform>()?.to_string()));
}

#[test]
fn no_two_kinds_of_error_share_a_text() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/references.txt");
    let mut seen = std::collections::BTreeMap::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        let input = expand(
            line.split("\" => ").next().unwrap().trim_start_matches('"').trim_end_matches('"'),
        );
        if let Err(error) = input.parse::<Reference>() {
            let kind = std::mem::discriminant(&error);
            assert_eq!(*seen.entry(error.to_string()).or_insert(kind), kind, "{error}");
        }
    }
    assert!(seen.len() > 30);
}
