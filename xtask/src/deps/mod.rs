//! The rules on dependencies: which crate may use which, and what may come from outside.
//!
//! The rules on packages from outside stand in `deny.toml`, which `cargo deny` reads too.

mod direction;
mod licence;
mod outside;
mod own;
mod packages;
mod policy;
mod purity;
mod source;

use anyhow::{Result, bail};

use own::Own;
use policy::Policy;

/// Checks every rule and prints each breach.
pub(crate) fn check() -> Result<()> {
    let policy = Policy::read()?;
    let own = Own::all()?;
    let everything = outside::everything(&policy.targets)?;
    let count = outside::built_with("sealift-cli")?.len();

    let mut breaches = direction::breaches(&own);
    breaches.extend(purity::breaches(&own)?);
    breaches.extend(packages::breaches(&everything, &policy));
    breaches.extend(packages::above_ceiling(count));
    for breach in &breaches {
        println!("{breach}");
    }
    if !breaches.is_empty() {
        bail!("{} breaches of the dependency rules", breaches.len());
    }
    println!(
        "deps: {count} packages in the binary, {} with tests and every target; every rule holds",
        everything.len()
    );
    Ok(())
}
