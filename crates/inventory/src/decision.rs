//! What a scan could not decide alone, decided by a person.

use std::fmt;

use sealift_reference::Reference;
use serde::{Deserialize, Serialize};

use crate::format::{self, parsed};
use crate::limits;
use crate::{Artifact, Class, Confidence, Finding, FormatError, Inventory, Origin, Unresolved};

/// What a person decided about a text or an image that a scan could not decide.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, try_from = "FileDecision")]
pub struct Decision {
    /// The text that was no reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A step of the origin, as it is printed; several are joined by ` > `. Without it all places are meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// With `text`, the image that the text stands for; alone, the possible image that is decided about.
    #[serde(with = "parsed::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub image: Option<Reference>,
    /// It is no artifact of this shipment.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub drop: bool,
    /// For those who read the lock.
    pub reason: String,
}

/// A decision as it is written, before it is known to say one thing.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileDecision {
    /// The text that was no reference.
    text: Option<String>,
    /// A step of the origin, as it is printed; several are joined by ` > `. Without it all places are meant.
    at: Option<String>,
    /// With `text`, the image that the text stands for; alone, the possible image that is decided about.
    #[serde(default, with = "parsed::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    image: Option<Reference>,
    /// It is no artifact of this shipment.
    #[serde(default)]
    drop: bool,
    /// For those who read the lock.
    reason: String,
}

impl TryFrom<FileDecision> for Decision {
    type Error = &'static str;

    fn try_from(file: FileDecision) -> Result<Self, &'static str> {
        let FileDecision { text, at, image, drop, reason } = file;
        if reason.trim().is_empty() {
            return Err("a decision needs a reason");
        }
        match (&text, &image, drop) {
            (None, None, _) => Err("a decision is about a `text` or an `image`"),
            (Some(_), None, false) => Err(
                "a decision about a `text` names the `image` that it stands for, or says `drop: true`",
            ),
            (Some(_), Some(_), true) => {
                Err("a decision either names an `image` for the `text` or says `drop: true`")
            }
            _ => Ok(Self { text, at, image, drop, reason }),
        }
    }
}

/// Decisions that decide nothing: what they name is not in the inventory, or needs no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedDecisions(pub Vec<Decision>);

impl fmt::Display for UnusedDecisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unused: Vec<_> = self.0.iter().map(Decision::to_string).collect();
        write!(
            f,
            "nothing is left to decide about {}; take what is decided away from `decide`",
            unused.join(", ")
        )
    }
}

impl std::error::Error for UnusedDecisions {}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.text, &self.image) {
            (Some(text), _) => write!(f, "the text `{text}`")?,
            (None, Some(image)) => write!(f, "the image `{image}`")?,
            (None, None) => f.write_str("nothing")?,
        }
        self.at.as_ref().map_or(Ok(()), |at| write!(f, " at `{at}`"))
    }
}

impl Decision {
    /// Reads a YAML list of decisions, as `--decide FILE` takes it.
    ///
    /// # Errors
    ///
    /// The first place that breaks the format.
    pub fn read_list(name: &str, text: &str) -> Result<Vec<Self>, FormatError> {
        format::read(name, text, limits::SHIPMENT, None)
    }

    fn is_at(&self, origin: &Origin) -> bool {
        self.at.as_ref().is_none_or(|at| origin.passes(at))
    }

    fn decides_text(&self, unresolved: &Unresolved) -> bool {
        self.text.as_ref() == Some(&unresolved.text) && self.is_at(&unresolved.origin)
    }

    /// A possible image is decided either way; what is surely there can only be dropped.
    fn decides_image(&self, finding: &Finding) -> bool {
        let same = self.text.is_none() && self.image.as_ref() == finding.artifact.reference();
        let is_open = self.drop || finding.confidence == Confidence::Possible;
        same && is_open && self.is_at(&finding.origin)
    }
}

/// Applies decisions: texts become images or are dropped, possible images become certain or are dropped.
///
/// Returns the inventory with the decisions that were used, in their order. The first decision about a thing counts.
///
/// # Errors
///
/// [`UnusedDecisions`] when a decision decides nothing.
pub fn apply_decisions(
    inventory: Inventory,
    decisions: &[Decision],
) -> Result<(Inventory, Vec<Decision>), UnusedDecisions> {
    let mut used = vec![false; decisions.len()];
    let mut choose = |decides: &dyn Fn(&Decision) -> bool| {
        let index = decisions.iter().position(decides)?;
        used[index] = true;
        Some(&decisions[index])
    };
    let (found, open, addresses) = inventory.into_parts();
    let mut findings = Vec::new();
    for finding in found {
        match choose(&|decision| decision.decides_image(&finding)) {
            None => findings.push(finding),
            Some(decision) if decision.drop => {}
            Some(_) => findings.push(Finding { confidence: Confidence::Certain, ..finding }),
        }
    }
    let mut unresolved = Vec::new();
    for text in open {
        match choose(&|decision| decision.decides_text(&text)) {
            None => unresolved.push(text),
            Some(decision) => {
                findings.extend(decision.image.clone().map(|image| decided(image, text.origin)));
            }
        }
    }
    let (used, unused): (Vec<_>, Vec<_>) =
        decisions.iter().cloned().zip(used).partition(|(_, used)| *used);
    if !unused.is_empty() {
        return Err(UnusedDecisions(unused.into_iter().map(|(decision, _)| decision).collect()));
    }
    let used = used.into_iter().map(|(decision, _)| decision).collect();
    Ok((Inventory::collect(findings, unresolved, addresses), used))
}

fn decided(image: Reference, origin: Origin) -> Finding {
    let (class, confidence) = (Class::Required, Confidence::Certain);
    Finding { artifact: Artifact::Image(image), origin, set_by: Vec::new(), class, confidence }
}
