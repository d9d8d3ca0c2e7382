//! Renderings of one chart with other values.

use std::collections::BTreeSet;
use std::rc::Rc;

use sealift_discover::Limits;
use sealift_gotemplate::Map;
use sealift_helm::assembly::{self, Document, Manifests};
use sealift_helm::engine::{Engine, Parsed, Rendered, Traced};
use sealift_helm::values::{self, coalesce, process_dependencies};
use sealift_helm::{Chart, FixedHost, Settings};

use super::seen::{self, Seen};
use super::{SetByError, Subject};

/// Renders a chart again and again.
pub(super) struct Bench<'c> {
    pub(super) subject: Subject<'c>,
    engine: Engine,
    /// Gives each rendering the same, so that chance moves nothing.
    host: Rc<FixedHost>,
    parsed: Parsed,
    /// What Helm prints before the paths of templates.
    prefix: String,
    limits: Limits,
}

impl<'c> Bench<'c> {
    pub(super) fn new(subject: Subject<'c>) -> Self {
        let host = Rc::new(FixedHost::default());
        let engine = Engine::new(subject.settings.profile, Rc::<FixedHost>::clone(&host));
        Self {
            subject,
            engine: engine.limits(subject.settings.limits),
            host,
            parsed: Parsed::default(),
            prefix: format!("{}/", subject.chart.name()),
            limits: Limits::default(),
        }
    }

    /// Returns the charts that are rendered with values of a user, and all values.
    pub(super) fn values(&self, user: &Map) -> Result<(Chart, Map), values::Error> {
        let Subject { chart, settings, .. } = self.subject;
        let profile = settings.profile;
        let chart = process_dependencies(chart, user, profile)?.chart;
        let values = coalesce(&chart, user, profile)?.values;
        Ok((chart, values))
    }

    pub(super) fn trace(&self, chart: &Chart, values: &Map) -> Result<Traced, SetByError> {
        let Settings { release, capabilities, .. } = self.subject.settings;
        self.host.restart();
        Ok(self.engine.render_traced(chart, values, release, capabilities)?)
    }

    /// Renders some templates, and returns the references in what they give.
    pub(super) fn seen(
        &mut self,
        user: &Map,
        files: &BTreeSet<String>,
    ) -> Result<Vec<Seen>, SetByError> {
        let Settings { release, capabilities, .. } = self.subject.settings;
        let (chart, values) = self.values(user)?;
        self.host.restart();
        let rendered = self.engine.render_some(
            (&chart, &values),
            (release, capabilities),
            &|path| files.contains(path),
            &mut self.parsed,
        )?;
        let manifests = self.manifests(&rendered)?;
        Ok(self.look(&manifests).into_iter().map(|(_, seen)| seen).collect())
    }

    /// Returns the objects in what templates gave.
    pub(super) fn manifests(&self, rendered: &[Rendered]) -> Result<Manifests, SetByError> {
        Ok(assembly::manifests(rendered, self.subject.settings.profile, &*self.host)?)
    }

    /// Returns whether schemas of the charts allow values of a user.
    pub(super) fn allows(&self, user: &Map) -> bool {
        let Settings { skips_schema, schema_limits, .. } = self.subject.settings;
        *skips_schema
            || self
                .values(user)
                .and_then(|(chart, values)| values::validate(&chart, &values, schema_limits))
                .is_ok()
    }

    /// Returns the references in manifests.
    pub(super) fn look(&self, manifests: &Manifests) -> Vec<(Document, Seen)> {
        let all = manifests.objects.iter().chain(&manifests.hooks);
        let looked = all.flat_map(|document| {
            let seen = seen::look(document, &self.prefix, &self.limits);
            seen.into_iter().map(|seen| (document.clone(), seen))
        });
        looked.collect()
    }
}
