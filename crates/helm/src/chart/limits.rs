//! The budgets of charts: specs of hostile input, section 3.

use sealift_archive::GzipLimits;
use sealift_archive::limits::{RATIO, RATIO_FREE_BYTES};

/// How large a chart may be, with all charts inside it.
///
/// The names of the limits on the command line are those of the fields, below `limits.chart`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadLimits {
    /// Archives inside one another, the chart's own included. Real charts have two.
    pub archives: usize,
    /// Files and directories, in all archives together. The largest of 155 real charts has 440.
    pub entries: u64,
    /// Bytes of one file. Helm has the same limit.
    pub file_bytes: u64,
    /// Bytes that come out of one archive for each that goes in, once 10 MiB came out.
    pub ratio: u64,
    /// Bytes of all files, in all archives together. Helm has the same limit for each archive.
    pub total_bytes: u64,
}

impl Default for LoadLimits {
    fn default() -> Self {
        Self {
            archives: 5,
            entries: 10_000,
            file_bytes: 5 << 20,
            ratio: RATIO,
            total_bytes: 100 << 20,
        }
    }
}

impl LoadLimits {
    /// What may come out of gzip: the files, and at most three blocks of a header and padding for each entry. Whatever the limits
    /// were set to, it is no more than a [`Str`](sealift_gotemplate::Str) can be long, of which the files are parts.
    pub(super) fn gzip(&self) -> GzipLimits {
        const OVERHEAD_BYTES: u64 = 4096;
        let output_bytes =
            self.total_bytes.saturating_add(self.entries.saturating_mul(OVERHEAD_BYTES));
        let output_bytes = output_bytes.min(u32::MAX.into());
        GzipLimits { output_bytes, ratio: self.ratio, ratio_free_bytes: RATIO_FREE_BYTES }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_of_an_archive_is_no_longer_than_a_string_can_be() {
        let limits = LoadLimits { entries: 10_000_000, total_bytes: 1 << 40, ..Default::default() };
        assert_eq!(limits.gzip().output_bytes, u64::from(u32::MAX));
        assert_eq!(LoadLimits::default().gzip().output_bytes, (100 << 20) + 10_000 * 4096);
    }
}
