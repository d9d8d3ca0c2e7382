//! Cases, and the chart that they are put in.

use std::fmt::Write as _;
use std::path::Path;

use fs_err as fs;
use sealift_helm::Profile;

const TEMPLATE: &str = "templates/a.yaml";

/// A template, and what each release printed.
pub(crate) struct Case {
    pub(crate) template: String,
    /// In the order of [`Profile::ALL`].
    pub(crate) printed: Vec<String>,
}

/// Reads parts that begin with `== template`, followed by `== helm-…` for each release.
pub(crate) fn read(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).expect("the cases are there");
    let cases = text.split("== template\n").skip(1);
    cases
        .map(|case| {
            let mut parts = case.split("== helm-");
            let template =
                parts.next().and_then(|part| part.strip_suffix('\n')).expect("a template");
            let printed = parts.map(|part| {
                let text = part.split_once('\n').expect("a line with the release").1;
                text.strip_suffix('\n').expect("a line end").to_owned()
            });
            Case { template: template.to_owned(), printed: printed.collect() }
        })
        .collect()
}

pub(crate) fn write(path: &Path, cases: &[Case]) {
    let mut text = String::new();
    for case in cases {
        writeln!(text, "== template\n{}", case.template).expect("a string");
        for (profile, printed) in Profile::ALL.into_iter().zip(&case.printed) {
            writeln!(text, "== {profile}\n{printed}").expect("a string");
        }
    }
    fs::write(path, text).expect("written");
}

/// Reads the files of a folder.
pub(crate) fn chart(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    collect(folder, "", &mut files);
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut entries: Vec<_> = entries.map(|entry| entry.expect("an entry")).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push((name, fs::read(entry.path()).expect("a file")));
        }
    }
}

/// Returns the chart with a template.
pub(crate) fn with(chart: &[(String, Vec<u8>)], template: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = chart.to_vec();
    files.push((TEMPLATE.to_owned(), template.as_bytes().to_vec()));
    files
}
