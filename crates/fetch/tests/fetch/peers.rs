//! Real Helm, where it is installed.

use std::path::PathBuf;
use std::process::Command;

/// A program, with a home of its own.
pub(crate) struct Helm {
    program: PathBuf,
    home: tempfile::TempDir,
}

/// Returns a release of Helm, or says in a line that it is not installed.
pub(crate) fn helm(name: &str) -> Option<Helm> {
    let Some(program) = sealift_testkit::which(name) else {
        eprintln!("skipped: {name} is not installed (`make peers`)");
        return None;
    };
    Some(Helm { program, home: tempfile::tempdir().expect("a folder") })
}

impl Helm {
    /// Runs it and returns what it printed, whether it went well or not.
    pub(crate) fn try_run(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new(&self.program);
        command.args(arguments).env_clear().env("HOME", self.home.path());
        let output = command.output().expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Runs it.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        self.try_run(arguments).expect("it goes well")
    }
}
