//! The files of a chart that say what it is, before anything is checked.

use sealift_goyaml::Node;

use super::decode::{Decoder, Structure};
use super::{Dependency, Lock, Maintainer, Metadata};

/// `Chart.yaml` as it was written: entries may be null.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) metadata: Metadata,
    pub(super) maintainers: Vec<Option<Maintainer>>,
    pub(super) dependencies: Vec<Option<Dependency>>,
}

impl Structure for Draft {
    const NAME: &'static str = "Metadata";
    const FIELDS: &'static [&'static str] = &[
        "name",
        "home",
        "sources",
        "version",
        "description",
        "keywords",
        "maintainers",
        "icon",
        "apiVersion",
        "condition",
        "tags",
        "appVersion",
        "deprecated",
        "annotations",
        "kubeVersion",
        "dependencies",
        "type",
    ];

    fn field(&mut self, name: &'static str, node: &Node<'_>, decoder: &mut Decoder) {
        let metadata = &mut self.metadata;
        match name {
            "annotations" => decoder.map(node, &mut metadata.annotations),
            "dependencies" => {
                metadata.has_dependencies = !node.is_null();
                decoder.structures(node, &mut self.dependencies);
            }
            "deprecated" => decoder.truth(node, &mut metadata.deprecated),
            "keywords" => decoder.strings(node, &mut metadata.keywords),
            "maintainers" => decoder.structures(node, &mut self.maintainers),
            "sources" => decoder.strings(node, &mut metadata.sources),
            _ => {
                let text = match name {
                    "name" => &mut metadata.name,
                    "home" => &mut metadata.home,
                    "version" => &mut metadata.version,
                    "description" => &mut metadata.description,
                    "icon" => &mut metadata.icon,
                    "apiVersion" => &mut metadata.api_version,
                    "condition" => &mut metadata.condition,
                    "tags" => &mut metadata.tags,
                    "appVersion" => &mut metadata.app_version,
                    "kubeVersion" => &mut metadata.kube_version,
                    _ => &mut metadata.kind,
                };
                decoder.string(node, text);
            }
        }
    }
}

impl Structure for Maintainer {
    const NAME: &'static str = "Maintainer";
    const FIELDS: &'static [&'static str] = &["name", "email", "url"];

    fn field(&mut self, name: &'static str, node: &Node<'_>, decoder: &mut Decoder) {
        let text = match name {
            "name" => &mut self.name,
            "email" => &mut self.email,
            _ => &mut self.url,
        };
        decoder.string(node, text);
    }
}

impl Structure for Dependency {
    const NAME: &'static str = "Dependency";
    const FIELDS: &'static [&'static str] = &[
        "name",
        "version",
        "repository",
        "condition",
        "tags",
        "enabled",
        "import-values",
        "alias",
    ];

    fn field(&mut self, name: &'static str, node: &Node<'_>, decoder: &mut Decoder) {
        match name {
            "name" => decoder.string(node, &mut self.name),
            "version" => decoder.string(node, &mut self.version),
            "repository" => decoder.string(node, &mut self.repository),
            "condition" => decoder.string(node, &mut self.condition),
            "tags" => decoder.strings(node, &mut self.tags),
            "enabled" => decoder.truth(node, &mut self.enabled),
            "import-values" => decoder.anything(node, &mut self.import_values),
            _ => decoder.string(node, &mut self.alias),
        }
    }
}

impl Structure for Lock {
    const NAME: &'static str = "Lock";
    const FIELDS: &'static [&'static str] = &["generated", "digest", "dependencies"];

    fn field(&mut self, name: &'static str, node: &Node<'_>, decoder: &mut Decoder) {
        match name {
            "generated" => decoder.time(node, &mut self.generated),
            "digest" => decoder.string(node, &mut self.digest),
            _ => {
                let mut dependencies = Vec::new();
                decoder.structures(node, &mut dependencies);
                if let Some(at) = dependencies.iter().position(Option::is_none) {
                    decoder.null(node.items().get(at).unwrap_or(node));
                }
                self.dependencies = dependencies.into_iter().flatten().collect();
            }
        }
    }
}

/// What decides which loader Helm 4 takes.
#[derive(Default)]
pub(super) struct Base {
    pub(super) api_version: String,
}

impl Structure for Base {
    const NAME: &'static str = "chartBase";
    const FIELDS: &'static [&'static str] = &["apiVersion"];

    fn field(&mut self, _: &'static str, node: &Node<'_>, decoder: &mut Decoder) {
        decoder.string(node, &mut self.api_version);
    }
}
