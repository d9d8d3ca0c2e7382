//! The names of many sources at once.

use std::collections::BTreeMap;

use sealift_reference::{Digest, Reference};

use crate::{NamingError, Taken, TargetName};

/// The target name of each source of a shipment, and back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    targets: BTreeMap<Reference, TargetName>,
    sources: BTreeMap<TargetName, Claim>,
}

/// Who has a target name, and for which digest.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Claim {
    digest: Digest,
    sources: Vec<Reference>,
}

impl Names {
    /// Names all sources by `target`.
    pub(crate) fn assign<'a, I>(
        target: impl Fn(&Reference) -> Result<TargetName, NamingError>,
        sources: I,
    ) -> Result<Self, NamingError>
    where
        I: IntoIterator<Item = (&'a Reference, &'a Digest)>,
    {
        let mut sorted: Vec<_> = sources.into_iter().collect();
        // Who names a tag alone gets it before who names a digest as well.
        sorted.sort_by_key(|(source, digest)| (source.digest().is_some(), *source, *digest));
        let mut names = Self::default();
        for (source, digest) in sorted {
            let target = target(source)?;
            if let Err(error) = names.claim(target.clone(), source, digest) {
                if !names.is_same_repository(&target, source) {
                    return Err(error);
                }
                let by_digest = target.with_tag(digest.hex().parse()?);
                names.claim(by_digest, source, digest)?;
            }
        }
        Ok(names)
    }

    /// Returns the name of a source at the target.
    #[must_use]
    pub fn target(&self, source: &Reference) -> Option<&TargetName> {
        self.targets.get(source)
    }

    /// Returns the sources that have a target name: several when they are the same bytes; empty when none has it.
    #[must_use]
    pub fn sources(&self, target: &TargetName) -> &[Reference] {
        self.sources.get(target).map_or(&[], |claim| &claim.sources)
    }

    fn is_same_repository(&self, target: &TargetName, source: &Reference) -> bool {
        self.sources(target).iter().all(|other| other.repository() == source.repository())
    }

    fn claim(
        &mut self,
        target: TargetName,
        source: &Reference,
        digest: &Digest,
    ) -> Result<(), NamingError> {
        let unclaimed = || Claim { digest: digest.clone(), sources: Vec::new() };
        let claim = self.sources.entry(target.clone()).or_insert_with(unclaimed);
        if claim.digest != *digest {
            return Err(NamingError::Taken(Box::new(Taken {
                target,
                first: claim.sources[0].clone(),
                first_digest: claim.digest.clone(),
                second: source.clone(),
                second_digest: digest.clone(),
            })));
        }
        claim.sources.push(source.clone());
        self.targets.insert(source.clone(), target);
        Ok(())
    }
}
