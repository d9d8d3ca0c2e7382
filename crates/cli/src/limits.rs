//! Budgets for what the command line itself reads, each with its source.

pub(crate) use sealift_inventory::limits::{GRAPH_BYTES, LOCK_BYTES, SHIPMENT_BYTES};

/// Bytes of stdin and of an input that is compared with a lock: those of the YAML reader, whose largest known input is a
/// rendered Kubeflow of 11 MB.
pub(crate) const INPUT_BYTES: u64 = 64 << 20;

/// Bytes of a certificate chain, a key or an htpasswd file: a system's whole store of roots has some 200 kB.
pub(crate) const SERVE_FILE_BYTES: u64 = 1 << 20;

/// Bytes of a password or token: registries hand out tokens of a few kilobytes, and credential helpers answer within 64 KiB.
pub(crate) const PASSWORD_BYTES: u64 = 64 << 10;
