//! What Sprig has and this crate has not.

/// The functions of Sprig 3.3.0 that are not there.
///
/// The first three read the environment or the network, and Helm does not have them
/// either or has them say nothing. The others need a clock, randomness or keys.
pub const MISSING: &[&str] = &[
    "env",
    "expandenv",
    "getHostByName",
    "ago",
    "buildCustomCert",
    "date",
    "dateInZone",
    "dateModify",
    "date_in_zone",
    "date_modify",
    "decryptAES",
    "derivePassword",
    "duration",
    "durationRound",
    "encryptAES",
    "htmlDate",
    "htmlDateInZone",
    "mustDateModify",
    "mustToDate",
    "must_date_modify",
    "now",
    "toDate",
    "unixEpoch",
];
