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
        let below = finding.artifact.reference().and_then(|image| Some((image, below(image, targets)?)));
        match below {
            None => findings.push(finding),
            Some((image, name)) => match name.and_then(|name| lock?.source(&name).cloned()) {
                Some(source) => findings.push(Finding { artifact: Artifact::Image(source), ..finding }),
                None => unresolved.push(Unresolved {
                    text: image.written().to_owned(),
                    origin: finding.origin,
                    reason: "it names one of `targets`, and no lock says which image that is".to_owned(),
                }),
            },
        }
    }
    Inventory::collect(findings, unresolved, addresses)
}

/// The name below the first target that covers an image; an inner `None` when it is no name that sealift gives.
fn below(image: &Reference, targets: &[Prefix]) -> Option<Option<TargetName>> {
    let repository = image.repository().to_string();
    let path = targets.iter().find_map(|target| target.strip(&repository))?;
    let tag = match (image.tag(), image.digest()) {
        (Some(tag), _) => Some(tag.clone()),
        (None, Some(digest)) => digest.hex().parse().ok(),
        (None, None) => None,
    };
    Some(tag.and_then(|tag| TargetName::new(path, tag).ok()))
}
