//! Findings of charts with the values that set them.

use std::collections::BTreeSet;
use std::io;

use sealift_gotemplate::Str;
use sealift_inventory::{Artifact, Finding, Origin, SetBy, Step};

use super::seen::Spot;
use super::{SetByError, Subject, USUAL_RENDERINGS, claims_of};
use crate::charts::{CarriedChart, ChartError, on_stack_for};

/// Adds to each image that a chart names the values that set it, and returns what a user should be warned of.
///
/// Of two sources that are the same chart, the values of both are added.
///
/// # Errors
///
/// When the system gives no thread.
pub fn fill(findings: &mut [Finding], charts: &[CarriedChart]) -> io::Result<Vec<String>> {
    let mut warnings = Vec::new();
    for chart in charts {
        let places: Vec<_> =
            (0..findings.len()).filter_map(|at| Some((at, place(&findings[at], chart)?))).collect();
        if places.is_empty() {
            continue;
        }
        let spots: Vec<_> = places.iter().map(|(_, place)| place).collect();
        let found = on_stack_for(&chart.request.limits, || find(chart, &spots))?;
        match found {
            Ok(found) => {
                warnings.extend(found.warning(chart));
                for ((at, _), set_by) in places.iter().zip(found.set_by) {
                    let mut all: BTreeSet<_> = findings[*at].set_by.drain(..).collect();
                    all.extend(set_by);
                    findings[*at].set_by = all.into_iter().collect();
                }
            }
            Err(error) => warnings.push(format!(
                "{}: which values set its images is not known: {error}",
                chart.artifact
            )),
        }
    }
    Ok(warnings)
}

/// Returns where in what a chart gave an image stands; nothing for others.
fn place(finding: &Finding, chart: &CarriedChart) -> Option<Place> {
    let Artifact::Image(image) = &finding.artifact else { return None };
    let steps = finding.origin.steps();
    let is_it =
        |step: &Step| matches!(step, Step::Chart { name, version } if chart.is(name, version));
    let after = &steps[1 + steps.iter().position(is_it)?..];
    let Some(Step::File { path, .. }) = after.first() else { return None };
    let spot = Spot::of(path, &after.iter().cloned().collect::<Origin>());
    Some((spot, image.written().to_owned()))
}

/// Where an image stands, and how it is written there.
type Place = (Spot, String);

/// What was found about the places of a chart, in their order.
struct Found {
    set_by: Vec<Vec<SetBy>>,
    untried: usize,
}

impl Found {
    fn warning(&self, chart: &CarriedChart) -> Option<String> {
        (self.untried > 0).then(|| {
            format!(
                "{}: {} values may set images, too, and were not tried",
                chart.artifact, self.untried
            )
        })
    }
}

/// Why nothing is known of a chart.
#[derive(Debug, thiserror::Error)]
enum Unknown {
    #[error(transparent)]
    Chart(#[from] ChartError),
    #[error(transparent)]
    SetBy(#[from] SetByError),
}

fn find(carried: &CarriedChart, places: &[&Place]) -> Result<Found, Unknown> {
    let settings = &carried.request.settings;
    let chart = carried.got.bytes.load(&carried.request.load()).map_err(ChartError::from)?;
    let values = &carried.request.values;
    let no_files = &mut |path: &str| Err::<Str, _>(format!("no files here: {path}"));
    let user = values.merge(settings.profile, no_files).map_err(ChartError::from)?;
    let subject = Subject { chart: &chart, values, user: &user, settings };
    let wanted: BTreeSet<_> = places.iter().map(|(spot, _)| spot).collect();
    let claims = claims_of(subject, USUAL_RENDERINGS, &|spot| wanted.contains(spot))?;
    let set_by = places.iter().map(|(spot, text)| claims.at(spot, text)).collect();
    Ok(Found { set_by, untried: claims.untried })
}
