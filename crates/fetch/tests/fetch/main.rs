//! Getting charts.

#![expect(clippy::print_stderr, reason = "a test says what it skips")]

mod classic;
mod dependencies;
mod fixture;
mod folders;
#[cfg(unix)]
mod git;
mod guarded;
mod indexes;
mod named;
mod peers;
mod registries;
mod web_files;
