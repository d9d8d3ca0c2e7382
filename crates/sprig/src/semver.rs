//! Versions and constraints as github.com/Masterminds/semver/v3 3.5 has them.
//!
//! Sprig's `semver` and `semverCompare` and Helm's chart versions and dependencies use
//! that library, which no Rust crate agrees with: `<1.25-0` is a constraint there, a
//! version may lack its minor, and `>= 1.2` refuses `1.3.0-rc.1`.
//!
//! ```
//! use sealift_sprig::semver::{Constraints, Version};
//!
//! let old: Constraints = "<1.25-0".parse()?;
//! assert!(old.check(&"v1.24.9+k3s1".parse()?));
//! assert!(!old.check(&"v1.25.0".parse()?));
//! let error = "1.2.y".parse::<Constraints>().unwrap_err();
//! assert_eq!(error.to_string(), "improper constraint: \"1.2.y\"");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod constraint;
mod constraints;
mod identifiers;
mod scan;
mod version;

pub use check::Mismatch;
pub use constraint::ConstraintError;
pub use constraints::{Constraints, MAX_CONSTRAINT_BYTES, MAX_CONSTRAINT_GROUPS};
pub use identifiers::VersionError;
pub use version::{MAX_VERSION_BYTES, Version};
