//! Fuzzing on the stable compiler: the targets of `fuzz/` in a loop of seeded mutations.

mod mutate;
pub(crate) mod targets;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::noise::Noise;
use crate::workspace;
use mutate::mutated;
use targets::{TARGETS, Target};

/// What a loop did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    pub(crate) executions: u64,
    pub(crate) time: Duration,
}

/// Runs one target, or all of them, and prints what each did.
pub(crate) fn run(name: Option<&str>, executions: u64, seed: u64) -> Result<()> {
    let chosen: Vec<_> =
        TARGETS.iter().filter(|target| name.is_none_or(|name| name == target.name)).collect();
    if chosen.is_empty() {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        bail!("there is no such target; there are {}", names.join(", "));
    }
    for target in chosen {
        let done = repeat(target, executions, seed)?;
        println!(
            "fuzz {}: {} executions, seed {seed}, {:.1} s: no crash",
            target.name,
            done.executions,
            done.time.as_secs_f64()
        );
    }
    Ok(())
}

/// Runs a target on its seeds, then on mutations of them; the first panic is kept as a file and ends the loop.
pub(crate) fn repeat(target: &Target, executions: u64, seed: u64) -> Result<Done> {
    let seeds = seeds(target.name)?;
    let mut noise = Noise::new(seed);
    let start = Instant::now();
    let unchanged = seeds.iter().cloned();
    let changed = std::iter::repeat_with(|| mutated(&seeds, &mut noise));
    for (count, input) in (0..executions).zip(unchanged.chain(changed)) {
        if catch_unwind(|| (target.run)(&input)).is_err() {
            bail!(
                "fuzz {}: execution {count} of seed {seed} panicked; input in {}",
                target.name,
                keep(target.name, &input)?.display()
            );
        }
    }
    Ok(Done { executions, time: start.elapsed() })
}

fn seeds(target: &str) -> Result<Vec<Vec<u8>>> {
    let folder = workspace::root().join("fuzz/seeds").join(target);
    let mut files = Vec::new();
    for entry in fs_err::read_dir(&folder)? {
        files.push(entry?.path());
    }
    files.sort();
    let seeds = files.iter().map(fs_err::read).collect::<Result<Vec<_>, _>>()?;
    if seeds.is_empty() {
        bail!("{} holds no seed", folder.display());
    }
    Ok(seeds)
}

fn keep(target: &str, input: &[u8]) -> Result<PathBuf> {
    let folder = Path::new("fuzz/artifacts").join(target);
    fs_err::create_dir_all(workspace::root().join(&folder))?;
    let name = sealift_reference::Digest::sha256(input).hex().get(..16).map(str::to_owned);
    let file = folder.join(format!("crash-{}", name.context("a digest is longer")?));
    fs_err::write(workspace::root().join(&file), input)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_survives_a_thousand_mutations_of_its_seeds() {
        for target in &TARGETS {
            repeat(target, 1000, 1).unwrap();
        }
    }
}
