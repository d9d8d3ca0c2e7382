//! The naming rules of a shipment: one for all sources, and those of single sources.

use std::collections::BTreeMap;

use sealift_reference::{Digest, Reference};

use crate::{Names, Naming, NamingError};

/// Which rule names which image: the shipment's, unless the source that needs the image has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamingRules {
    /// The rule of the shipment.
    pub common: Naming,
    /// Images of sources with a rule of their own.
    pub own: BTreeMap<Reference, Naming>,
}

impl From<Naming> for NamingRules {
    fn from(common: Naming) -> Self {
        Self { common, own: BTreeMap::new() }
    }
}

impl NamingRules {
    /// Returns the rule of an image.
    #[must_use]
    pub fn of(&self, image: &Reference) -> &Naming {
        self.own.get(image).unwrap_or(&self.common)
    }

    /// Names many sources at once, each with the digest that it stands for: see [`Naming::assign`].
    ///
    /// # Errors
    ///
    /// As [`Naming::assign`], also when two rules give one name.
    pub fn assign<'a, I>(&self, sources: I) -> Result<Names, NamingError>
    where
        I: IntoIterator<Item = (&'a Reference, &'a Digest)>,
    {
        Names::assign(|source| self.of(source).target(source), sources)
    }
}
