//! One module per product: from its configuration to an inventory, and from a lock to its handoff.
