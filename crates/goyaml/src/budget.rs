//! How much a document may repeat itself.

use crate::error::ErrorKind;
use crate::limits::Limits;

/// Nodes reached through an alias before Go looks at their share.
const FREE_ALIAS_NODES: u64 = 100;
/// Nodes in all before Go looks at the share.
const FREE_NODES: u64 = 1_000;
/// Up to so many nodes, nearly all may come from aliases.
const LOW: u64 = 400_000;
/// From so many nodes on, a tenth may.
const HIGH: u64 = 4_000_000;

/// Counts nodes as go-yaml's decoder visits them: what an alias stands for
/// counts each time. Mirrors `decoder.unmarshal` of go.yaml.in/yaml v2.4.3; that
/// bytes are counted, too, is our own.
pub(crate) struct Budget {
    limits: Limits,
    all: Size,
    aliased: Size,
}

/// The size of a document or of a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) nodes: u64,
    /// Bytes of its scalars.
    pub(crate) bytes: u64,
}

impl Size {
    /// A scalar of so many bytes, which never are more than 32 bits count.
    pub(crate) fn scalar(bytes: usize) -> Self {
        Self { nodes: 1, bytes: bytes as u64 }
    }

    /// A collection without what it holds.
    pub(crate) const COLLECTION: Self = Self { nodes: 1, bytes: 0 };

    fn plus(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    /// What was added since the size was `earlier`.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_sub(earlier.nodes),
            bytes: self.bytes.saturating_sub(earlier.bytes),
        }
    }
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, all: Size::default(), aliased: Size::default() }
    }

    /// Forgets the last document.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.limits);
    }

    /// What has been counted so far.
    pub(crate) fn all(&self) -> Size {
        self.all
    }

    /// Counts what stands in the text.
    pub(crate) fn count(&mut self, size: Size) -> Result<(), ErrorKind> {
        self.all = self.all.plus(size);
        self.check()
    }

    /// Counts an alias and what it stands for.
    ///
    /// Within that the share only grows, so that looking at the end is enough.
    pub(crate) fn count_alias(&mut self, size: Size) -> Result<(), ErrorKind> {
        self.count(Size::COLLECTION)?;
        self.aliased = self.aliased.plus(size);
        self.count(size)
    }

    #[expect(clippy::cast_precision_loss, reason = "Go computes the same quotient of floats")]
    fn check(&self) -> Result<(), ErrorKind> {
        let (all, aliased) = (self.all.nodes, self.aliased.nodes);
        if aliased > FREE_ALIAS_NODES
            && all > FREE_NODES
            && aliased as f64 / all as f64 > allowed_share(all)
        {
            return Err(ErrorKind::Aliases);
        }
        if self.aliased.bytes > self.limits.input_bytes as u64 {
            return Err(ErrorKind::AliasBytes { limit: self.limits.input_bytes });
        }
        if all > self.limits.nodes as u64 {
            return Err(ErrorKind::Nodes { limit: self.limits.nodes });
        }
        Ok(())
    }
}

/// The share of nodes that may come from aliases.
#[expect(clippy::cast_precision_loss, reason = "Go computes the same quotient of floats")]
fn allowed_share(nodes: u64) -> f64 {
    match nodes {
        ..=LOW => 0.99,
        HIGH.. => 0.10,
        _ => 0.99 - 0.89 * ((nodes - LOW) as f64 / (HIGH - LOW) as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(nodes: u64) -> Size {
        Size { nodes, bytes: 0 }
    }

    #[test]
    fn a_hundred_nodes_behind_aliases_are_free() {
        let mut budget = Budget::new(Limits::default());
        assert_eq!(budget.count_alias(nodes(100)), Ok(()));
        assert_eq!(budget.count_alias(nodes(901)), Err(ErrorKind::Aliases));
    }

    #[test]
    fn the_allowed_share_falls_from_99_to_10_percent() {
        assert!((allowed_share(400_000) - 0.99).abs() < 1e-9);
        assert!((allowed_share(2_200_000) - 0.545).abs() < 1e-9);
        assert!((allowed_share(4_000_000) - 0.10).abs() < 1e-9);
    }

    #[test]
    fn the_share_is_checked_when_nodes_without_alias_follow() {
        let mut budget = Budget::new(Limits::default());
        assert_eq!(budget.count_alias(nodes(999)), Ok(()));
        assert_eq!(budget.count(nodes(1)), Err(ErrorKind::Aliases));
    }

    #[test]
    fn one_node_above_the_limit_is_refused() {
        let mut budget = Budget::new(Limits { nodes: 10, ..Limits::default() });
        assert_eq!(budget.count(nodes(10)), Ok(()));
        assert_eq!(budget.count(nodes(1)), Err(ErrorKind::Nodes { limit: 10 }));
    }

    #[test]
    fn one_byte_behind_aliases_above_the_limit_is_refused() {
        let mut budget = Budget::new(Limits { input_bytes: 10, ..Limits::default() });
        assert_eq!(budget.count_alias(Size::scalar(10)), Ok(()));
        assert_eq!(budget.count_alias(Size::scalar(1)), Err(ErrorKind::AliasBytes { limit: 10 }));
    }
}
