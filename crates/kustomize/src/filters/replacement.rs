//! Values copied from one field to others.

use super::field::FieldError;
use super::lookup::lookup;
use super::match_path::visit;
use super::structured;
use crate::id::ResId;
use crate::kustomization::patch::Selector;
use crate::kustomization::replacement::{
    DEFAULT_FIELD_PATH, FieldOptions, Replacement, SourceSelector, TargetSelector,
};
use crate::limits::{Copied, Exceeded};
use crate::resource::{Resource, Step, forget_lines, meta};
use crate::selector::{IdSelector, LabelSelector, SelectorError};
use crate::yaml::path::split_brackets;
use crate::yaml::{Data, Kind, Node};

/// Why a replacement cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplacementError {
    /// It lacks a source or targets.
    #[error("replacements must specify a source and at least one target")]
    Incomplete,
    /// It has two sources.
    #[error("value and resource selectors are mutually exclusive: `source` and `sourceValue`")]
    TwoSources,
    /// More than one object is the source.
    #[error("multiple matches for selector {0}")]
    ManySources(String),
    /// No object is the source.
    #[error("nothing selected by {0}")]
    NoSource(String),
    /// The source has no such field.
    #[error("fieldPath `{path}` is missing for replacement source {id}")]
    NoSourceField {
        /// The path.
        path: String,
        /// What the source is.
        id: Box<ResId>,
    },
    /// The field of the source cannot be looked up.
    #[error("error looking up replacement source: {0}")]
    Source(FieldError),
    /// A part of something that has no parts.
    #[error("delimiter option can only be used with scalar nodes")]
    NoScalar,
    /// The source has not so many parts.
    #[error("options.index {index} is out of bounds for value {value}")]
    Index {
        /// The number of the part.
        index: i64,
        /// The value.
        value: String,
    },
    /// A target selects nothing.
    #[error("target must specify resources to select")]
    NoSelect,
    /// A selector is wrong.
    #[error("error creating target selector: {0}")]
    Selector(SelectorError),
    /// The field of a target is not there.
    #[error("unable to find{} field {path:?} in replacement target {id}{}", if *.creates { " or create" } else { "" }, .cause.as_ref().map(|error| format!(": {error}")).unwrap_or_default())]
    NoTargetField {
        /// The path.
        path: String,
        /// The target.
        id: Box<ResId>,
        /// Whether it may be created.
        creates: bool,
        /// What is wrong on the way.
        cause: Option<Box<FieldError>>,
    },
    /// Replacements make too much, or something too deep.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// The field of a target cannot be set.
    #[error("{0}")]
    Target(FieldError),
}

impl From<SelectorError> for ReplacementError {
    fn from(error: SelectorError) -> Self {
        Self::Selector(error)
    }
}

/// Does a replacement; `step` is noted at every object that it changes.
///
/// Mirrors `filters/replacement/replacement.go` of kustomize api v0.21.2.
pub(crate) fn apply(
    resources: &mut [Resource],
    replacement: &Replacement,
    step: &Step,
    copied: &Copied,
) -> Result<(), ReplacementError> {
    let Some(targets) = &replacement.targets else { return Err(ReplacementError::Incomplete) };
    let mut value = match (&replacement.source, &replacement.source_value) {
        (None, None) => return Err(ReplacementError::Incomplete),
        (Some(_), Some(_)) => return Err(ReplacementError::TwoSources),
        (None, Some(text)) => Node::scalar(text.as_str()),
        (Some(source), None) => source_value(resources, source)?,
    };
    // Its lines are those of another file.
    forget_lines(&mut value);
    targets.iter().flatten().try_for_each(|target| copy(resources, &value, target, (step, copied)))
}

fn ids(resource: &Resource) -> Vec<ResId> {
    let current = ResId { is_cluster_scoped: false, ..resource.id() };
    std::iter::once(current).chain(resource.previous_ids()).collect()
}

