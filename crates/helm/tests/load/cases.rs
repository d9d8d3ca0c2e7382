//! Each file of `cases` is a chart, and what `helm template` of both releases says of it: nothing when it is loaded.
//!
//! A part begins with `== `: a file of the chart, or the name of a release. `UPDATE=1` asks `helm-4.2.4` and `helm-3.21.4`, which
//! `make peers` builds, and writes down what they say.

use std::path::{Path, PathBuf};

use sealift_helm::chart::{LoadError, LoadOptions, check_dependencies, check_installable};
use sealift_helm::{Chart, Profile};

use crate::record;

/// Where we say more than Helm, or what only we refuse: see `COMPATIBILITY.md`.
const OTHER_WORDS: [(&str, &str); 5] = [
    // Helm names the file on the disk; who reads the folder knows it.
    ("chart-yaml-is-missing", "Chart.yaml file is missing"),
    ("requirements-without-chart-yaml", "Chart.yaml file is missing"),
    // Helm 4 has a kind of charts to come, and says no more of others.
    ("api-version-is-v3", "unsupported chart version: apiVersion \"v3\""),
    ("api-version-is-unknown", "unsupported chart version: apiVersion \"v9\""),
    (
        "subchart-archive-is-none",
        "error unpacking subchart a.tgz in x: cannot load the chart archive: cannot read the archive: unexpected end of file",
    ),
];

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// Without the recorded words.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) words: Vec<(Profile, String)>,
}

pub(crate) fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/load/cases");
    let mut paths: Vec<_> =
        fs_err::read_dir(folder).expect("cases").map(|file| file.expect("a file").path()).collect();
    paths.sort();
    assert!(paths.len() > 90);
    paths.into_iter().map(case).collect()
}

fn case(path: PathBuf) -> Case {
    let text = fs_err::read_to_string(&path).expect("text");
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let mut case = Case { name, path, files: Vec::new(), words: Vec::new() };
    for part in text.split("== ").skip(1) {
        let (name, content) = part.split_once('\n').expect("a line");
        match Profile::ALL.into_iter().find(|profile| profile.name() == name) {
            Some(profile) => case.words.push((profile, content.trim_end().to_owned())),
            None => case.files.push((name.to_owned(), content.to_owned())),
        }
    }
    case
}

/// What `helm template` does before it renders.
fn load(case: &Case, profile: Profile) -> Result<(), Box<dyn std::error::Error>> {
    let files =
        case.files.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
    let chart = Chart::load(files, &LoadOptions { profile, ..LoadOptions::default() })?;
    check_installable(&chart)?;
    Ok(check_dependencies(&chart)?)
}

#[test]
fn a_chart_is_refused_in_the_words_of_each_release() {
    if record::wanted() {
        record::all(cases());
    }
    let mut failures = Vec::new();
    for case in cases() {
        assert_eq!(case.words.len(), 2, "{} is not recorded", case.name);
        let other = OTHER_WORDS.iter().find(|(name, _)| *name == case.name);
        for (profile, words) in &case.words {
            let got = load(&case, *profile).err().map(|error| error.to_string());
            let got = got.unwrap_or_default();
            // `helm template` says more around it, such as the command that helps.
            let fits = if words.is_empty() {
                got.is_empty()
            } else {
                words.ends_with(&*got) && !got.is_empty()
            };
            if !fits && other.is_none_or(|(_, words)| *words != got) {
                failures.push(format!("{} {profile}\n  helm: {words}\n  here: {got}", case.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn an_error_knows_its_place() {
    let cases = cases();
    let place = |name: &str, profile| {
        let case = cases.iter().find(|case| case.name == name).expect(name);
        let error = load(case, profile).expect_err(name).downcast::<LoadError>().expect(name);
        error.place().expect(name)
    };
    let place_4 = |name| place(name, Profile::Helm4_2_4);
    assert_eq!(place_4("values-do-not-parse"), ("values.yaml".to_owned(), 2, 5));
    assert_eq!(place_4("second-values-do-not-parse"), ("values.yaml".to_owned(), 4, 5));
    assert_eq!(place_4("values-separator-with-text"), ("values.yaml".to_owned(), 2, 1));
    assert_eq!(place_4("values-are-a-list"), ("values.yaml".to_owned(), 1, 1));
    assert_eq!(place_4("dependency-name-is-a-list"), ("Chart.yaml".to_owned(), 4, 23));
    assert_eq!(place_4("lock-digest-is-a-list"), ("Chart.lock".to_owned(), 1, 9));
    let inner = place_4("subchart-values-do-not-parse");
    assert_eq!(inner, ("charts/a/values.yaml".to_owned(), 2, 1));
}
