//! What has been gathered so far.

use std::collections::BTreeMap;

use crate::config::{ConflictError, TransformerConfig};
use crate::error::Error;
use crate::filters::field::FieldError;
use crate::filters::vars::{VarValue, VarValues, replace};
use crate::filters::{hash, names};
use crate::id::ResId;
use crate::kustomization::variable::Var;
use crate::limits::Copied;
use crate::resmap::{RepeatedId, append, find_any};
use crate::resource::{Resource, ResourceError, check, meta};
use crate::yaml::{Data, Node, Tag, path};

/// Objects, the configuration of transformers, and variables.
///
/// Mirrors `internal/accumulator/resaccumulator.go` of kustomize api v0.21.2.
#[derive(Debug, Default)]
pub(crate) struct Accumulator {
    pub(crate) resources: Vec<Resource>,
    pub(crate) config: TransformerConfig,
    vars: BTreeMap<String, Var>,
}

/// Why a variable is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VarError {
    /// Its name is taken.
    #[error("var '{0}' already encountered")]
    Repeated(String),
    /// More than one object could be meant.
    #[error("found {count} resId matches for var {var} (unable to disambiguate)")]
    Ambiguous {
        /// How many.
        count: usize,
        /// The variable.
        var: String,
    },
    /// The object has no such field.
    #[error("field specified in var '{0}' not found in corresponding resource")]
    NoField(String),
    /// There is no such object.
    #[error("var '{0}' cannot be mapped to a field in the set of known resources")]
    NoObject(String),
}

impl Accumulator {
    pub(crate) fn append(&mut self, more: Vec<Resource>) -> Result<(), RepeatedId> {
        append(&mut self.resources, more)
    }

    pub(crate) fn merge_config(&mut self, more: &TransformerConfig) -> Result<(), ConflictError> {
        self.config.merge(more)
    }

    /// Takes all that another one has gathered.
    pub(crate) fn merge(&mut self, other: Self) -> Result<(), Error> {
        self.append(other.resources)?;
        self.merge_config(&other.config)?;
        for (_, var) in other.vars {
            self.add_var(var)?;
        }
        Ok(())
    }

    /// Ties variables to the objects whose fields they are.
    pub(crate) fn merge_vars(&mut self, vars: &[Var]) -> Result<(), VarError> {
        let filled = vars.iter().map(|var| {
            let mut var = var.clone();
            var.fill();
            var
        });
        let filled: Vec<Var> = filled.collect();
        for (var, given) in filled.iter().zip(vars) {
            let id = ResId {
                gvk: var.object.gvk.clone(),
                name: var.object.name.clone(),
                namespace: var.object.namespace.clone(),
                is_cluster_scoped: false,
            };
            let found = find_any(&self.resources, |own| {
                id.has_gvk_and_name_of(own)
                    && (id.namespace.is_empty() || id.is_in_namespace_of(own))
            });
            match found[..] {
                [] => {}
                [at] => self.resources[at].vars.push(var.name.clone()),
                _ => {
                    let var = given.to_string();
                    return Err(VarError::Ambiguous { count: found.len(), var });
                }
            }
        }
        filled.into_iter().try_for_each(|var| self.add_var(var))
    }

    fn add_var(&mut self, var: Var) -> Result<(), VarError> {
        if self.vars.contains_key(&var.name) {
            return Err(VarError::Repeated(var.name));
        }
        self.vars.insert(var.name.clone(), var);
        Ok(())
    }

    /// Puts the suffix of its content behind the name of each generated object.
    pub(crate) fn add_hashes(&mut self) -> Result<(), Error> {
        add_hashes(&mut self.resources)
    }

    pub(crate) fn fix_references(&mut self) -> Result<(), FieldError> {
        names::fix(&mut self.resources, &self.config.name_reference)
    }

    /// Replaces variables wherever they may stand.
    pub(crate) fn resolve_vars(&mut self, copied: &Copied) -> Result<(), Error> {
        let mut values = VarValues::new();
        for var in self.vars.values() {
            values.insert(var.name.clone(), self.value(var)?);
        }
        if values.is_empty() {
            return Ok(());
        }
        let specs: Vec<_> =
            self.config.var_reference.0.iter().map(|spec| (spec, spec.parts())).collect();
        for resource in &mut self.resources {
            let gvk = resource.id().gvk;
            for (spec, parts) in specs.iter().filter(|(spec, _)| gvk.is_selected(&spec.gvk)) {
                replace(&mut resource.node, spec, parts, (&values, copied))?;
            }
        }
        Ok(())
    }

    fn value(&self, var: &Var) -> Result<VarValue, VarError> {
        let has_it = |resource: &&Resource| resource.vars.contains(&var.name);
        let resource = self.resources.iter().find(has_it);
        let resource = resource.ok_or_else(|| VarError::NoObject(var.to_string()))?;
        field_value(&resource.node, &var.field.path)
            .ok_or_else(|| VarError::NoField(var.to_string()))
    }

    /// Drops objects that say that they are not for the cluster; an object that has lost its kind or name is refused.
    pub(crate) fn drop_local(&mut self) -> Result<(), ResourceError> {
        const LOCAL: &str = "config.kubernetes.io/local-config";
        self.resources.retain(|resource| {
            let is_local =
                meta::annotation(&resource.node, LOCAL).is_some_and(|local| local != "false");
            !resource.node.is_nil_or_empty() && !is_local
        });
        self.resources.iter().try_for_each(|resource| check(&resource.node))
    }
}

/// Puts the suffix of its content behind the name of each object that needs it.
pub(crate) fn add_hashes(resources: &mut [Resource]) -> Result<(), Error> {
    for resource in resources.iter_mut().filter(|resource| resource.history.needs_hash) {
        let suffix = hash::suffix(&resource.node)?;
        resource.store_previous_id();
        let name = format!("{}-{suffix}", meta::name(&resource.node));
        meta::set_name(&mut resource.node, &name)?;
    }
    Ok(())
}

/// Mirrors `GetFieldValue` in `yaml/rnode.go` of kyaml v0.21.2.
fn field_value(object: &Node, path: &str) -> Option<VarValue> {
    let parts: Vec<String> =
        path::split_brackets(path).iter().flat_map(|part| indices(part)).collect();
    let node = crate::filters::lookup(object, &parts).ok().flatten()?;
    let Data::Scalar(text) = &node.data else { return Some(VarValue::Collection) };
    match node.tag {
        Tag::Int => text.parse().ok().map(VarValue::Int),
        Tag::Float => text.parse().ok().map(VarValue::Float),
        Tag::Bool => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(VarValue::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(VarValue::Bool(false)),
            _ => None,
        },
        _ => Some(VarValue::Text(text.clone())),
    }
}

/// Cuts `name[1]` into `name` and `1`.
fn indices(part: &str) -> Vec<String> {
    let inner = part.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    match inner {
        Some((name, index))
            if !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            [name, index].into_iter().filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        _ => vec![part.to_owned()],
    }
}
