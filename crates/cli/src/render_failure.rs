//! What is said of a chart that does not render: Helm's words, the place in the template, what to do next.

use sealift_helm::RenderError;
use sealift_helm::assembly::ManifestError;
use sealift_helm::chart::LoadError;
use sealift_helm::engine::{EngineError, ErrorKind, Spot};
use sealift_products::charts::ChartError;

use crate::failure::{Failure, FailureKind};
use crate::ui::excerpt::{Excerpt, excerpt};

/// A chart that cannot be loaded.
pub(crate) fn loading(error: &LoadError, name: &str) -> Failure {
    let mut failure = Failure::of(FailureKind::Partial, error);
    failure.class = error.class();
    failure.notes.push(format!("chart {name}"));
    failure.hint_to_raise(error.limit())
}

/// A chart of a shipment.
pub(crate) fn of_source(name: &str, error: &ChartError) -> Failure {
    match error {
        ChartError::Load(error) => loading(error, name),
        ChartError::Render { name, version, error } => {
            rendering(error, &format!("{name} {version}"))
        }
        ChartError::Values(error) => crate::values::failure(error),
        error => Failure::of(FailureKind::Partial, error),
    }
}

/// A chart that was loaded and cannot be rendered.
pub(crate) fn rendering(error: &RenderError, chart: &str) -> Failure {
    let mut failure = Failure::new(FailureKind::Partial, error.to_string());
    let mut limit = None;
    match error {
        RenderError::Engine(error) => {
            engine(&mut failure, error);
            limit = error.limit_name();
        }
        RenderError::Manifest { error, .. } => {
            return manifest(error)
                .hint("`sealift helm template` with --debug prints what was rendered");
        }
        RenderError::Values(error) | RenderError::Processing(error) => {
            failure.class = error.class();
            limit = error.limit();
        }
        _ => {}
    }
    failure.notes.push(format!("chart {chart}"));
    failure.hint_to_raise(limit)
}

/// Shows the line of the template, and what it was that failed there.
fn engine(failure: &mut Failure, error: &EngineError) {
    if let ErrorKind::Limit(_) = error.kind() {
        failure.class = Some("limit");
    }
    // The innermost place of which the line is known: those of `tpl` are of no file.
    if let Some(spot) = error.spots().iter().rev().find(|spot| spot.source_line.is_some()) {
        failure.notes.push(excerpt(&of_template(spot)));
    }
}

fn of_template(spot: &Spot) -> Excerpt<'_> {
    let line = spot.source_line.as_deref().unwrap_or_default();
    let node = spot.node.as_deref().unwrap_or_default();
    // Go prints the node as it understood it; where the line holds the same text, that is marked.
    let column = spot.column.or_else(|| mentioned(&spot.message, line));
    let width = column
        .filter(|&column| line.get(column..).is_some_and(|rest| rest.starts_with(node)))
        .map_or(1, |_| node.chars().count().max(1));
    Excerpt { path: &spot.file, line: spot.line, text: line, column, width }
}

/// Returns where a line has the first text that a message quotes: errors of parsing have no column.
fn mentioned(message: &str, line: &str) -> Option<usize> {
    let quoted = message.split(['"', '<', '>']).nth(1).filter(|quoted| !quoted.is_empty())?;
    line.find(quoted)
}

/// A document that is no YAML.
pub(crate) fn manifest(error: &ManifestError) -> Failure {
    Failure::partial(error.to_string())
}
