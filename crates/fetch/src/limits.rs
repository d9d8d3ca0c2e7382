//! Budgets for charts and for what says where they are, each with its source.

use sealift_files::TreeLimits;

/// Bytes of all files of a chart, and of the archive of one: as Helm 4. The largest of 155 real charts has 7.3 MB.
pub const CHART_BYTES: u64 = 100 << 20;

/// Files and folders of a chart. The most in a real one are 440.
pub const CHART_ENTRIES: usize = 10_000;

/// Bytes of one file of a chart: as Helm 4. The largest in a real one has 1.4 MB.
pub const CHART_FILE_BYTES: u64 = 5 << 20;

/// Folders inside each other: what a path inside an archive may have.
pub const CHART_LEVELS: usize = sealift_archive::limits::PATH_PARTS;

/// What may be read. Each field has a name for `--limit`, which the errors of this crate say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `chart-bytes`.
    pub chart_bytes: u64,
    /// `chart-entries`.
    pub chart_entries: usize,
    /// `chart-file-bytes`.
    pub chart_file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            chart_bytes: CHART_BYTES,
            chart_entries: CHART_ENTRIES,
            chart_file_bytes: CHART_FILE_BYTES,
        }
    }
}

impl Limits {
    pub(crate) fn tree(&self) -> TreeLimits {
        TreeLimits {
            entries: self.chart_entries,
            file_bytes: self.chart_file_bytes,
            levels: CHART_LEVELS,
            total_bytes: self.chart_bytes,
        }
    }
}
