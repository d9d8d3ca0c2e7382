//! What a shipment is, to the byte.

mod artifact;
mod because;
mod entries;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use sealift_reference::{Digest, Platform, Reference};

pub use artifact::{
    CharmResource, Companion, IndexChoice, LockedCharm, LockedChart, LockedImage, LockedPackage,
};
pub use entries::LockedArtifact;

use crate::format::{self, ApiVersion, parsed};
use crate::limits;
use crate::visible::visible;
use crate::{Decision, FormatError, TargetName};

/// The value of `kind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LockKind {
    /// A lock.
    #[default]
    Lock,
}

/// Every artifact of a shipment with its digest, its size, its target name and the reason for it.
///
/// Made to be kept in git: [`Lock::to_yaml`] sorts, so the same content gives the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The version of the format.
    #[serde(rename = "apiVersion")]
    pub api_version: ApiVersion,
    /// What the file is.
    pub kind: LockKind,
    /// The name of the shipment.
    pub shipment: String,
    /// What the lock was computed from, the shipment file first.
    pub inputs: Vec<Input>,
    /// The platforms that were chosen; empty when every image has all that it offers.
    #[serde(with = "parsed::list")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub platforms: Vec<Platform>,
    /// The digest of the file `sealift.graph` beside the lock.
    #[serde(default, with = "parsed::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub graph: Option<Digest>,
    /// How many things nobody has decided; a lock with any is refused without `--allow-undecided`.
    pub undecided: u64,
    /// By kind, then by name.
    pub artifacts: Vec<LockedArtifact>,
    /// The decisions that were used.
    pub decided: Vec<Decision>,
    /// Sums over `artifacts`.
    pub totals: Totals,
}

/// Something that a lock was computed from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// A file relative to the shipment, or a phrase such as `chart cert-manager 1.12.10 from https://…`.
    pub name: String,
    /// The hash of its bytes.
    #[serde(with = "parsed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub digest: Digest,
}

/// Sums over the artifacts of a lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Container images.
    pub images: u64,
    /// Helm charts.
    pub charts: u64,
    /// Juju charms.
    pub charms: u64,
    /// Files.
    pub packages: u64,
    /// Distinct blobs, without manifests.
    pub blobs: u64,
    /// Bytes of everything, each digest counted once.
    pub size: u64,
}

/// Two artifacts of a lock are at odds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Contradiction(String);

impl Lock {
    /// Reads a lock; `name` stands in errors.
    ///
    /// # Errors
    ///
    /// The first place that breaks the format; an artifact that is listed twice; a target name of two unlike artifacts.
    pub fn read(name: &str, text: &str) -> Result<Self, FormatError> {
        let lock: Self = format::read(name, text, limits::LOCK, Some("Lock"))?;
        lock.check().map_err(|error| FormatError::of_file(name, error.to_string()))?;
        Ok(lock)
    }

    /// Writes the lock, sorted, with a first line that says where it comes from.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut sorted = self.clone();
        sorted.sort();
        format!("{}\n{}", self.first_line(), format::write(&sorted))
    }

    /// Sorts what is a set: artifacts, platforms, what goes with an image, decisions. Inputs keep their order.
    pub fn sort(&mut self) {
        self.artifacts.sort_by(LockedArtifact::order);
        self.platforms.sort();
        self.decided.sort();
        for image in self.artifacts.iter_mut().filter_map(LockedArtifact::as_image_mut) {
            image.with.sort();
        }
    }

    /// Returns the images in their order.
    pub fn images(&self) -> impl Iterator<Item = &LockedImage> {
        self.artifacts.iter().filter_map(LockedArtifact::as_image)
    }

    /// Returns the charts in their order.
    pub fn charts(&self) -> impl Iterator<Item = &LockedChart> {
        self.artifacts.iter().filter_map(LockedArtifact::as_chart)
    }

    /// Returns every manifest that is carried for its own sake: of images and what goes with them, and of charts.
    pub fn roots(&self) -> impl Iterator<Item = &Digest> {
        let images = self.images().flat_map(|image| {
            let with = image.with.iter().map(|with| &with.digest);
            std::iter::once(image.tagged_digest()).chain(with)
        });
        images.chain(self.charts().map(|chart| &chart.manifest))
    }

    /// Returns the image that has a target name; this leads a reference below the target back to its source.
    #[must_use]
    pub fn source(&self, target: &TargetName) -> Option<&Reference> {
        self.images().find(|image| image.target == *target).map(|image| &image.image)
    }

    /// Returns sums over the artifacts, with the number of blobs and the bytes that the graph gives.
    #[must_use]
    pub fn totals(&self, blobs: u64, size: u64) -> Totals {
        let mut totals = Totals { blobs, size, ..Totals::default() };
        for artifact in &self.artifacts {
            match artifact {
                LockedArtifact::Image(_) => totals.images += 1,
                LockedArtifact::Chart(_) => totals.charts += 1,
                LockedArtifact::Charm(_) => totals.charms += 1,
                LockedArtifact::Package(_) => totals.packages += 1,
            }
        }
        totals
    }

    fn first_line(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let shipment = self.inputs.first().filter(|input| is_shipment_file(&input.name));
        let Some(shipment) = shipment else {
            return format!(
                "# Written by sealift {version}. Run `sealift lock` to change it; do not edit this file."
            );
        };
        // One line, whatever the name holds: a comment must not end early.
        let name = visible(&shipment.name);
        format!(
            "# Written by sealift {version} from {name}. Change that file and run `sealift lock`; do not edit this one."
        )
    }

    /// Refuses an artifact that is listed twice, and a target name of two unlike artifacts.
    ///
    /// # Errors
    ///
    /// [`Contradiction`] names both.
    pub fn check(&self) -> Result<(), Contradiction> {
        let mut sorted: Vec<_> = self.artifacts.iter().collect();
        sorted.sort_by(|a, b| a.order(b));
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].order(pair[1]).is_eq()) {
            return Err(Contradiction(format!("`{}` is listed twice", pair[0].name())));
        }
        let mut taken = BTreeMap::new();
        for artifact in sorted {
            let Some((target, digest)) = artifact.target() else { continue };
            let (other, first) = taken.entry(target).or_insert((artifact, digest));
            if *first != digest {
                let names = (other.name(), artifact.name());
                return Err(Contradiction(format!(
                    "`{}` and `{}` are unlike and have one target, `{target}`",
                    names.0, names.1
                )));
            }
        }
        Ok(())
    }
}

/// Positional inputs are no shipment file, and are named otherwise.
fn is_shipment_file(name: &str) -> bool {
    let (stem, extension) = name.rsplit_once('.').unwrap_or_default();
    !stem.is_empty() && matches!(extension, "yaml" | "yml")
}
