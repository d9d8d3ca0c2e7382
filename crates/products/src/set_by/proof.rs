//! Values changed in turn.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use sealift_gotemplate::{Map, Value};
use sealift_helm::provenance::Written;

use super::bench::Bench;
use super::change::changes;
use super::seen::{Seen, Spot};
use super::{Claims, SetByError};

/// Changes values in turn.
pub(super) struct Proof<'c> {
    bench: Bench<'c>,
    /// The values of user and charts.
    values: Map,
    most_renderings: usize,
    /// What is there with no value changed, by the files that were rendered.
    base: BTreeMap<BTreeSet<String>, Rc<[Seen]>>,
    claims: Claims,
}

impl<'c> Proof<'c> {
    pub(super) fn new(bench: Bench<'c>, values: Map, most_renderings: usize) -> Self {
        let (base, claims) = (BTreeMap::new(), Claims::default());
        Self { bench, values, most_renderings, base, claims }
    }

    pub(super) fn finish(self) -> Claims {
        self.claims
    }

    /// Changes a value until a reference in these files moves.
    pub(super) fn leaf(&mut self, written: &Written, files: &BTreeSet<String>) {
        let value = written.leaf.value(&self.values).unwrap_or(Value::Nil);
        let Ok(base) = self.base(files) else { return };
        for change in changes(&value) {
            if self.claims.renderings >= self.most_renderings {
                self.claims.untried += 1;
                return;
            }
            self.claims.renderings += 1;
            let user = written.leaf.set(self.bench.subject.user, &self.values, change);
            // A chart may refuse the value, which proves nothing.
            let Ok(after) = self.bench.seen(&user, files) else { continue };
            let moved = moved(&base, &after);
            if moved.is_empty() || !self.bench.allows(&user) {
                continue;
            }
            for (spot, text) in moved {
                let by_text = self.claims.by_spot.entry(spot).or_default();
                by_text.entry(text).or_default().insert(written.clone());
            }
            return;
        }
    }

    fn base(&mut self, files: &BTreeSet<String>) -> Result<Rc<[Seen]>, SetByError> {
        if let Some(base) = self.base.get(files) {
            return Ok(Rc::clone(base));
        }
        self.claims.renderings += 1;
        let base: Rc<[Seen]> = self.bench.seen(self.bench.subject.user, files)?.into();
        self.base.insert(files.clone(), Rc::clone(&base));
        Ok(base)
    }
}

/// Returns the spots where another text stands than before, and what stood there. Where there is none any more, or more
/// or less of them, nothing has moved.
fn moved(before: &[Seen], after: &[Seen]) -> BTreeSet<(Spot, String)> {
    let (before, after) = (by_spot(before), by_spot(after));
    let mut moved = BTreeSet::new();
    for (spot, before) in before {
        let after = after.get(spot).map_or(&[][..], Vec::as_slice);
        if before.len() == after.len() {
            let pairs = before.iter().zip(after);
            let others = pairs.filter(|(before, after)| before.text != after.text);
            moved.extend(others.map(|(before, _)| (before.spot.clone(), before.text.clone())));
        }
    }
    moved
}

fn by_spot(seen: &[Seen]) -> BTreeMap<&Spot, Vec<&Seen>> {
    let mut by_spot: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for seen in seen {
        by_spot.entry(&seen.stable).or_default().push(seen);
    }
    by_spot
}
