//! `SCORES.md`: what the oracle runs and the long runs gave.

use std::path::PathBuf;

use anyhow::Result;

use super::Outcome;
use crate::workspace;

const HEAD: &str = "# Scores

Written by `cargo xtask oracles`. A case counts as equal when sealift gives what the real tool gave. The cases that are
known to fail stand in `scores/<set>.failing`; `make check` fails when one is added.

| set | equal | of |
|---|--:|--:|
";

const RUNS_HEAD: &str = "
## Long runs

Written by `cargo xtask soak --record`. Nothing below is repeated by `make check`.

| what | executions | seed | time | result |
|---|--:|--:|--:|---|
";

fn path() -> PathBuf {
    workspace::root().join("SCORES.md")
}

fn runs_path() -> PathBuf {
    workspace::root().join("scores/soak.tsv")
}

/// Returns the page for these outcomes and the recorded long runs.
pub(super) fn page(outcomes: &[Outcome]) -> Result<String> {
    let rows = outcomes.iter().map(|outcome| {
        row([outcome.set.as_str(), &outcome.equal.to_string(), &outcome.total.to_string()])
    });
    Ok(format!("{HEAD}{}{}", rows.collect::<String>(), runs()?))
}

fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    cells.into_iter().fold("|".to_owned(), |row, cell| row + " " + cell + " |") + "\n"
}

/// Returns the sets that a page has a row for.
pub(super) fn names(page: &str) -> impl Iterator<Item = &str> {
    let rows = page
        .split(RUNS_HEAD)
        .next()
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| row.split(" |").next())
}

/// Writes the page.
pub(super) fn write(outcomes: &[Outcome]) -> Result<()> {
    Ok(fs_err::write(path(), page(outcomes)?)?)
}

/// Returns whether the page in the repository says the same.
pub(super) fn is_current(outcomes: &[Outcome]) -> Result<bool> {
    Ok(path().exists() && fs_err::read_to_string(path())? == page(outcomes)?)
}

fn runs() -> Result<String> {
    if !runs_path().exists() {
        return Ok(String::new());
    }
    let rows = fs_err::read_to_string(runs_path())?;
    let rows: String = rows.lines().map(|line| row(line.split('\t'))).collect();
    Ok(format!("{RUNS_HEAD}{rows}"))
}

/// Adds rows for long runs, in place of those of the same name, and writes the page anew.
pub(crate) fn record(rows: &[[String; 5]]) -> Result<()> {
    let old =
        if runs_path().exists() { fs_err::read_to_string(runs_path())? } else { String::new() };
    let replaced =
        |line: &&str| !rows.iter().any(|row| line.split('\t').next() == Some(row[0].as_str()));
    let mut lines: Vec<String> = old.lines().filter(replaced).map(str::to_owned).collect();
    lines.extend(rows.iter().map(|row| row.join("\t")));
    lines.sort();
    fs_err::create_dir_all(workspace::root().join("scores"))?;
    fs_err::write(runs_path(), lines.join("\n") + "\n")?;

    let page = if path().exists() { fs_err::read_to_string(path())? } else { HEAD.to_owned() };
    let scores = page.split(RUNS_HEAD).next().unwrap_or_default();
    Ok(fs_err::write(path(), format!("{scores}{}", runs()?))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_each_set_once() {
        let page = format!(
            "{HEAD}| yaml-a | 1 | 2 |\n| yaml-b | 1 | 2 |\n{RUNS_HEAD}| fuzz x | 1 | 1 | 1 s | ok |\n"
        );
        let found: Vec<_> = names(&page)
            .filter(|name| name.starts_with("yaml") || name.starts_with("fuzz"))
            .collect();
        assert_eq!(found, ["yaml-a", "yaml-b"]);
    }
}
