//! What happened to an object while it was built.
//!
//! kustomize keeps this in annotations of the object under `internal.config.kubernetes.io`, which it removes at the end. Here it
//! stands beside the object; what of the annotations shows is done where it shows: see [`History::is_empty`].

use super::meta::{self, Strings};
use crate::yaml::Node;

/// How a generated object meets one that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Behavior {
    #[default]
    Unspecified,
    Create,
    Replace,
    Merge,
}

impl Behavior {
    /// Reads the field `behavior`; what is not known is as if nothing were said.
    pub(crate) fn of(text: &str) -> Self {
        match text {
            "create" => Self::Create,
            "replace" => Self::Replace,
            "merge" => Self::Merge,
            _ => Self::Unspecified,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Merge => "merge",
        }
    }
}

/// What an object was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Previous {
    pub(crate) name: String,
    /// The effective namespace.
    pub(crate) namespace: String,
    pub(crate) kind: String,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// The first one is the original.
    pub(crate) previous: Vec<Previous>,
    pub(crate) prefixes: Vec<String>,
    pub(crate) suffixes: Vec<String>,
    /// Of a generated object.
    pub(crate) behavior: Option<Behavior>,
    pub(crate) needs_hash: bool,
    pub(crate) allows_name_change: bool,
    pub(crate) allows_kind_change: bool,
    /// The objects whose names were changed to this one's.
    pub(crate) referrers: Vec<String>,
}

const DOMAIN: &str = "internal.config.kubernetes.io";

impl History {
    /// Whether kustomize has no annotation of its own in the object.
    ///
    /// A JSON patch can add an annotation to an object without any only when there is one.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The history that an object brings along, as one that kustomize wrote in the middle of a build does.
    pub(crate) fn of(object: &Node) -> Self {
        let list = |name: &str| -> Vec<String> {
            let text = meta::annotation(object, &format!("{DOMAIN}/{name}"));
            text.map(|text| text.split(',').map(str::to_owned).collect()).unwrap_or_default()
        };
        if meta::annotation(object, "internal.config.kubernetes.io/previousNames").is_none() {
            return Self::default();
        }
        let (names, kinds) = (list("previousNames"), list("previousKinds"));
        let parts = names.into_iter().zip(list("previousNamespaces")).zip(kinds);
        let previous = parts.map(|((name, namespace), kind)| Previous { name, namespace, kind });
        let (prefixes, suffixes) = (list("prefixes"), list("suffixes"));
        Self { previous: previous.collect(), prefixes, suffixes, ..Self::default() }
    }

    /// The annotations that kustomize has in the object.
    pub(crate) fn annotations(&self) -> Strings {
        let joined = |part: fn(&Previous) -> &str| {
            self.previous.iter().map(part).collect::<Vec<_>>().join(",")
        };
        let enabled =
            |is_enabled: bool| if is_enabled { "enabled".to_owned() } else { String::new() };
        let all = [
            ("allowKindChange", enabled(self.allows_kind_change)),
            ("allowNameChange", enabled(self.allows_name_change)),
            ("generatorBehavior", self.behavior.map_or("", Behavior::name).to_owned()),
            ("needsHashSuffix", enabled(self.needs_hash)),
            ("prefixes", self.prefixes.join(",")),
            ("previousKinds", joined(|previous| &previous.kind)),
            ("previousNames", joined(|previous| &previous.name)),
            ("previousNamespaces", joined(|previous| &previous.namespace)),
            ("refBy", self.referrers.join(",")),
            ("suffixes", self.suffixes.join(",")),
        ];
        let set = all.into_iter().filter(|(_, value)| !value.is_empty());
        set.map(|(key, value)| (format!("{DOMAIN}/{key}"), value)).collect()
    }
}

/// Annotations that are removed from every object in the end: those of kustomize and of its readers and functions.
pub(crate) const REMOVED: [&str; 19] = [
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
    "internal.config.kubernetes.io/helm-generated",
];
