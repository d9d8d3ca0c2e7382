//! Annotations that say where objects came from and what changed them: `buildMetadata`.

use crate::loader::{RepoSpec, path};
use crate::resource::{Resource, meta};
use crate::yaml::edit::WrongKind;
use crate::yaml::{Node, to_text};

/// The annotation that says where an object came from.
pub(crate) const ORIGIN: &str = "config.kubernetes.io/origin";
/// The annotation that says what changed it.
pub(crate) const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// Where something came from. Mirrors `Origin` in `resource/origin.go` of kustomize api v0.21.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) path: String,
    /// The repository that it is in, and the branch, tag or commit.
    pub(crate) repo: String,
    pub(crate) reference: String,
    pub(crate) configured_in: String,
    pub(crate) configured_by: ConfiguredBy,
}

/// The configuration of a generator or a transformer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ConfiguredBy {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) namespace: String,
}

impl Origin {
    /// The origin of something below, or in a repository.
    pub(crate) fn append(&self, below: &str) -> Self {
        if let Ok(spec) = RepoSpec::parse(below) {
            let (repo, reference) = (spec.clone_spec(), spec.reference);
            return Self { path: spec.folder, repo, reference, ..self.clone() };
        }
        Self { path: path::join(&self.path, below), ..self.clone() }
    }

    /// The origin of what a field of a kustomization makes.
    pub(crate) fn of_builtin(&self, file_name: &str, kind: &str) -> Self {
        Self {
            path: String::new(),
            repo: self.repo.clone(),
            reference: self.reference.clone(),
            configured_in: path::join(&self.path, file_name),
            configured_by: ConfiguredBy {
                api_version: "builtin".to_owned(),
                kind: kind.to_owned(),
                ..ConfiguredBy::default()
            },
        }
    }

    /// The origin of what is made by an object that is a configuration; `None` where nothing is known of that.
    pub(crate) fn of_configuration(resource: &Resource) -> Option<Self> {
        let node = &resource.node;
        let own = crate::yaml::first(meta::annotation(node, ORIGIN)?).ok().flatten()?;
        Some(Self {
            path: String::new(),
            repo: own.get("repo").map_or("", Node::text).to_owned(),
            reference: own.get("ref").map_or("", Node::text).to_owned(),
            configured_in: own.get("path").map_or("", Node::text).to_owned(),
            configured_by: ConfiguredBy {
                api_version: meta::api_version(node).to_owned(),
                kind: meta::kind(node).to_owned(),
                name: meta::name(node).to_owned(),
                namespace: meta::namespace(node).to_owned(),
            },
        })
    }

    /// As the annotation has it.
    pub(crate) fn text(&self) -> String {
        to_text(&self.node())
    }

    fn node(&self) -> Node {
        let by = &self.configured_by;
        let configured_by = map(&[
            ("apiVersion", &by.api_version),
            ("kind", &by.kind),
            ("name", &by.name),
            ("namespace", &by.namespace),
        ]);
        let mut node = map(&[
            ("path", &self.path),
            ("repo", &self.repo),
            ("ref", &self.reference),
            ("configuredIn", &self.configured_in),
        ]);
        if !configured_by.entries().is_empty() {
            crate::yaml::edit::append(&mut node, Node::scalar("configuredBy"), configured_by);
        }
        node
    }
}

fn map(fields: &[(&str, &String)]) -> Node {
    let set = fields.iter().filter(|(_, text)| !text.is_empty());
    Node::map(set.map(|(name, text)| (Node::scalar(*name), Node::string(text.as_str()))).collect())
}

/// Sets an annotation, all annotations becoming strings; `None` removes it.
pub(crate) fn set(
    resource: &mut Resource,
    key: &str,
    text: Option<String>,
) -> Result<(), WrongKind> {
    let mut annotations = meta::annotations(&resource.node);
    match text {
        Some(text) => drop(annotations.insert(key.to_owned(), text)),
        None => drop(annotations.remove(key)),
    }
    meta::set_annotations(&mut resource.node, &annotations)
}

/// Notes at every object that a transformer ran.
///
/// Mirrors `AddTransformerAnnotation` in `resmap/reswrangler.go` of kustomize api v0.21.2.
pub(crate) fn add_transformer(
    resources: &mut [Resource],
    origin: &Origin,
) -> Result<(), WrongKind> {
    for resource in resources {
        if meta::annotation(&resource.node, ORIGIN).is_none() {
            set(resource, ORIGIN, Some(origin.text()))?;
            continue;
        }
        let mut text = meta::annotation(&resource.node, TRANSFORMATIONS).unwrap_or("").to_owned();
        text.push_str(&to_text(&Node::seq(vec![origin.node()])));
        set(resource, TRANSFORMATIONS, Some(text))?;
    }
    Ok(())
}
