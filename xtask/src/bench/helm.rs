//! Rendering all charts of the oracles with their default values: Helm, against `sealift helm template`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::measured::{self, median};
use crate::{dist, peers, process, workspace};

/// Runs of each chart by each program, of which the median counts.
const RUNS: usize = 3;

/// What we promise: all charts in sum, and each chart.
const SUM_RATIO: f64 = 10.0;
const WORST_RATIO: f64 = 5.0;
/// What we promise of many charts in one process.
const IN_PROCESS_RATIO: f64 = 5.0;

/// Charts whose worst ratios are shown.
const SHOWN: usize = 5;

/// A chart and how long each program took.
struct Row {
    chart: String,
    helm: Duration,
    sealift: Duration,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.helm.as_secs_f64() / self.sealift.as_secs_f64()
    }
}

/// The program that renders all charts in one process.
const IN_PROCESS: &str = "render-charts";

/// Prints the ratios of the static binary, and fails below what we promise.
pub(super) fn run() -> Result<()> {
    let (Some(oracles), Some(helm), Some(in_process)) =
        (workspace::oracles(), peers::find(peers::HELM_4), peers::find(peers::HELM_IN_PROCESS))
    else {
        println!("bench helm skipped: no oracles, or no Helm: run `make peers`");
        return Ok(());
    };
    let charts = charts(&oracles.join("charts"))?;
    // Apart: with an example come the features that tests ask of crates.
    let in_our_process = dist::build(&["--example", IN_PROCESS])?.join("examples").join(IN_PROCESS);
    let sealift = &*dist::build(&["--bins"])?.join("sealift");
    let one_process = OneProcess { helm: &in_process, sealift: in_our_process, charts: &charts };
    let makers = one_process.key_makers()?;
    let rows = charts.iter().map(|chart| row(&helm, sealift, chart)).collect::<Result<Vec<_>>>()?;
    let all: Vec<_> = rows.iter().collect();
    let without: Vec<_> = rows.iter().filter(|row| !makers.contains(&row.chart)).collect();
    let ratio = sum(&all, "in all");
    sum(&without, "that make no keys");
    print_worst(&rows);
    let slowest = rows.iter().max_by_key(|row| row.helm).context("no chart")?;
    println!("  slowest for helm: {:.1} × {}", slowest.ratio(), slowest.chart);
    one_process.ratio(false)?;
    let one = one_process.ratio(true)?;
    one_process.tracing()?;
    let peak = |program: &Path| peak(program, &slowest_and_largest(&charts, slowest)?);
    let (peak_helm, peak_sealift) = (peak(&helm)?, peak(sealift)?);
    println!(
        "bench helm: most memory of one process: helm {} MB, sealift {} MB",
        peak_helm / 1_000_000,
        peak_sealift / 1_000_000
    );
    if ratio < SUM_RATIO
        || slowest.ratio() < WORST_RATIO
        || one < IN_PROCESS_RATIO
        || peak_sealift > peak_helm
    {
        bail!("rendering charts is not as fast as we promise");
    }
    Ok(())
}

fn print_worst(rows: &[Row]) {
    let mut worst: Vec<_> = rows.iter().collect();
    worst.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    for row in worst.iter().take(SHOWN) {
        let (chart, helm, sealift) = (&row.chart, row.helm, row.sealift);
        println!("  least: {:.1} × {chart}: {helm:.1?}, {sealift:.1?}", row.ratio());
    }
}

/// All archives below a folder, sorted.
pub(crate) fn charts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut charts = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            for entry in fs_err::read_dir(&path)? {
                let path = entry?.path();
                charts.extend(path.extension().is_some_and(|end| end == "tgz").then_some(path));
            }
        }
    }
    charts.sort();
    Ok(charts)
}

fn row(helm: &Path, sealift: &Path, chart: &Path) -> Result<Row> {
    let (mut helm_times, mut sealift_times) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        helm_times.push(time(&mut template(helm, chart))?);
        sealift_times.push(time(&mut template(sealift, chart))?);
    }
    Ok(Row {
        chart: name(chart),
        helm: median(helm_times).context("no run")?,
        sealift: median(sealift_times).context("no run")?,
    })
}

/// Such as `bitnami/redis`.
fn name(chart: &Path) -> String {
    let folder = chart.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let name = chart.file_stem().unwrap_or_default().to_string_lossy();
    format!("{folder}/{name}")
}

