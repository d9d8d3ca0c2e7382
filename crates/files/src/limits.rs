//! Budgets for listings, each with its source.

/// Files that one pattern or one folder of manifests may mean. The largest tree that was measured, Kubeflow's manifests, has 600
/// of them.
pub(crate) const FILES: usize = 20_000;

/// Folders inside each other. The deepest that was measured, in Kubeflow's manifests too, has ten.
pub(crate) const LEVELS: usize = 64;
