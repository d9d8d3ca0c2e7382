//! The fault matrix: `sealift mirror` between two registries of which one misbehaves. A test is named by the row that it plays.
//!
//! Before each registry stands a scripted server that breaks what the test says and passes on the rest. However a run ends, no
//! wrong byte may be at the target, no manifest without what it names, and no request without bound.

#![expect(clippy::disallowed_methods, reason = "the tests own the folders that they work in")]
#![expect(clippy::print_stdout, reason = "a test of random moments says how to repeat them")]
#![expect(clippy::unwrap_used, reason = "what the tests share may fail like a test")]

mod answers;
mod budgets;
mod chaos;
mod images;
mod killed;
mod quirks;
mod rows;
mod run;
mod scene;
mod source_bodies;
mod source_manifests;
mod target_manifests;
mod target_sessions;
mod ways;
mod ways_in;
