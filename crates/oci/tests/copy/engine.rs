//! The copy engine between stores in memory: what it asks, what it sends, what it does when something is wrong.

use std::sync::{Arc, Mutex};

use crate::support::{
    Shipped, failures, image, image_for, layer, leave_out, repository, run, ship, tag,
};
use bytes::Bytes;
use sealift_oci::copy::{CopyError, CopyOptions, Observer, Replace, Side, TrustTags, copy};
use sealift_oci::image::{artifact, attestation, index};
use sealift_oci::plan::{PlannedImage, Root, Totals};
use sealift_oci::{Blob, Memory, Request, StoreErrorKind, Written};
use sealift_reference::{MediaType, Repository};

/// Three images in three repositories that share a layer.
fn three() -> Vec<sealift_oci::image::Built> {
    (0..3).map(|n| image(&format!("image {n}"), &[layer(99, 300_000), layer(n, 1000)])).collect()
}

fn shipped(images: &[sealift_oci::image::Built]) -> Vec<Shipped<'_>> {
    let names = ["r.io/a", "r.io/b", "r.io/c"];
    let targets = ["t.corp/a", "t.corp/b", "t.corp/c"];
    images
        .iter()
        .zip(names.into_iter().zip(targets))
        .map(|(built, (from, to))| Shipped { built, from, to, tag: Some("v1") })
        .collect()
}

#[tokio::test]
async fn a_cold_run_asks_and_sends_exactly_what_the_budget_says() {
    let images = three();
    let (source, plan) = ship(&shipped(&images));
    // u = 1 shared layer + 3 layers + 3 configs, p = 3 × 3, M = T = R = 3.
    for (target, want) in [
        (Memory::new(), 3 + 3 * 7 + 2 + 3),
        (Memory::new().knowing_new_repositories(), 3 + 3 + 2 * 7 + 2 + 3),
    ] {
        source.restart();
        let target = Arc::new(target);
        let summary = run(&plan, &source, &target).await;
        assert!(summary.is_complete(), "{:?}", failures(&summary));
        assert_eq!(target.requests().total(), want, "{:?}", target.requests());
        assert_eq!(target.requests().of(Request::SendBlob), 7);
        assert_eq!(target.requests().of(Request::Mount), 2);
        assert_eq!(source.requests().total(), 3 + 7, "{:?}", source.requests());
        assert_eq!((summary.images_done, summary.sent.count, summary.mounted.count), (3, 7, 2));
    }
}

#[tokio::test]
async fn a_warm_run_asks_once_per_tag_and_nothing_of_the_source() {
    let images = three();
    let (source, plan) = ship(&shipped(&images));
    let target = Arc::new(Memory::new());
    run(&plan, &source, &target).await;
    source.restart();
    target.restart();
    let summary = run(&plan, &source, &target).await;
    assert_eq!((summary.images_done, summary.images_skipped), (3, 3));
    assert_eq!(target.requests().total(), 3);
    assert_eq!(source.requests().total(), 0);
}

#[tokio::test]
async fn what_a_damaged_target_lost_below_right_tags_is_sent_when_nothing_is_trusted() {
    let images = three();
    let (source, plan) = ship(&shipped(&images));
    let target = Arc::new(Memory::new());
    run(&plan, &source, &target).await;
    let before = target.contents();
    let lost = plan.blobs_below(images[1].digest())[0].digest.clone();
    target.forget(&repository("t.corp/b"), &lost);
    target.restart();

    run(&plan, &source, &target).await;
    assert_ne!(target.contents(), before, "a right tag is trusted otherwise");
    let options = CopyOptions { trust_tags: TrustTags::Nothing, ..CopyOptions::default() };
    let summary = copy(&plan, source, Arc::clone(&target), &options, Arc::new(())).await;
    assert!(summary.is_complete(), "{:?}", failures(&summary));
    assert_eq!(target.contents(), before);
    assert_eq!(summary.sent.count, 1);
}

#[tokio::test]
async fn an_image_that_is_added_mounts_from_the_images_that_are_there() {
    let images = three();
    let (source, plan) = ship(&shipped(&images));
    let target = Arc::new(Memory::new());
    let mut two = plan.clone();
    two.images.pop();
    run(&two, &source, &target).await;
    source.restart();
    target.restart();
    let summary = run(&plan, &source, &target).await;
    // T + 3k + mounts + m: the shared layer is mounted, config and own layer are sent.
    assert_eq!(target.requests().total(), 3 + 3 * 2 + 1 + 1, "{:?}", target.requests());
    assert_eq!(source.requests().total(), 1 + 2);
    assert_eq!((summary.images_skipped, summary.mounted.count), (2, 1));
}

