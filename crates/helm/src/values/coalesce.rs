//! The values of a chart below those of its user.

use sealift_gotemplate::{Limit, Map, Value};

use super::copy::Copier;
use super::tables::{Nulls, Place, clean_nulls, coalesce_tables};
use super::{Error, printed};
use crate::profile::Rules;
use crate::{Chart, Profile};

/// The key of values that all charts see.
const GLOBAL: &str = "global";

/// Values of a chart and of its charts: `.Values`.
#[derive(Clone, Debug)]
pub struct Coalesced {
    /// The values; those of a chart inside are in it, by its name.
    pub values: Map,
    /// What Helm warns of, in its words.
    pub warnings: Vec<String>,
}

/// Returns the values of a user over those of a chart and of the charts inside.
///
/// Neither the user's map nor the charts' are changed, nor shared with the outcome.
///
/// Mirrors `CoalesceValues` in `pkg/chart/common/util/coalesce.go` of Helm 4.2.4.
///
/// # Errors
///
/// [`Error::TypeMismatch`], or [`Error::Limit`].
pub fn coalesce(chart: &Chart, user: &Map, profile: Profile) -> Result<Coalesced, Error> {
    let mut warnings = Vec::new();
    let mut copier = Copier::default();
    let mut coalescer = Coalescer {
        rules: profile.rules(),
        nulls: Nulls::Erase,
        copier: &mut copier,
        warnings: &mut warnings,
    };
    let values = coalescer.copied(chart, user)?;
    Ok(Coalesced { values, warnings })
}

/// A chart that is coalesced.
pub(super) trait Nested<'c>: Copy {
    fn name(self) -> &'c str;
    fn values(self) -> &'c Map;
    fn charts(self) -> impl Iterator<Item = Self>;
}

impl<'c> Nested<'c> for &'c Chart {
    fn name(self) -> &'c str {
        Chart::name(self)
    }

    fn values(self) -> &'c Map {
        &self.values
    }

    fn charts(self) -> impl Iterator<Item = Self> {
        self.dependencies.iter()
    }
}

/// One coalescing.
pub(super) struct Coalescer<'a> {
    pub(super) rules: &'static Rules,
    pub(super) nulls: Nulls,
    pub(super) copier: &'a mut Copier,
    pub(super) warnings: &'a mut Vec<String>,
}

impl Coalescer<'_> {
    /// Returns a copy of the user's values, over those of a chart.
    pub(super) fn copied<'c>(&mut self, chart: impl Nested<'c>, user: &Map) -> Result<Map, Error> {
        self.copier.begin();
        let values = self.copier.map(user)?;
        self.chart(chart, &values, None)?;
        Ok(values)
    }

    fn chart<'c>(
        &mut self,
        chart: impl Nested<'c>,
        target: &Map,
        above: Option<&Place<'_>>,
    ) -> Result<(), Error> {
        let name = chart.name();
        let place = above.map_or_else(|| Place::top(&name), |above| above.inside(&name));
        self.own(chart, target, &place)?;
        for inner in chart.charts() {
            let values = match target.get(inner.name()) {
                Some(Value::Map(values)) => values,
                None => {
                    let values = Map::new();
                    target.insert(inner.name(), values.clone());
                    values
                }
                Some(other) => {
                    let (chart, value) = (inner.name().to_owned(), printed("%t", &other));
                    return Err(Error::TypeMismatch { chart, value });
                }
            };
            self.globals(&values, target, &place)?;
            self.chart(inner, &values, Some(&place))?;
        }
        Ok(())
    }

    /// Adds a chart's own values to those that are there.
    fn own<'c>(
        &mut self,
        chart: impl Nested<'c>,
        target: &Map,
        place: &Place<'_>,
    ) -> Result<(), Error> {
        let defaults = self.copier.map(chart.values())?;
        for (key, value) in &*defaults.entries() {
            match (target.get(key.as_bytes()), value) {
                (None, value) => self.add(target, key, value),
                (Some(Value::Nil), _) => {
                    if self.nulls == Nulls::Erase {
                        target.remove(key.as_bytes());
                    }
                }
                (Some(Value::Map(there)), Value::Map(value)) => {
                    let is_chart = |inner| Nested::name(inner).as_bytes() == key.as_bytes();
                    let nulls = if chart.charts().any(is_chart) { Nulls::Keep } else { self.nulls };
                    if nulls == Nulls::Erase && self.rules.cleans_null_defaults {
                        clean_nulls(value);
                    }
                    let place = place.inside(key);
                    coalesce_tables(&there, value, nulls, &place, self.warnings)?;
                }
                (Some(Value::Map(_)), value) if !matches!(value, Value::Nil) => {
                    let key = place.inside(key);
                    self.warnings.push(format!("warning: skipped value for {key}: Not a table."));
                }
                (Some(_), _) => {}
            }
        }
        Ok(())
    }

    fn add(&mut self, target: &Map, key: &sealift_gotemplate::Str, value: &Value) {
        if self.nulls == Nulls::Erase && self.rules.cleans_null_defaults {
            match value {
                Value::Nil => return,
                Value::Map(map) => clean_nulls(map),
                _ => {}
            }
        }
        target.insert(key.clone(), value.clone());
    }

    /// Adds the globals of a chart to those of a chart inside; the outer ones win.
    fn globals(&mut self, inner: &Map, outer: &Map, place: &Place<'_>) -> Result<(), Limit> {
        let (Some(inner_globals), Some(outer_globals)) =
            (self.table(inner, "destination"), self.table(outer, "source"))
        else {
            return Ok(());
        };
        for (key, value) in &*outer_globals.entries() {
            let there = inner_globals.get(key.as_bytes());
            match (value, there) {
                (Value::Map(table), None) => {
                    inner_globals.insert(key.clone(), shallow(table));
                }
                (Value::Map(table), Some(Value::Map(there))) => {
                    let copy = shallow(table);
                    let place = place.inside(key);
                    coalesce_tables(&copy, &there, Nulls::Keep, &place, self.warnings)?;
                    inner_globals.insert(key.clone(), copy);
                }
                (Value::Map(_), Some(_)) => {
                    let key = printed("%q", &Value::Str(key.clone()));
                    self.warnings.push(format!(
                        "Conflict: cannot merge map onto non-map for {key}. Skipping."
                    ));
                }
                (_, Some(Value::Map(_))) => {
                    self.warnings.push(format!("key {key} is table. Skipping"));
                }
                _ => drop(inner_globals.insert(key.clone(), value.clone())),
            }
        }
        inner.insert(GLOBAL, inner_globals);
        Ok(())
    }

    fn table(&mut self, map: &Map, side: &str) -> Option<Map> {
        match map.get(GLOBAL) {
            None => Some(Map::new()),
            Some(Value::Map(globals)) => Some(globals),
            Some(_) => {
                self.warnings.push(format!(
                    "warning: skipping globals because {side} {GLOBAL} is not a table."
                ));
                None
            }
        }
    }
}

/// Returns a map with the same entries, which shares the maps in them.
fn shallow(map: &Map) -> Map {
    let copy = Map::new();
    for (key, value) in &*map.entries() {
        copy.insert(key.clone(), value.clone());
    }
    copy
}
