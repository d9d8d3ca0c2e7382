//! Runs the program within the bounds that every refusal keeps: 10 seconds, 512 MiB, no process of its own.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

const MOST_TIME: Duration = Duration::from_secs(10);
const MOST_BYTES: u64 = 512 << 20;
const INTERVAL: Duration = Duration::from_millis(2);

/// Runs a command and returns how it ended with the bounds that it broke.
pub(crate) fn run(mut command: Command) -> (ExitStatus, Vec<String>) {
    let mut child = command.spawn().expect("sealift was built with this test");
    let mut broken = Vec::new();
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("it is a child of this process") {
            return (status, broken);
        }
        if let Some(bound) = broken_bound(&child, start) {
            // A program out of bounds may not end by itself.
            let _gone = child.kill();
            broken.push(bound);
        }
        std::thread::sleep(INTERVAL);
    }
}

fn broken_bound(child: &Child, start: Instant) -> Option<String> {
    let process = format!("/proc/{}", child.id());
    let children = std::fs::read_to_string(format!("{process}/task/{}/children", child.id()))
        .unwrap_or_default();
    if start.elapsed() > MOST_TIME {
        Some(format!("still running after {} s", MOST_TIME.as_secs()))
    } else if peak(&process).is_some_and(|bytes| bytes > MOST_BYTES) {
        Some(format!("more than {} MiB of memory", MOST_BYTES >> 20))
    } else if !children.trim().is_empty() {
        Some("it started a process".to_owned())
    } else {
        None
    }
}

/// Reads the high-water mark of its memory, which only Linux tells.
fn peak(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}
