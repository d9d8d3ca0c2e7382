//! Lock, copy, verify.

use std::sync::Arc;

use sealift_inventory::Prefix;
use sealift_oci::Memory;
use sealift_oci::copy::{CopyOptions, copy};
use sealift_oci::image::{artifact, index};
use sealift_oci::plan::{Plan, PlanError};
use sealift_oci::resolve::{Resolution, ResolveSettings};
use sealift_oci::verify::{Found, Part, verify};
use sealift_reference::{Digest, MediaType};

use crate::support::{fill, fill_untagged, image, platforms, repository, resolved, tag, text};

fn registry() -> Prefix {
    "t.corp:5000/ml".parse().unwrap()
}

/// An image of two platforms with a signature, and a plain one; locked for amd64.
async fn shipped() -> (Arc<Memory>, Resolution) {
    let source = Arc::new(Memory::new());
    let all = index(&[image("linux/amd64", "x"), image("linux/arm64", "x")]);
    fill(&source, "r.io/x", "v1", &all);
    let signature = artifact(
        "application/vnd.cncf.notary.signature",
        &[(MediaType::from("x/y"), text("sig"))],
        Some(&all),
    );
    fill_untagged(&source, "r.io/x", &signature);
    fill(&source, "docker.io/library/nginx", "1.27", &image("linux/amd64", "nginx"));
    let settings =
        ResolveSettings { platforms: platforms(&["linux/amd64"]), ..ResolveSettings::default() };
    let resolution = resolved(&source, &["r.io/x:v1", "nginx:1.27"], &settings).await;
    assert!(resolution.failed.is_empty());
    (source, resolution)
}

async fn delivered(source: &Arc<Memory>, resolution: &Resolution) -> Arc<Memory> {
    let target = Arc::new(Memory::new());
    let plan = Plan::of(&resolution.lock, &resolution.graph, &registry()).unwrap();
    let options = CopyOptions::default();
    let summary =
        copy(&plan, Arc::clone(source), Arc::clone(&target), &options, Arc::new(())).await;
    assert!(summary.is_complete(), "{:?}", summary.failed);
    target
}

#[tokio::test]
async fn what_was_copied_is_there() {
    let (source, resolution) = shipped().await;
    let target = delivered(&source, &resolution).await;
    let report = verify(&resolution.lock, &resolution.graph, &registry(), target).await.unwrap();
    assert!(report.is_complete(), "{:?}", report.missing);
    assert_eq!((report.images, report.complete), (2, 2));
    // nginx: tag, manifest, 2 blobs. x: tag, index, child, 2 blobs; signature: manifest, 2 blobs.
    assert_eq!(report.questions, 4 + 5 + 3);
}

#[tokio::test]
async fn what_is_lost_is_named_with_image_platform_and_part() {
    let (source, resolution) = shipped().await;
    let target = delivered(&source, &resolution).await;
    let (x, nginx) = (repository("t.corp:5000/ml/x"), repository("t.corp:5000/ml/library/nginx"));
    let layer = image("linux/amd64", "x").blobs()[1].clone();
    target.forget(&x, &Digest::sha256(&layer));
    target.forget(&x, image("linux/amd64", "x").digest());
    let other = image("linux/amd64", "other");
    target.fill(&nginx, other.blobs(), other.documents(), Some(&tag("1.27")));

    let report = verify(&resolution.lock, &resolution.graph, &registry(), target).await.unwrap();
    let lines: Vec<_> = report
        .missing
        .iter()
        .map(|missing| {
            let platform = missing.platform.as_ref().map_or("-".to_owned(), ToString::to_string);
            let found = match &missing.found {
                Found::Other(_) => "other",
                Found::Nothing => "nothing",
                _ => "?",
            };
            let part = match &missing.part {
                Part::Blob => "blob".to_owned(),
                Part::Manifest => "manifest".to_owned(),
                Part::Tag(tag) => format!("tag {tag}"),
            };
            format!("{} {platform} {part} {found}", missing.image)
        })
        .collect();
    let want = [
        "docker.io/library/nginx:1.27 linux/amd64 tag 1.27 other",
        "r.io/x:v1 linux/amd64 blob nothing",
        "r.io/x:v1 linux/amd64 manifest nothing",
    ];
    assert_eq!(lines, want);
    assert_eq!(report.complete, 0);
}

#[tokio::test]
async fn a_target_that_does_not_answer_is_not_complete() {
    let (source, resolution) = shipped().await;
    let target = delivered(&source, &resolution).await;
    target.cut_after(3);
    let report = verify(&resolution.lock, &resolution.graph, &registry(), target).await.unwrap();
    assert!(report.missing.iter().all(|missing| matches!(missing.found, Found::Unknown(_))));
    assert_eq!(report.missing.len(), 9);
}

#[tokio::test]
async fn a_graph_of_another_lock_is_refused() {
    let (_, resolution) = shipped().await;
    let other = sealift_inventory::Graph::default();
    let refused = Plan::of(&resolution.lock, &other, &registry());
    assert!(matches!(refused, Err(PlanError::Graph { .. })), "{refused:?}");
    let mut lock = resolution.lock;
    lock.graph = None;
    let refused = Plan::of(&lock, &other, &registry());
    assert!(matches!(refused, Err(PlanError::Unknown { .. })), "{refused:?}");
}
