//! One step of an origin.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Plain;

/// One step from what the user named down to a reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A product release, such as `deploykf 0.1.5`.
    Product {
        /// Such as `deploykf`.
        name: String,
        /// Its release.
        version: String,
    },
    /// A component of a product, such as `istio`.
    Component(String),
    /// A Juju bundle.
    Bundle(String),
    /// An application of a bundle, or of Argo CD.
    Application(String),
    /// A Juju charm.
    Charm(String),
    /// A place in a charm's own data that holds an image.
    Slot(String),
    /// A downloaded file.
    Package(String),
    /// An image that itself names others.
    Image(String),
    /// A kustomization, by its folder.
    Kustomization(String),
    /// A Helm chart.
    Chart {
        /// As in `Chart.yaml`.
        name: String,
        /// As in `Chart.yaml`.
        version: String,
    },
    /// A file, relative to the step before it.
    File {
        /// With `/` between its parts.
        path: String,
        /// Counted from 1.
        line: Option<u32>,
    },
    /// An object, such as `Deployment istio-system/istiod`.
    Object(String),
    /// A key in a document, such as `.spec.containers[0].image`.
    Key(String),
    /// A place inside a string, such as YAML in a `ConfigMap`.
    Text {
        /// What the string holds: `yaml`, `json`, `text`…
        format: String,
        /// Counted from 1 within the string.
        line: u32,
        /// The key within the string's own document.
        key: Option<String>,
    },
    /// A step that only newer versions know; kept and printed.
    Unknown(BTreeMap<String, Plain>),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Product { name, version } => write!(f, "{name} {version}"),
            Self::Bundle(name) => write!(f, "bundle {name}"),
            Self::Application(name) => write!(f, "application {name}"),
            Self::Charm(name) => write!(f, "charm {name}"),
            Self::Slot(name) => write!(f, "slot {name}"),
            Self::Package(name) => write!(f, "package {name}"),
            Self::Image(name) => write!(f, "image {name}"),
            Self::Chart { name, version } => write!(f, "chart {name} {version}"),
            Self::File { path, line: Some(line) } => write!(f, "{path}:{line}"),
            Self::File { path: text, line: None }
            | Self::Component(text)
            | Self::Kustomization(text)
            | Self::Object(text)
            | Self::Key(text) => f.write_str(text),
            Self::Text { line, key: Some(key), .. } => write!(f, "line {line} {key}"),
            Self::Text { line, key: None, .. } => write!(f, "line {line}"),
            Self::Unknown(values) => {
                let values: Vec<_> =
                    values.iter().map(|(key, value)| format!("{key} {value}")).collect();
                f.write_str(&values.join(", "))
            }
        }
    }
}

impl Step {
    /// The keys and values that stand for this step in a file.
    fn entries(&self) -> Vec<(&str, Plain)> {
        let text = |text: &String| Plain::Text(text.clone());
        match self {
            Self::Product { name, version } => {
                vec![("product", text(name)), ("version", text(version))]
            }
            Self::Component(name) => vec![("component", text(name))],
            Self::Bundle(name) => vec![("bundle", text(name))],
            Self::Application(name) => vec![("application", text(name))],
            Self::Charm(name) => vec![("charm", text(name))],
            Self::Slot(name) => vec![("slot", text(name))],
            Self::Package(name) => vec![("package", text(name))],
            Self::Image(name) => vec![("image", text(name))],
            Self::Kustomization(folder) => vec![("kustomization", text(folder))],
            Self::Chart { name, version } => {
                vec![("chart", text(name)), ("version", text(version))]
            }
            Self::File { path, line: None } => vec![("file", text(path))],
            Self::File { path, line: Some(line) } => {
                vec![("file", text(path)), ("line", Plain::Int((*line).into()))]
            }
            Self::Object(name) => vec![("object", text(name))],
            Self::Key(key) => vec![("key", text(key))],
            Self::Text { format, line, key } => {
                let mut values = vec![("text", text(format)), ("line", Plain::Int((*line).into()))];
                values.extend(key.as_ref().map(|key| ("key", text(key))));
                values
            }
            Self::Unknown(values) => {
                values.iter().map(|(key, value)| (key.as_str(), value.clone())).collect()
            }
        }
    }

    /// Reads the keys and values of a step; what fits no step is `Unknown`.
    fn from_entries(mut values: BTreeMap<String, Plain>) -> Self {
        let whole = values.clone();
        let known = Self::known(&mut values);
        known.filter(|_| values.is_empty()).unwrap_or(Self::Unknown(whole))
    }

    fn known(values: &mut BTreeMap<String, Plain>) -> Option<Self> {
        for (key, step) in NAMED {
            if let Some(name) = text(values, key) {
                return Some(step(name));
            }
        }
        if let Some(name) = text(values, "product") {
            return Some(Self::Product { name, version: text(values, "version")? });
        }
        if let Some(name) = text(values, "chart") {
            return Some(Self::Chart { name, version: text(values, "version")? });
        }
        if let Some(path) = text(values, "file") {
            return Some(Self::File { path, line: number(values, "line") });
        }
        if let Some(format) = text(values, "text") {
            return Some(Self::Text {
                format,
                line: number(values, "line")?,
                key: text(values, "key"),
            });
        }
        text(values, "key").map(Self::Key)
    }
}

/// A step that has nothing but a name.
type Named = fn(String) -> Step;

/// The steps that have nothing but a name, by their key.
const NAMED: [(&str, Named); 9] = [
    ("component", Step::Component),
    ("bundle", Step::Bundle),
    ("application", Step::Application),
    ("charm", Step::Charm),
    ("slot", Step::Slot),
    ("package", Step::Package),
    ("image", Step::Image),
    ("kustomization", Step::Kustomization),
    ("object", Step::Object),
];

fn text(values: &mut BTreeMap<String, Plain>, key: &str) -> Option<String> {
    match values.remove(key)? {
        Plain::Text(text) => Some(text),
        // A version such as `1.10` or `2` may be written without quotes by hand.
        other @ (Plain::Bool(_) | Plain::Int(_)) => Some(other.to_string()),
        _ => None,
    }
}

fn number(values: &mut BTreeMap<String, Plain>, key: &str) -> Option<u32> {
    match values.get(key)? {
        Plain::Int(number) => {
            let number = u32::try_from(*number).ok()?;
            values.remove(key);
            Some(number)
        }
        _ => None,
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = self.entries();
        let mut map = serializer.serialize_map(Some(entries.len()))?;
        for (key, value) in &entries {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self::from_entries)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Step {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        <BTreeMap<String, Plain>>::json_schema(generator)
    }
}