#[tokio::test]
async fn a_target_that_never_mounts_gets_the_bytes_again() {
    let images = three();
    let (source, plan) = ship(&shipped(&images));
    let target = Arc::new(Memory::new().without_mounts());
    let summary = run(&plan, &source, &target).await;
    assert!(summary.is_complete(), "{:?}", failures(&summary));
    assert_eq!(summary.sent.count, 9);
}

#[tokio::test]
async fn indexes_attestations_and_referrers_arrive_with_their_bytes() {
    let amd64 = image_for("linux/amd64", "x", &[layer(1, 10)]);
    let attested = attestation(&amd64, b"{\"predicate\":1}");
    let arm64 = image_for("linux/arm64", "x", &[layer(2, 10)]);
    let all = index(&[amd64.clone(), attested, arm64]);
    let signature = artifact(
        "application/x.sig",
        &[(MediaType::from("x/y"), Bytes::from_static(b"sig"))],
        Some(&all),
    );
    let (source, mut plan) =
        ship(&[Shipped { built: &all, from: "r.io/a", to: "t.corp/a", tag: Some("v1") }]);
    source.fill(&repository("r.io/a"), signature.blobs(), signature.documents(), None);
    plan.nodes.extend(crate::support::nodes_of(&signature));
    plan.images[0].roots.push(Root { digest: signature.digest().clone(), tag: None });

    let target = Arc::new(Memory::new());
    let summary = run(&plan, &source, &target).await;
    assert!(summary.is_complete(), "{:?}", failures(&summary));
    let renamed = |contents: Vec<(String, String, String)>| -> Vec<_> {
        contents.into_iter().map(|(_, name, digest)| (name, digest)).collect()
    };
    assert_eq!(renamed(target.contents()), renamed(source.contents()));
}

#[tokio::test]
async fn a_sparse_index_is_tried_once_and_completed_where_it_is_refused() {
    let builds = |n: u8| {
        let amd64 = image_for("linux/amd64", &format!("i{n}"), &[layer(n, 10)]);
        let arm64 = image_for("linux/arm64", &format!("i{n}"), &[layer(n + 50, 10)]);
        (index(&[amd64, arm64.clone()]), arm64)
    };
    let built: Vec<_> = (0..4).map(builds).collect();
    let targets = ["t.corp/a", "t.corp/b", "t.corp/c", "t.corp/d"];
    let images: Vec<_> = built
        .iter()
        .zip(targets)
        .map(|((all, _), to)| Shipped { built: all, from: "r.io/a", to, tag: Some("v1") })
        .collect();
    let (source, mut plan) = ship(&images);
    for (all, arm64) in &built {
        leave_out(&mut plan, all, arm64.root());
    }

    let lenient = Arc::new(Memory::new().taking_sparse_indexes());
    let summary = run(&plan, &source, &lenient).await;
    assert!(summary.is_complete() && summary.sparse_refused.is_none(), "{:?}", failures(&summary));
    assert_eq!(lenient.requests().of(Request::PutDocument), 8);

    let strict = Arc::new(Memory::new());
    let summary = run(&plan, &source, &strict).await;
    assert!(summary.is_complete(), "{:?}", failures(&summary));
    // 4 × (2 children + index), and the one index that was refused.
    assert_eq!(strict.requests().of(Request::PutDocument), 13);
    let cost = summary.sparse_refused.unwrap_or_default();
    assert_eq!(cost.documents, 4);
    assert!(cost.size_bytes > 0);
}

#[tokio::test]
async fn a_sparse_index_whose_rest_is_not_in_the_source_names_it() {
    let amd64 = image_for("linux/amd64", "x", &[layer(1, 10)]);
    let arm64 = image_for("linux/arm64", "x", &[layer(2, 10)]);
    let all = index(&[amd64, arm64.clone()]);
    let (source, mut plan) =
        ship(&[Shipped { built: &all, from: "r.io/a", to: "t.corp/a", tag: Some("v1") }]);
    leave_out(&mut plan, &all, arm64.root());
    source.forget(&repository("r.io/a"), arm64.digest());
    let summary = run(&plan, &source, &Arc::new(Memory::new())).await;
    let error = &summary.failed[0].errors[0];
    assert!(
        matches!(&**error, CopyError::Sparse { child, .. } if child == arm64.digest()),
        "{error}"
    );
}

