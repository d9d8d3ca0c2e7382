//! From an inventory to a lock, from the lock to a target, and the proof that all is there.
#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

mod resolving;
mod support;
mod verifying;
