//! What templates see besides values: `.Chart`, `.Files`, `.Capabilities`, `.Release`.

mod capabilities;
mod chart;
mod files;
mod structure;
mod values;

use std::rc::Rc;

use sealift_gotemplate::{List, Map, Named, Type, Value};

use crate::Release;
use crate::profile::Rules;
pub(super) use structure::Structure;
pub(super) use values::table;

/// The types of one release of Helm, and the values that have them.
pub(super) struct Objects {
    rules: &'static Rules,
    /// `common.Values`.
    pub(super) values: Rc<Named>,
    files: Rc<Named>,
    version_set: Rc<Named>,
}

impl Objects {
    pub(super) fn new(rules: &'static Rules) -> Self {
        Self {
            rules,
            values: values::named(rules),
            files: files::named(rules),
            version_set: capabilities::version_set(rules),
        }
    }
}

/// Returns `.Release`.
pub(super) fn release(release: &Release) -> Map {
    let map = Map::new();
    map.insert("Name", release.name.as_str());
    map.insert("Namespace", release.namespace.as_str());
    map.insert("IsInstall", !release.is_upgrade);
    map.insert("IsUpgrade", release.is_upgrade);
    map.insert("Revision", 1);
    map.insert("Service", "Helm");
    map
}

/// Returns a list of one type; `nil` when there is nothing in it.
fn list(elem: Type, items: Vec<Value>) -> Value {
    if items.is_empty() { Value::zero(&Type::list(elem)) } else { List::typed(elem, items).into() }
}

/// Returns a `[]string`; `nil` when there is nothing in it.
fn strings<'s>(texts: impl IntoIterator<Item = &'s String>) -> Value {
    list(Type::String, texts.into_iter().map(|text| text.as_str().into()).collect())
}

/// Returns a `map[string]string`; `nil` when there is nothing in it.
fn string_map<'s>(entries: impl IntoIterator<Item = (&'s String, &'s String)>) -> Value {
    let map = Map::typed(Type::String);
    for (key, value) in entries {
        map.insert(key.as_str(), value.as_str());
    }
    if map.is_empty() { Value::zero(&Type::map(Type::String)) } else { map.into() }
}
