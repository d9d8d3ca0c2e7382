//! What one document may cost.

/// Bounds on the text and on what is made of it.
///
/// Each is checked before memory is taken for it; the error names the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole text, checked before anything is read; and bytes of
    /// the text that the aliases of one document stand for.
    pub input_bytes: usize,
    /// Collections inside one another, also through aliases. Go allows 10,000;
    /// nothing real is deeper than 47, and at 1,000 a recursive walk over a
    /// document, dropping it included, fits the 2 MiB stack of a thread.
    pub depth: usize,
    /// Nodes of one document, counting what an alias stands for each time.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { input_bytes: 64 << 20, depth: 1_000, nodes: 10_000_000 }
    }
}

/// Columns and lines are counted in 32 bits, so that a node stays small; half of
/// that is enough for sums never to overflow.
pub(crate) const MAX_INPUT_BYTES: usize = (u32::MAX / 2) as usize;
