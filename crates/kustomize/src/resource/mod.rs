//! Objects, what happened to them and where they came from.

mod error;
mod history;
mod lines;
pub(crate) mod meta;
mod origin;
mod read;
mod trace;

use crate::id::ResId;
use crate::yaml::edit::WrongKind;
use crate::yaml::{Json, Node, ValueError, to_json_text, to_value};

pub use error::ResourceError;
pub use origin::{Place, Step};

pub(crate) use history::{Behavior, History, Previous, REMOVED};
pub(crate) use lines::{forget_lines, take_lines};
pub(crate) use read::{check, from_node, read};
pub(crate) use trace::lines_of;

/// An object that is being built.
///
/// Mirrors `Resource` in `resource/resource.go` of kustomize api v0.21.2.
#[derive(Clone, Debug)]
pub struct Resource {
    pub(crate) node: Node,
    pub(crate) history: History,
    /// The names of the `vars` whose value it has.
    pub(crate) vars: Vec<String>,
    pub(crate) place: Place,
    pub(crate) steps: Vec<Step>,
    /// Where that is traced: which texts the steps gave, one each.
    changes: Vec<trace::Change>,
    before: Option<trace::Before>,
}

impl Resource {
    pub(crate) fn new(node: Node, place: Place) -> Self {
        let (history, vars, steps) = (History::of(&node), Vec::new(), Vec::new());
        Self { node, history, vars, place, steps, changes: Vec::new(), before: None }
    }

    /// The object.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Where it was written.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The patches and `images` entries that changed it, in the order in which they did.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Writes the object as `kustomize build` prints it.
    ///
    /// # Errors
    ///
    /// Those of [`Built::to_yaml`](crate::Built::to_yaml).
    pub fn to_yaml(&self) -> Result<String, crate::Error> {
        crate::build::object_text(self)
    }

    /// The identity that it has now.
    #[must_use]
    pub fn id(&self) -> ResId {
        let node = &self.node;
        ResId::current(
            meta::api_version(node),
            meta::kind(node),
            meta::name(node),
            meta::namespace(node),
        )
    }

    /// The identities that it had, the original one first.
    pub(crate) fn previous_ids(&self) -> impl Iterator<Item = ResId> + '_ {
        let api_version = meta::api_version(&self.node);
        self.history.previous.iter().map(move |previous| ResId {
            gvk: crate::id::Gvk::new(api_version, &previous.kind),
            name: previous.name.clone(),
            namespace: previous.namespace.clone(),
            is_cluster_scoped: false,
        })
    }

    /// The identity that it had at first.
    pub(crate) fn original_id(&self) -> ResId {
        self.previous_ids().next().unwrap_or_else(|| self.id())
    }

    /// Whether one of its identities, present or past, is what is looked for. A removed object has none.
    pub(crate) fn has_id(&self, mut matches: impl FnMut(&ResId) -> bool) -> bool {
        !self.node.is_nil_or_empty()
            && (self.previous_ids().any(|id| matches(&id)) || matches(&self.id()))
    }

    pub(crate) fn store_previous_id(&mut self) {
        let id = self.id();
        let namespace = id.effective_namespace().to_owned();
        self.history.previous.push(Previous { namespace, name: id.name, kind: id.gvk.kind });
    }

    /// Takes labels, annotations, name, namespace and history from another object, its own labels and annotations winning.
    ///
    /// Mirrors `CopyMergeMetaDataFieldsFrom` in `resource/resource.go` of kustomize api v0.21.2.
    pub(crate) fn take_metadata(&mut self, other: &Self) -> Result<(), WrongKind> {
        let mut labels = meta::labels(&other.node);
        labels.append(&mut meta::labels(&self.node));
        meta::set_labels(&mut self.node, &labels)?;
        let mut annotations = meta::annotations(&other.node);
        annotations.append(&mut meta::annotations(&self.node));
        meta::set_annotations(&mut self.node, &annotations)?;
        meta::set_name(&mut self.node, meta::name(&other.node))?;
        meta::set_namespace(&mut self.node, meta::namespace(&other.node))?;
        let needs_hash = self.history.needs_hash && other.history.needs_hash;
        self.history = History { needs_hash, ..other.history.clone() };
        self.vars.clone_from(&other.vars);
        Ok(())
    }

    /// The value of the object.
    ///
    /// # Errors
    ///
    /// [`ValueError`] where YAML cannot be JSON.
    pub fn value(&self) -> Result<Json<'_>, ValueError> {
        to_value(&self.node)
    }

    /// The object as JSON, with what kustomize keeps in annotations; for messages. A Secret is only named: its annotations may
    /// hold what was applied last.
    pub(crate) fn describe(&self) -> String {
        if meta::kind(&self.node) == "Secret" {
            return format!("{} (a Secret, not shown)", self.id());
        }
        let mut copy = self.node.clone();
        let mut annotations = meta::annotations(&copy);
        annotations.append(&mut self.history.annotations());
        if !annotations.is_empty() && meta::set_annotations(&mut copy, &annotations).is_err() {
            copy = self.node.clone();
        }
        match to_value(&copy) {
            Ok(value) => to_json_text(&value),
            Err(error) => format!("<{error}>"),
        }
    }
}
