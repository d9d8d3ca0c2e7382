//! What each template sees.

use std::collections::BTreeMap;
use std::rc::Rc;

use sealift_gotemplate::{Map, Str, Value};

use super::objects::{self, Objects};
use super::order;
use crate::{Capabilities, Chart, Release};

/// A template file, and what it is executed with.
pub(super) struct Renderable {
    pub(super) path: String,
    pub(super) text: Str,
    /// The folder of the chart's templates.
    pub(super) base_path: String,
    /// `.`, which all templates of a chart share.
    pub(super) scope: Map,
}

impl Renderable {
    /// Returns whether the file only holds what others include.
    pub(super) fn is_partial(&self) -> bool {
        base_name(&self.path).starts_with('_')
    }
}

/// Returns all template files in the order of parsing and executing.
///
/// Mirrors `allTemplates` of `pkg/engine/engine.go` of Helm 4.2.4.
pub(super) fn renderables(
    chart: &Chart,
    objects: &Objects,
    values: &Map,
    release: &Release,
    capabilities: &Capabilities,
) -> Vec<Renderable> {
    let shared = Shared {
        objects,
        release: objects::release(release).into(),
        capabilities: objects.capabilities(capabilities),
    };
    let mut found = BTreeMap::new();
    let place = Place { path: chart.name().to_owned(), is_root: true };
    shared.walk(chart, &values.as_named(Rc::clone(&objects.values)), &place, &mut found);
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by(|a, b| order::compare(&a.path, &b.path));
    found
}

/// What the templates of all charts see.
struct Shared<'o> {
    objects: &'o Objects,
    release: Value,
    capabilities: Value,
}

/// Where a chart stands in the tree.
struct Place {
    path: String,
    is_root: bool,
}

impl Shared<'_> {
    /// Collects the templates of a chart and of those below it; returns what they see.
    ///
    /// Charts are as deep inside one another as loading allows.
    fn walk(
        &self,
        chart: &Chart,
        values: &Map,
        place: &Place,
        found: &mut BTreeMap<String, Renderable>,
    ) -> Map {
        let scope = Map::new();
        let charts_below = Map::new();
        scope.insert("Chart", self.objects.chart(&chart.metadata, place.is_root));
        scope.insert("Files", self.objects.files(&chart.files));
        scope.insert("Release", self.release.clone());
        scope.insert("Capabilities", self.capabilities.clone());
        scope.insert("Values", values.clone());
        scope.insert("Subcharts", charts_below.clone());
        for below in &chart.dependencies {
            let values = objects::table(values, below.name())
                .unwrap_or_else(|_| Map::named(Rc::clone(&self.objects.values)));
            let place = Place { path: below.path_below(&place.path), is_root: false };
            charts_below.insert(below.name(), self.walk(below, &values, &place, found));
        }
        for file in chart.templates.iter() {
            if chart.is_library() && !base_name(&file.name).starts_with('_') {
                continue;
            }
            let path = format!("{}/{}", place.path, file.name);
            let base_path = format!("{}/templates", place.path);
            let text = file.data.clone();
            let renderable =
                Renderable { path: path.clone(), text, base_path, scope: scope.clone() };
            found.insert(path, renderable);
        }
        scope
    }
}

/// Returns what follows the last slash.
pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
