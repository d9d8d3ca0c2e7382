//! Finds the fields of a specification, and creates them.

use crate::config::FieldSpec;
use crate::id::{ResId, split_api_version};
use crate::limits::Exceeded;
use crate::resource::meta;
use crate::yaml::edit::{WrongKind, append, check_kind};
use crate::yaml::{Data, Kind, Node, Tag, path};

/// Why a field cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// What is put there is too much.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// The field of an object.
    #[error("considering field '{path}' of object {id}: {cause}")]
    Field {
        /// The path of the specification.
        path: String,
        /// The object.
        id: Box<ResId>,
        /// What is wrong.
        cause: Box<Self>,
    },
    /// An item of a list on the way.
    #[error("visit traversal on path: [{}]: {cause}", rest.join(" "))]
    Items {
        /// The rest of the path.
        rest: Vec<String>,
        /// What is wrong.
        cause: Box<Self>,
    },
    /// A part of the path is a scalar.
    #[error("expected sequence or mapping node, found {0:?}")]
    Scalar(String),
    /// A part of the path is empty.
    #[error("cannot set or create an empty field name")]
    EmptyName,
    /// A part of the path is of another kind than it must be.
    #[error("fieldName: {name}: {cause}")]
    Part {
        /// The part.
        name: String,
        /// What is there.
        cause: WrongKind,
    },
    /// A part of the path is an index below zero, or `*`.
    #[error("fieldName: {0}: not supported here")]
    Unsupported(String),
    /// What is set is of another kind than it must be.
    #[error(transparent)]
    Kind(#[from] WrongKind),
    /// A reference that cannot be followed, or another reason of the change itself.
    #[error("{0}")]
    Other(String),
}

impl FieldError {
    /// Whether too much would be put into a field.
    pub(crate) fn is_limit(&self) -> bool {
        match self {
            Self::Limit(_) => true,
            Self::Field { cause, .. } | Self::Items { cause, .. } => cause.is_limit(),
            _ => false,
        }
    }
}

/// What is done with a field.
pub(crate) type Set<'s> = &'s mut dyn FnMut(&mut Node) -> Result<(), FieldError>;

/// What a field that is missing becomes, if the specification allows that.
pub(crate) type Create = Option<(Kind, Tag)>;

/// Changes the fields of an object that a specification names.
///
/// Mirrors `filters/fieldspec/fieldspec.go` of kustomize api v0.21.2.
pub(crate) fn apply(
    spec: &FieldSpec,
    create: &Create,
    object: &mut Node,
    set: Set<'_>,
) -> Result<(), FieldError> {
    let (group, version) = split_api_version(meta::api_version(object));
    let fits = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
    if !fits(&spec.gvk.kind, meta::kind(object))
        || !fits(&spec.gvk.group, group)
        || !fits(&spec.gvk.version, version)
    {
        return Ok(());
    }
    let create = create.as_ref().filter(|_| spec.create);
    apply_path(&spec.path, &spec.parts(), create, object, set)
}

/// As [`apply`], for a path that is cut into its parts.
pub(crate) fn apply_path(
    whole: &str,
    parts: &[String],
    create: Option<&(Kind, Tag)>,
    object: &mut Node,
    set: Set<'_>,
) -> Result<(), FieldError> {
    walk(object, parts, create, set).map_err(|cause| FieldError::Field {
        path: whole.to_owned(),
        id: Box::new(ResId {
            is_cluster_scoped: false,
            ..ResId::current(
                meta::api_version(object),
                meta::kind(object),
                meta::name(object),
                meta::namespace(object),
            )
        }),
        cause: Box::new(cause),
    })
}

/// Recursion is as deep as the path and the document together.
fn walk(
    node: &mut Node,
    parts: &[String],
    create: Option<&(Kind, Tag)>,
    set: Set<'_>,
) -> Result<(), FieldError> {
    let Some((first, rest)) = parts.split_first() else { return set(node) };
    if node.is_null() {
        return Ok(());
    }
    match node.kind() {
        Kind::Seq => node.items_mut().iter_mut().try_for_each(|item| {
            walk(item, parts, create, set)
                .map_err(|cause| FieldError::Items { rest: parts.to_vec(), cause: Box::new(cause) })
        }),
        Kind::Map => match field(node, first, rest.is_empty(), create)? {
            Some(field) => walk(field, rest, create, set),
            None => Ok(()),
        },
        Kind::Scalar => Err(FieldError::Scalar(node.text().to_owned())),
    }
}

fn field<'n>(
    map: &'n mut Node,
    part: &str,
    is_last: bool,
    create: Option<&(Kind, Tag)>,
) -> Result<Option<&'n mut Node>, FieldError> {
    let name = part.strip_suffix("[]").unwrap_or(part);
    let has_brackets = name.len() < part.len();
    if name.is_empty() {
        return Err(FieldError::EmptyName);
    }
    check_name(map, name)?;
    let (kind, tag) = match create {
        _ if has_brackets => (Some(Kind::Seq), Tag::Empty),
        None => (None, Tag::Empty),
        Some((kind, tag)) if is_last => (Some(*kind), tag.clone()),
        Some(_) => (Some(Kind::Map), Tag::Map),
    };
    if let (Some(kind), false, None) = (kind, has_brackets, map.get(name)) {
        append(map, Node::scalar(name), Node::of_kind(kind));
    }
    let mut found = map.get_mut(name);
    if let (Some(found), Some(kind)) = (found.as_deref_mut().filter(|found| found.is_null()), kind)
    {
        become_kind(found, kind, tag);
    }
    Ok(found)
}

/// A null becomes an empty collection, or an empty scalar that keeps its text.
fn become_kind(field: &mut Node, kind: Kind, tag: Tag) {
    if kind != Kind::Scalar {
        field.data = Node::of_kind(kind).data;
    }
    field.tag = tag;
}

/// A part that means an item of a list finds none in a mapping.
fn check_name(map: &Node, name: &str) -> Result<(), FieldError> {
    let trimmed = name.trim();
    let is_negative = trimmed.parse::<i64>().is_ok_and(|index| index < 0);
    if is_negative || trimmed == "*" {
        return Err(FieldError::Unsupported(name.to_owned()));
    }
    if path::index(trimmed).is_some() || trimmed == "-" || path::is_list_index(trimmed) {
        return check_kind(map, Kind::Seq)
            .map_err(|cause| FieldError::Part { name: name.to_owned(), cause });
    }
    Ok(())
}

/// Whether a node is a scalar.
pub(crate) fn is_scalar(node: &Node) -> bool {
    matches!(node.data, Data::Scalar(_))
}
