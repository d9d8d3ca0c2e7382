//! `index.yaml`: what a chart repository holds.

mod entry;
mod select;

use std::collections::BTreeMap;

use sealift_goyaml::{Node, Value, first_strict};

pub use entry::Entry;
pub(crate) use select::constraint;

use crate::{Error, Limits};
use entry::Fault;

/// The charts of a repository, by name.
///
/// Mirrors `pkg/repo/v1/index.go` of Helm 4.2.4. Entries that Helm passes over (no semantic version) are not there. What is
/// wrong with one chart is told when that chart is asked for. A key that stands twice is refused, as in Helm's YAML; keys
/// that are not known are passed over, unlike there.
#[derive(Clone, Debug)]
pub struct Index {
    /// Each with its entries, the highest version first.
    charts: BTreeMap<String, Result<Vec<Entry>, Fault>>,
}

impl Index {
    /// Reads an index; `repository` names it in errors.
    ///
    /// # Errors
    ///
    /// [`Error::IndexLimit`], [`Error::Index`], [`Error::RepeatedKey`].
    pub fn read(bytes: &[u8], repository: &str, limits: &Limits) -> Result<Self, Error> {
        let broken = |why: String| Error::Index { repository: repository.to_owned(), why };
        if bytes.len() > limits.index_bytes {
            let limit = limits.index_bytes;
            return Err(Error::IndexLimit { repository: repository.to_owned(), limit });
        }
        let text = std::str::from_utf8(bytes).map_err(|error| broken(error.to_string()))?;
        if text.is_empty() {
            return Err(broken("it is empty".to_owned()));
        }
        let document = first_strict(text, &limits.index_yaml());
        let document = document.map_err(|error| unreadable(error, repository))?;
        let document = document.ok_or_else(|| broken("it is empty".to_owned()))?;
        if !matches!(document.value(), Value::Map(_)) {
            return Err(broken("it is no mapping".to_owned()));
        }
        let version = document.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
        if version.is_empty() {
            return Err(broken("it has no apiVersion".to_owned()));
        }
        let charts = match document.get("entries").map(Node::value) {
            None | Some(Value::Null) => BTreeMap::new(),
            Some(Value::Map(charts)) => charts.iter().map(chart).collect(),
            Some(_) => return Err(broken("its `entries` are no mapping".to_owned())),
        };
        Ok(Self { charts })
    }

    /// Returns the names of all charts, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.charts.keys().map(String::as_str)
    }

    /// Returns the entries of a chart, the highest version first; entries of one version in the order of the text.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchChart`] with the nearest names; [`Error::Entry`] for what cannot be read.
    pub fn chart(&self, name: &str, repository: &str) -> Result<&[Entry], Error> {
        match self.charts.get(name) {
            Some(Ok(entries)) => Ok(entries),
            Some(Err(fault)) => Err(Error::Entry {
                repository: repository.to_owned(),
                key: format!("entries.{name}{}", fault.key),
                why: fault.why.to_owned(),
            }),
            None => Err(Error::NoSuchChart {
                chart: name.to_owned(),
                repository: repository.to_owned(),
                nearest: crate::name::nearest(name, self.names()),
            }),
        }
    }
}

fn chart((name, node): &(Node<'_>, Node<'_>)) -> (String, Result<Vec<Entry>, Fault>) {
    let name = name.as_str().unwrap_or_default().to_owned();
    let entries = entry::entries(node);
    (name, entries)
}

fn unreadable(error: sealift_goyaml::Error, repository: &str) -> Error {
    use sealift_goyaml::ErrorKind as Kind;
    let repository = repository.to_owned();
    match error.kind {
        Kind::RepeatedKey(_) => Error::RepeatedKey { repository, source: error },
        _ => Error::IndexYaml { repository, source: error },
    }
}
