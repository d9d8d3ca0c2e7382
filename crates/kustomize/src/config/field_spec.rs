//! One field of objects of one kind.

use crate::id::Gvk;
use crate::kustomization::{Decode, Decoder, decode_fields};
use crate::yaml::path;

/// A field: which objects have it, where it is, and whether it is created.
///
/// Mirrors `FieldSpec` in `types/fieldspec.go` of kustomize api v0.21.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldSpec {
    pub(crate) gvk: Gvk,
    pub(crate) path: String,
    pub(crate) create: bool,
}

decode_fields!(FieldSpec, "FieldSpec", {
    "group" => gvk.group,
    "version" => gvk.version,
    "kind" => gvk.kind,
    "path" => path,
    "create" => create,
});

impl FieldSpec {
    /// A field that every object may have.
    pub(crate) fn of_all(path: &str, create: bool) -> Self {
        Self { gvk: Gvk::default(), path: path.to_owned(), create }
    }

    /// The parts of the path.
    pub(crate) fn parts(&self) -> Vec<String> {
        path::split(&self.path, '/')
    }
}

/// A list of fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldSpecs(pub(crate) Vec<FieldSpec>);

impl FieldSpecs {
    /// Appends what is not there yet; returns the path of two that disagree.
    ///
    /// What is there hides what is appended if the latter selects the former's kind, even where it selects more.
    pub(crate) fn merge_one(&mut self, more: &FieldSpec) -> Result<(), String> {
        let known =
            self.0.iter().find(|known| known.path == more.path && known.gvk.is_selected(&more.gvk));
        match known {
            Some(known) if known.create != more.create => Err(more.path.clone()),
            Some(_) => Ok(()),
            None => {
                self.0.push(more.clone());
                Ok(())
            }
        }
    }

    pub(crate) fn merge_all(&mut self, more: &Self) -> Result<(), String> {
        more.0.iter().try_for_each(|spec| self.merge_one(spec))
    }

    pub(crate) fn sort(&mut self) {
        self.0.sort_by_cached_key(|spec| crate::order::kind_key(&spec.gvk));
    }
}

impl Decode for FieldSpecs {
    fn go_type() -> String {
        "types.FsSlice".to_owned()
    }

    fn decode(&mut self, node: &sealift_goyaml::Node<'_>, decoder: &mut Decoder) {
        self.0.decode(node, decoder);
    }
}
