//! What a lock takes of an inventory.

use crate::{Artifact, Class, Confidence, Entry, Exclude, Inventory, Optional, Shipment};

/// What of an inventory is shipped, and what is not and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What a lock takes: certain and likely, not excluded.
    pub taken: Vec<Entry>,
    /// What it leaves.
    pub left: Vec<Left>,
    /// Patterns of `exclude` that match nothing.
    pub unused: Vec<Exclude>,
    /// How many things a person has still to decide: texts that are no reference, and possible artifacts not excluded.
    pub undecided: usize,
}

/// An artifact that is not shipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The artifact.
    pub entry: Entry,
    /// Why.
    pub why: Why,
}

/// Why an artifact is not shipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Excluded by the shipment, with its reason.
    Excluded(String),
    /// Optional, and the shipment does not ask for it.
    Optional,
    /// Only possible, and nobody decided: this counts as undecided.
    Undecided,
}

impl Shipment {
    /// Chooses what of an inventory is shipped, after [`crate::apply_decisions`].
    #[must_use]
    pub fn choose(&self, inventory: &Inventory) -> Choice {
        let mut choice = Choice::default();
        for entry in inventory.artifacts() {
            match self.why_not(entry) {
                None => choice.taken.push(entry.clone()),
                Some(why) => choice.left.push(Left { entry: entry.clone(), why }),
            }
        }
        let open = choice.left.iter().filter(|left| left.why == Why::Undecided);
        choice.undecided = inventory.unresolved().len() + open.count();
        let matches = |exclude: &&Exclude| {
            inventory.artifacts().iter().any(|entry| exclude.covers(&entry.artifact))
        };
        choice.unused = self.exclude.iter().filter(|exclude| !matches(exclude)).cloned().collect();
        choice
    }

    fn why_not(&self, entry: &Entry) -> Option<Why> {
        if let Some(exclude) = self.exclude.iter().find(|exclude| exclude.covers(&entry.artifact)) {
            return Some(Why::Excluded(exclude.reason.clone()));
        }
        if entry.confidence == Confidence::Possible {
            return Some(Why::Undecided);
        }
        (entry.class == Class::Optional && !self.optional.ships(&entry.artifact))
            .then_some(Why::Optional)
    }
}

impl Exclude {
    fn covers(&self, artifact: &Artifact) -> bool {
        artifact.reference().is_some_and(|image| self.image.matches(image))
    }
}

impl Optional {
    /// Returns whether an optional artifact is shipped; patterns are about images, other kinds come with `include` only.
    #[must_use]
    pub fn ships(&self, artifact: &Artifact) -> bool {
        match self {
            Self::Exclude => false,
            Self::Include => true,
            Self::Only(patterns) => artifact
                .reference()
                .is_some_and(|image| patterns.iter().any(|pattern| pattern.matches(image))),
        }
    }
}