fn source_value(resources: &[Resource], source: &SourceSelector) -> Result<Node, ReplacementError> {
    let is_it = |resource: &&Resource| ids(resource).iter().any(|id| id.is_selected_by(&source.id));
    let mut found = resources.iter().filter(is_it);
    let Some(resource) = found.next() else {
        return Err(ReplacementError::NoSource(source.to_string()));
    };
    if found.next().is_some() {
        return Err(ReplacementError::ManySources(source.to_string()));
    }
    let path = match source.field_path.as_str() {
        "" => DEFAULT_FIELD_PATH,
        path => path,
    };
    let node = lookup(&resource.node, &split_brackets(path))
        .map_err(|error| without_value(ReplacementError::Source(error), resource))?;
    let node = node.filter(|node| !node.is_nil_or_empty()).ok_or_else(|| {
        ReplacementError::NoSourceField { path: path.to_owned(), id: Box::new(source.id.clone()) }
    })?;
    match &source.options {
        Some(options) if !options.delimiter.is_empty() => {
            part(node, options).map_err(|error| without_value(error, resource))
        }
        _ => Ok(node.clone()),
    }
}

/// Leaves the value of a Secret out of a message.
fn without_value(error: ReplacementError, resource: &Resource) -> ReplacementError {
    match error {
        error if meta::kind(&resource.node) != "Secret" => error,
        ReplacementError::Index { index, .. } => {
            ReplacementError::Index { index, value: "of a Secret, not shown".to_owned() }
        }
        ReplacementError::Source(_) => ReplacementError::Source(FieldError::Other(format!(
            "the path does not fit {}, a Secret of which nothing is shown",
            resource.id()
        ))),
        error => error,
    }
}

fn part(node: &Node, options: &FieldOptions) -> Result<Node, ReplacementError> {
    let Data::Scalar(text) = &node.data else { return Err(ReplacementError::NoScalar) };
    let mut parts = node.value().split(options.delimiter.as_str());
    let found = usize::try_from(options.index).ok().and_then(|index| parts.nth(index));
    let out_of_bounds = || ReplacementError::Index { index: options.index, value: text.clone() };
    let part = found.ok_or_else(out_of_bounds)?;
    Ok(Node { data: Data::Scalar(part.to_owned()), ..node.clone() })
}

fn copy(
    resources: &mut [Resource],
    value: &Node,
    target: &TargetSelector,
    (step, copied): (&Step, &Copied),
) -> Result<(), ReplacementError> {
    let select = target.select.as_ref().ok_or(ReplacementError::NoSelect)?;
    let matcher = TargetMatcher::new(select, &target.reject)?;
    let default = [DEFAULT_FIELD_PATH.to_owned()];
    let paths = if target.field_paths.is_empty() { &default } else { &target.field_paths[..] };
    for resource in resources.iter_mut() {
        if !matcher.selects(resource) {
            continue;
        }
        for path in paths {
            set(resource, value, path, (target.options.as_ref(), copied))?;
        }
        resource.note(step);
    }
    Ok(())
}

/// By id, and by annotations and labels.
type Rejected = (Option<IdSelector>, Option<(LabelSelector, LabelSelector)>);

/// What a target selects.
struct TargetMatcher {
    select: IdSelector,
    annotations: LabelSelector,
    labels: LabelSelector,
    reject: Vec<Rejected>,
}

impl TargetMatcher {
    fn new(select: &Selector, reject: &[Selector]) -> Result<Self, SelectorError> {
        let labels = |selector: &Selector| {
            Ok::<_, SelectorError>((
                LabelSelector::parse(&selector.annotations)?,
                LabelSelector::parse(&selector.labels)?,
            ))
        };
        let rejected = |selector: &Selector| {
            let id = if selector.id.is_empty() { None } else { Some(IdSelector::new(selector)?) };
            let is_plain = selector.annotations.is_empty() && selector.labels.is_empty();
            Ok((id, if is_plain { None } else { Some(labels(selector)?) }))
        };
        let (by_annotation, by_label) = labels(select)?;
        Ok(Self {
            select: IdSelector::new(select)?,
            annotations: by_annotation,
            labels: by_label,
            reject: reject.iter().map(rejected).collect::<Result<_, SelectorError>>()?,
        })
    }

