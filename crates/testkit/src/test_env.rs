//! A folder of its own and a cleared environment for a program under test, and what it printed with the accidents filtered out.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs one program in a fresh folder, with no environment but what the test sets.
pub struct TestEnv {
    program: PathBuf,
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
    filters: Vec<(String, String)>,
}

impl TestEnv {
    /// Makes a fresh folder for `program`; a test of the binary passes `env!("CARGO_BIN_EXE_sealift")`.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let filters = vec![(folder.path().display().to_string(), "[DIR]".to_owned())];
        Self { program: program.into(), folder, variables: Vec::new(), filters }
    }

    /// The folder in which the program runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file below the folder, and the folders above it.
    pub fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let file = self.folder().join(path);
        std::fs::create_dir_all(file.parent().expect("the folder is above it"))
            .expect("folders can be made");
        std::fs::write(&file, contents).expect("the file can be written");
        file
    }

    /// Reads a text file below the folder.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder().join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Whether a path is there.
    pub fn exists(&self, path: &str) -> bool {
        self.folder().join(path).exists()
    }

    /// Sets a variable for the program.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Replaces a text, such as an address with its port, in what is shown.
    pub fn filter(&mut self, text: &str, shown: &str) {
        self.filters.push((text.to_owned(), shown.to_owned()));
    }

    /// The program with its arguments, ready to run.
    pub fn command<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .env("HOME", self.folder())
            .stdin(Stdio::null());
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command
    }

    /// Runs the program to its end.
    pub fn run<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Ran {
        let output =
            self.command(arguments).output().expect("the program under test can be started");
        self.ran(&output)
    }

    /// Makes what is shown of an output.
    pub fn ran(&self, output: &Output) -> Ran {
        Ran {
            code: output.status.code(),
            stdout: self.filtered(&String::from_utf8_lossy(&output.stdout)),
            stderr: self.filtered(&String::from_utf8_lossy(&output.stderr)),
        }
    }

    fn filtered(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (from, to) in &self.filters {
            text = text.replace(from, to);
        }
        without_durations(&text)
    }
}

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Its data, filtered.
    pub stdout: String,
    /// Its words, filtered.
    pub stderr: String,
}

impl Ran {
    /// Exit code, stdout and stderr in one text, for a snapshot.
    pub fn snapshot(&self) -> String {
        let mut text = format!(
            "exit code: {}\n",
            self.code.map_or("signal".to_owned(), |code| code.to_string())
        );
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            writeln!(text, "----- {name} -----\n{}", stream.trim_end())
                .expect("a String takes all");
        }
        text
    }

    /// Fails the test unless the program ended with `code`; shows all that it said.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "most tests need no more than the code")]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.snapshot());
        self
    }
}

/// Replaces numbers of seconds, which differ from run to run: `0.2 s` becomes `[N] s`.
fn without_durations(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(" s") {
        let (before, after) = rest.split_at(at);
        let ends = after[2..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        let digits = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        if ends && digits.len() < before.len() {
            out.push_str(digits);
            out.push_str("[N]");
        } else {
            out.push_str(before);
        }
        out.push_str(" s");
        rest = &after[2..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::without_durations;

    #[test]
    fn durations_are_filtered_and_other_numbers_stay() {
        assert_eq!(
            without_durations("3 images, 0.2 s; 5 seconds; 12 s left"),
            "3 images, [N] s; 5 seconds; [N] s left"
        );
    }
}
