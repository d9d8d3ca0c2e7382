//! The lock of what failed, so that only that is tried again.

use std::path::Path;

use sealift_inventory::Lock;

use super::Done;
use crate::args::Shard;
use crate::failure::Failure;
use crate::locks;

/// Writes it beside its graph, and returns its name. Shards run side by side, so that each has its own.
pub(super) fn write(shard: Option<Shard>, done: &Done) -> Result<String, Failure> {
    let name = match shard {
        None => "failed.lock".to_owned(),
        Some(Shard { number, of }) => format!("failed-{number}-of-{of}.lock"),
    };
    let artifacts = done.failed().into_iter().cloned().collect();
    let mut lock = Lock { artifacts, ..done.lock.clone() };
    let closure = done.graph.closure(lock.roots());
    lock.totals = lock.totals(closure.blobs.len() as u64, closure.bytes());
    locks::write(Path::new(&name), &lock, &done.graph)?;
    Ok(name)
}
