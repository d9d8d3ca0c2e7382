//! All that a shipment needs, and why.

mod file;

use std::collections::{BTreeMap, BTreeSet};

use sealift_reference::Reference;

pub(crate) use file::File;

use crate::format;
use crate::limits;
use crate::visible::escape_json;
use crate::{
    Address, Artifact, Class, Confidence, Finding, FormatError, Origin, SetBy, Unresolved,
};

/// An artifact and all places that need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is needed.
    pub artifact: Artifact,
    /// Every spelling found, sorted; empty for what is no image.
    pub written: BTreeSet<String>,
    /// The strongest of the findings.
    pub class: Class,
    /// The strongest of the findings.
    pub confidence: Confidence,
    /// Sorted by origin; at least one.
    pub findings: Vec<Finding>,
}

/// The findings of a scan, grouped by artifact, with what could not be decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    artifacts: Vec<Entry>,
    unresolved: Vec<Unresolved>,
    addresses: Vec<Address>,
}

impl Inventory {
    /// Groups findings by artifact and sorts everything; what was found twice at one place counts once.
    #[must_use]
    pub fn collect(
        findings: impl IntoIterator<Item = Finding>,
        unresolved: impl IntoIterator<Item = Unresolved>,
        addresses: impl IntoIterator<Item = Address>,
    ) -> Self {
        let mut groups: BTreeMap<Artifact, Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            groups.entry(finding.artifact.clone()).or_default().push(finding);
        }
        let sorted = |unresolved: BTreeSet<Unresolved>| unresolved.into_iter().collect();
        Self {
            artifacts: groups
                .into_iter()
                .map(|(artifact, findings)| Entry::of(artifact, findings))
                .collect(),
            unresolved: sorted(unresolved.into_iter().collect()),
            addresses: addresses.into_iter().collect::<BTreeSet<_>>().into_iter().collect(),
        }
    }

    /// Returns the artifacts by kind, then by name.
    #[must_use]
    pub fn artifacts(&self) -> &[Entry] {
        &self.artifacts
    }

    /// Returns the texts that must name an image and do not.
    #[must_use]
    pub fn unresolved(&self) -> &[Unresolved] {
        &self.unresolved
    }

    /// Returns the addresses that point outside.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Returns how many things a person has to decide: texts that are no reference, and artifacts that are only possible.
    #[must_use]
    pub fn undecided(&self) -> usize {
        let possible =
            self.artifacts.iter().filter(|entry| entry.confidence == Confidence::Possible);
        self.unresolved.len() + possible.count()
    }

    /// Returns one inventory of all that is in any of `inventories`.
    #[must_use]
    pub fn merge(inventories: impl IntoIterator<Item = Self>) -> Self {
        let (mut findings, mut unresolved, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
        for inventory in inventories {
            findings.extend(inventory.artifacts.into_iter().flat_map(|entry| entry.findings));
            unresolved.extend(inventory.unresolved);
            addresses.extend(inventory.addresses);
        }
        Self::collect(findings, unresolved, addresses)
    }

    /// Returns the findings, the unresolved texts and the addresses.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Finding>, Vec<Unresolved>, Vec<Address>) {
        let findings = self.artifacts.into_iter().flat_map(|entry| entry.findings).collect();
        (findings, self.unresolved, self.addresses)
    }

    /// Reads an inventory; `name` stands in errors.
    ///
    /// # Errors
    ///
    /// The first place that breaks the format.
    pub fn read(name: &str, text: &str) -> Result<Self, FormatError> {
        format::read::<File>(name, text, limits::LOCK, Some("Inventory")).map(File::into_inventory)
    }

    /// Writes the inventory as YAML.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        format::write(&File::new(self))
    }

    /// Writes the inventory as JSON with the same keys; characters that act on a terminal are escaped.
    #[must_use]
    pub fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(&File::new(self));
        escape_json(&json.expect("our types have string keys")) + "\n"
    }
}

impl Entry {
    fn of(artifact: Artifact, mut findings: Vec<Finding>) -> Self {
        // Of what was found twice at one place in one spelling, the strongest comes first and stays.
        findings.sort_by(|a, b| {
            (place(a), a.class, a.confidence).cmp(&(place(b), b.class, b.confidence))
        });
        findings.dedup_by(|later, first| place(later) == place(first));
        Self {
            written: findings.iter().filter_map(spelling).map(str::to_owned).collect(),
            class: findings.iter().map(|finding| finding.class).min().unwrap_or(Class::Tool),
            confidence: findings
                .iter()
                .map(|finding| finding.confidence)
                .min()
                .unwrap_or(Confidence::Possible),
            artifact,
            findings,
        }
    }
}

fn place(finding: &Finding) -> (&Origin, &[SetBy], Option<&str>) {
    (&finding.origin, &finding.set_by, spelling(finding))
}

fn spelling(finding: &Finding) -> Option<&str> {
    finding.artifact.reference().map(Reference::written)
}
