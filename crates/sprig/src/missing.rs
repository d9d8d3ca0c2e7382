//! What Sprig has and this crate has not.

/// The functions of Sprig 3.3.0 that are not there.
///
/// `env`, `expandenv` and `getHostByName` read the environment or the network: Helm does
/// not have the first two either, and has the third say nothing.
pub const MISSING: &[&str] = &["env", "expandenv", "getHostByName"];
