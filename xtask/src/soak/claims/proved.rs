//! The report of a run: a line for each chart, and below it what is wrong or missed.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::mutation::Figures;

/// The names of the cells.
const HEAD: &str =
    "chart\tmilliseconds\trenders\tleaves\tmoving\tclaimed\tclaims\tuntried\trenderings\n";

/// In place of the figures of a chart that could not be proved.
const FAILED: &str = "failed";

/// What was found about a chart.
pub(super) struct Row {
    pub(super) chart: String,
    pub(super) time: Duration,
    /// Or why it could not be proved.
    pub(super) result: Result<Figures, String>,
}

/// A file of rows.
pub(super) struct Report {
    path: PathBuf,
    rows: Vec<Row>,
}

impl Report {
    /// Reads a report, or begins one.
    pub(super) fn open(path: PathBuf) -> Result<Self> {
        if !path.exists() {
            fs_err::write(&path, HEAD)?;
        }
        let text = fs_err::read_to_string(&path)?;
        let rows = read(&text).with_context(|| format!("{} is no report", path.display()))?;
        Ok(Self { path, rows })
    }

    pub(super) fn has(&self, chart: &str) -> bool {
        self.rows.iter().any(|row| row.chart == chart)
    }

    /// Adds a row at once, so that a run that is ended loses nothing.
    pub(super) fn add(&mut self, row: Row) -> Result<()> {
        let mut file = fs_err::OpenOptions::new().append(true).open(&self.path)?;
        file.write_all(text(&row).as_bytes())?;
        self.rows.push(row);
        Ok(())
    }

    /// Returns the charts that could not be proved, and why.
    pub(super) fn failed<'r>(&'r self) -> impl Iterator<Item = (&'r str, &'r str)> {
        let failed = |row: &'r Row| Some((row.chart.as_str(), row.result.as_ref().err()?.as_str()));
        self.rows.iter().filter_map(failed)
    }

    /// Returns the sum of all rows.
    pub(super) fn total(self) -> (Figures, Duration) {
        let time = self.rows.iter().map(|row| row.time).sum();
        let mut total = Figures::default();
        self.rows.into_iter().filter_map(|row| row.result.ok()).for_each(|row| total.add(row));
        (total, time)
    }
}

fn text(row: &Row) -> String {
    let mut text = format!("{}\t{}", row.chart, row.time.as_millis());
    match &row.result {
        Err(error) => {
            let error = error.replace(['\t', '\n'], " ");
            text = format!("{text}\t{FAILED}\t{error}\n");
        }
        Ok(figures) => {
            for number in numbers(figures) {
                let _always_ok = write!(text, "\t{number}");
            }
            text.push('\n');
            let wrong = figures.wrong.iter().map(|line| ("wrong", line));
            for (what, line) in wrong.chain(figures.missed.iter().map(|line| ("missed", line))) {
                let _always_ok = writeln!(text, "\t{what}\t{}", line.replace(['\t', '\n'], " "));
            }
        }
    }
    text
}

fn numbers(figures: &Figures) -> [usize; 7] {
    let Figures { charts, leaves, moving, claimed, claims, untried, renderings, .. } = *figures;
    [charts, leaves, moving, claimed, claims, untried, renderings]
}

fn read(text: &str) -> Option<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    for line in text.strip_prefix(HEAD)?.lines() {
        let cells: Vec<_> = line.split('\t').collect();
        match cells[..] {
            ["", what, line] => {
                let figures = rows.last_mut()?.result.as_mut().ok()?;
                let list = if what == "wrong" { &mut figures.wrong } else { &mut figures.missed };
                list.push(line.to_owned());
            }
            [chart, time, FAILED, error] => {
                rows.push(row(chart, time, Err(error.to_owned()))?);
            }
            [chart, time, ref numbers @ ..] => {
                rows.push(row(chart, time, Ok(figures(numbers)?))?);
            }
            _ => return None,
        }
    }
    Some(rows)
}

fn row(chart: &str, time: &str, result: Result<Figures, String>) -> Option<Row> {
    let time = Duration::from_millis(time.parse().ok()?);
    Some(Row { chart: chart.to_owned(), time, result })
}

fn figures(cells: &[&str]) -> Option<Figures> {
    let numbers: Vec<usize> = cells.iter().map_while(|cell| cell.parse().ok()).collect();
    let [charts, leaves, moving, claimed, claims, untried, renderings] = numbers[..] else {
        return None;
    };
    let none = Figures::default();
    Some(Figures { charts, leaves, moving, claimed, claims, renderings, untried, ..none })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again_and_added_up() {
        let figures = Figures {
            charts: 1,
            leaves: 9,
            moving: 4,
            claimed: 3,
            claims: 5,
            wrong: vec!["a/b: .x does not set y".to_owned()],
            missed: vec!["a/b: .z\tsets y".to_owned()],
            renderings: 20,
            untried: 2,
        };
        let row = |chart: &str, result| Row {
            chart: chart.to_owned(),
            time: Duration::from_millis(1500),
            result,
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.tsv");
        let mut report = Report::open(path.clone()).unwrap();
        report.add(row("a/b", Ok(figures))).unwrap();
        report.add(row("a/c", Err("two\nlines".to_owned()))).unwrap();

        let again = Report::open(path).unwrap();
        assert!(again.has("a/b") && again.has("a/c") && !again.has("a/d"));
        assert_eq!(again.failed().collect::<Vec<_>>(), [("a/c", "two lines")]);
        let (total, time) = again.total();
        assert_eq!((numbers(&total), time.as_secs()), ([1, 9, 4, 3, 5, 2, 20], 3));
        assert_eq!(total.wrong, ["a/b: .x does not set y"]);
        assert_eq!(total.missed, ["a/b: .z sets y"]);
    }

    #[test]
    fn another_file_is_no_report() {
        assert!(read("a\tb\n").is_none());
        assert!(read(&format!("{HEAD}a/b\t1\t2\n")).is_none());
    }
}
