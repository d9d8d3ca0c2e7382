//! The binary as people meet it: what it says when an input, a registry or a disk is bad, and what each verb prints when all is well.
//!
//! Each test runs `sealift` in a folder of its own and holds exit code, stdout and stderr in a snapshot below `snapshots/`.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "the tests own the folders that they work in, and say what they skip"
)]

mod bad_disk;
mod bad_input;
mod bad_lock;
mod bad_registry;
mod budgets;
mod charts;
mod credentials;
mod events;
mod foreign;
mod journey;
mod keep_going;
mod kept_manifests;
mod kills;
mod kustomizations;
mod kustomized;
mod limits;
mod memory;
mod pipes;
mod platforms;
mod preflight;
mod reading_rights;
mod repairs;
mod scanning;
mod scene;
mod secrets;
mod shards;
mod two_hosts;
mod usage;
