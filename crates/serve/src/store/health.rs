//! What is known about stored content beyond its name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use sealift_reference::Digest;

use super::locked;

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// Its bytes are not those that its digest says.
    Altered,
    /// It is not there.
    Gone,
}

/// Content that this run wrote, or hashed and found right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Right {
    pub(crate) size_bytes: u64,
    /// Differs from one writing to the next.
    writing: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Health(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Not served until it is pushed again; and whether the operator was told.
    damaged: BTreeMap<Digest, (Damage, bool)>,
    right: BTreeMap<Digest, Right>,
    used: BTreeSet<Digest>,
    writings: u64,
}

impl Health {
    /// Returns what is known about content that is not damaged.
    pub(crate) fn look(&self, digest: &Digest) -> Result<Option<Right>, Damage> {
        let state = locked(&self.0);
        match state.damaged.get(digest) {
            Some((damage, _)) => Err(*damage),
            None => Ok(state.right.get(digest).copied()),
        }
    }

    /// Takes content out of service, unless it was pushed again since `known` was looked up.
    pub(crate) fn withdraw(&self, digest: &Digest, known: Option<Right>, damage: Damage) {
        let mut state = locked(&self.0);
        if state.right.get(digest).copied() == known {
            state.right.remove(digest);
            state.damaged.entry(digest.clone()).or_insert((damage, false));
        }
    }

    /// Notes that the hash of content is right.
    pub(crate) fn found_right(&self, digest: &Digest, size_bytes: u64) {
        let mut state = locked(&self.0);
        let right = Right { size_bytes, writing: state.writings };
        state.right.entry(digest.clone()).or_insert(right);
    }

    /// Notes that content was written anew.
    pub(crate) fn wrote(&self, digest: &Digest, size_bytes: u64) {
        let mut state = locked(&self.0);
        state.writings += 1;
        let right = Right { size_bytes, writing: state.writings };
        state.right.insert(digest.clone(), right);
        state.used.insert(digest.clone());
        state.damaged.remove(digest);
    }

    /// Returns whether content is used for the first time in this run, and was not written in it.
    pub(crate) fn is_first_use(&self, digest: &Digest) -> bool {
        locked(&self.0).used.insert(digest.clone())
    }

    /// Returns whether content is damaged and nobody asked this before.
    pub(crate) fn is_news(&self, digest: &Digest) -> bool {
        let mut state = locked(&self.0);
        let told = state.damaged.get_mut(digest).map(|(_, told)| std::mem::replace(told, true));
        told == Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_that_was_pushed_again_while_the_old_bytes_were_hashed_stays() {
        let (health, digest) = (Health::default(), Digest::sha256(b"x"));
        for _ in 0..2 {
            let known = health.look(&digest).unwrap();
            health.wrote(&digest, 1);
            health.withdraw(&digest, known, Damage::Altered);
            assert!(health.look(&digest).is_ok());
        }
        let known = health.look(&digest).unwrap();
        health.withdraw(&digest, known, Damage::Gone);
        assert_eq!(health.look(&digest), Err(Damage::Gone));
    }

    #[test]
    fn damage_is_news_once_until_it_happens_again() {
        let (health, digest) = (Health::default(), Digest::sha256(b"x"));
        for _ in 0..2 {
            health.wrote(&digest, 1);
            assert!(!health.is_news(&digest));
            health.withdraw(&digest, health.look(&digest).unwrap(), Damage::Altered);
            assert_eq!([health.is_news(&digest), health.is_news(&digest)], [true, false]);
        }
    }
}
