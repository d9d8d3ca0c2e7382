//! What holds for every copy, whatever the images are.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::support::{Shipped, failures, image_for, layer, leave_out, run, ship};
use bytes::Bytes;
use proptest::prelude::*;
use sealift_oci::image::{Built, index};
use sealift_oci::plan::Plan;
use sealift_oci::{Memory, Request};

/// Layers by number, whether the image is an index of two, and its repository at the target.
#[derive(Clone, Debug)]
struct Recipe {
    layers: Vec<u8>,
    is_index: bool,
    repository: u8,
}

fn recipes() -> impl Strategy<Value = Vec<Recipe>> {
    let recipe = (prop::collection::vec(0_u8..8, 0..5), any::<bool>(), 0_u8..4)
        .prop_map(|(layers, is_index, repository)| Recipe { layers, is_index, repository });
    prop::collection::vec(recipe, 1..8)
}

/// Every third layer is large, so that both kinds of permits are used.
fn layer_of(number: u8) -> Bytes {
    layer(number, if number.is_multiple_of(3) { 300_000 } else { 500 + usize::from(number) })
}

fn build(number: usize, recipe: &Recipe) -> Built {
    let layers: Vec<_> = recipe.layers.iter().copied().map(layer_of).collect();
    let amd64 = image_for("linux/amd64", &number.to_string(), &layers);
    if !recipe.is_index {
        return amd64;
    }
    let fewer = &layers[..layers.len() / 2];
    index(&[amd64, image_for("linux/arm64", &number.to_string(), fewer)])
}

fn shipment(recipes: &[Recipe]) -> (Arc<Memory>, Plan) {
    let built: Vec<_> =
        recipes.iter().enumerate().map(|(number, recipe)| build(number, recipe)).collect();
    let names: Vec<_> =
        recipes.iter().map(|recipe| format!("t.corp/r{}", recipe.repository)).collect();
    let tags: Vec<_> = (0..recipes.len()).map(|number| format!("v{number}")).collect();
    let images: Vec<_> = built
        .iter()
        .zip(names.iter().zip(&tags))
        .map(|(built, (to, tag))| Shipped { built, from: "r.io/a", to, tag: Some(tag) })
        .collect();
    ship(&images)
}

/// Distinct blobs, pairs of blob and repository, distinct manifests, pairs of manifest and repository, tags.
fn counts(plan: &Plan) -> (u64, u64, u64, u64, u64) {
    let (mut blobs, mut pairs) = (BTreeSet::new(), BTreeSet::new());
    let (mut documents, mut placed) = (BTreeSet::new(), BTreeSet::new());
    for image in &plan.images {
        for document in plan.below(&image.roots[0].digest) {
            documents.insert(document.clone());
            placed.insert((image.target.clone(), document.clone()));
        }
        for blob in plan.blobs_below(&image.roots[0].digest) {
            blobs.insert(blob.digest.clone());
            pairs.insert((image.target.clone(), blob.digest.clone()));
        }
    }
    let len = |n: usize| n as u64;
    (
        len(blobs.len()),
        len(pairs.len()),
        len(documents.len()),
        len(placed.len()),
        len(plan.images.len()),
    )
}