#[tokio::test]
async fn platforms_chosen_later_are_sent_to_a_registry_that_took_the_sparse_index() {
    let amd64 = image_for("linux/amd64", "x", &[layer(1, 10)]);
    let arm64 = image_for("linux/arm64", "x", &[layer(2, 10)]);
    let s390x = image_for("linux/s390x", "x", &[layer(3, 10)]);
    let all = index(&[amd64, arm64.clone(), s390x.clone()]);
    let (source, plan) =
        ship(&[Shipped { built: &all, from: "r.io/a", to: "t.corp/a", tag: Some("v1") }]);
    let target = Arc::new(Memory::new().taking_sparse_indexes());
    let (mut one, mut two) = (plan.clone(), plan);
    for child in [&arm64, &s390x] {
        leave_out(&mut one, &all, child.root());
    }
    leave_out(&mut two, &all, s390x.root());
    assert!(run(&one, &source, &target).await.is_complete());
    let summary = run(&two, &source, &target).await;
    assert_eq!((summary.images_done, summary.images_skipped), (1, 0));
    let has = |digest: &sealift_reference::Digest| {
        target.contents().iter().any(|(_, name, _)| *name == digest.to_string())
    };
    assert!(has(arm64.digest()) && !has(s390x.digest()));
}

#[tokio::test]
async fn content_that_the_target_lost_in_mid_run_is_sent_again() {
    let images = three();
    let (source, plan) = ship(&shipped(&images));
    let target = Arc::new(Memory::new());
    let mut first = plan.clone();
    first.images.truncate(1);
    run(&first, &source, &target).await;
    // A second tag on the same image: its manifest is believed to be there with its layer, and neither is.
    let lost = sealift_reference::Digest::sha256(&layer(99, 300_000));
    target.forget(&repository("t.corp/a"), &lost);
    let mut again = first;
    again.images.push(PlannedImage {
        roots: vec![Root { digest: images[0].digest().clone(), tag: Some(tag("v2")) }],
        ..again.images[0].clone()
    });
    target.restart();
    let summary = run(&again, &source, &target).await;
    assert!(summary.is_complete(), "{:?}", failures(&summary));
    assert_eq!(target.requests().of(Request::PutDocument), 2, "once refused, once taken");
    assert_eq!(target.requests().of(Request::SendBlob), 1);
}

#[tokio::test]
async fn a_source_with_wrong_bytes_fails_its_images_and_never_commits() {
    let images = three();
    let (source, plan) = ship(&shipped(&images));
    let bad = sealift_reference::Digest::sha256(&layer(1, 1000));
    source.corrupt(&bad, layer(7, 1000));
    let target = Arc::new(Memory::new());
    let summary = run(&plan, &source, &target).await;
    assert_eq!((summary.images_done, summary.failed.len()), (2, 1));
    let error = &summary.failed[0].errors[0];
    assert_eq!((error.side(), error.kind()), (Side::Source, Some(StoreErrorKind::Digest)));
    assert!(!target.contents().iter().any(|(_, name, _)| *name == bad.to_string()));
}

#[tokio::test]
async fn a_blob_that_one_source_lacks_is_taken_from_another() {
    let images = three();
    let (source, plan) = ship(&shipped(&images));
    let shared = sealift_reference::Digest::sha256(&layer(99, 300_000));
    source.forget(&repository("r.io/a"), &shared);
    let summary = run(&plan, &source, &Arc::new(Memory::new())).await;
    // Only the image whose own source lacks it fails, if it was the first to be tried; the others have theirs.
    assert!(summary.images_done >= 2, "{:?}", failures(&summary));
    source.forget(&repository("r.io/b"), &shared);
    source.forget(&repository("r.io/c"), &shared);
    let summary = run(&plan, &source, &Arc::new(Memory::new())).await;
    assert_eq!(summary.failed.len(), 3);
}

