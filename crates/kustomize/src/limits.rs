//! What an input may cost.

use std::cell::Cell;

/// Collections inside one another, aliases counted.
pub(crate) const DEPTH: usize = 1_000;
/// Nodes that the aliases of one document may stand for.
pub(crate) const NODES: usize = 1_000_000;
/// Kustomizations inside one another.
pub(crate) const FOLDERS: usize = 64;
/// Files of one build.
pub(crate) const FILES: usize = 20_000;
/// Bytes of all files of one build.
pub(crate) const BYTES: usize = 512 << 20;
/// Bytes of the comments that may say types in an object and its patch.
pub(crate) const NOTES: usize = 4 << 20;
/// Symbolic links that a path may lead over.
pub(crate) const LINKS: usize = 255;

/// Bytes that the transformers of one build may put into objects, as [`Copied`] counts them. kustomize has no such
/// limit: forty copies of a map into itself take all memory.
pub(crate) const COPIED: usize = 128 << 20;

/// A limit that an input exceeds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} {what}")]
pub struct Exceeded {
    /// The limit.
    pub limit: usize,
    /// What it counts.
    pub what: &'static str,
}

/// What transformers have put into objects so far.
#[derive(Debug, Default)]
pub(crate) struct Copied(Cell<usize>);

impl Copied {
    /// About the bytes of a node, without its text.
    pub(crate) const NODE: usize = 128;

    /// Counts bytes before they are copied.
    pub(crate) fn add(&self, bytes: usize) -> Result<(), Exceeded> {
        let all = self.0.get().saturating_add(bytes);
        self.0.set(all);
        check(all, COPIED, "bytes that transformers copy into objects")
    }
}

fn check(found: usize, limit: usize, what: &'static str) -> Result<(), Exceeded> {
    if found > limit { Err(Exceeded { limit, what }) } else { Ok(()) }
}

pub(crate) fn depth(found: usize) -> Result<(), Exceeded> {
    check(found, DEPTH, "levels of one document")
}

pub(crate) fn nodes(found: usize) -> Result<(), Exceeded> {
    check(found, NODES, "nodes behind aliases")
}

pub(crate) fn notes(found: usize) -> Result<(), Exceeded> {
    check(found, NOTES, "bytes of comments that say types")
}

pub(crate) fn folders(found: usize) -> Result<(), Exceeded> {
    check(found, FOLDERS, "kustomizations inside one another")
}

pub(crate) fn files(found: usize) -> Result<(), Exceeded> {
    check(found, FILES, "files of one build")
}

pub(crate) fn bytes(found: usize) -> Result<(), Exceeded> {
    check(found, BYTES, "bytes in the files of one build")
}
