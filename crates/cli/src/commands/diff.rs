//! `sealift diff`: what a new lock changes.

use std::path::Path;

use sealift_inventory::{Graph, Lock, LockDiff};

use crate::args::DiffArgs;
use crate::commands::Context;
use crate::failure::Failure;
use crate::locks;
use crate::ui::{bytes, document, gate, plural};

pub(crate) fn run(context: &Context, args: &DiffArgs) -> Result<(), Failure> {
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let diff = LockDiff::diff((&old.0, &old.1), (&new.0, &new.1));
    if args.json {
        return context.ui.json(&json(&diff));
    }
    context.ui.data(&lines(&diff).join("\n"))?;
    context.ui.note(&summary(&diff));
    Ok(())
}

fn read(path: &Path) -> Result<(Lock, Graph), Failure> {
    if !sealift_files::exists(path)? {
        let name = path.display();
        return Err(Failure::usage(format!("there is no lock file `{name}`"))
            .hint("`sealift lock` writes one; `diff` compares the one that the far side has with a new one"));
    }
    let lock = locks::read(path)?;
    let graph = locks::read_graph(path, &lock)?;
    Ok((lock, graph))
}

/// One line for each artifact that changes.
pub(crate) fn lines(diff: &LockDiff) -> Vec<String> {
    let mut lines = Vec::new();
    for (word, changes) in [("added", &diff.added), ("dropped", &diff.dropped)] {
        let line = |change: &sealift_inventory::Change| {
            format!(
                "{word:<8} {}  {}  {}",
                gate::inline(&change.name),
                change.digest,
                bytes(change.size)
            )
        };
        lines.extend(changes.iter().map(line));
    }
    lines.extend(diff.moved.iter().map(|moved| {
        format!("moved    {}  {} → {}", gate::inline(&moved.name), moved.from, moved.to)
    }));
    lines
}

/// `12 added, 0 dropped, 3 moved, 60 as before · 4.2 GB to carry in 87 blobs and manifests`
pub(crate) fn summary(diff: &LockDiff) -> String {
    format!(
        "{} added, {} dropped, {} moved, {} as before · {} to carry in {}",
        diff.added.len(),
        diff.dropped.len(),
        diff.moved.len(),
        diff.unchanged,
        bytes(diff.bytes_to_carry),
        plural(diff.digests_to_carry, "digest"),
    )
}

fn json(diff: &LockDiff) -> String {
    let changes = |changes: &[sealift_inventory::Change]| -> Vec<_> {
        let one = |change: &sealift_inventory::Change| serde_json::json!({"name": change.name, "digest": change.digest.as_str(), "size": change.size});
        changes.iter().map(one).collect()
    };
    let moved = |moved: &sealift_inventory::Moved| serde_json::json!({"name": moved.name, "from": moved.from.as_str(), "to": moved.to.as_str()});
    let body = serde_json::json!({
        "added": changes(&diff.added),
        "dropped": changes(&diff.dropped),
        "moved": diff.moved.iter().map(moved).collect::<Vec<_>>(),
        "unchanged": diff.unchanged,
        "bytesToCarry": diff.bytes_to_carry,
        "digestsToCarry": diff.digests_to_carry,
    });
    document("LockDiff", body)
}
