//! Provenance as a value: from what the user named down to the place of a reference.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Step;

/// The steps from what the user named down to the place where a reference stands, outermost first.
///
/// It answers "why is this image in my bundle?" and tells a writer of overrides which file and key to change. Printed on
/// one line: `chart istiod 1.17.8 > templates/deployment.yaml:96 > .spec.containers[0].image`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Origin(Vec<Step>);

impl Origin {
    /// Returns the origin with no step: what the command line itself names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns this origin with one more step at its inner end.
    #[must_use]
    pub fn with(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// Returns the steps, outermost first.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Returns whether `place` is one of the steps as printed, or several that follow each other, joined by ` > `.
    #[must_use]
    pub fn passes(&self, place: &str) -> bool {
        let steps: Vec<_> = self.0.iter().map(Step::to_string).collect();
        (0..steps.len())
            .any(|first| (first..steps.len()).any(|last| steps[first..=last].join(" > ") == place))
    }
}

impl FromIterator<Step> for Origin {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" > ")?;
            }
            write!(f, "{step}")?;
        }
        Ok(())
    }
}
