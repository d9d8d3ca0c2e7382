//! Deep copies, counted.

use sealift_gotemplate::{Limit, List, Map, VALUE_DEPTH, Value};

/// Elements of lists and maps that one coalescing may make.
///
/// As many as templates may hold: `specs/security.md`, budgets.
const ELEMENTS: usize = 10_000_000;

/// Elements that all coalescings of a chart may make, which throw most of them away.
const STEPS: u64 = 50_000_000;

/// Copies values, until there are too many.
pub(super) struct Copier {
    elements: usize,
    steps: u64,
}

impl Default for Copier {
    fn default() -> Self {
        Self { elements: ELEMENTS, steps: STEPS }
    }
}

impl Copier {
    /// Begins a coalescing, which may make all elements anew.
    pub(super) fn begin(&mut self) {
        self.elements = ELEMENTS;
    }

    /// Returns a map that shares no map with the one given.
    ///
    /// Mirrors `copystructure.Copy`, which Helm calls before it changes values.
    pub(super) fn map(&mut self, map: &Map) -> Result<Map, Limit> {
        self.map_at(map, 1)
    }

    fn map_at(&mut self, map: &Map, depth: u32) -> Result<Map, Limit> {
        self.spend(map.len())?;
        map.copied(|value| self.value(value, depth))
    }

    fn value(&mut self, value: &Value, depth: u32) -> Result<Value, Limit> {
        if depth >= VALUE_DEPTH && (value.as_map().is_some() || value.as_list().is_some()) {
            return Err(Limit::ValueDepth(VALUE_DEPTH));
        }
        match value {
            Value::Map(map) => Ok(self.map_at(map, depth + 1)?.into()),
            Value::List(list) => {
                self.spend(list.len())?;
                let items = list.items().iter().map(|item| self.value(item, depth + 1));
                Ok(List::typed(list.elem().clone(), items.collect::<Result<_, _>>()?).into())
            }
            other => Ok(other.clone()),
        }
    }

    fn spend(&mut self, elements: usize) -> Result<(), Limit> {
        self.elements = self.elements.checked_sub(elements).ok_or(Limit::LiveElements(ELEMENTS))?;
        let steps = u64::try_from(elements).unwrap_or(u64::MAX).saturating_add(1);
        self.steps = self.steps.checked_sub(steps).ok_or(Limit::Steps(STEPS))?;
        Ok(())
    }
}

/// Returns an error when maps and lists contain one another more than `most` deep.
pub(super) fn check_depth(value: &Value, most: u32) -> Result<(), Limit> {
    let deeper = |held: &Value| match most.checked_sub(1) {
        Some(rest) => check_depth(held, rest),
        None => Err(Limit::ValueDepth(VALUE_DEPTH)),
    };
    match value {
        Value::Map(map) => map.entries().iter().try_for_each(|(_, held)| deeper(held)),
        Value::List(list) => list.items().iter().try_for_each(deeper),
        _ => Ok(()),
    }
}