    fn selects(&self, resource: &Resource) -> bool {
        let labels = meta::labels(&resource.node);
        let annotations = meta::annotations(&resource.node);
        let fits = |by_annotation: &LabelSelector, by_label: &LabelSelector| {
            by_annotation.matches(&annotations) && by_label.matches(&labels)
        };
        let ids = ids(resource);
        let is_rejected = self.reject.iter().any(|(id, by)| {
            by.as_ref().is_some_and(|(annotation, label)| fits(annotation, label))
                || id.as_ref().is_some_and(|id| ids.iter().any(|own| id.matches(own)))
        });
        fits(&self.annotations, &self.labels)
            && !is_rejected
            && ids.iter().any(|own| self.select.matches(own))
    }
}

fn set(
    resource: &mut Resource,
    value: &Node,
    path: &str,
    (options, copied): (Option<&FieldOptions>, &Copied),
) -> Result<(), ReplacementError> {
    let create = options.filter(|options| options.create).map(|_| kind_of(value));
    let parts = split_brackets(path);
    let size = value.size(parts.len())?;
    let mut put = |field: &mut Node| {
        copied.add(size.saturating_add(parts_size(field, options)))?;
        put(field, value, options)
    };
    if matches!(structured::set(&mut resource.node, &parts, create, &mut put), Ok(true)) {
        return Ok(());
    }
    let mut failed = None;
    let found = visit(&mut resource.node, &parts, create, &mut |field| {
        put(field).inspect_err(|error| failed = Some(error.clone()))
    });
    if let Some(error) = failed {
        return Err(ReplacementError::Target(error));
    }
    match found {
        Ok(count) if count > 0 => Ok(()),
        found => Err(ReplacementError::NoTargetField {
            path: path.to_owned(),
            id: Box::new(resource.id()),
            creates: create.is_some(),
            // It may show what is in the object.
            cause: found.err().filter(|_| meta::kind(&resource.node) != "Secret").map(Box::new),
        }),
    }
}

fn kind_of(value: &Node) -> Kind {
    value.kind()
}

/// Bytes that it takes to put a text into another: that one is cut into parts.
fn parts_size(field: &Node, options: Option<&FieldOptions>) -> usize {
    match (&field.data, options) {
        (Data::Scalar(old), Some(options)) if !options.delimiter.is_empty() => {
            let parts = old.matches(options.delimiter.as_str()).count();
            old.len().saturating_add(parts.saturating_mul(size_of::<&str>()))
        }
        _ => 0,
    }
}

/// Mirrors `setFieldValue`: the text of a scalar is replaced, anything else is replaced whole.
fn put(field: &mut Node, value: &Node, options: Option<&FieldOptions>) -> Result<(), FieldError> {
    let text = match options.filter(|options| !options.delimiter.is_empty()) {
        None => value.text().to_owned(),
        Some(options) => {
            let Data::Scalar(old) = &field.data else {
                return Err(FieldError::Other(ReplacementError::NoScalar.to_string()));
            };
            with_part(old, value.value(), options)
        }
    };
    match &mut field.data {
        Data::Scalar(old) => *old = text,
        _ if matches!(value.data, Data::Scalar(_)) => {
            *field = Node { data: Data::Scalar(text), line: field.line, ..value.clone() };
        }
        _ => *field = Node { line: field.line, ..value.clone() },
    }
    Ok(())
}

fn with_part(old: &str, new: &str, options: &FieldOptions) -> String {
    let mut parts: Vec<&str> = old.split(options.delimiter.as_str()).collect();
    match usize::try_from(options.index) {
        Err(_) => parts.insert(0, new),
        Ok(index) if index >= parts.len() => parts.push(new),
        Ok(index) => parts[index] = new,
    }
    parts.join(&options.delimiter)
}
