//! Budgets for charts and for what says where they are, each with its source.

use sealift_archive::GzipLimits;
use sealift_files::TreeLimits;
use sealift_helm::chart::LoadLimits;

/// Bytes of the archive of a chart: those of all files in it. Helm 4 has the same limit.
pub const CHART_BYTES: u64 = 100 << 20;

/// Bytes of the index of a chart repository. The largest public ones have some 30 MB.
pub const INDEX_BYTES: usize = 128 << 20;

/// Bytes of the largest index for each node of it: 2.8 million nodes, twice those of the largest public ones, and so many that
/// text and nodes take less than 400 MB of memory.
const INDEX_NODE_BYTES: usize = 48;

/// Nodes that any index may have.
const LEAST_INDEX_NODES: usize = 64 << 10;

/// Manifests of an index in which a chart is looked for.
pub(crate) const INDEX_CHILDREN: usize = 16;

/// Bytes of a provenance file: `Chart.yaml` and a signature.
pub const PROVENANCE_BYTES: usize = 1 << 20;

/// Bytes of `repositories.yaml`: a thousand repositories have some 300 KB.
pub(crate) const REPOSITORIES_BYTES: u64 = 4 << 20;

/// Nodes of `repositories.yaml`.
pub(crate) const REPOSITORIES_NODES: usize = 1 << 20;

/// What may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of charts: those of loading. An archive may have as many bytes as all files in it.
    pub chart: LoadLimits,
    /// `repository-index-bytes`.
    pub index_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { chart: LoadLimits::default(), index_bytes: INDEX_BYTES }
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

    /// How an index is unpacked that came packed.
    pub(crate) fn packed_index(&self) -> GzipLimits {
        GzipLimits { ratio: self.chart.ratio, ..GzipLimits::output(self.index_bytes as u64) }
    }

    /// How an archive is unpacked that came packed once more.
    pub(crate) fn packed_package(&self) -> GzipLimits {
        GzipLimits { ratio: self.chart.ratio, ..GzipLimits::output(self.chart.total_bytes) }
    }
}

/// How the folder of a chart is walked.
pub(crate) fn tree(limits: &LoadLimits) -> TreeLimits {
    TreeLimits {
        entries: usize::try_from(limits.entries).unwrap_or(usize::MAX),
        file_bytes: limits.file_bytes,
        levels: sealift_archive::limits::PATH_PARTS,
        total_bytes: limits.total_bytes,
    }
}