fn on_runtime<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// The store in memory refuses a manifest before its children, so a complete run proves the order.
    #[test]
    fn any_graph_arrives_with_its_digests_each_sent_once_and_twice_is_a_no_op(recipes in recipes()) {
        let (source, plan) = shipment(&recipes);
        let target = Arc::new(Memory::new());
        let (blobs, pairs, documents, placed, tags) = counts(&plan);
        on_runtime(async {
            let summary = run(&plan, &source, &target).await;
            prop_assert!(summary.is_complete(), "{:?}", failures(&summary));
            prop_assert_eq!(summary.sent.count, blobs);
            prop_assert_eq!(target.requests().of(Request::SendBlob), blobs);
            prop_assert_eq!(target.requests().total(), tags + 3 * blobs + (pairs - blobs) + placed);
            prop_assert_eq!(source.requests().of(Request::GetBlob), blobs);
            prop_assert!(source.requests().of(Request::GetDocument) >= documents);
            let contents = target.contents();
            for image in &plan.images {
                let root = &image.roots[0];
                let tag = root.tag.as_ref().map(ToString::to_string).unwrap_or_default();
                let row = (image.target.to_string(), tag, root.digest.to_string());
                prop_assert!(contents.contains(&row), "{:?}", row);
            }
            prop_assert_eq!(contents.len() as u64, tags + pairs + placed);

            target.restart();
            source.restart();
            let summary = run(&plan, &source, &target).await;
            prop_assert_eq!(summary.images_skipped, plan.images.len());
            prop_assert_eq!(target.requests().total(), tags);
            prop_assert_eq!(source.requests().total(), 0);
            prop_assert_eq!(target.contents(), contents);
            Ok(())
        })?;
    }

    #[test]
    fn cut_at_any_request_and_run_again_ends_equal(recipes in recipes(), cut in 0_u64..120, at_source: bool) {
        let (source, plan) = shipment(&recipes);
        let whole = Arc::new(Memory::new());
        let target = Arc::new(Memory::new());
        let (blobs, _, _, placed, tags) = counts(&plan);
        on_runtime(async {
            run(&plan, &source, &whole).await;
            if at_source { source.cut_after(cut) } else { target.cut_after(cut) }
            run(&plan, &source, &target).await;
            let sent_before = target.requests().of(Request::SendBlob);
            source.restart();
            target.restart();
            let summary = run(&plan, &source, &target).await;
            prop_assert!(summary.is_complete(), "{:?}", failures(&summary));
            prop_assert_eq!(target.contents(), whole.contents());
            let requests = target.requests();
            prop_assert!(requests.of(Request::SendBlob) + sent_before <= blobs + 1, "{:?}", requests);
            prop_assert!(requests.of(Request::HeadDocument) <= placed);
            prop_assert_eq!(requests.of(Request::HeadTag), tags);
            Ok(())
        })?;
    }

    /// The tags say that all is there, and it is not: only writing another tag brings it to light.
    #[test]
    fn what_a_registry_lost_is_found_out_and_sent_again(
        recipes in recipes(), lost in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let (source, plan) = shipment(&recipes);
        let target = Arc::new(Memory::new());
        let mut more = plan.clone();
        for image in &plan.images {
            let mut again = image.clone();
            let first = image.roots[0].tag.as_ref().map(ToString::to_string).unwrap_or_default();
            again.roots[0].tag = Some(crate::support::tag(&format!("{first}-again")));
            more.images.push(again);
        }
        on_runtime(async {
            run(&plan, &source, &target).await;
            let whole = Arc::new(Memory::new());
            run(&more, &source, &whole).await;
            for index in lost {
                let contents = target.contents();
                let digests: Vec<_> = contents.iter().filter(|(_, name, digest)| name == digest).collect();
                let (repository, _, digest) = index.get(&digests);
                // The root itself stays: a registry that lost it would not know its tag.
                if plan.images.iter().all(|image| image.roots[0].digest.to_string() != *digest) {
                    target.forget(&crate::support::repository(repository), &digest.parse().unwrap());
                }
            }
            let summary = run(&more, &source, &target).await;
            prop_assert!(summary.is_complete(), "{:?}", failures(&summary));
            // A lost child of an index is seen by the registry, its lost blobs only where the child is written again.
            for row in whole.contents().iter().filter(|(_, name, digest)| name != digest) {
                prop_assert!(target.contents().contains(row), "{:?}", row);
            }
            Ok(())
        })?;
    }

    #[test]
    fn shards_are_disjoint_and_complete_and_share_no_large_blob(recipes in recipes(), of in 1_usize..5) {
        let (_, plan) = shipment(&recipes);
        let shards: Vec<_> = (1..=of).map(|number| plan.shard(number, of).unwrap()).collect();
        let names = |plan: &Plan| -> Vec<String> { plan.images.iter().map(|image| format!("{image:?}")).collect() };
        let mut all: Vec<_> = shards.iter().flat_map(names).collect();
        let mut want = names(&plan);
        all.sort();
        want.sort();
        prop_assert_eq!(all, want);
        for shard in &shards {
            for image in &shard.images {
                prop_assert!(shard.nodes.contains_key(&image.roots[0].digest));
            }
        }
    }

    #[test]
    fn sparse_indexes_end_complete_or_sparse_as_the_target_wants_also_after_a_cut(
        recipes in recipes(), takes_sparse: bool, cut in 0_u64..150,
    ) {
        let built: Vec<_> = recipes.iter().enumerate().map(|(number, recipe)| build(number, recipe)).collect();
        let (source, complete) = shipment(&recipes);
        let mut sparse = complete.clone();
        let indexes = built.iter().filter(|built| built.documents().len() == 3);
        for index in indexes.clone() {
            leave_out(&mut sparse, index, &index.documents()[1]);
        }
        let fresh = || Arc::new(if takes_sparse { Memory::new().taking_sparse_indexes() } else { Memory::new() });
        let (whole, target) = (fresh(), fresh());
        on_runtime(async {
            // A target that refuses sparse indexes gets everything, one that takes them only what was chosen.
            let without_cut = run(&sparse, &source, &whole).await;
            prop_assert!(without_cut.is_complete(), "{:?}", failures(&without_cut));
            let all = Arc::new(Memory::new());
            run(&complete, &source, &all).await;
            if takes_sparse {
                let left_out = |name: &str| indexes.clone().any(|index| index.documents()[1].digest.as_str() == name);
                prop_assert!(whole.contents().iter().all(|(_, name, _)| !left_out(name)));
            } else {
                prop_assert_eq!(whole.contents(), all.contents());
            }
            target.cut_after(cut);
            run(&sparse, &source, &target).await;
            target.restart();
            let summary = run(&sparse, &source, &target).await;
            prop_assert!(summary.is_complete(), "{:?}", failures(&summary));
            prop_assert_eq!(target.contents(), whole.contents());
            Ok(())
        })?;
    }
}
