//! How many artifacts of which kind.

use sealift_inventory::{Artifact, Entry, Lock, LockedArtifact};

use crate::ui::plural;

/// Images and charts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) images: usize,
    pub(crate) charts: usize,
}

impl Counts {
    pub(crate) fn of(lock: &Lock) -> Self {
        Self::of_locked(&lock.artifacts)
    }

    pub(crate) fn of_locked<'a>(artifacts: impl IntoIterator<Item = &'a LockedArtifact>) -> Self {
        let mut counts = Self::default();
        for artifact in artifacts {
            match artifact {
                LockedArtifact::Chart(_) => counts.charts += 1,
                LockedArtifact::Image(_) => counts.images += 1,
                LockedArtifact::Charm(_) | LockedArtifact::Package(_) => {}
            }
        }
        counts
    }

    pub(crate) fn of_entries<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut counts = Self::default();
        for entry in entries {
            match entry.artifact {
                Artifact::Chart { .. } => counts.charts += 1,
                Artifact::Image(_) => counts.images += 1,
                Artifact::Charm { .. } | Artifact::Package { .. } => {}
            }
        }
        counts
    }

    pub(crate) fn less(self, other: Self) -> Self {
        Self {
            images: self.images.saturating_sub(other.images),
            charts: self.charts.saturating_sub(other.charts),
        }
    }

    /// `75 images`, `75 images, 1 chart`
    pub(crate) fn each(self) -> String {
        let images = plural(self.images, "image");
        match self.charts {
            0 => images,
            charts => format!("{images}, {}", plural(charts, "chart")),
        }
    }

    /// `75 images`; `76 artifacts` where charts are among them.
    pub(crate) fn all(self) -> String {
        let noun = if self.charts == 0 { "image" } else { "artifact" };
        plural(self.sum(), noun)
    }

    /// `1 image`, counted of these.
    pub(crate) fn some(self, count: usize) -> String {
        plural(count, if self.charts == 0 { "image" } else { "artifact" })
    }

    pub(crate) fn sum(self) -> usize {
        self.images + self.charts
    }
}