#[tokio::test]
async fn a_tag_that_names_foreign_content_stays_unless_it_may_be_replaced() {
    let images = three();
    let (source, plan) = ship(&shipped(&images));
    let foreign = image("somebody else's", &[layer(200, 5)]);
    let target = Arc::new(Memory::new());
    target.fill(&repository("t.corp/a"), foreign.blobs(), foreign.documents(), Some(&tag("v1")));
    let summary = run(&plan, &source, &target).await;
    assert_eq!((summary.images_done, summary.failed.len()), (2, 1));
    assert!(
        matches!(&*summary.failed[0].errors[0], CopyError::TagTaken { names, .. } if names == foreign.digest())
    );

    for replace in [Replace::Only([foreign.digest().clone()].into()), Replace::Any] {
        let target = Arc::new(Memory::new());
        target.fill(
            &repository("t.corp/a"),
            foreign.blobs(),
            foreign.documents(),
            Some(&tag("v1")),
        );
        let options = CopyOptions { replace, ..CopyOptions::default() };
        let summary =
            copy(&plan, Arc::clone(&source), Arc::clone(&target), &options, Arc::new(())).await;
        assert_eq!(summary.images_done, 3, "{:?}", failures(&summary));
    }
}

#[tokio::test]
async fn a_broken_target_ends_the_run_after_a_few_failures() {
    let images: Vec<_> = (0..200).map(|n| image(&format!("{n}"), &[layer(n, 100)])).collect();
    let names: Vec<_> = (0..200).map(|n| format!("t.corp/r{n}")).collect();
    let shipped: Vec<_> = images
        .iter()
        .zip(&names)
        .map(|(built, to)| Shipped { built, from: "r.io/a", to, tag: Some("v1") })
        .collect();
    let (source, plan) = ship(&shipped);
    let target = Arc::new(Memory::new());
    target.cut_after(0);
    let summary = run(&plan, &source, &target).await;
    assert_eq!((summary.images_done, summary.failed.len()), (0, 200));
    assert!(summary.requests.tags < 40, "{:?}", summary.requests);
}

#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

impl Observer for Log {
    fn planned(&self, totals: &Totals) {
        self.add(format!("planned {} {} {}", totals.images, totals.documents, totals.blobs));
    }
    fn blob_progress(&self, _: &Blob, position_bytes: u64) {
        self.add(format!("progress {position_bytes}"));
    }
    fn blob_finished(&self, blob: &Blob, _: &Repository, written: Written) {
        self.add(format!("blob {} {written:?}", blob.size_bytes));
    }
    fn document_written(
        &self,
        _: &sealift_reference::Digest,
        _: &Repository,
        tag: Option<&sealift_reference::Tag>,
    ) {
        self.add(format!("document {}", tag.map_or("-", sealift_reference::Tag::as_str)));
    }
    fn image_done(&self, image: &PlannedImage) {
        self.add(format!("done {}", image.target));
    }
    fn image_skipped(&self, image: &PlannedImage) {
        self.add(format!("skipped {}", image.target));
    }
}

#[tokio::test]
async fn the_observer_is_told_everything_in_order() {
    let built = image("x", &[layer(1, 300_000)]);
    let (source, plan) =
        ship(&[Shipped { built: &built, from: "r.io/a", to: "t.corp/a", tag: Some("v1") }]);
    let (target, log) = (Arc::new(Memory::new()), Arc::new(Log::default()));
    for _ in 0..2 {
        copy(
            &plan,
            Arc::clone(&source),
            Arc::clone(&target),
            &CopyOptions::default(),
            Arc::clone(&log) as _,
        )
        .await;
    }
    let lines = log.0.lock().unwrap().clone();
    let config = built.blobs()[0].len();
    for want in
        [format!("blob {config} Sent"), "blob 300000 Sent".to_owned(), "progress 300000".to_owned()]
    {
        assert!(lines.contains(&want), "{want}: {lines:?}");
    }
    assert_eq!(lines[0], "planned 1 1 2");
    let end = lines.iter().position(|line| line == "document v1").unwrap();
    assert_eq!(lines[end..], ["document v1", "done t.corp/a", "planned 1 1 2", "skipped t.corp/a"]);
}

