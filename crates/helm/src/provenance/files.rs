//! Where values are written.

use sealift_gotemplate::Step;
use sealift_goyaml::{self as goyaml, Limits, Node};

use super::Leaf;
use crate::values::UserValues;
use crate::{Chart, Profile};

/// The key of values that all charts see.
const GLOBAL: &[u8] = b"global";

/// The file of a chart that has its values.
const VALUES_FILE: &str = "values.yaml";

/// Where a value is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    /// The key by which a user sets it.
    pub leaf: Leaf,
    /// The file: one of the user's, `values.yaml` of the chart, or such as `charts/redis/values.yaml`.
    pub file: String,
    /// The line of its key, or of the item of a list; from 1.
    pub line: u32,
}

/// The files in which values of a chart are written, as far as they can be read.
pub struct ValuesFiles<'t> {
    /// The user's, the first first.
    user: Vec<File<'t>>,
    chart: ChartFiles<'t>,
}

/// The values of a chart and of the charts inside.
struct ChartFiles<'t> {
    name: &'t str,
    file: File<'t>,
    charts: Vec<Self>,
}

struct File<'t> {
    name: String,
    /// Those of which later ones win.
    documents: Vec<Node<'t>>,
}

/// A value in a file.
struct Found<'f, 't> {
    file: &'f File<'t>,
    line: u32,
    node: &'f Node<'t>,
}

impl<'t> ValuesFiles<'t> {
    /// Reads the files of a user and of a chart whose dependencies were processed.
    #[must_use]
    pub fn read(chart: &'t Chart, user: &'t UserValues, profile: Profile) -> Self {
        let read = |file: &'t crate::values::ValuesFile| {
            File::read(file.name.clone(), &file.bytes, profile)
        };
        Self {
            user: user.files.iter().map(read).collect(),
            chart: ChartFiles::read(chart, "", profile),
        }
    }

    /// Returns where a value is written that was read under some key: the file that wins. Of a list,
    /// all items; none where no file has it, as with `--set`.
    ///
    /// A global value is that of the outermost chart that has it, as in Helm. Where that is null, it is
    /// one that would win, and so are those further in.
    #[must_use]
    pub fn written(&self, leaf: &Leaf) -> Vec<Written> {
        let mut written = Vec::new();
        for (leaf, found) in self.winning(leaf) {
            let mut waiting = vec![(leaf, found.line, found.node)];
            while let Some((leaf, line, node)) = waiting.pop() {
                match node.value() {
                    goyaml::Value::Map(_) => {}
                    goyaml::Value::Seq(items) => {
                        let items = items.iter().enumerate();
                        waiting.extend(items.map(|(at, item)| (leaf.item(at), item.line(), item)));
                    }
                    _ => written.push(Written { leaf, file: found.file.name.clone(), line }),
                }
            }
        }
        written.sort();
        written
    }

    /// Returns what is written below a map that is null there: Helm takes such keys away, so that who reads
    /// the map does not see them, and would see other values.
    #[must_use]
    pub fn nulls(&self, map: &Leaf) -> Vec<Written> {
        let files =
            self.user.iter().chain(self.chart.on_the_way(map.steps()).map(|(file, _)| file));
        let steps = self.chart.on_the_way(map.steps()).map(|(_, steps)| steps);
        let user = self.user.iter().map(|_| map.steps());
        let mut keys: Vec<&[u8]> = Vec::new();
        for (file, steps) in files.zip(user.chain(steps)) {
            let entries = file.documents.iter().filter_map(|document| at(document, steps));
            let entries = entries.flat_map(|(_, map)| map.entries());
            let nulls = entries.filter(|(_, value)| value.is_null());
            keys.extend(nulls.filter_map(|(key, _)| key.as_str().map(str::as_bytes)));
        }
        keys.sort_unstable();
        keys.dedup();
        let written = keys.into_iter().flat_map(|key| self.written(&map.key(key)));
        written.collect()
    }

    /// Returns the value that wins, after those that are null and would win.
    fn winning(&self, leaf: &Leaf) -> Vec<(Leaf, Found<'_, 't>)> {
        let steps = leaf.steps();
        let depth = self.chart.depth(steps);
        if !is_key(steps.get(depth), GLOBAL) {
            return self.find(steps).map(|found| (leaf.clone(), found)).into_iter().collect();
        }
        let mut winning = Vec::new();
        for kept in 0..=depth {
            let leaf = Leaf::new([&steps[..kept], &steps[depth..]].concat());
            let Some(found) = self.find(leaf.steps()) else { continue };
            let is_null = found.node.is_null();
            winning.push((leaf, found));
            if !is_null {
                break;
            }
        }
        winning
    }

    fn find(&self, steps: &[Step]) -> Option<Found<'_, 't>> {
        let user = self.user.iter().rev().find_map(|file| file.find(steps));
        user.or_else(|| self.chart.find(steps))
    }
}

