//! `ConfigMap`s and `Secret`s made of files and texts.

pub(crate) mod chart;
mod data;
mod pairs;

use std::rc::Rc;

pub(crate) use data::{base64_text, data_value, put_data};
pub use pairs::PairError;

use crate::kustomization::generator::{ConfigMapArgs, GeneratorArgs, GeneratorOptions, SecretArgs};
use crate::loader::Root;
use crate::resource::{Behavior, Place, Resource, from_node, meta};
use crate::yaml::edit::{WrongKind, set_field};
use crate::yaml::{Kind, Node, Tag};

/// Why nothing can be generated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// It has no name.
    #[error("a generated object must have a name")]
    NoName,
    /// The data cannot be had.
    #[error("loading KV pairs: {0}")]
    Pairs(PairError),
    /// A key comes twice.
    #[error("{name} illegally repeats the key `{key}`")]
    RepeatedKey {
        /// The name of the object.
        name: String,
        /// The key.
        key: String,
    },
    /// A node is not what it must be.
    #[error(transparent)]
    Kind(#[from] WrongKind),
}

impl From<PairError> for GenerateError {
    fn from(error: PairError) -> Self {
        Self::Pairs(error)
    }
}

/// Makes a `ConfigMap`. Mirrors `internal/generators/configmap.go` of kustomize api v0.21.2.
pub(crate) fn config_map(
    root: &Root<'_>,
    args: &ConfigMapArgs,
    file: &Rc<str>,
) -> Result<Resource, GenerateError> {
    let mut node = base("ConfigMap", &args.args)?;
    for (key, value) in pairs::load(root, &args.args)? {
        let (field, value) = data_value(&value);
        put_data(&mut node, field, &key, value)?;
    }
    finish(node, &args.args, file)
}

/// Makes a `Secret`. Mirrors `internal/generators/secret.go` of kustomize api v0.21.2.
pub(crate) fn secret(
    root: &Root<'_>,
    args: &SecretArgs,
    file: &Rc<str>,
) -> Result<Resource, GenerateError> {
    let mut node = base("Secret", &args.args)?;
    let secret_type = if args.secret_type.is_empty() { "Opaque" } else { &args.secret_type };
    set_field(&mut node, "type", Node::string(secret_type))?;
    set_field(&mut node, "data", Node::of_kind(Kind::Map))?;
    for (key, value) in pairs::load(root, &args.args)? {
        put_data(&mut node, "data", &key, data::block(base64_text(&value)))?;
    }
    finish(node, &args.args, file)
}

fn base(kind: &str, args: &GeneratorArgs) -> Result<Node, GenerateError> {
    if args.name.is_empty() {
        return Err(GenerateError::NoName);
    }
    let field =
        |name: &str, value: &str| (Node::tagged(name, Tag::Str), Node::tagged(value, Tag::Str));
    let mut node = Node::map(vec![field("apiVersion", "v1"), field("kind", kind)]);
    let mut metadata = Node::of_kind(Kind::Map);
    set_field(&mut metadata, "name", Node::string(args.name.as_str()))?;
    if !args.namespace.is_empty() {
        set_field(&mut metadata, "namespace", Node::string(args.namespace.as_str()))?;
    }
    set_field(&mut node, "metadata", metadata)?;
    Ok(node)
}

fn finish(mut node: Node, args: &GeneratorArgs, file: &Rc<str>) -> Result<Resource, GenerateError> {
    if let Some(options) = &args.options {
        decorate(&mut node, options)?;
    }
    let mut resource = from_node(node, Place { file: Rc::clone(file), line: 0 });
    resource.history.needs_hash =
        args.options.as_ref().is_none_or(|options| !options.disable_name_suffix_hash);
    resource.history.behavior = Some(Behavior::of(&args.behavior));
    Ok(resource)
}

fn decorate(node: &mut Node, options: &GeneratorOptions) -> Result<(), WrongKind> {
    for (key, value) in &options.labels {
        meta::set_label(node, key, value)?;
    }
    for (key, value) in &options.annotations {
        meta::set_annotation(node, key, value)?;
    }
    if options.immutable {
        set_field(node, "immutable", Node::tagged("true", Tag::Bool))?;
    }
    Ok(())
}
