//! Programs that chores start.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// Returns a command that starts in the workspace's folder.
pub(crate) fn command(program: impl AsRef<Path>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program.as_ref());
    command.args(arguments).current_dir(crate::workspace::root());
    command
}

/// Returns the cargo that runs this chore, or the one on the path.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    command(crate::workspace::environment("CARGO").unwrap_or_else(|| "cargo".to_owned()), arguments)
}

/// Runs a command to its end and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{command:?}: {status}");
    }
    Ok(())
}

/// Runs a command and returns what it printed to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("{command:?} did not print UTF-8"))
}

/// Runs a command to its end; returns what it printed, or what it said when it failed.
pub(crate) fn printed(command: &mut Command) -> Result<Result<String, String>> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) })
}

/// Returns whether a program is on the path.
pub(crate) fn installed(program: &str) -> bool {
    let path = crate::workspace::environment("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
