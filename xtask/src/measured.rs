//! Programs that are run for their time and memory.

use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// How often the memory is read: what a program takes in its last moments may be missed.
const INTERVAL: Duration = Duration::from_micros(500);

/// What a run took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) status: ExitStatus,
    pub(crate) time: Duration,
    /// The time of processors, which others that run at the same time do not lengthen.
    pub(crate) processor_time: Duration,
    /// The most memory that was resident, as the kernel counts it.
    pub(crate) peak_bytes: u64,
}

/// Runs a command with its output thrown away.
pub(crate) fn run(command: &mut Command) -> Result<Measured> {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let (mut peak_bytes, mut processor_time) = (0, Duration::ZERO);
    loop {
        peak_bytes = peak_bytes.max(peak(child.id()).unwrap_or(0));
        processor_time = processor_time.max(processor(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait()? {
            return Ok(Measured { status, time: start.elapsed(), processor_time, peak_bytes });
        }
        std::thread::sleep(INTERVAL);
    }
}

/// Reads the high-water mark of a running process.
fn peak(process: u32) -> Option<u64> {
    let status = fs_err::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// Reads the time of processors that a running process took, its own and the kernel's for it.
fn processor(process: u32) -> Option<Duration> {
    let stat = fs_err::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program ends the second field, and may hold anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let own: u64 = fields.next()?.parse().ok()?;
    let kernel: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((own + kernel) * 10))
}

/// Returns the middle one of some values.
pub(crate) fn median<T: Ord + Copy>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_timed_and_weighed() {
        let measured = run(Command::new("sleep").arg("0.05")).unwrap();
        assert!(measured.status.success());
        assert!(measured.time >= Duration::from_millis(50));
        assert!((100_000..100_000_000).contains(&measured.peak_bytes), "{}", measured.peak_bytes);
        assert_eq!(median([3, 1, 2]), Some(2));
    }
}
