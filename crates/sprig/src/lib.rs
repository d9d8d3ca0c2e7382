//! The functions that Helm's templates call, as Sprig has them.
//!
//! So far only what versions need: [`semver`].

pub mod semver;
