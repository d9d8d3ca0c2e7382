//! Charts among the sources of a shipment.

use sealift_helm::values::{UserValues, ValuesFile};
use sealift_inventory::{Artifact, Class, Confidence, Finding, HelmSource, Input, Origin, Step};
use sealift_reference::Digest;

use super::{CarriedChart, GotChart, RenderedChart, Request, on_stack_for, render_documents};
use crate::Error;
use crate::generic::Gathering;

impl Gathering<'_> {
    /// Gets a chart, renders it and searches what it gave.
    pub(crate) fn chart(&mut self, source: &HelmSource, index: usize) -> Result<(), Error> {
        let got = self.inputs.chart(source)?;
        self.read.push(Input { name: got.name.clone(), digest: got.digest.clone() });
        let values = UserValues {
            files: source.values.iter().map(|name| self.values(name)).collect::<Result<_, _>>()?,
            set: source.set.clone(),
            ..UserValues::default()
        };
        let of_chart = |error| Error::Chart { chart: got.name.clone(), error: Box::new(error) };
        let request = Request::new(source, values, self.chart_limits).map_err(of_chart)?;
        let rendered = on_stack_for(&request.limits, || render_documents(&got.bytes, &request))
            .map_err(super::ChartError::Thread)
            .flatten()
            .map_err(of_chart)?;
        let origin: Origin = std::iter::once(step(&rendered)).collect();
        for document in &rendered.documents {
            let lines = |line| document.line(line);
            self.scan.made(&document.text, &document.path, &lines, &origin)?;
        }
        let finding = carried(&got, &rendered, origin);
        let artifact = finding.artifact.clone();
        self.charts.push(CarriedChart { artifact, got, source: index, request });
        self.findings.push(finding);
        let name = &rendered.name;
        self.warnings
            .extend(rendered.warnings.iter().map(|warning| format!("chart {name}: {warning}")));
        Ok(())
    }

    fn values(&mut self, name: &str) -> Result<ValuesFile, Error> {
        let limit = self.chart_limits.fetch.chart.file_bytes;
        let bytes = self.inputs.read(name, limit).map_err(of_values)?;
        self.read.push(Input { name: name.to_owned(), digest: Digest::sha256(&bytes) });
        Ok(ValuesFile { name: name.to_owned(), bytes })
    }
}

/// A file of values is as large as a file of a chart may be.
fn of_values(error: Error) -> Error {
    match error {
        Error::File(error @ sealift_files::Error::Limit { .. }) => Error::Fetch(error.into()),
        error => error,
    }
}

fn step(chart: &RenderedChart) -> Step {
    Step::Chart { name: chart.name.clone(), version: chart.version.clone() }
}

/// The chart itself is carried, too: whoever installs it needs it on the other side.
fn carried(got: &GotChart, chart: &RenderedChart, origin: Origin) -> Finding {
    let repository = got.repository.clone().unwrap_or_else(|| format!("file:{}", got.name));
    let (name, version) = (chart.name.clone(), chart.version.clone());
    Finding {
        artifact: Artifact::Chart { name, repository, version },
        origin,
        set_by: Vec::new(),
        class: Class::Required,
        confidence: Confidence::Certain,
    }
}
