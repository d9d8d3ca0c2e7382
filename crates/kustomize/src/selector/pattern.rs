//! Selectors of ids: regular expressions for the whole text.

use sealift_goregex::Regex;

use super::label::{LabelSelector, LabelSelectorError};
use crate::id::{Gvk, ResId};
use crate::kustomization::patch::Selector;
use crate::resource::{Resource, meta};

/// Why a selector is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// A part is no regular expression.
    #[error("{part} {text:?} is no regular expression: {reason}")]
    Pattern {
        /// The part.
        part: &'static str,
        /// What it says.
        text: String,
        /// Why it is none.
        reason: String,
    },
    /// A selector of labels or annotations is wrong.
    #[error(transparent)]
    Labels(#[from] LabelSelectorError),
}

/// A part of a selector; `None` fits all.
type Part = Option<Pattern>;

enum Pattern {
    /// A text without any character that means something.
    Text(String),
    Regex(Regex),
}

fn part(part: &'static str, text: &str) -> Result<Part, SelectorError> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/')) {
        return Ok(Some(Pattern::Text(text.to_owned())));
    }
    let fail = |reason| SelectorError::Pattern { part, text: text.to_owned(), reason };
    let regex = Regex::new(&format!("^(?:{text})$")).map_err(|error| fail(error.to_string()))?;
    Ok(Some(Pattern::Regex(regex)))
}

fn fits(part: &Part, text: &str) -> bool {
    match part {
        None => true,
        Some(Pattern::Text(wanted)) => wanted == text,
        Some(Pattern::Regex(regex)) => regex.is_match(text.as_bytes()),
    }
}

/// A selector of ids. Mirrors `SelectorRegex` in `types/selector.go` of kustomize api v0.21.2.
pub(crate) struct IdSelector {
    group: Part,
    version: Part,
    kind: Part,
    name: Part,
    namespace: Part,
}

impl IdSelector {
    pub(crate) fn new(selector: &Selector) -> Result<Self, SelectorError> {
        let id = &selector.id;
        Ok(Self {
            group: part("group", &id.gvk.group)?,
            version: part("version", &id.gvk.version)?,
            kind: part("kind", &id.gvk.kind)?,
            name: part("name", &id.name)?,
            namespace: part("namespace", &id.namespace)?,
        })
    }

    fn fits_gvk(&self, gvk: &Gvk) -> bool {
        fits(&self.group, &gvk.group)
            && fits(&self.version, &gvk.version)
            && fits(&self.kind, &gvk.kind)
    }

    /// Whether an id fits as it is.
    pub(crate) fn matches(&self, id: &ResId) -> bool {
        self.fits_gvk(&id.gvk) && fits(&self.name, &id.name) && fits(&self.namespace, &id.namespace)
    }
}

/// Returns the numbers of the objects that a selector selects, by their original or present name and namespace.
///
/// Mirrors `Select` in `resmap/reswrangler.go` of kustomize api v0.21.2.
pub(crate) fn select(
    resources: &[Resource],
    selector: &Selector,
) -> Result<Vec<usize>, SelectorError> {
    let by_id = IdSelector::new(selector)?;
    let mut by_labels = None;
    let mut found = Vec::new();
    for (at, resource) in resources.iter().enumerate() {
        let (current, original) = (resource.id(), resource.original_id());
        let either = |part: &Part, one: &str, other: &str| fits(part, one) || fits(part, other);
        if !either(&by_id.namespace, original.effective_namespace(), current.effective_namespace())
            || !either(&by_id.name, &original.name, &current.name)
            || !by_id.fits_gvk(&current.gvk)
        {
            continue;
        }
        let (labels, annotations) = match &by_labels {
            Some(parsed) => parsed,
            None => &*by_labels.insert((
                LabelSelector::parse(&selector.labels)?,
                LabelSelector::parse(&selector.annotations)?,
            )),
        };
        if labels.matches(&meta::labels(&resource.node))
            && annotations.matches(&meta::annotations(&resource.node))
        {
            found.push(at);
        }
    }
    Ok(found)
}
