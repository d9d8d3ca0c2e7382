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

/// Bytes of the index of a chart repository. The largest public ones have some 30 MB.
pub const INDEX_BYTES: usize = 128 << 20;

/// Bytes of an index for each of its nodes: real ones have more.
const INDEX_NODE_BYTES: usize = 32;

/// Nodes that any index may have.
const LEAST_INDEX_NODES: usize = 64 << 10;

/// Manifests of an index in which a chart is looked for.
pub(crate) const INDEX_CHILDREN: usize = 16;

/// Bytes of a provenance file: `Chart.yaml` and a signature.
pub const PROVENANCE_BYTES: usize = 1 << 20;

/// What may be read. Each field has a name for `--limit`, which the errors of this crate say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `chart-bytes`.
    pub chart_bytes: u64,
    /// `chart-entries`.
    pub chart_entries: usize,
    /// `chart-file-bytes`.
    pub chart_file_bytes: u64,
    /// `repository-index-bytes`.
    pub index_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            chart_bytes: CHART_BYTES,
            chart_entries: CHART_ENTRIES,
            chart_file_bytes: CHART_FILE_BYTES,
            index_bytes: INDEX_BYTES,
        }
    }
}

impl Limits {
    /// How an index is read as YAML: within its own length.
    pub(crate) fn index_yaml(&self) -> sealift_goyaml::Limits {
        sealift_goyaml::Limits {
            input_bytes: self.index_bytes,
            nodes: LEAST_INDEX_NODES.max(self.index_bytes / INDEX_NODE_BYTES),
            ..sealift_goyaml::Limits::default()
        }
    }

    pub(crate) fn tree(&self) -> TreeLimits {
        TreeLimits {
            entries: self.chart_entries,
            file_bytes: self.chart_file_bytes,
            levels: CHART_LEVELS,
            total_bytes: self.chart_bytes,
        }
    }
}
