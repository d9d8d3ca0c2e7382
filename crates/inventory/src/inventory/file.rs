//! The inventory as it stands in a file.

use std::collections::BTreeSet;
use std::fmt;

use sealift_reference::{Digest, Reference};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::format::{ApiVersion, Leading, parsed, read_first_key};
use crate::{
    Address, Artifact, Class, Confidence, Entry, Finding, Inventory, Origin, SetBy, Unresolved,
};

/// The value of `kind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) enum InventoryKind {
    /// An inventory.
    #[default]
    Inventory,
}

/// An inventory file.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(title = "Inventory"))]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(rename = "apiVersion")]
    api_version: ApiVersion,
    kind: InventoryKind,
    artifacts: Vec<FileEntry>,
    unresolved: Vec<Unresolved>,
    addresses: Vec<Address>,
}

/// An entry, whose first key `kind` says which other keys it has.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "lowercase")]
enum FileEntry {
    Image(FileImage),
    Chart(FileChart),
    Charm(FileCharm),
    Package(FilePackage),
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileImage {
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    name: Reference,
    written: BTreeSet<String>,
    class: Class,
    confidence: Confidence,
    findings: Vec<FileFinding>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileChart {
    name: String,
    repository: String,
    version: String,
    class: Class,
    confidence: Confidence,
    findings: Vec<FileFinding>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileCharm {
    name: String,
    channel: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    class: Class,
    confidence: Confidence,
    findings: Vec<FileFinding>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FilePackage {
    name: String,
    url: String,
    #[serde(default, with = "parsed::hex_option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    sha256: Option<Digest>,
    class: Class,
    confidence: Confidence,
    findings: Vec<FileFinding>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileFinding {
    origin: Origin,
    /// How the image is written here, where that is not the only spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written: Option<String>,
    #[serde(rename = "setBy", default, skip_serializing_if = "Vec::is_empty")]
    set_by: Vec<SetBy>,
    class: Class,
    confidence: Confidence,
}

impl File {
    pub(crate) fn new(inventory: &Inventory) -> Self {
        Self {
            api_version: ApiVersion,
            kind: InventoryKind::Inventory,
            artifacts: inventory.artifacts.iter().map(FileEntry::new).collect(),
            unresolved: inventory.unresolved.clone(),
            addresses: inventory.addresses.clone(),
        }
    }

    pub(crate) fn into_inventory(self) -> Inventory {
        let findings = self.artifacts.into_iter().flat_map(FileEntry::into_findings);
        Inventory::collect(findings, self.unresolved, self.addresses)
    }
}

impl FileEntry {
    fn new(entry: &Entry) -> Self {
        let (class, confidence) = (entry.class, entry.confidence);
        let spellings = entry.written.len();
        let findings =
            entry.findings.iter().map(|finding| FileFinding::new(finding, spellings > 1)).collect();
        match entry.artifact.clone() {
            Artifact::Image(name) => Self::Image(FileImage {
                name,
                written: entry.written.clone(),
                class,
                confidence,
                findings,
            }),
            Artifact::Chart { name, repository, version } => {
                Self::Chart(FileChart { name, repository, version, class, confidence, findings })
            }
            Artifact::Charm { name, channel, revision, base } => Self::Charm(FileCharm {
                name,
                channel,
                revision,
                base,
                class,
                confidence,
                findings,
            }),
            Artifact::Package { name, url, sha256 } => {
                Self::Package(FilePackage { name, url, sha256, class, confidence, findings })
            }
        }
    }

    fn into_findings(self) -> Vec<Finding> {
        match self {
            Self::Image(image) => {
                let only = image.written.first().filter(|_| image.written.len() == 1);
                let whole = |written: Option<&String>| spelled(&image.name, written.or(only));
                let findings = image.findings.into_iter();
                findings
                    .map(|finding| Artifact::Image(whole(finding.written.as_ref())).found(finding))
                    .collect()
            }
            Self::Chart(FileChart { name, repository, version, findings, .. }) => {
                Artifact::Chart { name, repository, version }.all_found(findings)
            }
            Self::Charm(FileCharm { name, channel, revision, base, findings, .. }) => {
                Artifact::Charm { name, channel, revision, base }.all_found(findings)
            }
            Self::Package(FilePackage { name, url, sha256, findings, .. }) => {
                Artifact::Package { name, url, sha256 }.all_found(findings)
            }
        }
    }
}

/// The reference as it was written, if that text is the same reference.
fn spelled(name: &Reference, written: Option<&String>) -> Reference {
    let spelled = written.and_then(|written| written.parse().ok());
    spelled.filter(|spelled| spelled == name).unwrap_or_else(|| name.clone())
}

impl Artifact {
    fn found(self, FileFinding { origin, set_by, class, confidence, .. }: FileFinding) -> Finding {
        Finding { artifact: self, origin, set_by, class, confidence }
    }

    fn all_found(self, findings: Vec<FileFinding>) -> Vec<Finding> {
        findings.into_iter().map(|finding| self.clone().found(finding)).collect()
    }
}

impl FileFinding {
    fn new(finding: &Finding, several_spellings: bool) -> Self {
        let written = finding.artifact.reference().filter(|_| several_spellings);
        Self {
            origin: finding.origin.clone(),
            written: written.map(|reference| reference.written().to_owned()),
            set_by: finding.set_by.clone(),
            class: finding.class,
            confidence: finding.confidence,
        }
    }
}

/// The values of `kind`.
const KINDS: &[&str] = &["image", "chart", "charm", "package"];

impl<'de> Deserialize<'de> for FileEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntryVisitor)
    }
}

struct EntryVisitor;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Image,
    Chart,
    Charm,
    Package,
}

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = FileEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an artifact with kind {}", KINDS.join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<FileEntry, A::Error> {
        read_first_key(&mut access, &["kind"])?;
        let kind: Kind = access.next_value()?;
        match kind {
            Kind::Image => Leading::rest(access).read().map(FileEntry::Image),
            Kind::Chart => Leading::rest(access).read().map(FileEntry::Chart),
            Kind::Charm => Leading::rest(access).read().map(FileEntry::Charm),
            Kind::Package => Leading::rest(access).read().map(FileEntry::Package),
        }
    }
}
