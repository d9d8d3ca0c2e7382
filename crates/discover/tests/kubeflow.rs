//! Kubeflow 1.11 as kustomize renders it, against the list of its images that was made by hand.
//!
//! The input and the list lie beside the repository, or at `$SEALIFT_ORACLES`; without them the test says that it was
//! skipped.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sealift_discover::{Limits, manifests};
use sealift_inventory::{Confidence, Origin};
use sealift_reference::Reference;

#[test]
fn every_image_of_kubeflow_is_found_and_nothing_else() {
    let Some(folder) = oracles().map(|folder| folder.join("discovery")).filter(|f| f.is_dir())
    else {
        println!("discovery kubeflow: skipped, no oracles");
        return;
    };
    let truth = truth(&folder.join("truth.json")).unwrap();
    let found = found(&folder.join("kubeflow-1.11-rendered.yaml.gz")).unwrap();
    let missed: Vec<_> = truth.difference(&found).collect();
    let outside: Vec<_> = found.difference(&truth).collect();
    let (hit, total) = (truth.len() - missed.len(), truth.len());
    println!("discovery kubeflow: {hit}/{total}, outside {}/{}", outside.len(), found.len());
    assert!(missed.is_empty(), "missed: {missed:#?}");
    assert!(outside.is_empty(), "outside the truth: {outside:#?}");
}

fn oracles() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "where the inputs lie is no setting of the product"
    )]
    let named = std::env::var_os("SEALIFT_ORACLES").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles");
    named.or_else(|| beside.is_dir().then_some(beside))
}

fn truth(path: &Path) -> Result<BTreeSet<Reference>, Box<dyn Error>> {
    let names: Vec<String> = serde_json::from_str(&fs_err::read_to_string(path)?)?;
    Ok(names.iter().map(|name| name.parse()).collect::<Result<_, _>>()?)
}

/// What `scan -o names --min-confidence likely` prints.
fn found(path: &Path) -> Result<BTreeSet<Reference>, Box<dyn Error>> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs_err::File::open(path)?).read_to_string(&mut text)?;
    let found = manifests(&text, "kubeflow.yaml", &Origin::new(), &Limits::default())?;
    assert!(found.objects >= 648, "{} objects", found.objects);
    let likely = found.findings.iter().filter(|finding| finding.confidence <= Confidence::Likely);
    Ok(likely.filter_map(|finding| finding.artifact.reference().cloned()).collect())
}
