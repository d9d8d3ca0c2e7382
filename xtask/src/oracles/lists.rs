//! The cases that are known to fail: `scores/<set>.failing`, which may only get shorter.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;

use super::Outcome;
use crate::{process, workspace};

/// Returns the place of a set's list, below the workspace.
fn place(set: &str) -> String {
    format!("scores/{set}.failing")
}

fn path(set: &str) -> PathBuf {
    workspace::root().join(place(set))
}

/// Writes the list of a set, and removes it where nothing fails.
pub(super) fn write(outcome: &Outcome) -> Result<()> {
    let path = path(&outcome.set);
    if outcome.failing.is_empty() {
        return if path.exists() { Ok(fs_err::remove_file(path)?) } else { Ok(()) };
    }
    let lines: Vec<_> = outcome.failing.iter().map(String::as_str).collect();
    fs_err::create_dir_all(workspace::root().join("scores"))?;
    Ok(fs_err::write(path, lines.join("\n") + "\n")?)
}

/// Returns each case whose result and place in the list disagree.
pub(super) fn disagreements(outcome: &Outcome) -> Result<Vec<String>> {
    let path = path(&outcome.set);
    let text = if path.exists() { fs_err::read_to_string(path)? } else { String::new() };
    Ok(compare(outcome, &cases(&text)))
}

fn compare(outcome: &Outcome, listed: &BTreeSet<String>) -> Vec<String> {
    let set = &outcome.set;
    let fails = outcome
        .failing
        .difference(listed)
        .map(|case| format!("{set}: {case} fails and is not listed"));
    let passes = listed
        .difference(&outcome.failing)
        .map(|case| format!("{set}: {case} passes and is still listed"));
    fails.chain(passes).collect()
}

/// Returns each case that a set's list has and the list at the merge base has not.
///
/// A set that the base does not score yet may bring a list.
pub(super) fn additions(outcome: &Outcome) -> Vec<String> {
    let Some(base) = base() else { return Vec::new() };
    let at_base = |place: &str| {
        process::output(&mut process::command("git", &["show", &format!("{base}:{place}")])).ok()
    };
    let scored = at_base("SCORES.md")
        .is_some_and(|scores| super::report::names(&scores).any(|name| name == outcome.set));
    if !scored {
        return Vec::new();
    }
    let before = cases(&at_base(&place(&outcome.set)).unwrap_or_default());
    outcome
        .failing
        .difference(&before)
        .map(|case| format!("{}: {case} passed at {base} and fails now", outcome.set))
        .collect()
}

/// Returns the commit to compare with: where `origin/main` was left, or the first parent.
fn base() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = process::output(&mut process::command("git", arguments)).ok()?;
        Some(output.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let head = git(&["rev-parse", "HEAD"])?;
    let left = git(&["merge-base", "HEAD", "origin/main"]).filter(|base| *base != head);
    left.or_else(|| git(&["rev-parse", "--verify", "--quiet", "HEAD^"]))
}

fn cases(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_failure_and_a_listed_success_are_both_named() {
        let set =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let outcome =
            Outcome { set: "yaml".to_owned(), total: 3, equal: 1, failing: set(&["1", "2"]) };
        let found = compare(&outcome, &set(&["2", "3"]));
        assert_eq!(
            found,
            ["yaml: 1 fails and is not listed", "yaml: 3 passes and is still listed"]
        );
        assert!(compare(&outcome, &set(&["1", "2"])).is_empty());
    }
}
