//! What the real programs say.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use sealift_helm::Profile;

use crate::cases::{Case, KUBE_VERSION};

#[expect(clippy::disallowed_methods, reason = "recording is asked for by the environment")]
pub(crate) fn wanted() -> bool {
    std::env::var_os("UPDATE").is_some()
}

pub(crate) fn all(cases: &[Case]) {
    for case in cases {
        let mut text = String::new();
        for (name, content) in &case.files {
            write!(text, "== {name}\n{content}").expect("a string");
        }
        if !case.args.is_empty() {
            writeln!(text, "== args\n{}", case.args.join("\n")).expect("a string");
        }
        for profile in Profile::ALL {
            writeln!(text, "== {profile}\n{}", said(case, profile)).expect("a string");
        }
        fs_err::write(&case.path, text).expect("written");
    }
}

fn said(case: &Case, profile: Profile) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let user = case.files.iter().filter(|(name, _)| name.starts_with("user/"));
    for (name, content) in user {
        write(folder.path(), name, content);
    }
    for (name, content) in case.chart() {
        write(&folder.path().join("chart"), &name, &content);
    }
    let mut helm = Command::new(profile.name());
    helm.current_dir(folder.path()).args(["template", "chart"]).args(&case.args);
    if !case.says_kube_version() {
        helm.args(["--kube-version", KUBE_VERSION]);
    }
    let output = helm.output().expect("run `make peers` and put them on the PATH");
    if output.status.success() {
        return String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    }
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let error = error.split_once("Error: ").expect("an error").1;
    // What the command advises is not part of what is wrong.
    let error = error.split("\n\nUse --debug flag").next().unwrap_or_default();
    format!("Error: {}", error.trim_end())
}

fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    fs_err::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs_err::write(path, content).expect("written");
}
