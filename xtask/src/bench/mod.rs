//! Measures what we promise about speed, with programs built for speed.

pub(crate) mod copy;
mod images;
mod scan;

use anyhow::Result;

use crate::built;

/// Runs every benchmark; a broken limit is an error.
pub(crate) fn run() -> Result<()> {
    let sealift = built::fast()?;
    scan::run(&sealift)?;
    copy::run(&sealift)
}
