//! Each file of `cases` is a chart, arguments, and what `helm template` of both releases prints for them.
//!
//! A part begins with `== `: a file of the chart, a file of the user, which is below `user/`, the arguments, one in each line, or the
//! name of a release. A chart without templates gets one that prints its values. `UPDATE=1` asks `helm-4.2.4` and `helm-3.21.4`,
//! which `make peers` builds, and writes down what they say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use sealift_helm::chart::LoadOptions;
use sealift_helm::values::{UserValues, ValuesFile};
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Settings, render};
use sealift_sprig::Host;

use crate::record;

/// The version of Kubernetes of cases that say none.
pub(crate) const KUBE_VERSION: &str = "v1.33.0";

const TEMPLATE: (&str, &str) = ("templates/values.yaml", "values: {{ .Values | toJson }}\n");

#[derive(Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// As they are written in the case.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) args: Vec<String>,
    pub(crate) wanted: BTreeMap<&'static str, String>,
}

impl Case {
    /// Returns the files of the chart.
    pub(crate) fn chart(&self) -> Vec<(String, String)> {
        let is_chart = |(name, _): &&(String, String)| !name.starts_with("user/");
        let mut files: Vec<_> = self.files.iter().filter(is_chart).cloned().collect();
        if !files.iter().any(|(name, _)| name.contains("templates/")) {
            files.push((TEMPLATE.0.to_owned(), TEMPLATE.1.to_owned()));
        }
        files.sort();
        files
    }

    pub(crate) fn says_kube_version(&self) -> bool {
        self.args.iter().any(|arg| arg == "--kube-version")
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/values/cases");
    let mut paths: Vec<_> =
        fs_err::read_dir(folder).expect("cases").map(|file| file.expect("a file").path()).collect();
    paths.sort();
    assert!(paths.len() > 120);
    paths.into_iter().map(case).collect()
}

fn case(path: PathBuf) -> Case {
    let text = fs_err::read_to_string(&path).expect("text");
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let mut case = Case { name, path, ..Case::default() };
    for part in text.strip_prefix("== ").expect("a part").split("\n== ") {
        let (name, content) = part.split_once('\n').unwrap_or((part, ""));
        let release = Profile::ALL.into_iter().find(|profile| profile.name() == name);
        if let Some(release) = release {
            case.wanted.insert(release.name(), content.trim_end().to_owned());
        } else if name == "args" {
            case.args = content.lines().map(str::to_owned).collect();
        } else {
            case.files.push((name.to_owned(), format!("{}\n", content.trim_end_matches('\n'))));
        }
    }
    case
}

/// What the command line would do with the arguments.
fn settings(case: &Case, profile: Profile) -> Result<(UserValues, Settings), String> {
    let mut user = UserValues::default();
    let (mut kube_version, mut api_versions, mut skips_schema) =
        (KUBE_VERSION.to_owned(), Vec::new(), false);
    let mut args = case.args.iter();
    while let Some(flag) = args.next() {
        let mut value = || args.next().cloned().unwrap_or_default();
        match flag.as_str() {
            "--api-versions" => api_versions.extend(value().split(',').map(str::to_owned)),
            "--kube-version" => kube_version = value(),
            "--set" => user.set.push(value()),
            "--set-file" => user.file_contents.push(value()),
            "--set-json" => user.json.push(value()),
            "--set-literal" => user.literals.push(value()),
            "--set-string" => user.strings.push(value()),
            "--skip-schema-validation" => skips_schema = true,
            "-f" => {
                let name = value();
                let bytes = file(case, &name).expect("a file of the case").into();
                user.files.push(ValuesFile { name, bytes });
            }
            other => panic!("{other}"),
        }
    }
    let capabilities = Capabilities::new(profile, Some(&kube_version), &api_versions)
        .map_err(|error| error.to_string())?;
    Ok((user, Settings { skips_schema, ..Settings::new(profile, capabilities) }))
}

fn file(case: &Case, name: &str) -> Result<String, String> {
    let found = case.files.iter().find(|(known, _)| known == name);
    found.map(|(_, text)| text.clone()).ok_or_else(|| format!("open {name}: no such file"))
}

fn printed(case: &Case, profile: Profile) -> Result<String, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let (user, settings) = settings(case, profile)?;
    let mut read = |name: &str| file(case, name).map(Into::into);
    let user = user.merge(profile, &mut read).map_err(|error| text(&error))?;
    let files = case.chart().into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    let chart = Chart::load(files, &LoadOptions { profile, ..LoadOptions::default() })
        .map_err(|error| text(&error))?;
    let host: Rc<dyn Host> = Rc::new(FixedHost::default());
    let mut warnings = Vec::new();
    let output = render(&chart, &user, &settings, &host, &mut warnings);
    let output = output.map_err(|error| text(&error))?;
    let printed = output.text(&settings).map_err(|error| text(&error))?;
    Ok(String::from_utf8(printed).expect("text"))
}

#[test]
fn values_are_what_each_release_makes_of_them() {
    if record::wanted() {
        record::all(&cases());
    }
    let mut failures = Vec::new();
    for case in cases() {
        for profile in Profile::ALL {
            let wanted = case.wanted.get(profile.name()).map_or("(not recorded)", String::as_str);
            let got = match printed(&case, profile) {
                Ok(text) => text,
                Err(error) => format!("Error: {error}"),
            };
            if got.trim_end() != wanted {
                failures.push(format!("{} {profile}\n{wanted}\n-- here:\n{got}", case.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
