//! Fuzzing on the stable compiler: the targets of `fuzz/` in a loop of seeded mutations.

mod mutate;
mod mutate_json;
mod mutate_tree;
mod seeds;
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

/// When a loop ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// After so many inputs.
    Executions(u64),
    /// After so much time.
    Time(Duration),
}

/// Runs one target, or all of them, and prints what each did.
pub(crate) fn run(name: Option<&str>, until: Until, seed: u64) -> Result<()> {
    let chosen: Vec<_> =
        TARGETS.iter().filter(|target| name.is_none_or(|name| name == target.name)).collect();
    if chosen.is_empty() {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        bail!("there is no such target; there are {}", names.join(", "));
    }
    for target in chosen {
        let done = repeat(target, until, seed)?;
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
pub(crate) fn repeat(target: &Target, until: Until, seed: u64) -> Result<Done> {
    let seeds = seeds::of(target.name)?;
    let mut noise = Noise::new(seed);
    let start = Instant::now();
    let goes_on = |executions: u64| match until {
        Until::Executions(most) => executions < most,
        Until::Time(most) => start.elapsed() < most,
    };
    let mut executions = 0;
    while goes_on(executions) {
        let seed_itself = usize::try_from(executions).ok().and_then(|place| seeds.get(place));
        let input =
            seed_itself.cloned().unwrap_or_else(|| changed(target.name, &seeds, &mut noise));
        if catch_unwind(|| (target.run)(&input)).is_err() {
            bail!(
                "fuzz {}: execution {executions} of seed {seed} panicked; input in {}",
                target.name,
                keep(target.name, &input)?.display()
            );
        }
        executions += 1;
    }
    Ok(Done { executions, time: start.elapsed() })
}

/// Returns another input. Half of the schemas stay JSON, and most kustomizations YAML, so that they get to what is behind reading.
fn changed(target: &str, seeds: &[Vec<u8>], noise: &mut Noise) -> Vec<u8> {
    let changed = match target {
        "schema" if noise.below(2) == 0 => mutate_json::mutated(seeds, noise),
        "json6902" | "kustomization" | "kustomize_build" | "strategic_merge"
            if noise.below(4) > 0 =>
        {
            Some(mutate_tree::mutated(seeds, noise))
        }
        _ => None,
    };
    changed.unwrap_or_else(|| mutated(target, seeds, noise))
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
    use std::collections::BTreeSet;

    use super::*;

    fn text(path: &str) -> String {
        fs_err::read_to_string(workspace::root().join(path)).unwrap()
    }

    #[test]
    fn libfuzzer_has_every_target_and_the_crates_that_they_use() {
        let manifest = text("fuzz/Cargo.toml");
        let bins = manifest.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/"));
        let bins: BTreeSet<_> = bins.filter_map(|name| name.strip_suffix(".rs\"")).collect();
        assert_eq!(bins, TARGETS.iter().map(|target| target.name).collect());
        for name in bins {
            let call = format!("sealift_fuzz::run(\"{name}\", bytes)");
            assert!(text(&format!("fuzz/fuzz_targets/{name}.rs")).contains(&call), "{name}");
        }
        for file in ["targets", "charts", "served", "templates", "values"] {
            let source = text(&format!("xtask/src/fuzz/{file}.rs"));
            for used in source.lines().filter_map(|line| line.strip_prefix("use sealift_")) {
                let name = used.split([':', ';']).next().unwrap().replace('_', "-");
                assert!(manifest.contains(&format!("\nsealift-{name} = ")), "{name} of {file}");
            }
        }
    }

    #[test]
    fn every_target_survives_a_thousand_mutations_of_its_seeds() {
        for target in &TARGETS {
            repeat(target, Until::Executions(1000), 1).unwrap();
        }
    }
}
