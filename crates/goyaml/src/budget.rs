//! How much a document may repeat itself.

use crate::error::ErrorKind;

/// Nodes reached through an alias before Go looks at their share.
const FREE_ALIAS_NODES: u64 = 100;
/// Nodes in all before Go looks at the share.
const FREE_NODES: u64 = 1_000;
/// Up to so many nodes, nearly all may come from aliases.
const LOW: u64 = 400_000;
/// From so many nodes on, a tenth may.
const HIGH: u64 = 4_000_000;

/// Counts nodes as go-yaml's decoder visits them: what an alias stands for
/// counts each time. Mirrors `decoder.unmarshal` of go.yaml.in/yaml v2.4.3.
#[derive(Default)]
pub(crate) struct Budget {
    nodes: u64,
    alias_nodes: u64,
}

impl Budget {
    /// Nodes counted so far.
    pub(crate) fn nodes(&self) -> u64 {
        self.nodes
    }

    /// Counts nodes that stand in the text.
    pub(crate) fn count(&mut self, nodes: u64, limit: usize) -> Result<(), ErrorKind> {
        self.nodes = self.nodes.saturating_add(nodes);
        self.check(limit)
    }

    /// Counts the nodes that an alias stands for.
    ///
    /// Within them the share only grows, so that looking at the end is enough.
    pub(crate) fn count_aliased(&mut self, nodes: u64, limit: usize) -> Result<(), ErrorKind> {
        self.alias_nodes = self.alias_nodes.saturating_add(nodes);
        self.count(nodes, limit)
    }

    #[expect(clippy::cast_precision_loss, reason = "Go computes the same quotient of floats")]
    fn check(&self, limit: usize) -> Result<(), ErrorKind> {
        if self.alias_nodes > FREE_ALIAS_NODES && self.nodes > FREE_NODES {
            let share = self.alias_nodes as f64 / self.nodes as f64;
            if share > allowed_share(self.nodes) {
                return Err(ErrorKind::Aliases);
            }
        }
        if self.nodes > limit as u64 {
            return Err(ErrorKind::Nodes { limit });
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

    #[test]
    fn a_hundred_nodes_behind_aliases_are_free() {
        let mut budget = Budget::default();
        assert_eq!(budget.count_aliased(100, usize::MAX), Ok(()));
        assert_eq!(budget.count_aliased(901, usize::MAX), Err(ErrorKind::Aliases));
    }

    #[test]
    fn the_allowed_share_falls_from_99_to_10_percent() {
        assert!((allowed_share(400_000) - 0.99).abs() < 1e-9);
        assert!((allowed_share(2_200_000) - 0.545).abs() < 1e-9);
        assert!((allowed_share(4_000_000) - 0.10).abs() < 1e-9);
    }

    #[test]
    fn the_share_is_checked_when_nodes_without_alias_follow() {
        let mut budget = Budget::default();
        assert_eq!(budget.count_aliased(999, usize::MAX), Ok(()));
        assert_eq!(budget.count(1, usize::MAX), Ok(()));
        assert_eq!(budget.count(1, usize::MAX), Err(ErrorKind::Aliases));
    }

    #[test]
    fn one_node_above_the_limit_is_refused() {
        let mut budget = Budget::default();
        assert_eq!(budget.count(10, 10), Ok(()));
        assert_eq!(budget.count(1, 10), Err(ErrorKind::Nodes { limit: 10 }));
    }
}