/// `helm template rel CHART …`, or the same of sealift.
pub(crate) fn template(program: &Path, chart: &Path) -> Command {
    let mut command = Command::new(program);
    if program.file_stem().is_some_and(|name| name == "sealift") {
        command.arg("helm");
    }
    command.args(["template", "rel"]).arg(chart);
    command.args(["--namespace", "ns", "--kube-version", "v1.33.0"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Some charts fail with both programs: that takes time as well.
fn time(command: &mut Command) -> Result<Duration> {
    let start = Instant::now();
    command.status().with_context(|| format!("cannot start {command:?}"))?;
    Ok(start.elapsed())
}

/// Programs that render all charts in one process.
struct OneProcess<'a> {
    helm: &'a Path,
    sealift: PathBuf,
    charts: &'a [PathBuf],
}

impl OneProcess<'_> {
    /// Compares the programs; prints and returns the ratio. With fixed keys no time goes into prime numbers, for which
    /// both have a library.
    fn ratio(&self, fixed_keys: bool) -> Result<f64> {
        let (mut helm_times, mut our_times) = (Vec::new(), Vec::new());
        let flags = keys(fixed_keys);
        for _ in 0..RUNS {
            helm_times.push(time(&mut self.command(self.helm, flags))?);
            our_times.push(time(&mut self.command(&self.sealift, flags))?);
        }
        let helm = median(helm_times).context("no run")?.as_secs_f64();
        let ours = median(our_times).context("no run")?.as_secs_f64();
        let ratio = helm / ours;
        println!(
            "bench helm: {} charts in one process, {} keys: Go {helm:.2} s, sealift {ours:.2} s, {ratio:.1} ×",
            self.charts.len(),
            if fixed_keys { "fixed" } else { "real" },
        );
        Ok(ratio)
    }

    /// Prints what it takes to find the lines and values that gave what: plain rendering must not pay for it.
    fn tracing(&self) -> Result<()> {
        let traced = || self.command(&self.sealift, &["--fixed-keys", "--traced"]);
        let plain = || self.command(&self.sealift, &["--fixed-keys"]);
        let (mut traced_times, mut plain_times) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            traced_times.push(time(&mut traced())?);
            plain_times.push(time(&mut plain())?);
        }
        let traced = median(traced_times).context("no run")?.as_secs_f64();
        let plain = median(plain_times).context("no run")?.as_secs_f64();
        println!(
            "bench helm: with the lines and values that gave what {traced:.2} s, without {plain:.2} s"
        );
        Ok(())
    }

    /// Returns the charts that make keys: their names as [`Row::chart`] has them.
    fn key_makers(&self) -> Result<BTreeSet<String>> {
        let mut command = self.command(&self.sealift, keys(true));
        let output = process::output(command.stdout(Stdio::piped()))?;
        let makes_keys = |line: &str| line.split('\t').nth(2).is_some_and(|keys| keys != "0");
        let both = self.charts.iter().zip(output.lines());
        Ok(both.filter(|(_, line)| makes_keys(line)).map(|(chart, _)| name(chart)).collect())
    }

    fn command(&self, program: &Path, flags: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(flags).args(self.charts);
        command.stdout(Stdio::null());
        command
    }
}

fn keys(are_fixed: bool) -> &'static [&'static str] {
    if are_fixed { &["--fixed-keys"] } else { &[] }
}

/// Prints the ratio of the sums over some charts, and returns it.
fn sum(rows: &[&Row], what: &str) -> f64 {
    let sum = |time: fn(&Row) -> Duration| rows.iter().map(|row| time(row)).sum::<Duration>();
    let (helm, sealift) = (sum(|row| row.helm).as_secs_f64(), sum(|row| row.sealift).as_secs_f64());
    let ratio = helm / sealift;
    println!(
        "bench helm: {} charts {what}, process by process: helm {helm:.2} s, sealift {sealift:.2} s, {ratio:.1} ×",
        rows.len()
    );
    ratio
}

/// The chart that takes the longest, and the largest archives: where memory shows.
fn slowest_and_largest(charts: &[PathBuf], slowest: &Row) -> Result<Vec<PathBuf>> {
    let mut sized = charts
        .iter()
        .map(|chart| Ok((fs_err::metadata(chart)?.len(), chart.clone())))
        .collect::<Result<Vec<_>>>()?;
    sized.sort();
    let mut chosen: Vec<_> = sized.into_iter().rev().take(SHOWN).map(|(_, chart)| chart).collect();
    chosen.extend(
        charts.iter().find(|chart| chart.with_extension("").ends_with(&slowest.chart)).cloned(),
    );
    Ok(chosen)
}

fn peak(program: &Path, charts: &[PathBuf]) -> Result<u64> {
    let peaks =
        charts.iter().map(|chart| Ok(measured::run(&mut template(program, chart))?.peak_bytes));
    peaks.collect::<Result<Vec<_>>>()?.into_iter().max().context("no chart")
}
