//! Custom resource definitions: what is in `crds/`, which no template touches.

use std::rc::Rc;

use super::{Document, Source};
use crate::Chart;

const FOLDER: &str = "crds/";

/// Returns the files of custom resource definitions of a chart and of the charts inside, each as one document:
/// `CRDObjects` in `pkg/chart/v2/chart.go` of Helm 4.2.4.
#[must_use]
pub fn crds(chart: &Chart) -> Vec<Document> {
    let mut documents = Vec::new();
    // Charts to look at, each with its path; the first on top.
    let mut open = vec![(chart, chart.name().to_owned())];
    while let Some((chart, path)) = open.pop() {
        let files = chart.files.iter().filter(|file| is_crd(&file.name));
        documents.extend(files.map(|file| {
            let path = format!("{path}/{}", file.name);
            Document::whole(&Rc::new(Source {
                path,
                text: file.data.clone(),
                trail: None,
                is_file: true,
            }))
        }));
        let inner = chart.dependencies.iter().rev();
        open.extend(inner.map(|inner| (inner, inner.path_below(&path))));
    }
    documents
}

fn is_crd(name: &str) -> bool {
    const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];
    let extension = name.rsplit('/').next().and_then(|file| file.rsplit_once('.'));
    name.starts_with(FOLDER)
        && extension.is_some_and(|(_, end)| {
            EXTENSIONS.iter().any(|extension| extension.eq_ignore_ascii_case(end))
        })
}
