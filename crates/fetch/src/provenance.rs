//! Provenance files: what is said of an archive, under a signature.

use crate::{Error, Package};

/// Refuses a chart whose provenance was to be checked: `OpenPGP` signatures cannot be, and what is not checked does not hold.
/// The reason that is given is the first that a full check would meet. `what` names the chart.
///
/// Helm CVE-2026-35204, CVE-2026-35205.
///
/// # Errors
///
/// [`Error::Signature`], always.
pub fn check_provenance(
    what: &str,
    package: &Package,
    provenance: Option<&[u8]>,
) -> Result<(), Error> {
    let digest = package.digest.to_string();
    let why = match provenance {
        None => "it has no provenance file",
        Some([]) => "its provenance file is empty",
        Some(text) if !says(text, digest.as_bytes()) => "its provenance file is of another archive",
        Some(_) => {
            "sealift checks no OpenPGP signatures; check it with `helm verify`, and go on without --verify"
        }
    };
    Err(Error::Signature { what: what.to_owned(), why })
}

fn says(text: &[u8], digest: &[u8]) -> bool {
    text.windows(digest.len()).any(|window| window == digest)
}
