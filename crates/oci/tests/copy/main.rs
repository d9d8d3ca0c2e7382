//! The copy engine between stores in memory.
#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

mod beforehand;
mod engine;
mod properties;
mod support;
