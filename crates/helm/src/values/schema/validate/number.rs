//! Keywords for numbers.

use std::cmp::Ordering;

use sealift_gotemplate::Value;

use super::{Frame, Validator};
use crate::values::schema::decimal::Decimal;
use crate::values::schema::english::{number, whole};
use crate::values::schema::equality::weight;
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::NumberRules;

impl Validator<'_> {
    pub(super) fn number(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &NumberRules,
        value: &Value,
    ) -> Result<(), Stop> {
        self.limits.spend(weight(value))?;
        let Some(got) = Decimal::of(value) else {
            // What Go does with a number that it cannot hold; Helm says what it was told.
            let error = "unable to validate schema: runtime error: invalid memory address or nil \
                         pointer dereference";
            return Err(error.to_owned().into());
        };
        let is_wrong = |order: Option<Ordering>, wrong: &[Ordering]| {
            order.is_some_and(|order| wrong.contains(&order))
        };
        let bounds = [
            ("minimum", &rules.minimum, &[Ordering::Less][..]),
            ("maximum", &rules.maximum, &[Ordering::Greater]),
            ("exclusiveMinimum", &rules.above, &[Ordering::Less, Ordering::Equal]),
            ("exclusiveMaximum", &rules.below, &[Ordering::Greater, Ordering::Equal]),
        ];
        for (keyword, want, wrong) in bounds {
            if let Some(want) = want
                && is_wrong(Some(got.cmp(want)), wrong)
            {
                self.add(frame, || decimals(keyword, &got, want))?;
            }
        }
        let Some(want) = &rules.multiple_of else { return Ok(()) };
        self.limits.spend(got.weight_of_division(want))?;
        if got.is_multiple_of(want) {
            return Ok(());
        }
        self.add(frame, || decimals("multipleOf", &got, want))
    }
}

fn decimals(keyword: &str, got: &Decimal, want: &Decimal) -> String {
    format!("{keyword}: got {}, want {}", number(got.to_f64()), number(want.to_f64()))
}

/// Returns what is said of a length or a count.
pub(super) fn compared(keyword: &str, got: i64, want: i64) -> String {
    format!("{keyword}: got {}, want {}", whole(got), whole(want))
}
