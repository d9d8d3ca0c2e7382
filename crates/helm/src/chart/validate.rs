//! What `Chart.yaml` must hold.

use std::collections::BTreeSet;

use sealift_gotemplate::{is_print, quoted};
use sealift_sprig::semver::Version;

use super::draft::Draft;
use super::{Dependency, Maintainer, Metadata};

/// Why a `Chart.yaml` is refused.
///
/// Mirrors `Validate` in `pkg/chart/v2/metadata.go` and `dependency.go` of Helm 4.2.4, which has no other words in 3.21.4.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// An alias that is no name.
    #[error("validation: dependency {} has disallowed characters in the alias", quoted(.name))]
    Alias {
        /// The dependency.
        name: String,
    },
    /// Two dependencies with one name or alias.
    #[error("validation: more than one dependency with name or alias {}", quoted(.key))]
    Duplicate {
        /// The name or alias.
        key: String,
    },
    /// A name that could be a path.
    #[error("validation: chart.metadata.name {} is {}", quoted(.name), if matches!(.name.as_str(), "." | "..") { "not allowed" } else { "invalid" })]
    Name {
        /// The name.
        name: String,
    },
    /// An entry of a list is null.
    #[error("validation: {list} must not contain empty or null nodes")]
    Null {
        /// The list.
        list: &'static str,
        /// The place of the entry, from 0.
        place: usize,
    },
    /// A key is missing.
    #[error("validation: chart.metadata.{key} is required")]
    Required {
        /// The key.
        key: &'static str,
    },
    /// Neither an application nor a library.
    #[error("validation: chart.metadata.type must be application or library")]
    Type {
        /// What it is.
        kind: String,
    },
    /// A version that is none.
    #[error("validation: chart.metadata.version {} is invalid", quoted(.version))]
    Version {
        /// The version.
        version: String,
    },
}

impl ValidationError {
    /// Returns the class of the refusal: `name` for names and versions that could be used as paths.
    #[must_use]
    pub fn class(&self) -> Option<&'static str> {
        matches!(self, Self::Alias { .. } | Self::Name { .. } | Self::Version { .. })
            .then_some("name")
    }
}

/// Takes away what no terminal should see, and checks all that Helm checks, in its order.
pub(super) fn validate(draft: Draft) -> Result<Metadata, ValidationError> {
    let Draft { mut metadata, maintainers, dependencies } = draft;
    sanitize(&mut metadata);
    check_names(&metadata)?;
    metadata.maintainers = present("maintainers", maintainers)?.map(maintainer).collect();
    let mut keys = BTreeSet::new();
    for dependency in dependencies.into_iter().enumerate() {
        let dependency = one(dependency)?;
        let key = if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias };
        if !keys.insert(key.clone()) {
            return Err(ValidationError::Duplicate { key: key.clone() });
        }
        metadata.dependencies.push(dependency);
    }
    Ok(metadata)
}

fn one((place, dependency): (usize, Option<Dependency>)) -> Result<Dependency, ValidationError> {
    let null = ValidationError::Null { list: "dependencies", place };
    let mut dependency = dependency.ok_or(null)?;
    let Dependency { name, version, repository, condition, tags, alias, .. } = &mut dependency;
    for text in [name, version, repository, condition].into_iter().chain(tags) {
        *text = sanitized(text);
    }
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !alias.bytes().all(is_word) {
        return Err(ValidationError::Alias { name: dependency.name });
    }
    Ok(dependency)
}

fn present<T>(
    list: &'static str,
    entries: Vec<Option<T>>,
) -> Result<impl Iterator<Item = T>, ValidationError> {
    match entries.iter().position(Option::is_none) {
        Some(place) => Err(ValidationError::Null { list, place }),
        None => Ok(entries.into_iter().flatten()),
    }
}

fn maintainer(mut maintainer: Maintainer) -> Maintainer {
    let Maintainer { name, email, url } = &mut maintainer;
    for text in [name, email, url] {
        *text = sanitized(text);
    }
    maintainer
}

fn sanitize(metadata: &mut Metadata) {
    let Metadata {
        name, description, home, icon, condition, tags, app_version, kube_version, ..
    } = metadata;
    let texts = [name, description, home, icon, condition, tags, app_version, kube_version];
    for text in texts.into_iter().chain(&mut metadata.sources).chain(&mut metadata.keywords) {
        *text = sanitized(text);
    }
}

/// White space becomes a blank; what Go does not print goes.
fn sanitized(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .filter(|&character| is_print(character))
        .collect()
}

fn check_names(metadata: &Metadata) -> Result<(), ValidationError> {
    let Metadata { api_version, name, version, kind, .. } = metadata;
    let required = |key| Err(ValidationError::Required { key });
    if api_version.is_empty() {
        return required("apiVersion");
    }
    if name.is_empty() {
        return required("name");
    }
    // Helm takes the name `/`.
    if matches!(name.as_str(), "." | "..") || name.contains('/') {
        return Err(ValidationError::Name { name: name.clone() });
    }
    if version.is_empty() {
        return required("version");
    }
    if version.parse::<Version>().is_err() {
        return Err(ValidationError::Version { version: version.clone() });
    }
    if !matches!(kind.as_str(), "" | "application" | "library") {
        return Err(ValidationError::Type { kind: kind.clone() });
    }
    Ok(())
}
