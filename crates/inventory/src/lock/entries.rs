//! One artifact of a lock; its first key says of which kind it is.

use std::cmp::Ordering;
use std::fmt;

use sealift_reference::Digest;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::format::{Leading, read_first_key};
use crate::{Class, LockedCharm, LockedChart, LockedImage, LockedPackage, TargetName};

/// One artifact of a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum LockedArtifact {
    /// A container image.
    Image(LockedImage),
    /// A Helm chart.
    Chart(LockedChart),
    /// A Juju charm.
    Charm(LockedCharm),
    /// A file.
    Package(LockedPackage),
}

impl LockedArtifact {
    /// Returns the name: of an image its canonical reference, of a chart `chart NAME VERSION from REPOSITORY`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Image(image) => image.image.to_string(),
            Self::Chart(chart) => chart.to_string(),
            Self::Charm(charm) => format!("{} {}", charm.charm, charm.revision),
            Self::Package(package) => package.package.clone(),
        }
    }

    /// Returns how much it is needed.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Image(image) => image.class,
            Self::Chart(chart) => chart.class,
            Self::Charm(charm) => charm.class,
            Self::Package(package) => package.class,
        }
    }

    /// Returns the bytes that it has, each digest counted once.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::Image(image) => image.size,
            Self::Chart(chart) => chart.size,
            Self::Charm(charm) => charm.size,
            Self::Package(package) => package.size,
        }
    }

    /// Returns the digest that its bytes are verified by.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        match self {
            Self::Image(image) => &image.digest,
            Self::Chart(chart) => &chart.digest,
            Self::Charm(charm) => &charm.sha256,
            Self::Package(package) => &package.sha256,
        }
    }

    /// Returns the name below the target registry and what it will name there; charms and packages have none.
    #[must_use]
    pub fn target(&self) -> Option<(&TargetName, &Digest)> {
        match self {
            Self::Image(image) => Some((&image.target, &image.digest)),
            Self::Chart(chart) => Some((&chart.target, &chart.manifest)),
            Self::Charm(_) | Self::Package(_) => None,
        }
    }

    /// Returns the origins, one a line.
    #[must_use]
    pub fn because(&self) -> &[String] {
        match self {
            Self::Image(image) => &image.because,
            Self::Chart(chart) => &chart.because,
            Self::Charm(charm) => &charm.because,
            Self::Package(package) => &package.because,
        }
    }

    /// Returns the image, if it is one.
    #[must_use]
    pub fn as_image(&self) -> Option<&LockedImage> {
        if let Self::Image(image) = self { Some(image) } else { None }
    }

    /// Returns the chart, if it is one.
    #[must_use]
    pub fn as_chart(&self) -> Option<&LockedChart> {
        if let Self::Chart(chart) = self { Some(chart) } else { None }
    }

    pub(crate) fn as_image_mut(&mut self) -> Option<&mut LockedImage> {
        if let Self::Image(image) = self { Some(image) } else { None }
    }

    /// By kind, then by name; equal only for what is the same artifact.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Image(a), Self::Image(b)) => a.image.cmp(&b.image),
            (Self::Chart(a), Self::Chart(b)) => {
                (&a.chart, &a.repository, &a.version).cmp(&(&b.chart, &b.repository, &b.version))
            }
            (Self::Charm(a), Self::Charm(b)) => (&a.charm, &a.channel, a.revision, &a.base)
                .cmp(&(&b.charm, &b.channel, b.revision, &b.base)),
            (Self::Package(a), Self::Package(b)) => (&a.package, &a.url).cmp(&(&b.package, &b.url)),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Image(_) => 0,
            Self::Chart(_) => 1,
            Self::Charm(_) => 2,
            Self::Package(_) => 3,
        }
    }
}

/// The first keys, by kind.
const KEYS: &[&str] = &["image", "chart", "charm", "package"];

impl<'de> Deserialize<'de> for LockedArtifact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ArtifactVisitor)
    }
}

struct ArtifactVisitor;

impl<'de> Visitor<'de> for ArtifactVisitor {
    type Value = LockedArtifact;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an artifact whose first key is one of {}", KEYS.join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<LockedArtifact, A::Error> {
        let key = read_first_key(&mut access, KEYS)?;
        let whole = Leading::new(key.clone(), access);
        match key.as_str() {
            "image" => whole.read().map(LockedArtifact::Image),
            "chart" => whole.read().map(LockedArtifact::Chart),
            "charm" => whole.read().map(LockedArtifact::Charm),
            _ => whole.read().map(LockedArtifact::Package),
        }
    }
}
