//! `sealift why`: every path that leads to an image.

use std::fmt::Write as _;

use sealift_inventory::{Entry, Inventory};
use sealift_reference::Reference;

use crate::args::WhyArgs;
use crate::chart_source::Network;
use crate::commands::Context;
use crate::failure::Failure;
use crate::inputs;
use crate::ui::gate;

pub(crate) fn run(context: &Context, args: &WhyArgs) -> Result<(), Failure> {
    let wanted: Reference = args.image.parse().map_err(|error| {
        Failure::usage(format!("`{}` is no image reference: {error}", args.image))
    })?;
    let scanned = inputs::scan(context, &args.input, &args.registry, Network::Used, None)?;
    let entries: Vec<_> =
        scanned.inventory.artifacts().iter().filter(|entry| is_wanted(entry, &wanted)).collect();
    if entries.is_empty() {
        return Err(nothing(&scanned.inventory, &wanted));
    }
    let findings = entries.iter().flat_map(|entry| entry.findings.clone()).collect();
    let findings = inputs::with_values(context, findings, &scanned.charts)?;
    let found = Inventory::collect(findings, [], []);
    if args.json {
        return context.ui.json(&found.to_json());
    }
    let trees: Vec<_> = found.artifacts().iter().map(tree).collect();
    context.ui.data(&trees.join("\n"))?;
    for failure in &scanned.failures {
        context.ui.failure(failure);
    }
    if scanned.failures.is_empty() { Ok(()) } else { Err(Failure::reported()) }
}

/// The same repository, and the same tag or digest.
fn is_wanted(entry: &Entry, wanted: &Reference) -> bool {
    entry.artifact.reference().is_some_and(|found| {
        found.repository() == wanted.repository()
            && match wanted.digest() {
                Some(digest) => found.digest() == Some(digest),
                None => found.tag() == wanted.tag(),
            }
    })
}

fn nothing(inventory: &Inventory, wanted: &Reference) -> Failure {
    let failure = Failure::partial(format!("nothing leads to {wanted}"));
    let others: Vec<_> = inventory
        .artifacts()
        .iter()
        .filter_map(|entry| entry.artifact.reference())
        .filter(|found| found.repository() == wanted.repository())
        .map(ToString::to_string)
        .collect();
    if others.is_empty() {
        failure
    } else {
        failure.hint(format!("found instead: {}", others.join(", ")))
    }
}

/// Prints an image and the paths to it, one step a line.
fn tree(entry: &Entry) -> String {
    let mut text = format!("{}  {}, {}\n", entry.artifact, entry.class, entry.confidence);
    for finding in &entry.findings {
        for (depth, step) in finding.origin.steps().iter().enumerate() {
            let step = gate::inline(&step.to_string()).into_owned();
            writeln!(text, "{}└ {step}", "  ".repeat(depth)).expect("a String takes all");
        }
        let depth = finding.origin.steps().len();
        for set in &finding.set_by {
            let set = format!("set by {} {}:{}", set.key, set.values, set.line);
            writeln!(text, "{}{}", "  ".repeat(depth + 1), gate::inline(&set))
                .expect("a String takes all");
        }
    }
    text
}
