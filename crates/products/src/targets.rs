//! References to own registries, led back to where their images come from.

use sealift_inventory::{Artifact, Finding, Inventory, Lock, Prefix, TargetName, Unresolved};
use sealift_reference::Reference;

/// Replaces each reference below one of `targets` by the source that the lock names for it.
///
/// What a lock does not know is unresolved: where such an image comes from, nobody could say.
#[must_use]
pub fn lead_back(inventory: Inventory, targets: &[Prefix], lock: Option<&Lock>) -> Inventory {
    if targets.is_empty() {
        return inventory;
    }
    let (found, mut unresolved, addresses) = inventory.into_parts();
    let mut findings = Vec::new();
    for finding in found {
        match place(&finding, targets, lock) {
            Place::Elsewhere => findings.push(finding),
            Place::Source(source) => {
                findings.push(Finding { artifact: Artifact::Image(source), ..finding });
            }
            Place::Unknown(text) => unresolved.push(Unresolved {
                text,
                origin: finding.origin,
                reason: "it names one of `targets`, and no lock says which image that is"
                    .to_owned(),
            }),
        }
    }
    Inventory::collect(findings, unresolved, addresses)
}

/// Where an artifact comes from.
enum Place {
    /// Not below any of the targets.
    Elsewhere,
    /// Below a target; a lock knows the source.
    Source(Reference),
    /// Below a target, and nobody knows more: the text as it is written.
    Unknown(String),
}

fn place(finding: &Finding, targets: &[Prefix], lock: Option<&Lock>) -> Place {
    let Some(image) = finding.artifact.reference() else { return Place::Elsewhere };
    let repository = image.repository().to_string();
    let Some(path) = targets.iter().find_map(|target| target.strip(&repository)) else {
        return Place::Elsewhere;
    };
    let known = target_name(image, path).and_then(|name| lock?.source(&name).cloned());
    known.map_or_else(|| Place::Unknown(image.written().to_owned()), Place::Source)
}

/// The name that sealift would have given, if it could have given this one.
fn target_name(image: &Reference, path: &str) -> Option<TargetName> {
    let tag = match image.digest() {
        Some(digest) if image.tag().is_none() => digest.hex().parse().ok(),
        _ => image.tag().cloned(),
    };
    TargetName::new(path, tag?).ok()
}
