//! Budgets of charts, as a shipment or `--limit` sets them.

use sealift_fetch::Limits as FetchLimits;
use sealift_gotemplate::Limits as TemplateLimits;
use sealift_helm::values::SchemaLimits;
use sealift_inventory::Limits;

use crate::Error;

/// The names of the budgets that may be set.
pub const SETTABLE: [&str; 15] = [
    "chart-bytes",
    "chart-entries",
    "chart-file-bytes",
    "chart-nesting",
    "chart-ratio",
    "repository-index-bytes",
    "schema-depth",
    "schema-steps",
    "template-depth",
    "template-elements",
    "template-frames",
    "template-nesting",
    "template-output-bytes",
    "template-steps",
    "template-string-bytes",
];

/// How often the usual depths may be had: each needs its share of the stack.
const MOST_STACKS: usize = 8;

/// The bytes of the longest string that a template can have.
const MOST_STRING_BYTES: usize = u32::MAX as usize;

/// What charts may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChartLimits {
    /// Getting and loading them.
    pub fetch: FetchLimits,
    /// Checking values against their schemas.
    pub schemas: SchemaLimits,
    /// Rendering them.
    pub templates: TemplateLimits,
}

impl ChartLimits {
    /// Returns those of a shipment.
    #[must_use]
    pub fn of(limits: &Limits) -> Self {
        let mut all = Self::default();
        let set = |name: &str, value: &mut u64| *value = limits.get(name).unwrap_or(*value);
        let size = |name: &str, value: &mut usize| {
            let get = limits.get(name).map(|value| usize::try_from(value).unwrap_or(usize::MAX));
            *value = get.unwrap_or(*value);
        };
        let Self { fetch: FetchLimits { chart, index_bytes }, schemas, templates } = &mut all;
        set("chart-bytes", &mut chart.total_bytes);
        set("chart-entries", &mut chart.entries);
        set("chart-file-bytes", &mut chart.file_bytes);
        size("chart-nesting", &mut chart.archives);
        set("chart-ratio", &mut chart.ratio);
        size("repository-index-bytes", index_bytes);
        size("schema-depth", &mut schemas.depth);
        set("schema-steps", &mut schemas.steps);
        size("template-depth", &mut templates.parse_depth);
        size("template-elements", &mut templates.live_elements);
        size("template-frames", &mut templates.frames);
        size("template-nesting", &mut templates.nesting);
        size("template-output-bytes", &mut templates.output_bytes);
        set("template-steps", &mut templates.steps);
        size("template-string-bytes", &mut templates.string_bytes);
        all
    }

    /// Checks that no budget is set to more than there can be.
    ///
    /// # Errors
    ///
    /// [`Error::Beyond`] with the first that is.
    pub fn check(&self) -> Result<(), Error> {
        for (name, set, usual) in self.depths() {
            at_most(usual * MOST_STACKS, name, set, "what is nested takes stack")?;
        }
        for (name, set) in self.lengths() {
            at_most(MOST_STRING_BYTES, name, set, "no string is longer")?;
        }
        Ok(())
    }

    /// Returns whether rendering needs more stack than [`on_large_stack`](super::on_large_stack) has.
    #[must_use]
    pub fn needs_more_stack(&self) -> bool {
        self.stacks() > 1
    }

    /// Returns how many times the stack is needed that the usual depths need.
    pub(super) fn stacks(&self) -> usize {
        let depths = self.depths().into_iter();
        let times = depths.map(|(_, set, usual)| set.div_ceil(usual));
        times.max().unwrap_or(1).clamp(1, MOST_STACKS)
    }

    /// Returns what bounds a string: its name, and what is set.
    fn lengths(&self) -> [(&'static str, usize); 3] {
        let file_bytes = usize::try_from(self.fetch.chart.file_bytes).unwrap_or(usize::MAX);
        [
            ("chart-file-bytes", file_bytes),
            ("template-output-bytes", self.templates.output_bytes),
            ("template-string-bytes", self.templates.string_bytes),
        ]
    }

    /// Returns what takes stack: its name, what is set, and the usual.
    fn depths(&self) -> [(&'static str, usize, usize); 5] {
        let usual = Self::default();
        [
            ("chart-nesting", self.fetch.chart.archives, usual.fetch.chart.archives),
            ("schema-depth", self.schemas.depth, usual.schemas.depth),
            ("template-depth", self.templates.parse_depth, usual.templates.parse_depth),
            ("template-frames", self.templates.frames, usual.templates.frames),
            ("template-nesting", self.templates.nesting, usual.templates.nesting),
        ]
    }
}

fn at_most(most: usize, name: &'static str, set: usize, why: &'static str) -> Result<(), Error> {
    if set > most { Err(Error::Beyond { name, most, why }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_budgets_are_those_of_the_crates_that_keep_them() {
        assert_eq!(ChartLimits::of(&Limits::default()), ChartLimits::default());
    }

    #[test]
    fn every_budget_that_may_be_set_has_an_effect_of_its_own() {
        let mut seen = vec![ChartLimits::default()];
        for name in SETTABLE {
            let mut limits = Limits::default();
            limits.set(name, 7).expect("it is a limit");
            let limits = ChartLimits::of(&limits);
            assert!(!seen.contains(&limits), "{name}");
            seen.push(limits);
        }
    }

    #[test]
    fn depths_take_stack_and_have_an_end() {
        for (name, most) in [
            ("chart-nesting", 40),
            ("schema-depth", 4_096),
            ("template-depth", 8_000),
            ("template-frames", 8_000),
            ("template-nesting", 160_000),
        ] {
            let with = |value| {
                let mut limits = Limits::default();
                limits.set(name, value).expect("it is a limit");
                ChartLimits::of(&limits)
            };
            assert!(with(most).check().is_ok());
            assert_eq!(with(most).stacks(), 8);
            let error = with(most + 1).check().expect_err("beyond").to_string();
            let wanted =
                format!("`limits.{name}` can be {most} at most: what is nested takes stack");
            assert_eq!(error, wanted);
            assert_eq!(with(0).stacks(), 1);
        }
    }

    #[test]
    fn what_becomes_a_string_is_no_longer_than_one_can_be() {
        for name in ["chart-file-bytes", "template-output-bytes", "template-string-bytes"] {
            let check = |value| {
                let mut limits = Limits::default();
                limits.set(name, value).expect("it is a limit");
                ChartLimits::of(&limits).check()
            };
            assert!(check(u64::from(u32::MAX)).is_ok());
            let error = check(1 << 32).expect_err("beyond").to_string();
            let wanted = format!("`limits.{name}` can be 4294967295 at most: no string is longer");
            assert_eq!(error, wanted);
        }
    }
}
