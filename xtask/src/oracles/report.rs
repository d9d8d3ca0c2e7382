//! `SCORES.md`: what the oracle runs and the long runs gave.

use std::path::PathBuf;

use anyhow::Result;

use super::Outcome;
use crate::workspace;

const HEAD: &str = "# Scores

Written by `cargo xtask oracles`. A case counts as equal when sealift gives what the real tool gave. The cases that are
known to fail stand in `scores/<set>.failing`; `make check` fails when one is added. A row of `fault-matrix` counts when a test
is named by it.

| set | equal | of |
|---|--:|--:|
";

/// Begins the part of the page that oracle runs keep.
const RUNS: &str = "\n## Long runs\n";

const RUNS_HEAD: &str = "
Written by `cargo xtask soak --record`. Nothing below is repeated by `make check`.

| what | executions | seed | time | commit | result |
|---|--:|--:|--:|---|---|
";

fn path() -> PathBuf {
    workspace::root().join("SCORES.md")
}

fn runs_path() -> PathBuf {
    workspace::root().join("scores/soak.tsv")
}

/// Returns the page for these outcomes, with the long runs that were recorded.
fn page(outcomes: &[Outcome], runs: &str) -> String {
    let rows = outcomes.iter().map(|outcome| {
        row([outcome.set.as_str(), &outcome.equal.to_string(), &outcome.total.to_string()])
    });
    format!("{HEAD}{}{}", rows.collect::<String>(), section(runs))
}

fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    cells.into_iter().fold("|".to_owned(), |row, cell| row + " " + cell + " |") + "\n"
}

/// Returns the part of a page before the long runs.
fn scores(page: &str) -> &str {
    page.split(RUNS).next().unwrap_or_default()
}

/// Returns the sets that a page has a row for.
pub(super) fn names(page: &str) -> impl Iterator<Item = &str> {
    let rows = scores(page).lines().filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| row.split(" |").next())
}

/// Writes the page.
pub(super) fn write(outcomes: &[Outcome]) -> Result<()> {
    Ok(fs_err::write(path(), page(outcomes, &recorded()?))?)
}

/// Returns whether the page in the repository says the same.
pub(super) fn is_current(outcomes: &[Outcome]) -> Result<bool> {
    Ok(path().exists() && fs_err::read_to_string(path())? == page(outcomes, &recorded()?))
}

/// Reads the rows of the long runs, one a line, cells between tabs.
fn recorded() -> Result<String> {
    Ok(if runs_path().exists() { fs_err::read_to_string(runs_path())? } else { String::new() })
}

/// Returns the part of the page about long runs, which is empty when none was recorded.
fn section(runs: &str) -> String {
    let rows: String = runs.lines().map(|line| row(line.split('\t'))).collect();
    if rows.is_empty() { rows } else { format!("{RUNS}{RUNS_HEAD}{rows}") }
}

/// Returns the rows with new ones in place of those of the same name.
fn renewed(old: &str, rows: &[[String; 6]]) -> String {
    let stays =
        |line: &&str| !rows.iter().any(|row| line.split('\t').next() == Some(row[0].as_str()));
    let mut lines: Vec<String> = old.lines().filter(stays).map(str::to_owned).collect();
    lines.extend(rows.iter().map(|row| row.join("\t")));
    lines.sort();
    lines.join("\n") + "\n"
}

/// Adds rows for long runs and writes the page anew.
pub(crate) fn record(rows: &[[String; 6]]) -> Result<()> {
    let runs = renewed(&recorded()?, rows);
    fs_err::create_dir_all(workspace::root().join("scores"))?;
    fs_err::write(runs_path(), &runs)?;
    let old = if path().exists() { fs_err::read_to_string(path())? } else { HEAD.to_owned() };
    Ok(fs_err::write(path(), scores(&old).to_owned() + &section(&runs))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(set: &str, equal: usize) -> Outcome {
        Outcome { set: set.to_owned(), equal, total: 9, failing: std::collections::BTreeSet::new() }
    }

    fn run(what: &str, executions: &str) -> [String; 6] {
        [what, executions, "1", "5 s", "0123abc", "no crash"].map(str::to_owned)
    }

    #[test]
    fn a_new_run_of_the_oracles_keeps_the_long_runs() {
        let runs = renewed("", &[run("fuzz lock", "100000")]);
        let (old, new) = (page(&[outcome("yaml", 1)], &runs), page(&[outcome("yaml", 2)], &runs));
        assert_ne!(old, new);
        let line = "| fuzz lock | 100000 | 1 | 5 s | 0123abc | no crash |\n";
        assert!(old.ends_with(line) && new.ends_with(line), "{new}");
        assert_eq!(scores(&new).to_owned() + &section(&runs), new, "recording it again");
    }

    #[test]
    fn a_long_run_replaces_that_of_the_same_name() {
        let old = renewed("", &[run("fuzz lock", "1"), run("fuzz digest", "1")]);
        let runs = renewed(&old, &[run("fuzz lock", "2")]);
        let starts: Vec<_> = runs.lines().map(|line| line.split("\t1\t5 s").next()).collect();
        assert_eq!(starts, [Some("fuzz digest\t1"), Some("fuzz lock\t2")]);
    }

    #[test]
    fn the_page_names_each_set_once() {
        let page =
            page(&[outcome("yaml-a", 1), outcome("yaml-b", 1)], "fuzz x\t1\t1\t1 s\tc\tok\n");
        let found: Vec<_> = names(&page)
            .filter(|name| name.starts_with("yaml") || name.starts_with("fuzz"))
            .collect();
        assert_eq!(found, ["yaml-a", "yaml-b"]);
    }
}
