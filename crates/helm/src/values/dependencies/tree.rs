//! Charts that share what they are said of, as Go's pointers do.

use std::rc::Rc;

use sealift_gotemplate::Map;

use super::check;
use crate::Chart;
use crate::chart::{Dependency, Metadata};
use crate::values::Error;
use crate::values::coalesce::Nested;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MetaId(usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NeedId(usize);

/// A chart. Several may have the same metadata, and the same charts inside.
#[derive(Clone)]
pub(super) struct Node {
    /// The chart as it was loaded; what changes is beside it.
    source: Chart,
    pub(super) meta: MetaId,
    pub(super) values: Map,
    pub(super) charts: Vec<NodeId>,
    parent: Option<NodeId>,
}

/// What changes of `Chart.yaml`.
#[derive(Clone)]
pub(super) struct Meta {
    source: Rc<Metadata>,
    pub(super) name: String,
    /// `None` when no dependency is written, of which Helm then looks at none.
    pub(super) needs: Option<Vec<NeedId>>,
}

/// Charts, their metadata, and what they depend on, by number.
#[derive(Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    metas: Vec<Meta>,
    needs: Vec<Dependency>,
    /// How many charts the outcome has so far.
    made: usize,
}

impl Tree {
    pub(super) fn new(chart: &Chart) -> Result<(Self, NodeId), Error> {
        let mut tree = Self::default();
        let root = tree.add(chart, None, 0)?;
        Ok((tree, root))
    }

    fn add(
        &mut self,
        chart: &Chart,
        parent: Option<NodeId>,
        depth: usize,
    ) -> Result<NodeId, Error> {
        check(self.nodes.len() + 1, depth)?;
        let source = Rc::clone(&chart.metadata);
        let needs = source.dependencies.iter().map(|need| self.add_need(need.clone())).collect();
        let needs = Some(needs).filter(|_| source.has_dependencies);
        let meta = self.add_meta(Meta { name: source.name.clone(), source, needs });
        let values = chart.values.clone();
        let source = Chart { dependencies: Vec::new(), ..chart.clone() };
        let node = self.push(Node { source, meta, values, charts: Vec::new(), parent });
        for inner in &chart.dependencies {
            let inner = self.add(inner, Some(node), depth + 1)?;
            self.node_mut(node).charts.push(inner);
        }
        Ok(node)
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    fn add_meta(&mut self, meta: Meta) -> MetaId {
        self.metas.push(meta);
        MetaId(self.metas.len() - 1)
    }

    fn add_need(&mut self, need: Dependency) -> NeedId {
        self.needs.push(need);
        NeedId(self.needs.len() - 1)
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0]
    }

    pub(super) fn meta(&self, id: NodeId) -> &Meta {
        &self.metas[self.node(id).meta.0]
    }

    pub(super) fn meta_mut(&mut self, id: NodeId) -> &mut Meta {
        let meta = self.node(id).meta;
        &mut self.metas[meta.0]
    }

    pub(super) fn need(&self, id: NeedId) -> &Dependency {
        &self.needs[id.0]
    }

    pub(super) fn need_mut(&mut self, id: NeedId) -> &mut Dependency {
        &mut self.needs[id.0]
    }

    pub(super) fn name(&self, id: NodeId) -> &str {
        &self.meta(id).name
    }

    pub(super) fn version(&self, id: NodeId) -> &str {
        &self.meta(id).source.version
    }

    /// Puts charts into a chart, in place of those that are there.
    pub(super) fn set_charts(&mut self, id: NodeId, charts: Vec<NodeId>) {
        for chart in &charts {
            self.node_mut(*chart).parent = Some(id);
        }
        self.node_mut(id).charts = charts;
    }

    /// Copies a chart that is in another one.
    ///
    /// `deep`: the copy has what it depends on and the charts inside for itself.
    pub(super) fn copy(&mut self, id: NodeId, deep: bool) -> Result<NodeId, Error> {
        check(self.nodes.len() + 1 + self.node(id).charts.len(), 0)?;
        let node = self.node(id).clone();
        let mut meta = self.meta(id).clone();
        if deep {
            meta.needs = meta.needs.map(|needs| {
                needs.into_iter().map(|need| self.add_need(self.need(need).clone())).collect()
            });
        }
        let charts = node.charts.clone();
        let meta = self.add_meta(meta);
        let copy = self.push(Node { meta, ..node });
        if deep {
            let charts = charts.into_iter().map(|id| self.push(self.node(id).clone())).collect();
            self.set_charts(copy, charts);
        }
        Ok(copy)
    }

    /// Returns a chart for reading, with those inside.
    pub(super) fn view(&self, id: NodeId) -> View<'_> {
        View { tree: self, id }
    }

    /// Returns a chart as it is now, with those inside.
    pub(super) fn chart(&mut self, root: NodeId) -> Result<Chart, Error> {
        let name = self.name(root).to_owned();
        self.chart_at(root, &name, 0)
    }

    fn chart_at(&mut self, id: NodeId, expected: &str, depth: usize) -> Result<Chart, Error> {
        self.made += 1;
        check(self.made, depth)?;
        let path = self.path(id);
        let charts = self.node(id).charts.clone().into_iter().map(|inner| {
            let expected = format!("{path}/charts/{}", self.name(inner));
            self.chart_at(inner, &expected, depth + 1)
        });
        let dependencies = charts.collect::<Result<_, _>>()?;
        let (node, meta) = (self.node(id), self.meta(id));
        let needs = meta.needs.iter().flatten();
        let metadata = Metadata {
            name: meta.name.clone(),
            dependencies: needs.map(|need| self.need(*need).clone()).collect(),
            has_dependencies: meta.needs.is_some(),
            ..Metadata::clone(&meta.source)
        };
        Ok(Chart {
            metadata: Rc::new(metadata),
            values: node.values.clone(),
            dependencies,
            full_path: Some(path).filter(|path| path != expected).map(Rc::from),
            ..node.source.clone()
        })
    }

    /// Returns the path of a chart by the charts that were last said to hold it.
    fn path(&self, id: NodeId) -> String {
        let holders = std::iter::successors(Some(id), |id| self.node(*id).parent);
        let names: Vec<_> = holders.map(|id| self.name(id)).collect();
        names.into_iter().rev().collect::<Vec<_>>().join("/charts/")
    }
}

/// A chart of a tree.
#[derive(Clone, Copy)]
pub(super) struct View<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl<'t> Nested<'t> for View<'t> {
    fn name(self) -> &'t str {
        self.tree.name(self.id)
    }

    fn values(self) -> &'t Map {
        &self.tree.node(self.id).values
    }

    fn charts(self) -> impl Iterator<Item = Self> {
        let tree = self.tree;
        tree.node(self.id).charts.iter().map(|id| Self { tree, id: *id })
    }
}
