//! Generated objects put to those that are there: added, replaced or merged.

use std::collections::BTreeMap;

use super::{RepeatedId, append, find_any};
use crate::generators::{base64_text, data_value, put_data};
use crate::id::ResId;
use crate::resource::{Behavior, Resource, meta};
use crate::yaml::edit::{WrongKind, clear};
use crate::yaml::{Data, Node};

/// Why a generated object cannot be put to the others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AbsorbError {
    /// It is to be merged and there is nothing to merge it with.
    #[error("id {0} does not exist; cannot merge or replace")]
    Missing(Box<ResId>),
    /// It is to be added and is there.
    #[error(
        "id {id} exists; can not use behavior: '{behavior}', behavior must be merge or replace"
    )]
    Exists {
        /// Its identity.
        id: Box<ResId>,
        /// What it is to do.
        behavior: &'static str,
    },
    /// More than one object could be meant.
    #[error("found multiple objects {found} that could accept merge of {id}")]
    Many {
        /// The identities that fit.
        found: String,
        /// Its identity.
        id: Box<ResId>,
    },
    /// It has the identity of another.
    #[error(transparent)]
    Repeated(#[from] RepeatedId),
    /// A value of `stringData` is no scalar.
    #[error(
        "failed to normalize stringData for {id}: stringData value for key {key:?} must be a scalar"
    )]
    StringData {
        /// The identity of the secret.
        id: Box<ResId>,
        /// The key.
        key: String,
    },
    /// A node is not what it must be.
    #[error(transparent)]
    Kind(#[from] WrongKind),
}

/// Puts a generated object to those that are there.
///
/// Mirrors `appendReplaceOrMerge` in `resmap/reswrangler.go` of kustomize api v0.21.2.
pub(crate) fn absorb(all: &mut Vec<Resource>, mut resource: Resource) -> Result<(), AbsorbError> {
    let id = resource.id();
    let behavior = resource.history.behavior.unwrap_or_default();
    let found = find_any(all, |own| id.is_same(own));
    let at = match found[..] {
        [] if matches!(behavior, Behavior::Merge | Behavior::Replace) => {
            return Err(AbsorbError::Missing(Box::new(id)));
        }
        [] => return Ok(append(all, vec![resource])?),
        [at] => at,
        _ => {
            let ids: Vec<_> = found.iter().map(|at| all[*at].id().to_string()).collect();
            return Err(AbsorbError::Many { found: ids.join(" "), id: Box::new(id) });
        }
    };
    match behavior {
        Behavior::Replace => resource.take_metadata(&all[at])?,
        Behavior::Merge => merge(&mut resource, &all[at], &id)?,
        Behavior::Create | Behavior::Unspecified => {
            return Err(AbsorbError::Exists { id: Box::new(id), behavior: behavior.name() });
        }
    }
    all[at] = resource;
    Ok(())
}

fn merge(resource: &mut Resource, old: &Resource, id: &ResId) -> Result<(), AbsorbError> {
    let is_secret =
        meta::api_version(&resource.node) == "v1" && meta::kind(&resource.node) == "Secret";
    let mut data = strings(&old.node, "data");
    if is_secret {
        data.append(&mut string_data(&old.node, id)?);
    }
    let origin = meta::annotation(&old.node, crate::accumulate::ORIGIN).map(str::to_owned);
    resource.take_metadata(old)?;
    data.append(&mut strings(&resource.node, "data"));
    let mut binary = strings(&old.node, "binaryData");
    binary.append(&mut strings(&resource.node, "binaryData"));
    clear(&mut resource.node, "data")?;
    for (key, value) in &data {
        let (field, node) = data_value(value.as_bytes());
        put_data(&mut resource.node, field, key, node)?;
    }
    clear(&mut resource.node, "binaryData")?;
    for (key, value) in &binary {
        let (_, node) = data_value(value.as_bytes());
        put_data(&mut resource.node, "binaryData", key, node)?;
    }
    if let Some(origin) = origin {
        let mut annotations = meta::annotations(&resource.node);
        annotations.insert(crate::accumulate::ORIGIN.to_owned(), origin);
        meta::set_annotations(&mut resource.node, &annotations)?;
    }
    Ok(())
}

/// The texts of a map; a null is empty.
fn strings(object: &Node, field: &str) -> BTreeMap<String, String> {
    let entries = object.get(field).map_or(&[][..], Node::entries);
    entries.iter().map(|(key, value)| (key.value().to_owned(), value.value().to_owned())).collect()
}

/// `stringData` of a secret, as `data` has it.
fn string_data(object: &Node, id: &ResId) -> Result<BTreeMap<String, String>, AbsorbError> {
    let Some(map) = object.get("stringData").filter(|map| !map.is_null()) else {
        return Ok(BTreeMap::new());
    };
    let entry = |(key, value): &(Node, Node)| match value.data {
        Data::Scalar(_) => Ok((key.value().to_owned(), base64_text(value.value().as_bytes()))),
        _ => Err(AbsorbError::StringData { id: Box::new(id.clone()), key: key.value().to_owned() }),
    };
    map.entries().iter().map(entry).collect()
}
