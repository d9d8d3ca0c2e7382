//! Keywords for lists.

use sealift_gotemplate::Value;

use super::number::compared;
use super::scope::{Place, Token};
use super::{Frame, Validator};
use crate::values::schema::english::{count, whole};
use crate::values::schema::equality::{repeated, weight_of_sorting};
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::{Additional, ArrayRules, SchemaId};

impl<'c> Validator<'c> {
    pub(super) fn array(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &'c ArrayRules,
        items: &[Value],
    ) -> Result<(), Stop> {
        self.limits.spend(items.len())?;
        let got = i64::try_from(items.len()).unwrap_or(i64::MAX);
        if let Some(want) = rules.min_items.filter(|want| got < *want) {
            self.add(frame, || compared("minItems", got, want))?;
        }
        if let Some(want) = rules.max_items.filter(|want| got > *want) {
            self.add(frame, || compared("maxItems", got, want))?;
        }
        if rules.is_unique {
            self.limits.spend(weight_of_sorting(items))?;
        }
        if rules.is_unique
            && let Some((one, other)) = repeated(items)
        {
            let [one, other] = [one, other].map(count);
            self.add(frame, || format!("items at {one} and {other} are equal"))?;
        }
        self.items(frame, rules, items)?;
        match rules.contains {
            Some(schema) => self.contains(frame, rules, schema, items),
            None => Ok(()),
        }
    }

    fn items(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &ArrayRules,
        items: &[Value],
    ) -> Result<(), Stop> {
        for (index, (schema, item)) in rules.first.iter().zip(items).enumerate() {
            self.item(frame, *schema, item, index)?;
        }
        let first = rules.first.len().min(items.len());
        // Those behind the first ones are counted from 0 again, as Go does.
        let others = items[first..].iter().enumerate();
        match (rules.others, rules.additional) {
            (Some(schema), _) | (None, Some(Additional::Schema(schema))) => {
                for (index, item) in others {
                    self.item(frame, schema, item, index)?;
                }
            }
            (None, Some(Additional::Truth(false))) if first < items.len() => {
                let more = count(items.len() - first);
                self.add(frame, || format!("last {more} additionalItem(s) not allowed"))?;
            }
            (None, _) => {}
        }
        Ok(())
    }

    fn item(
        &mut self,
        frame: &mut Frame<'_>,
        schema: SchemaId,
        item: &Value,
        index: usize,
    ) -> Result<(), Stop> {
        let place = Place { above: frame.place, token: Token::Item(index) };
        let fault = self.part(frame, schema, item, &place)?;
        frame.blame(fault);
        Ok(())
    }

    fn contains(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &ArrayRules,
        schema: SchemaId,
        items: &[Value],
    ) -> Result<(), Stop> {
        let (mut faults, mut matched) = (Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate() {
            let place = Place { above: frame.place, token: Token::Item(index) };
            if let Some(fault) = self.part(frame, schema, item, &place)? {
                faults.extend(frame.read(fault));
                continue;
            }
            matched.push(index);
            if self.schema(frame.schema).version >= 2020 {
                frame.left.items.remove(&index);
            }
        }
        let got = i64::try_from(matched.len()).unwrap_or(i64::MAX);
        match rules.min_contains {
            Some(want) if got < want => {
                self.add_with(frame, faults, || wrong_count("min", &matched, want))?;
            }
            None if matched.is_empty() => {
                let text = || "no items match contains schema".to_owned();
                self.add_with(frame, faults, text)?;
            }
            _ => {}
        }
        match rules.max_contains {
            Some(want) if got > want => self.add(frame, || wrong_count("max", &matched, want)),
            _ => Ok(()),
        }
    }
}

fn wrong_count(bound: &str, matched: &[usize], want: i64) -> String {
    let but = if matched.is_empty() && bound == "min" {
        "none matched".to_owned()
    } else {
        let places: Vec<_> = matched.iter().map(ToString::to_string).collect();
        format!("matched {} items at {}", count(matched.len()), places.join(" "))
    };
    format!("{bound} {} items required to match contains schema, but {but}", whole(want))
}
