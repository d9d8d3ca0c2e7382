//! `sealift scan`: what was found, as a table, as a document, or as names.

use std::collections::BTreeMap;
use std::time::Instant;

use sealift_inventory::{Class, Confidence, Entry, Inventory, Unresolved};

use sealift_reference::{Lint, Reference};

use crate::args::{ClassName, ConfidenceName, ScanArgs, ScanOutput};
use crate::chart_source::Network;
use crate::commands::Context;
use crate::counts::Counts;
use crate::failure::Failure;
use crate::inputs::{self, Scanned};
use crate::ui::{Table, Ui, gate, place, plural, seconds};

/// What no scan of manifests can find.
const NODES: &str = "not covered: the images of the nodes themselves (kubeadm's control plane, pause), which stand in no manifest";

/// Undecided places shown in full; the rest is counted.
const SHOWN: usize = 20;

pub(crate) fn run(context: &Context, args: &ScanArgs) -> Result<(), Failure> {
    let start = Instant::now();
    let scanned = inputs::scan(context, &args.input, &args.registry, Network::Used, None)?;
    let shown = chosen(&scanned.inventory, args);
    let ui = context.ui;
    match if args.json { ScanOutput::Json } else { args.output } {
        ScanOutput::Table => ui.data(&table(&shown))?,
        ScanOutput::Names => ui.data(&names(&shown))?,
        ScanOutput::Json => ui.json(&with_values(context, &shown, &scanned)?.to_json())?,
        ScanOutput::Yaml => ui.data(&with_values(context, &shown, &scanned)?.to_yaml())?,
    }
    ui.note(&format!(
        "{} in {}, {}",
        counts(&shown),
        plural(scanned.objects, "object"),
        seconds(start.elapsed())
    ));
    ui.note(NODES);
    for (image, lint) in lints(&shown) {
        ui.warn(&format!("{image}: {lint}"));
    }
    finish(ui, &scanned)
}

/// Adds which values set what charts name.
fn with_values(
    context: &Context,
    shown: &Inventory,
    scanned: &Scanned,
) -> Result<Inventory, Failure> {
    let (findings, unresolved, addresses) = shown.clone().into_parts();
    let findings = inputs::with_values(context, findings, &scanned.charts)?;
    Ok(Inventory::collect(findings, unresolved, addresses))
}

/// Says what is undecided and what failed; either makes exit code 1.
pub(crate) fn finish(ui: Ui, scanned: &Scanned) -> Result<(), Failure> {
    show_undecided(ui, &scanned.inventory);
    for failure in &scanned.failures {
        ui.failure(failure);
    }
    match (scanned.inventory.undecided(), scanned.failures.is_empty()) {
        (0, true) => Ok(()),
        (0, false) => Err(Failure::reported()),
        (undecided, _) => Err(Failure::partial(are_undecided(undecided)).hint(DECIDE)),
    }
}

/// Says each place that a person has to decide.
pub(crate) fn show_undecided(ui: Ui, inventory: &Inventory) {
    let unresolved = inventory.unresolved();
    let possible: Vec<_> = inventory
        .artifacts()
        .iter()
        .filter(|entry| entry.confidence == Confidence::Possible)
        .collect();
    if !unresolved.is_empty() {
        ui.note(&format!(
            "\n{} text that must name an image, but does not:",
            holds(unresolved.len())
        ));
        let groups = by_text(unresolved);
        for group in groups.iter().take(SHOWN) {
            show_group(ui, group);
        }
        rest(ui, groups.len());
    }
    if !possible.is_empty() {
        let what = match possible.len() {
            1 => "1 string that only looks like a reference".to_owned(),
            count => format!("{count} strings that only look like references"),
        };
        ui.note(&format!("\n{what}:"));
        for entry in possible.iter().take(SHOWN) {
            ui.note(&format!("  {}\n    {}", entry.artifact, entry.findings[0].origin));
        }
        rest(ui, possible.len());
    }
}

/// What to do about it.
pub(crate) const DECIDE: &str =
    "decide each under `decide:` in sealift.yaml, or in a file given by --decide, with a reason";

