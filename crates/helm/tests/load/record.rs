//! What the real programs say.

use std::fmt::Write as _;
use std::process::Command;

use sealift_helm::Profile;

use crate::cases::Case;

#[expect(clippy::disallowed_methods, reason = "recording is asked for by the environment")]
pub(crate) fn wanted() -> bool {
    std::env::var_os("UPDATE").is_some()
}

pub(crate) fn all(cases: Vec<Case>) {
    for case in cases {
        let mut text = String::new();
        for (name, content) in &case.files {
            write!(text, "== {name}\n{content}").expect("a string");
        }
        for profile in Profile::ALL {
            writeln!(text, "== {profile}\n{}", words(&case, profile)).expect("a string");
        }
        fs_err::write(&case.path, text).expect("written");
    }
}

/// What comes after `Error: `; nothing when the chart is rendered.
fn words(case: &Case, profile: Profile) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in &case.files {
        let path = folder.path().join(name);
        fs_err::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs_err::write(path, content).expect("written");
    }
    let mut helm = Command::new(profile.name());
    let helm = helm.args(["template", "x", "--kube-version", "v1.33.0"]).arg(folder.path());
    let output = helm.output().expect("run `make peers` and put them on the PATH");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        return String::new();
    }
    let error = error.split_once("Error: ").expect("an error").1.trim_end();
    error.replace(&folder.path().display().to_string(), "CHART")
}
