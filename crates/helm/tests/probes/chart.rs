//! The chart that the expressions are about.

use std::path::Path;

use fs_err as fs;
use sealift_helm::Chart;
use sealift_helm::chart::LoadOptions;

/// Loads a chart from its folder.
pub(crate) fn read(folder: &Path) -> Chart {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(inner).expect("the chart can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let below = path.strip_prefix(folder).expect("it is in the chart");
                let bytes = fs::read(&path).expect("the chart can be read");
                files.push((below.to_string_lossy().into_owned(), bytes));
            }
        }
    }
    files.sort();
    Chart::load(files, &LoadOptions::default()).expect("the chart loads")
}
