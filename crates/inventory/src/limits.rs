//! Budgets for the files of a shipment, each with its source.

use crate::format::Bounds;

/// Bytes of a shipment file, or of a list of decisions: far more than a person writes; Kubernetes keeps 1.5 MiB at most.
pub const SHIPMENT_BYTES: u64 = 4 << 20;

/// Bytes of a lock, and of an inventory, which is as large at most: room for about a hundred thousand artifacts at 600 bytes.
pub const LOCK_BYTES: u64 = 64 << 20;

/// Bytes of a graph. Each child takes a line's share of 80 bytes, so this is three million of them; the graph of a large
/// shipment has a few megabytes.
pub const GRAPH_BYTES: u64 = 256 << 20;

/// Characters of a host and a path together: CRI-O and podman pull nothing that is longer, and the distribution specification
/// warns of it.
pub const NAME_CHARACTERS: usize = 255;

/// Scalars, lists and maps of a shipment file: one for each 16 bytes of [`SHIPMENT_BYTES`], as in dense lists of short words.
const SHIPMENT_NODES: usize = 250_000;

/// Scalars, lists and maps of a lock: one for each 8 bytes of [`LOCK_BYTES`], which is denser than any that is written.
const LOCK_NODES: usize = 8_000_000;

pub(crate) const SHIPMENT: Bounds = Bounds { bytes: SHIPMENT_BYTES, nodes: SHIPMENT_NODES };
pub(crate) const LOCK: Bounds = Bounds { bytes: LOCK_BYTES, nodes: LOCK_NODES };
