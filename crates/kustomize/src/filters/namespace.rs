//! Namespaces.

use super::field::{FieldError, apply, is_scalar};
use crate::config::{FieldSpec, FieldSpecs};
use crate::id::is_cluster_scoped;
use crate::limits::Copied;
use crate::resource::meta;
use crate::yaml::edit::{WrongKind, check_kind, field_or_create, set_scalar};
use crate::yaml::{Kind, Node, Tag};

/// Which subjects of role bindings get the namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Subjects {
    /// Those named `default`.
    #[default]
    Default,
    /// All service accounts.
    ServiceAccounts,
    /// None.
    None,
}

/// Sets a namespace.
#[derive(Clone, Debug)]
pub(crate) struct NamespaceRule<'n> {
    pub(crate) namespace: &'n str,
    pub(crate) specs: &'n FieldSpecs,
    /// Whether only fields that are empty are set.
    pub(crate) unset_only: bool,
    pub(crate) subjects: Subjects,
    /// Counts what is put into objects.
    pub(crate) copied: &'n Copied,
}

impl NamespaceRule<'_> {
    /// Changes an object.
    ///
    /// Mirrors `filters/namespace/namespace.go` of kustomize api v0.21.2.
    pub(crate) fn apply(&self, object: &mut Node) -> Result<(), FieldError> {
        let (api_version, kind) = (meta::api_version(object), meta::kind(object));
        let is_v1 = api_version == "v1";
        let is_binding = is_binding(kind);
        if !is_cluster_scoped(api_version, kind) {
            let spec = FieldSpec::of_all("metadata/namespace", true);
            apply(&spec, &Some((Kind::Scalar, Tag::Empty)), object, &mut |field| self.set(field))?;
        }
        if is_binding {
            self.bind(object)?;
        }
        for spec in &self.specs.0 {
            let is_name = spec.path == "metadata/name" && !is_v1;
            let is_subject =
                spec.path == "subjects/namespace" && is_binding && self::is_binding(&spec.gvk.kind);
            if spec.path == "metadata/namespace" || is_name || is_subject {
                continue;
            }
            apply(spec, &Some((Kind::Scalar, Tag::Str)), object, &mut |field| self.set(field))
                .map_err(
                    |error| {
                        if error.is_limit() { error } else { FieldError::Other(about(&error)) }
                    },
                )?;
        }
        Ok(())
    }

    fn set(&self, field: &mut Node) -> Result<(), FieldError> {
        let has_value = !field.is_nil_or_empty() && is_scalar(field) && !field.value().is_empty();
        if self.unset_only && has_value {
            return Ok(());
        }
        self.copied.add(self.namespace.len())?;
        Ok(set_scalar(field, Node::tagged(self.namespace, Tag::Str))?)
    }

    fn bind(&self, object: &mut Node) -> Result<(), FieldError> {
        let (field, value) = match self.subjects {
            Subjects::None => return Ok(()),
            Subjects::Default => ("name", "default"),
            Subjects::ServiceAccounts => ("kind", "ServiceAccount"),
        };
        let Some(subjects) = object.get_mut("subjects").filter(|subjects| !subjects.is_null())
        else {
            return Ok(());
        };
        let wrong = |cause: WrongKind| {
            FieldError::Other(format!(
                "setting namespace on (cluster)role binding subjects: {cause}"
            ))
        };
        check_kind(subjects, Kind::Seq).map_err(wrong)?;
        for subject in subjects.items_mut() {
            check_kind(subject, Kind::Map).map_err(wrong)?;
            if subject.get(field).is_some_and(|found| found.value() == value)
                && let Some(namespace) =
                    field_or_create(subject, "namespace", Kind::Scalar).map_err(wrong)?
            {
                self.set(namespace)?;
            }
        }
        Ok(())
    }
}

fn is_binding(kind: &str) -> bool {
    matches!(kind, "RoleBinding" | "ClusterRoleBinding")
}

fn about(error: &FieldError) -> String {
    let mut inner = error;
    while let FieldError::Field { cause, .. } | FieldError::Items { cause, .. } = inner {
        inner = cause;
    }
    match inner {
        FieldError::Kind(_) => format!("namespace field specs must target scalar nodes: {error}"),
        _ => format!("namespace transformation failed: {error}"),
    }
}
