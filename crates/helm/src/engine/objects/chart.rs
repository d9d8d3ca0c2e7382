//! `.Chart`.

use std::rc::Rc;

use sealift_gotemplate::{List, Map, Type, Value};

use super::structure::{Field, Json, Structure};
use super::{Objects, list, string_map, strings};
use crate::chart::{Dependency, Maintainer, Metadata};

impl Objects {
    /// Returns what templates see of `Chart.yaml`: a map of Go's field names as of Helm
    /// 4.2.4, a structure as of 3.21.4.
    ///
    /// Mirrors `MetadataAsMap` in `pkg/chart/common.go` of 4.2.4, and `recAllTpls` in
    /// `pkg/engine/engine.go` of 3.21.4.
    pub(in crate::engine) fn chart(&self, metadata: &Metadata, is_root: bool) -> Value {
        let fields = metadata_fields(metadata);
        if self.rules.chart_is_map {
            let map = as_map(fields);
            map.insert("IsRoot", is_root);
            return map.into();
        }
        let metadata = object("chart.Metadata", fields);
        let fields = vec![
            Field { name: "Metadata", json: Json::Embedded, value: metadata },
            Field { name: "IsRoot", json: Json::Named("IsRoot"), value: is_root.into() },
        ];
        object("struct { chart.Metadata; IsRoot bool }", fields)
    }
}

fn object(type_name: &str, fields: Vec<Field>) -> Value {
    Value::Object(Rc::new(Structure::new(type_name, fields)))
}

fn text(name: &'static str, json: &'static str, text: &str) -> Field {
    Field { name, json: Json::OmitEmpty(json), value: text.into() }
}

fn other(name: &'static str, json: &'static str, value: impl Into<Value>) -> Field {
    Field { name, json: Json::OmitEmpty(json), value: value.into() }
}

fn metadata_fields(metadata: &Metadata) -> Vec<Field> {
    let maintainers = metadata.maintainers.iter().map(maintainer).collect();
    let maintainers = list(Type::Object("*chart.Maintainer".into()), maintainers);
    let dependencies = metadata.dependencies.iter().map(dependency).collect();
    let dependencies = list(Type::Object("*chart.Dependency".into()), dependencies);
    vec![
        text("Name", "name", &metadata.name),
        text("Home", "home", &metadata.home),
        other("Sources", "sources", strings(&metadata.sources)),
        text("Version", "version", &metadata.version),
        text("Description", "description", &metadata.description),
        other("Keywords", "keywords", strings(&metadata.keywords)),
        other("Maintainers", "maintainers", maintainers),
        text("Icon", "icon", &metadata.icon),
        text("APIVersion", "apiVersion", &metadata.api_version),
        text("Condition", "condition", &metadata.condition),
        text("Tags", "tags", &metadata.tags),
        text("AppVersion", "appVersion", &metadata.app_version),
        other("Deprecated", "deprecated", metadata.deprecated),
        other("Annotations", "annotations", string_map(&metadata.annotations)),
        text("KubeVersion", "kubeVersion", &metadata.kube_version),
        other("Dependencies", "dependencies", dependencies),
        text("Type", "type", &metadata.kind),
    ]
}

fn maintainer(maintainer: &Maintainer) -> Value {
    object(
        "*chart.Maintainer",
        vec![
            text("Name", "name", &maintainer.name),
            text("Email", "email", &maintainer.email),
            text("URL", "url", &maintainer.url),
        ],
    )
}

fn dependency(dependency: &Dependency) -> Value {
    let always =
        |name, json, text: &str| Field { name, json: Json::Named(json), value: text.into() };
    object(
        "*chart.Dependency",
        vec![
            always("Name", "name", &dependency.name),
            text("Version", "version", &dependency.version),
            always("Repository", "repository", &dependency.repository),
            text("Condition", "condition", &dependency.condition),
            other("Tags", "tags", strings(&dependency.tags)),
            other("Enabled", "enabled", dependency.enabled),
            other(
                "ImportValues",
                "import-values",
                list(Type::Any, dependency.import_values.clone()),
            ),
            text("Alias", "alias", &dependency.alias),
        ],
    )
}

/// Returns a structure as a map of the names of its fields, the structures in its lists
/// as well.
fn as_map(fields: Vec<Field>) -> Map {
    fields.into_iter().map(|field| (field.name, plain(field.value))).collect()
}

fn plain(value: Value) -> Value {
    match value {
        Value::NilOf(kind) if matches!(*kind, Type::List(_)) => List::new(Vec::new()).into(),
        Value::List(list) => list.items().iter().cloned().map(plain_item).collect::<List>().into(),
        other => other,
    }
}

fn plain_item(value: Value) -> Value {
    match &value {
        Value::Object(object) => {
            let fields = object.fields().into_iter();
            fields.map(|(name, value)| (name, plain(value))).collect::<Map>().into()
        }
        _ => value,
    }
}
