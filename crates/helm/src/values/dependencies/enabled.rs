//! Which charts are rendered, and under which names.

use std::collections::BTreeSet;

use sealift_gotemplate::{Map, Value};
use sealift_sprig::semver;

use super::Run;
use super::tree::{NeedId, NodeId};
use crate::values::Error;
use crate::values::path::{path_value, table};
use crate::values::tables::Nulls;

impl Run {
    /// Takes the charts away that are disabled, and names others by their aliases.
    ///
    /// Mirrors `processDependencyEnabled`, which reads the charts inside with all values, not
    /// with theirs.
    pub(super) fn enable(
        &mut self,
        id: NodeId,
        values: &Map,
        path: &str,
        depth: usize,
    ) -> Result<(), Error> {
        self.visit(depth)?;
        let Some(needs) = self.tree.meta(id).needs.clone() else { return Ok(()) };
        let charts = self.named_charts(id, &needs)?;
        self.tree.set_charts(id, charts);
        let values = self.coalesce(id, values, Nulls::Erase)?;
        self.decide(&needs, &values, path);

        let is_off = |need: &NeedId| !self.tree.need(*need).enabled;
        let name = |need: &NeedId| self.tree.need(*need).name.clone();
        let off: BTreeSet<String> = needs.iter().filter(|need| is_off(need)).map(name).collect();
        let charts = self.tree.node(id).charts.iter().copied();
        let charts: Vec<_> = charts.filter(|id| !off.contains(self.tree.name(*id))).collect();
        let needs: Vec<_> = needs.into_iter().filter(|need| !off.contains(&name(need))).collect();
        for chart in &charts {
            let path = format!("{path}{}.", self.tree.name(*chart));
            self.enable(*chart, &values, &path, depth + 1)?;
        }
        self.tree.meta_mut(id).needs = Some(needs).filter(|needs| !needs.is_empty());
        self.tree.set_charts(id, charts);
        Ok(())
    }

    /// Returns the charts of which nothing is written, then a copy for each that is.
    fn named_charts(&mut self, id: NodeId, needs: &[NeedId]) -> Result<Vec<NodeId>, Error> {
        let there = self.tree.node(id).charts.clone();
        let is_needed = |chart: &NodeId| needs.iter().any(|need| self.meets(*chart, *need));
        let mut charts: Vec<_> = there.iter().copied().filter(|chart| !is_needed(chart)).collect();
        for need in needs {
            let found = there.iter().copied().find(|chart| self.meets(*chart, *need));
            let alias = self.tree.need(*need).alias.clone();
            if let Some(found) = found {
                let copy = self.tree.copy(found, self.rules.copies_aliases_deep)?;
                if !alias.is_empty() {
                    self.tree.meta_mut(copy).name.clone_from(&alias);
                }
                charts.push(copy);
            }
            if !alias.is_empty() {
                self.tree.need_mut(*need).name = alias;
            }
        }
        Ok(charts)
    }

    fn meets(&self, chart: NodeId, need: NeedId) -> bool {
        let need = self.tree.need(need);
        self.tree.name(chart) == need.name && is_compatible(&need.version, self.tree.version(chart))
    }

    fn decide(&mut self, needs: &[NeedId], values: &Map, path: &str) {
        for need in needs {
            self.tree.need_mut(*need).enabled = true;
        }
        if let Ok(tags) = table(values, "tags") {
            for need in needs {
                self.decide_by_tags(*need, &tags);
            }
        }
        for need in needs {
            self.decide_by_conditions(*need, values, path);
        }
    }

    fn decide_by_tags(&mut self, id: NeedId, tags: &Map) {
        let need = self.tree.need(id);
        let (mut is_on, mut is_off) = (false, false);
        for tag in &need.tags {
            match tags.get(tag) {
                None => {}
                Some(Value::Bool(true)) => is_on = true,
                Some(Value::Bool(false)) => is_off = true,
                Some(_) => self.warnings.push(format!(
                    "Warning: Tag '{tag}' for chart {} returned non-bool value",
                    need.name
                )),
            }
        }
        self.tree.need_mut(id).enabled = is_on || !is_off;
    }

    /// Sets what the first of the paths says that leads to a truth.
    fn decide_by_conditions(&mut self, id: NeedId, values: &Map, path: &str) {
        let need = self.tree.need(id);
        for condition in need.condition.trim().split(',').filter(|path| !path.is_empty()) {
            match path_value(values, &format!("{path}{condition}")) {
                None => {}
                Some(Value::Bool(truth)) => {
                    self.tree.need_mut(id).enabled = truth;
                    return;
                }
                Some(_) => self.warnings.push(format!(
                    "Warning: Condition path '{condition}' for chart {} returned non-bool value",
                    need.name
                )),
            }
        }
    }
}

/// Returns whether a version is in a range; never, when one of both cannot be read.
///
/// Mirrors `IsCompatibleRange` in `pkg/chart/v2/util/compatible.go` of Helm 4.2.4.
pub(crate) fn is_compatible(range: &str, version: &str) -> bool {
    let range = range.parse::<semver::Constraints>();
    let version = version.parse::<semver::Version>();
    range.is_ok_and(|range| version.is_ok_and(|version| range.check(&version)))
}