/// `1 thing is undecided`
pub(crate) fn are_undecided(count: usize) -> String {
    if count == 1 {
        "1 thing is undecided".to_owned()
    } else {
        format!("{count} things are undecided")
    }
}

/// The same text at several places is one decision.
fn by_text(unresolved: &[Unresolved]) -> Vec<Vec<&Unresolved>> {
    let mut groups: BTreeMap<&str, Vec<&Unresolved>> = BTreeMap::new();
    for one in unresolved {
        groups.entry(&one.text).or_default().push(one);
    }
    groups.into_values().collect()
}

/// `"$(IMAGE)" (2 places): the variable is not defined`, and where it stands first.
fn show_group(ui: Ui, group: &[&Unresolved]) {
    let first = group[0];
    let places = if group.len() > 1 { format!(" ({} places)", group.len()) } else { String::new() };
    let text = gate::inline(&first.text);
    ui.note(&format!("  \"{text}\"{places}: {}", gate::inline(&first.reason)));
    ui.note(&format!("    {}", gate::inline(&first.origin.to_string())));
}

fn holds(count: usize) -> String {
    if count == 1 { "1 place holds".to_owned() } else { format!("{count} places hold") }
}

fn rest(ui: Ui, count: usize) {
    if count > SHOWN {
        ui.note(&format!("  and {} more: `sealift scan -o yaml` has them all", count - SHOWN));
    }
}

/// Keeps what the options ask for.
fn chosen(inventory: &Inventory, args: &ScanArgs) -> Inventory {
    let least = match args.min_confidence {
        ConfidenceName::Certain => Confidence::Certain,
        ConfidenceName::Likely => Confidence::Likely,
        ConfidenceName::Possible => Confidence::Possible,
    };
    let classes: Vec<_> = args
        .class
        .iter()
        .map(|class| match class {
            ClassName::Required => Class::Required,
            ClassName::Optional => Class::Optional,
            ClassName::Tool => Class::Tool,
        })
        .collect();
    let wanted = |entry: &&Entry| {
        entry.confidence <= least && (classes.is_empty() || classes.contains(&entry.class))
    };
    let findings =
        inventory.artifacts().iter().filter(wanted).flat_map(|entry| entry.findings.clone());
    Inventory::collect(findings, inventory.unresolved().to_vec(), inventory.addresses().to_vec())
}

/// What is a reference and yet may not be meant so.
fn lints(inventory: &Inventory) -> impl Iterator<Item = (&Reference, Lint)> {
    let images = inventory.artifacts().iter().filter_map(|entry| entry.artifact.reference());
    images.filter_map(|image| Some((image, image.lint()?)))
}

fn names(inventory: &Inventory) -> String {
    let images = inventory.artifacts().iter().filter_map(|entry| entry.artifact.reference());
    images.map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn table(inventory: &Inventory) -> String {
    let mut table = Table::new(&["IMAGE", "CLASS", "CONFIDENCE", "WHERE"]);
    for entry in inventory.artifacts() {
        let more = match entry.findings.len() - 1 {
            0 => String::new(),
            more => format!(" (+{more})"),
        };
        let place = place(&entry.findings[0].origin) + &more;
        table.row([
            &entry.artifact.to_string(),
            entry.class.as_str(),
            entry.confidence.as_str(),
            &place,
        ]);
    }
    table.to_string()
}

/// `104 images (98 required, 6 optional)`, `5 images, 1 chart (6 required)`
fn counts(inventory: &Inventory) -> String {
    let count = |class| inventory.artifacts().iter().filter(|entry| entry.class == class).count();
    let parts: Vec<_> = [Class::Required, Class::Optional, Class::Tool]
        .into_iter()
        .filter(|&class| count(class) > 0)
        .map(|class| format!("{} {class}", count(class)))
        .collect();
    let each = Counts::of_entries(inventory.artifacts()).each();
    if parts.is_empty() { each } else { format!("{each} ({})", parts.join(", ")) }
}
