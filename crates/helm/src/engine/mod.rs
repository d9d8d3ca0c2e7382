//! Templates with values to texts.
//!
//! Mirrors `pkg/engine` of Helm 4.2.4 and of 3.21.4; what differs is data of the
//! profile's rules.

mod error;
mod functions;
mod glob;
mod objects;
mod order;
mod report;
mod scope;
mod tree;

use std::rc::Rc;

use sealift_gotemplate::{
    Budget, Error, Limit, Limits, Map, MissingKey, Output, Record, Str, Templates, Trace, Value,
};
use sealift_sprig::Host;

use crate::provenance::Trail;
use crate::{Capabilities, Chart, Profile, Release};
pub use error::{EngineError, ErrorKind, Spot};
use objects::Objects;
use scope::Renderable;

/// What Helm calls the set of all templates, and each text of `tpl`.
const SET: &str = "gotpl";

/// Bytes of a template of which most stand in what it gives: memory for that is taken at once.
const LARGE: usize = 32 << 10;

/// Renders charts as one release of Helm does.
pub struct Engine {
    profile: Profile,
    host: Rc<dyn Host>,
    limits: Limits,
}

/// What came out of one template file.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The path that Helm prints, such as `nginx/charts/common/templates/a.yaml`.
    pub path: String,
    /// The text, with the origin of its bytes where values have one.
    pub text: Str,
    /// Which lines and values gave it, when that was traced.
    pub trail: Option<Rc<Trail>>,
}

/// What came out of all templates, and what of their values was read for it.
#[derive(Debug)]
pub struct Traced {
    /// The texts, each with its trail.
    pub rendered: Vec<Rendered>,
    /// Leads reads back to values: [`VALUES`] is the first step of their paths.
    pub trace: Trace,
}

/// The first step of paths in a [`Traced::trace`].
pub const VALUES: &str = "Values";

impl Engine {
    /// Returns an engine with the default limits.
    ///
    /// The host is asked for the time, for randomness and for keys.
    #[must_use]
    pub fn new(profile: Profile, host: Rc<dyn Host>) -> Self {
        Self { profile, host, limits: Limits::default() }
    }

    /// Sets what one chart may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Renders all templates of a chart and of the charts that it depends on, in the
    /// order of their paths. `NOTES.txt` is one of them.
    ///
    /// Dependencies must have been processed: those that are disabled are gone, those
    /// with an alias have it as their name. `values` are those of the whole tree,
    /// coalesced; the values of a dependency are the map under its name, so that what
    /// one template sets all see.
    ///
    /// With the default limits this takes a stack of up to 256 MiB.
    ///
    /// # Errors
    ///
    /// With the text that Helm prints, when a template cannot be parsed or executed; or
    /// when a limit is reached.
    pub fn render(
        &self,
        chart: &Chart,
        values: &Map,
        release: &Release,
        capabilities: &Capabilities,
    ) -> Result<Vec<Rendered>, EngineError> {
        let objects = Objects::new(self.profile.rules());
        let renderables = scope::renderables(chart, &objects, values, release, capabilities);
        self.run(&renderables, &objects, None)
    }

    /// Renders as [`render`](Self::render) does, and traces which lines and values gave what.
    ///
    /// # Errors
    ///
    /// As [`render`](Self::render).
    pub fn render_traced(
        &self,
        chart: &Chart,
        values: &Map,
        release: &Release,
        capabilities: &Capabilities,
    ) -> Result<Traced, EngineError> {
        let objects = Objects::new(self.profile.rules());
        let renderables = scope::renderables(chart, &objects, values, release, capabilities);
        let mut trace = Trace::new();
        trace.watch(VALUES, values);
        for renderable in &renderables {
            trace.watch_changes(&renderable.scope);
        }
        let rendered = self.run(&renderables, &objects, Some(&mut trace))?;
        Ok(Traced { rendered, trace })
    }

    /// Renders some templates of a chart, by their paths, as [`render`](Self::render) renders all. What
    /// others do to values is not seen by them.
    ///
    /// `parsed` keeps the parsed templates for the next time: as long as the charts are the same, whatever
    /// their values.
    ///
    /// # Errors
    ///
    /// As [`render`](Self::render).
    pub fn render_some(
        &self,
        (chart, values): (&Chart, &Map),
        (release, capabilities): (&Release, &Capabilities),
        is_wanted: &dyn Fn(&str) -> bool,
        parsed: &mut Parsed,
    ) -> Result<Vec<Rendered>, EngineError> {
        let objects = Objects::new(self.profile.rules());
        let renderables = scope::renderables(chart, &objects, values, release, capabilities);
        let paths = || renderables.iter().map(|renderable| &renderable.path);
        if parsed.0.as_ref().is_none_or(|(known, _)| !known.iter().eq(paths())) {
            parsed.0 = Some((paths().cloned().collect(), self.parse(&renderables)?));
        }
        match &parsed.0 {
            Some((_, templates)) => {
                self.execute(&renderables, &objects, is_wanted, Run::new(templates, self.limits))
            }
            None => Ok(Vec::new()),
        }
    }

