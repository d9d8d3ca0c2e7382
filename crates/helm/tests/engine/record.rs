//! What the real programs print.

use std::path::Path;
use std::process::Command;

use sealift_helm::Profile;

use crate::KUBE_VERSION;
use crate::cases::{Case, with};

#[expect(clippy::disallowed_methods, reason = "recording is asked for by the environment")]
pub(crate) fn wanted() -> bool {
    std::env::var_os("UPDATE").is_some()
}

pub(crate) fn all(cases: &mut [Case], chart: &[(String, Vec<u8>)]) {
    for case in cases {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in with(chart, &case.template) {
            let path = folder.path().join("t").join(name);
            fs_err::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs_err::write(path, bytes).expect("written");
        }
        case.printed =
            Profile::ALL.into_iter().map(|profile| said(folder.path(), profile)).collect();
    }
}

fn said(folder: &Path, profile: Profile) -> String {
    let mut helm = Command::new(profile.name());
    helm.current_dir(folder).args(["template", "rel", "t", "--namespace", "ns"]);
    let output = helm.args(["--kube-version", KUBE_VERSION]).output();
    let output = output.expect("run `make peers` and put them on the PATH");
    if output.status.success() {
        return String::from_utf8_lossy(&output.stdout).into_owned();
    }
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let error = error.split_once("Error: ").expect("an error").1;
    // What the command advises is not part of what is wrong.
    let error = error.split("\n\nUse --debug flag").next().unwrap_or_default();
    format!("Error: {}\n", error.trim_end())
}
