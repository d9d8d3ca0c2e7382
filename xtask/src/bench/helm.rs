//! Rendering all charts of the oracles with their default values: Helm, against `sealift helm template`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::measured::{self, median};
use crate::{built, peers, process, workspace};

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

/// Prints the ratios and fails below what we promise.
pub(super) fn run(sealift: &Path) -> Result<()> {
    let (Some(oracles), Some(helm), Some(in_process)) =
        (workspace::oracles(), peers::find(peers::HELM_4), peers::find(peers::HELM_IN_PROCESS))
    else {
        println!("bench helm skipped: no oracles, or no Helm: run `make peers`");
        return Ok(());
    };
    let charts = charts(&oracles.join("charts"))?;
    let rows = charts.iter().map(|chart| row(&helm, sealift, chart)).collect::<Result<Vec<_>>>()?;
    let sum = |time: fn(&Row) -> Duration| rows.iter().map(time).sum::<Duration>().as_secs_f64();
    let (all_helm, all_sealift) = (sum(|row| row.helm), sum(|row| row.sealift));
    let ratio = all_helm / all_sealift;
    println!(
        "bench helm: {} charts, process by process: helm {all_helm:.2} s, sealift {all_sealift:.2} s, {ratio:.1} × (promised {SUM_RATIO})",
        rows.len()
    );
    let mut worst: Vec<_> = rows.iter().collect();
    worst.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    for row in worst.iter().take(SHOWN) {
        let (chart, helm, sealift) = (&row.chart, row.helm, row.sealift);
        println!("  least: {:.1} × {chart}: {helm:.1?}, {sealift:.1?}", row.ratio());
    }
    let slowest = rows.iter().max_by_key(|row| row.helm).context("no chart")?;
    println!("  slowest for helm: {:.1} × {}", slowest.ratio(), slowest.chart);
    let one = one_process(&in_process, &charts)?;
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

/// All archives below a folder, sorted.
fn charts(folder: &Path) -> Result<Vec<PathBuf>> {
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
    let folder = chart.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let name = chart.file_stem().unwrap_or_default().to_string_lossy();
    Ok(Row {
        chart: format!("{folder}/{name}"),
        helm: median(helm_times).context("no run")?,
        sealift: median(sealift_times).context("no run")?,
    })
}

/// `helm template rel CHART …`, or the same of sealift.
fn template(program: &Path, chart: &Path) -> Command {
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

/// Compares programs that render all charts in one process; prints and returns the ratio.
fn one_process(helm: &Path, charts: &[PathBuf]) -> Result<f64> {
    process::run(&mut process::cargo(&[
        "build",
        "--quiet",
        "--profile",
        "fast",
        "--package",
        "sealift-cli",
        "--example",
        "render-charts",
        "--locked",
    ]))?;
    let ours = built::example("render-charts");
    let run = |program: &Path| time(Command::new(program).args(charts).stdout(Stdio::null()));
    let (mut helm_times, mut our_times) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        helm_times.push(run(helm)?);
        our_times.push(run(&ours)?);
    }
    let helm = median(helm_times).context("no run")?.as_secs_f64();
    let ours = median(our_times).context("no run")?.as_secs_f64();
    let ratio = helm / ours;
    println!(
        "bench helm: {} charts in one process: Go {helm:.2} s, sealift {ours:.2} s, {ratio:.1} × (promised {IN_PROCESS_RATIO})",
        charts.len()
    );
    Ok(ratio)
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
