//! Why a chart of a shipment could not be scanned.

use sealift_helm::capabilities::KubeVersionError;
use sealift_helm::chart::LoadError;
use sealift_helm::{RenderError, values};

/// Why a chart of a shipment could not be scanned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// It is no chart, or breaks a limit.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// `kubeVersion` of the shipment is no version.
    #[error(transparent)]
    KubeVersion(#[from] KubeVersionError),
    /// It does not render.
    #[error("{error}")]
    Render {
        /// `name` of the chart.
        name: String,
        /// `version` of the chart.
        version: String,
        /// Why not.
        error: Box<RenderError>,
    },
    /// The values that the shipment names are none.
    #[error(transparent)]
    Values(#[from] values::Error),
    /// The system gave no thread to render on.
    #[error("cannot start a thread")]
    Thread(#[source] std::io::Error),
}