    fn run(
        &self,
        renderables: &[Renderable],
        objects: &Objects,
        trace: Option<&mut Trace>,
    ) -> Result<Vec<Rendered>, EngineError> {
        let templates = self.parse(renderables)?;
        let run = Run { trace, ..Run::new(&templates, self.limits) };
        self.execute(renderables, objects, &|_| true, run)
    }

    fn execute(
        &self,
        renderables: &[Renderable],
        objects: &Objects,
        is_wanted: &dyn Fn(&str) -> bool,
        mut run: Run<'_>,
    ) -> Result<Vec<Rendered>, EngineError> {
        let rules = self.profile.rules();
        let whole = renderables.iter().filter(|renderable| !renderable.is_partial());
        let whole = whole.filter(|renderable| is_wanted(&renderable.path));
        let rendered = whole.map(|renderable| {
            run.execute(renderable, objects).map_err(|error| match error {
                Failed::Limit(limit) => EngineError::limit(&renderable.path, limit),
                Failed::Template(error) => {
                    EngineError::executing(&error, renderables, rules.errors_list_templates)
                }
            })
        });
        let mut rendered = rendered.collect::<Result<Vec<_>, _>>()?;
        rendered.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(rendered)
    }

    fn parse(&self, renderables: &[Renderable]) -> Result<Templates, EngineError> {
        let mut functions = sealift_sprig::functions(&self.host);
        functions::insert(&mut functions, self.profile.rules());
        let mut templates =
            Templates::new(functions).missing_key(MissingKey::Zero).limits(self.limits);
        for Renderable { path, text, .. } in renderables {
            templates
                .parse(path.as_str(), text.clone())
                .map_err(|error| EngineError::parsing(path, &error, renderables))?;
        }
        Ok(templates)
    }
}

/// The parsed templates of a chart, once it was rendered.
#[derive(Debug, Default)]
pub struct Parsed(Option<(Vec<String>, Templates)>);

/// One rendering of a chart.
struct Run<'r> {
    templates: &'r Templates,
    budget: Budget,
    trace: Option<&'r mut Trace>,
}

/// Why a template has no text.
enum Failed {
    Limit(Limit),
    Template(Error),
}

impl<'r> Run<'r> {
    fn new(templates: &'r Templates, limits: Limits) -> Self {
        Self { templates, budget: Budget::new(limits), trace: None }
    }

    fn execute(&mut self, renderable: &Renderable, objects: &Objects) -> Result<Rendered, Failed> {
        let Renderable { path, base_path, scope, .. } = renderable;
        let template = Map::named(Rc::clone(&objects.values));
        template.insert("Name", path.as_str());
        template.insert("BasePath", base_path.as_str());
        scope.insert("Template", template);
        let dot = Value::Map(scope.as_named(Rc::clone(&objects.values)));
        let (output, record) = self.output(renderable, &dot).map_err(Failed::Template)?;
        self.budget.check_string(output.bytes().len()).map_err(Failed::Limit)?;
        let text = output.into_str();
        let trail = record.map(|record| {
            Rc::new(Trail::new(record, &functions::no_values(&text).collect::<Vec<_>>()))
        });
        Ok(Rendered { path: path.clone(), text: functions::without_no_value(text), trail })
    }

    fn output(
        &mut self,
        Renderable { path, text, .. }: &Renderable,
        dot: &Value,
    ) -> Result<(Output, Option<Record>), Error> {
        let path = path.as_str();
        if let Some(trace) = &mut self.trace {
            let (output, record) = self.templates.execute_traced(path, dot, &self.budget, trace)?;
            return Ok((output, Some(record)));
        }
        let mut output = Output::with_capacity(if text.len() >= LARGE { text.len() } else { 0 });
        self.templates.execute(path, dot, &self.budget, &mut output)?;
        Ok((output, None))
    }
}

/// Returns a text in quotes: `%q`.
fn quoted(text: &str) -> String {
    sealift_gotemplate::quoted(text)
}
