//! Templates with values to texts.
//!
//! Mirrors `pkg/engine` of Helm 4.2.4 and of 3.21.4; what differs is data of the
//! profile's rules.

mod error;
mod functions;
mod objects;
mod order;
mod scope;
mod trace;
mod tree;

use std::rc::Rc;

use sealift_gotemplate::{Budget, Limits, Map, MissingKey, Output, Str, Templates, Value};
use sealift_sprig::Host;

use crate::{Capabilities, Chart, Profile, Release};
pub use error::{EngineError, ErrorKind, Spot};
use objects::Objects;
use scope::Renderable;

/// What Go prints for a value that is not there, and Helm takes away again.
const NO_VALUE: &[u8] = b"<no value>";

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
}

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
        let templates = self.parse(&renderables)?;
        let budget = Budget::new(self.limits);
        let mut rendered = Vec::new();
        for renderable in renderables.iter().filter(|renderable| !renderable.is_partial()) {
            rendered.push(self.execute(&templates, &renderables, renderable, &objects, &budget)?);
        }
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
                .map_err(|error| EngineError::parsing(path, error, renderables))?;
        }
        Ok(templates)
    }

    fn execute(
        &self,
        templates: &Templates,
        renderables: &[Renderable],
        renderable: &Renderable,
        objects: &Objects,
        budget: &Budget,
    ) -> Result<Rendered, EngineError> {
        let Renderable { path, base_path, scope, .. } = renderable;
        let template = Map::named(Rc::clone(&objects.values));
        template.insert("Name", path.as_str());
        template.insert("BasePath", base_path.as_str());
        scope.insert("Template", template);
        let dot = Value::Map(scope.as_named(Rc::clone(&objects.values)));
        let mut output = Output::new();
        templates
            .execute(path.as_str(), &dot, budget, &mut output)
            .map_err(|error| self.error(path, error, renderables))?;
        budget
            .check_string(output.bytes().len())
            .map_err(|limit| EngineError::limit(path, limit))?;
        Ok(Rendered { path: path.clone(), text: without_no_value(output.into_str()) })
    }

    fn error(
        &self,
        path: &str,
        error: sealift_gotemplate::Error,
        renderables: &[Renderable],
    ) -> EngineError {
        let lists_frames = self.profile.rules().errors_list_frames;
        EngineError::executing(path, error, renderables, lists_frames)
    }
}

/// Returns a text without what stands for values that are not there.
fn without_no_value(text: Str) -> Str {
    let bytes = text.as_bytes();
    let next = |from: usize| {
        let found = bytes[from..].windows(NO_VALUE.len()).position(|window| window == NO_VALUE);
        found.map(|found| from + found)
    };
    let Some(mut found) = next(0) else { return text };
    let mut output = Output::new();
    let mut from = 0;
    loop {
        output.push_str(&text.part(from..found));
        from = found + NO_VALUE.len();
        match next(from) {
            Some(place) => found = place,
            None => break,
        }
    }
    output.push_str(&text.part(from..bytes.len()));
    output.into_str()
}
