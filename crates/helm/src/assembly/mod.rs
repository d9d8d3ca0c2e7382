//! Texts to manifests and hooks, in the order of installation.
