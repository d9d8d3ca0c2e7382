//! Objects gathered: found by id, added, merged.

mod absorb;

use std::collections::HashSet;

pub use absorb::AbsorbError;

pub(crate) use absorb::absorb;

use crate::id::{Gvk, ResId};
use crate::resource::Resource;

/// An object with the identity of one that is there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("may not add resource with an already registered id: {0}")]
pub struct RepeatedId(pub Box<ResId>);

/// Not exactly one object has an identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// None has it.
    #[error("no matches for Id {0}")]
    None(Box<ResId>),
    /// More than one has it.
    #[error("multiple matches for Id {0}")]
    Many(Box<ResId>),
}

/// What makes two objects one: kind, name and the namespace that counts.
fn key(id: &ResId) -> (Gvk, String, String) {
    (id.gvk.clone(), id.name.clone(), id.effective_namespace().to_owned())
}

/// Appends objects, none of which may have the identity of another.
pub(crate) fn append(all: &mut Vec<Resource>, more: Vec<Resource>) -> Result<(), RepeatedId> {
    let mut seen: HashSet<_> = all.iter().map(|resource| key(&resource.id())).collect();
    for resource in more {
        let id = resource.id();
        if !seen.insert(key(&id)) {
            return Err(RepeatedId(Box::new(id)));
        }
        all.push(resource);
    }
    Ok(())
}

/// Refuses objects with the same identity.
pub(crate) fn check_unique(all: &[Resource]) -> Result<(), RepeatedId> {
    let mut seen = HashSet::new();
    match all.iter().map(Resource::id).find(|id| !seen.insert(key(id))) {
        Some(id) => Err(RepeatedId(Box::new(id))),
        None => Ok(()),
    }
}

/// Returns the numbers of the objects of which an identity, present or past, fits.
pub(crate) fn find_any(all: &[Resource], mut matches: impl FnMut(&ResId) -> bool) -> Vec<usize> {
    (0..all.len()).filter(|at| all[*at].has_id(&mut matches)).collect()
}

/// Returns the number of the one object that has or had an identity.
pub(crate) fn find_one(all: &[Resource], id: &ResId) -> Result<usize, TargetError> {
    match find_any(all, |own| id.is_same(own))[..] {
        [] => Err(TargetError::None(Box::new(id.clone()))),
        [at] => Ok(at),
        _ => Err(TargetError::Many(Box::new(id.clone()))),
    }
}