impl<'t> ChartFiles<'t> {
    /// Charts are as deep inside one another as loading allows.
    fn read(chart: &'t Chart, folder: &str, profile: Profile) -> Self {
        let raw = chart.raw.iter().find(|file| &*file.name == VALUES_FILE);
        let bytes = raw.map_or(&[][..], |file| file.data.as_bytes());
        let inner = |chart: &'t Chart| {
            Self::read(chart, &format!("{folder}charts/{}/", chart.name()), profile)
        };
        Self {
            name: chart.name(),
            file: File::read(format!("{folder}{VALUES_FILE}"), bytes, profile),
            charts: chart.dependencies.iter().map(inner).collect(),
        }
    }

    fn inner(&self, step: Option<&Step>) -> Option<&Self> {
        self.charts.iter().find(|chart| is_key(step, chart.name.as_bytes()))
    }

    /// Returns how many of the first steps lead into charts inside.
    fn depth(&self, steps: &[Step]) -> usize {
        self.inner(steps.first()).map_or(0, |inner| 1 + inner.depth(&steps[1..]))
    }

    /// Returns the files that may have a value, the outermost first, and the steps to it there.
    fn on_the_way<'f, 's>(
        &'f self,
        steps: &'s [Step],
    ) -> impl Iterator<Item = (&'f File<'t>, &'s [Step])> {
        std::iter::successors(Some((self, steps)), |(chart, steps)| {
            Some((chart.inner(steps.first())?, &steps[1..]))
        })
        .map(|(chart, steps)| (&chart.file, steps))
    }

    /// Looks into the values of the outer chart first, which win.
    fn find(&self, steps: &[Step]) -> Option<Found<'_, 't>> {
        self.on_the_way(steps).find_map(|(file, steps)| file.find(steps))
    }
}

impl<'t> File<'t> {
    /// What cannot be read is not there: whoever renders says so.
    fn read(name: String, bytes: &'t [u8], profile: Profile) -> Self {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let most = if profile.rules().values_of_all_documents { usize::MAX } else { 1 };
        let documents = goyaml::documents(text, &Limits::default());
        Self { name, documents: documents.map_while(Result::ok).take(most).collect() }
    }

    fn find(&self, steps: &[Step]) -> Option<Found<'_, 't>> {
        self.documents.iter().rev().find_map(|document| {
            at(document, steps).map(|(line, node)| Found { file: self, line, node })
        })
    }
}

/// Follows steps, and returns the line of the last key or item with what is there.
fn at<'f, 't>(document: &'f Node<'t>, steps: &[Step]) -> Option<(u32, &'f Node<'t>)> {
    steps.iter().try_fold((document.line(), document), |(_, node), step| match step {
        Step::Item(at) => node.items().get(*at).map(|item| (item.line(), item)),
        Step::Key(key) => {
            let mut entries = node.entries().iter();
            let is_it = |name: &Node<'_>| {
                name.as_str().is_some_and(|name| name.as_bytes() == key.as_bytes())
            };
            let (name, value) = entries.find(|(name, _)| is_it(name))?;
            Some((name.line(), value))
        }
    })
}

fn is_key(step: Option<&Step>, name: &[u8]) -> bool {
    matches!(step, Some(Step::Key(key)) if key.as_bytes() == name)
}
