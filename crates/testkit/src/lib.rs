//! Scripted registry with faults, test environments and snapshot filters.
