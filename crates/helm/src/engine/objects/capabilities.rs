//! `.Capabilities`.
//!
//! Mirrors `pkg/chart/common/capabilities.go` of Helm 4.2.4 and
//! `pkg/chartutil/capabilities.go` of 3.21.4.

use std::rc::Rc;

use sealift_gotemplate::{Function, List, Named, Signature, Str, Type, Value};

use super::Objects;
use super::structure::{Field, Json, Structure};
use crate::Capabilities;
use crate::capabilities::KubeVersion;
use crate::profile::Rules;

/// Returns the type of `.Capabilities.APIVersions`.
pub(super) fn version_set(rules: &Rules) -> Rc<Named> {
    let name = format!("{}.VersionSet", rules.values_package);
    Named::new(&name, Type::list(Type::String), |value, name| {
        let versions = value.as_list().cloned().unwrap_or_else(|| List::new(Vec::new()));
        (name == "Has").then(|| has(versions))
    })
}

fn has(versions: List) -> Function {
    Function::new(Signature::new([Type::String], Type::Bool), move |_, arguments| {
        let wanted = arguments.first().and_then(Value::as_str);
        Ok(versions.items().iter().any(|version| version.as_str() == wanted).into())
    })
}

impl Objects {
    /// Returns a `*common.Capabilities`.
    pub(in crate::engine) fn capabilities(&self, capabilities: &Capabilities) -> Value {
        let package = self.rules.values_package;
        let field = |name, value| Field { name, json: Json::Named(name), value };
        let versions = capabilities.api_versions.iter().map(|version| version.as_str().into());
        let versions = List::named(Rc::clone(&self.version_set), versions.collect());
        let fields = vec![
            field("KubeVersion", self.kube_version(&capabilities.kube_version)),
            field("APIVersions", versions.into()),
            field("HelmVersion", self.helm_version(&capabilities.helm_version)),
        ];
        object(Structure::new(format!("*{package}.Capabilities"), fields))
    }

    fn kube_version(&self, version: &KubeVersion) -> Value {
        let package = self.rules.values_package;
        let field = |name, json, text: &str| Field { name, json, value: text.into() };
        let mut fields = vec![field("Version", Json::Named("Version"), &version.version)];
        if self.rules.keeps_kube_version {
            fields.push(field("normalizedVersion", Json::Hidden, &version.normalized));
        }
        fields.push(field("Major", Json::Named("Major"), &version.major));
        fields.push(field("Minor", Json::Named("Minor"), &version.minor));
        let normalized = Str::from(version.normalized.as_str());
        let full = Str::from(version.version.as_str());
        let mut structure = Structure::new(format!("{package}.KubeVersion"), fields);
        structure.text_at_address = Some(normalized.clone());
        structure.methods = Box::new(move |name| match name {
            "String" => Some(constant(normalized.clone())),
            "GitVersion" => Some(constant(full.clone())),
            _ => None,
        });
        object(structure)
    }

    fn helm_version(&self, version: &str) -> Value {
        let field = |name, json, text: &str| Field { name, json, value: text.into() };
        let mut fields = vec![
            field("Version", Json::OmitEmpty("version"), version),
            field("GitCommit", Json::OmitEmpty("git_commit"), ""),
            field("GitTreeState", Json::OmitEmpty("git_tree_state"), ""),
            field("GoVersion", Json::OmitEmpty("go_version"), self.rules.go_version),
        ];
        if let Some(version) = self.rules.kube_client_version {
            let name = Json::Named("kube_client_version");
            fields.push(field("KubeClientVersion", name, version));
        }
        object(Structure::new("version.BuildInfo", fields))
    }
}

fn object(structure: Structure) -> Value {
    Value::Object(Rc::new(structure))
}

/// Returns a method that always says the same.
fn constant(text: Str) -> Function {
    Function::new(Signature::new([], Type::String), move |_, _| Ok(text.clone().into()))
}