#[tokio::test]
async fn mounts_come_from_the_repositories_that_the_plan_names() {
    // `b` shares with both others, so it is the home of both shared layers.
    let (a, b) = (image("a", &[layer(1, 10)]), image("b", &[layer(1, 10), layer(2, 10)]));
    let c = image("c", &[layer(2, 10)]);
    let to = |built, to| Shipped { built, from: "r.io/x", to, tag: Some("v1") };
    let (source, plan) = ship(&[to(&a, "t.corp/a"), to(&b, "t.corp/b"), to(&c, "t.corp/c")]);
    let home = std::collections::BTreeSet::from([repository("t.corp/b")]);
    let want = [(repository("t.corp/a"), home.clone()), (repository("t.corp/c"), home)];
    assert_eq!(plan.mount_sources(), want.into());
    let summary = run(&plan, &source, &Arc::new(Memory::new())).await;
    assert_eq!((summary.mounted.count, summary.sent.count), (2, 5));
}

#[tokio::test]
async fn a_graph_that_no_hash_allows_fails_and_is_not_passed_over() {
    let (a, b) = (image("a", &[layer(1, 10)]), image("b", &[layer(2, 10)]));
    let to = |built, to| Shipped { built, from: "r.io/x", to, tag: Some("v1") };
    let (source, plan) = ship(&[to(&a, "t.corp/a"), to(&b, "t.corp/a")]);
    let mut circle = plan.clone();
    circle.images[1].roots[0].tag = Some(tag("v2"));
    for (from, to) in [(&a, &b), (&b, &a)] {
        circle.nodes.get_mut(from.digest()).unwrap().documents.push(to.digest().clone());
    }
    let mut hole = plan;
    hole.nodes.remove(a.digest());
    for (plan, failed) in [(circle, 2), (hole, 1)] {
        let summary = run(&plan, &source, &Arc::new(Memory::new())).await;
        assert_eq!(summary.failed.len(), failed, "{:?}", failures(&summary));
        assert!(
            summary
                .failed
                .iter()
                .all(|failure| matches!(&*failure.errors[0], CopyError::Stuck { .. }))
        );
    }
}

/// Images of three layers, of which one is shared by all and two by some, in a few repositories.
fn many(count: usize) -> (Arc<Memory>, sealift_oci::plan::Plan) {
    let layers: Vec<_> = (0..=255).map(|seed| layer(seed, 64)).collect();
    let images: Vec<_> = (0..count)
        .map(|n| {
            image(
                &n.to_string(),
                &[layers[n % 256].clone(), layers[n / 256].clone(), layers[0].clone()],
            )
        })
        .collect();
    let names: Vec<_> =
        (0..count).map(|n| (format!("t.corp/r{}", n % 7), format!("v{n}"))).collect();
    let shipped = images.iter().zip(&names);
    let shipped: Vec<_> = shipped
        .map(|(built, (to, tag))| Shipped { built, from: "r.io/x", to, tag: Some(tag) })
        .collect();
    ship(&shipped)
}

#[tokio::test]
async fn thousands_of_images_send_each_blob_once() {
    let (source, plan) = many(1000);
    let target = Arc::new(Memory::new());
    let summary = run(&plan, &source, &target).await;
    assert_eq!(summary.images_done, 1000);
    assert_eq!(usize::try_from(summary.sent.count), Ok(plan.totals().blobs));
    assert_eq!(source.requests().of(Request::GetBlob), summary.sent.count);
}

#[tokio::test]
async fn a_run_that_goes_on_asks_little_about_what_is_there() {
    let (source, plan) = many(200);
    let whole = Arc::new(Memory::new());
    run(&plan, &source, &whole).await;
    for percent in [10, 50, 75, 99] {
        let target = Arc::new(Memory::new());
        target.cut_after(whole.requests().total() * percent / 100);
        run(&plan, &source, &target).await;
        let there: std::collections::BTreeSet<_> =
            target.contents().into_iter().map(|(_, name, _)| name).collect();
        target.restart();
        let summary = run(&plan, &source, &target).await;
        assert!(summary.is_complete(), "{:?}", failures(&summary));

        let mut missing = plan.clone();
        missing.images.retain(|image| !there.contains(image.roots[0].digest.as_str()));
        let fresh = Arc::new(Memory::new());
        run(&missing, &source, &fresh).await;
        let (tags, documents) = (plan.images.len() as u64, plan.totals().documents as u64);
        let budget = tags + documents + fresh.requests().total();
        let requests = target.requests();
        assert!(
            requests.total() <= budget,
            "{percent} %: {} > {budget}: {requests:?}",
            requests.total()
        );
    }
}
