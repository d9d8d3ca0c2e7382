//! References in parts: registry, repository, tag and digest under keys or variables beside each other.

use std::borrow::Cow;
use std::collections::HashMap;

use sealift_goyaml::{Node, Value};
use sealift_reference::{Digest, Tag};

use crate::object::{Entries, get};
use crate::role::{self, Named, Role};
use crate::shape;
use crate::walk::Scope;

/// A name that says something about an image, with its value.
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) named: Named,
    pub(crate) node: &'a Node<'a>,
    pub(crate) value: Cow<'a, str>,
}

/// The names beside each other that say something about images.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    list: Vec<Field<'a>>,
    /// The first field of each role about each thing that has a value. A file may have a million of them.
    index: HashMap<(Role, String), usize>,
}

impl<'a> Fields<'a> {
    /// Reads names with their values; numbers are taken as their text, since a tag may look like one.
    pub(crate) fn read(pairs: impl Iterator<Item = (&'a str, &'a Node<'a>)>) -> Self {
        let field = |(name, node): (&'a str, &'a Node<'a>)| {
            let value = scalar(node)?;
            Some(Field { name, named: role::of(name)?, node, value })
        };
        let mut fields = Self::default();
        pairs.filter_map(field).for_each(|field| fields.push(field));
        fields
    }

    pub(crate) fn push(&mut self, field: Field<'a>) {
        if !field.value.trim().is_empty() {
            let key = (field.named.role, field.named.stem.join(" "));
            self.index.entry(key).or_insert(self.list.len());
        }
        self.list.push(field);
    }

    /// Returns the fields in the order of the text.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Field<'a>> {
        self.list.iter()
    }

    /// Returns the tag or digest that belongs to a field, as it stands behind the name: `:1.2`, `@sha256:…`.
    pub(crate) fn pin(&self, of: &Field<'_>) -> Option<String> {
        let digest = self.best(of, Role::Digest).and_then(|field| digest(&field.value));
        let tag = self
            .best(of, Role::Tag)
            .or_else(|| self.best(of, Role::Version).filter(|_| takes_version(of)))
            .and_then(|field| tag(&field.value));
        match (tag, digest) {
            (Some(tag), Some(digest)) if tag.starts_with(':') => Some(tag + &digest),
            (tag, digest) => digest.or(tag),
        }
    }

    /// Returns what stands before the name: a registry, for a last part also a repository.
    pub(crate) fn prefix(&self, of: &Field<'_>) -> Option<String> {
        let registry = self.best(of, Role::Registry).and_then(|field| registry(&field.value));
        let repository = (of.named.role == Role::Image)
            .then(|| self.same(of, Role::Repository))
            .flatten()
            .map(|field| field.value.trim_matches('/'))
            .filter(|value| !value.is_empty() && !value.contains("://"));
        match (registry, repository) {
            (Some(registry), Some(repository)) if !is_hosted(repository) => {
                Some(format!("{registry}/{repository}"))
            }
            (registry, None) => registry.map(str::to_owned),
            (_, Some(repository)) => Some(repository.to_owned()),
        }
    }

    /// Returns the field of a role that is about the same thing.
    pub(crate) fn same(&self, of: &Field<'_>, role: Role) -> Option<&Field<'a>> {
        self.about(role, &of.named.stem)
    }

    /// The same, else the one that is about the longest ending of it: `DATABASE_VERSION` is good for
    /// `MONGODB_ENTERPRISE_DATABASE_IMAGE`.
    fn best(&self, of: &Field<'_>, role: Role) -> Option<&Field<'a>> {
        let stem = &of.named.stem;
        let endings = 1..stem.len();
        self.about(role, stem)
            .or_else(|| endings.into_iter().find_map(|from| self.about(role, &stem[from..])))
    }

    fn about(&self, role: Role, stem: &[String]) -> Option<&Field<'a>> {
        self.index.get(&(role, stem.join(" "))).map(|at| &self.list[*at])
    }
}

/// A registry and a tag that hold for all maps below the ones around.
pub(crate) struct Inherited {
    pub(crate) prefix: Option<String>,
    pub(crate) pin: Option<String>,
}

impl Inherited {
    /// Looks for them in the maps around, and in the `global` beside each, where charts keep them.
    pub(crate) fn of(scope: Option<&Scope<'_>>) -> Self {
        let mut inherited = Self { prefix: None, pin: None };
        let mut scope = scope;
        while let Some(here) = scope {
            // Values of charts are small; a large map is data, and looking through it for each image takes long.
            if here.map.len() > LARGE {
                scope = here.up;
                continue;
            }
            inherited.take(here.map);
            if let Some(Value::Map(global)) = get(here.map, "global").map(Node::value) {
                inherited.take(global);
            }
            scope = here.up;
        }
        inherited
    }

    fn take(&mut self, map: Entries<'_>) {
        let value = |key: &str| get(map, key).and_then(scalar);
        if self.prefix.is_none() {
            let found = REGISTRIES
                .iter()
                .find_map(|key| value(key).filter(|value| registry(value).is_some()));
            self.prefix = found.and_then(|value| registry(&value).map(str::to_owned));
        }
        if self.pin.is_none() {
            self.pin = TAGS.iter().find_map(|key| tag(&value(key)?));
        }
    }
}

/// Keys of a map in which no registry is looked for.
const LARGE: usize = 1_000;

const REGISTRIES: [&str; 6] =
    ["hub", "registry", "imageRegistry", "imagePrefix", "image_registry", "base"];
const TAGS: [&str; 4] = ["tag", "imageTag", "image_tag", "imageVersion"];

/// A version is the tag of an image, and of a repository only when that says it is one of images: a chart has a
/// repository and a version too.
fn takes_version(field: &Field<'_>) -> bool {
    field.named.role == Role::Image || role::mentions_image(field.name)
}

fn tag(value: &str) -> Option<String> {
    let value = value.trim();
    let value = value.strip_prefix(':').unwrap_or(value);
    if let Some(digest) = digest(value) {
        return Some(digest);
    }
    value.parse::<Tag>().ok().map(|tag| format!(":{tag}"))
}

fn digest(value: &str) -> Option<String> {
    let value = value.trim();
    let value = value.strip_prefix('@').unwrap_or(value);
    let hex_only = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let value = if hex_only { Cow::Owned(format!("sha256:{value}")) } else { Cow::Borrowed(value) };
    value.parse::<Digest>().ok().map(|digest| format!("@{digest}"))
}

fn registry(value: &str) -> Option<&str> {
    let value = value.trim().trim_end_matches('/');
    (is_hosted(value)
        && !value.contains("://")
        && !value.contains(char::is_whitespace)
        && !shape::is_placeholder(value))
    .then_some(value)
}

/// Returns whether the first component is a registry host.
pub(crate) fn is_hosted(value: &str) -> bool {
    let first = value.split('/').next().unwrap_or(value);
    first == "localhost" || first.contains(':') || shape::is_public_host(first)
}

/// The text of a string or a number.
pub(crate) fn scalar<'a>(node: &'a Node<'a>) -> Option<Cow<'a, str>> {
    match node.value() {
        Value::Str(text) => Some(Cow::Borrowed(text)),
        Value::Int(number) => Some(Cow::Owned(number.to_string())),
        Value::Uint(number) => Some(Cow::Owned(number.to_string())),
        Value::Float(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}
