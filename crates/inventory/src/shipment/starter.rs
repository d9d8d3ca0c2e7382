//! Starter files for `sealift init`.

use crate::Shipment;

/// What a starter file is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Starter {
    /// Charmed Kubeflow.
    CharmedKubeflow,
    /// deployKF.
    Deploykf,
    /// A Helm chart.
    Helm,
    /// The Kubermatic Kubernetes Platform.
    Kkp,
    /// Files of Kubernetes objects.
    #[default]
    Manifests,
}

impl Starter {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::CharmedKubeflow, Self::Deploykf, Self::Helm, Self::Kkp, Self::Manifests];

    /// Returns the word of the command line; of the plain one, `manifests`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CharmedKubeflow => "charmed-kubeflow",
            Self::Deploykf => "deploykf",
            Self::Helm => "helm",
            Self::Kkp => "kkp",
            Self::Manifests => "manifests",
        }
    }

    /// Returns the kind of a word of the command line.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|starter| starter.as_str() == word)
    }

    fn source(self) -> &'static str {
        match self {
            Self::CharmedKubeflow => include_str!("starter/charmed-kubeflow.yaml"),
            Self::Deploykf => include_str!("starter/deploykf.yaml"),
            Self::Helm => include_str!("starter/helm.yaml"),
            Self::Kkp => include_str!("starter/kkp.yaml"),
            Self::Manifests => include_str!("starter/manifests.yaml"),
        }
    }
}

impl Shipment {
    /// Returns a shipment file to begin with, with comments; it is read by [`Shipment::read`].
    #[must_use]
    pub fn starter(kind: Starter) -> String {
        format!(
            "{}{}{}",
            include_str!("starter/head.yaml"),
            kind.source(),
            include_str!("starter/tail.yaml")
        )
    }
}
