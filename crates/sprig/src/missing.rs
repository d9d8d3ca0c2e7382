//! What Sprig has and this crate has not.

/// The functions of Sprig 3.3.0 that are not there.
///
/// `env`, `expandenv` and `getHostByName` read the environment or the network: Helm does
/// not have the first two either, and has the third say nothing. The other is
/// about keys.
pub const MISSING: &[&str] = &["buildCustomCert", "env", "expandenv", "getHostByName"];
