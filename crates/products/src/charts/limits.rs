//! Budgets of templates, as a shipment or `--limit` sets them.

use sealift_gotemplate::Limits as TemplateLimits;
use sealift_inventory::Limits;

/// The names of the budgets that may be set.
pub const SETTABLE: [&str; 7] = [
    "template-depth",
    "template-elements",
    "template-frames",
    "template-nesting",
    "template-output-bytes",
    "template-steps",
    "template-string-bytes",
];

/// Returns what templates may cost.
#[must_use]
pub fn template_limits(limits: &Limits) -> TemplateLimits {
    let usual = TemplateLimits::default();
    let size = |name: &str, usual: usize| {
        limits.get(name).map_or(usual, |value| usize::try_from(value).unwrap_or(usize::MAX))
    };
    TemplateLimits {
        frames: size("template-frames", usual.frames),
        parse_depth: size("template-depth", usual.parse_depth),
        nesting: size("template-nesting", usual.nesting),
        steps: limits.get("template-steps").unwrap_or(usual.steps),
        live_elements: size("template-elements", usual.live_elements),
        string_bytes: size("template-string-bytes", usual.string_bytes),
        output_bytes: size("template-output-bytes", usual.output_bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_budgets_are_those_of_the_template_engine() {
        assert_eq!(template_limits(&Limits::default()), TemplateLimits::default());
    }

    #[test]
    fn every_budget_that_may_be_set_has_an_effect() {
        for name in SETTABLE {
            let mut limits = Limits::default();
            limits.set(name, 7).expect("it is a limit");
            assert_ne!(template_limits(&limits), TemplateLimits::default(), "{name}");
        }
    }
}
