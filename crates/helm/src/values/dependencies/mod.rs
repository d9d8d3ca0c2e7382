//! Which charts of a chart are rendered, under which names, and what it imports of them.
//!
//! Mirrors `pkg/chart/v2/util/dependencies.go` of Helm 4.2.4, and of 3.21.4, which lets charts
//! that a chart names twice share what it changes.

mod enabled;
mod import;
mod tree;

pub(crate) use enabled::is_compatible;
use sealift_gotemplate::Map;

use super::Error;
use super::coalesce::Coalescer;
use super::copy::Copier;
use super::tables::Nulls;
use crate::profile::Rules;
use crate::{Chart, Profile};
use tree::{NodeId, Tree};

/// A chart with the charts that are rendered with it.
#[derive(Clone, Debug)]
pub struct Processed {
    /// The chart: what it depends on is as its values say, and its values hold what it imports.
    pub chart: Chart,
    /// What Helm warns of, in its words.
    pub warnings: Vec<String>,
}

/// Returns a chart without the charts that are disabled, with others under their aliases, and
/// with the values that it imports.
///
/// `user` are the values of the user; neither they nor the chart given are changed.
///
/// # Errors
///
/// [`Error::TypeMismatch`], [`Error::Import`], [`Error::Charts`] or [`Error::Limit`].
pub fn process_dependencies(
    chart: &Chart,
    user: &Map,
    profile: Profile,
) -> Result<Processed, Error> {
    let (tree, root) = Tree::new(chart)?;
    let mut run = Run {
        tree,
        rules: profile.rules(),
        copier: Copier::default(),
        warnings: Vec::new(),
        visits: 0,
    };
    run.enable(root, user, "", 0)?;
    run.import(root, 0)?;
    let chart = run.tree.chart(root)?;
    Ok(Processed { chart, warnings: run.warnings })
}

/// Charts that a chart may become by aliases.
///
/// As many as an archive may have entries: `specs/security.md`, budgets.
const MAX_CHARTS: usize = 10_000;

/// How deep charts may contain one another. Paths have at most 64 parts, of which two make a
/// chart, and archives in archives are at most five deep.
const MAX_DEPTH: usize = 200;

struct Run {
    tree: Tree,
    rules: &'static Rules,
    copier: Copier,
    warnings: Vec<String>,
    visits: usize,
}

impl Run {
    fn coalesce(&mut self, node: NodeId, user: &Map, nulls: Nulls) -> Result<Map, Error> {
        let Self { tree, rules, copier, warnings, .. } = self;
        Coalescer { rules, nulls, copier, warnings }.copied(tree.view(node), user)
    }

    /// Counts a chart that is looked at.
    fn visit(&mut self, depth: usize) -> Result<(), Error> {
        self.visits += 1;
        check(self.visits, depth)
    }
}

fn check(charts: usize, depth: usize) -> Result<(), Error> {
    if charts > MAX_CHARTS {
        return Err(Error::Charts(MAX_CHARTS));
    }
    if depth > MAX_DEPTH {
        return Err(Error::Nesting(MAX_DEPTH));
    }
    Ok(())
}
