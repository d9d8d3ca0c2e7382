//! What a lock says, and what makes an image fail.

use std::sync::Arc;

use sealift_inventory::{IndexChoice, LockedImage};
use sealift_oci::image::{artifact, attestation, index};
use sealift_oci::resolve::{RebuildError, ResolveSettings, With, rebuild};
use sealift_oci::{Document, Memory, Request};
use sealift_reference::{Digest, MediaType, media_type};

use crate::support::{
    fill, fill_untagged, image, platforms, repository, resolved, tag, text, words,
};

fn only(resolution: &sealift_oci::resolve::Resolution) -> &LockedImage {
    assert!(resolution.failed.is_empty(), "{}", words(&*resolution.failed[0].error));
    resolution.lock.images().next().unwrap()
}

fn for_linux_amd64() -> ResolveSettings {
    ResolveSettings { platforms: platforms(&["linux/amd64"]), ..ResolveSettings::default() }
}

#[tokio::test]
async fn a_tag_becomes_a_digest_with_platform_size_name_and_reason() {
    let source = Arc::new(Memory::new());
    let nginx = image("linux/amd64", "nginx");
    fill(&source, "docker.io/library/nginx", "1.27", &nginx);
    let resolution = resolved(&source, &["nginx:1.27"], &ResolveSettings::default()).await;
    let locked = only(&resolution);
    assert_eq!(locked.digest, *nginx.digest());
    assert_eq!(locked.platforms, [("linux/amd64".parse().unwrap(), nginx.digest().clone())].into());
    let bytes: usize =
        nginx.blobs().iter().map(bytes::Bytes::len).sum::<usize>() + nginx.root().bytes.len();
    assert_eq!(locked.size, bytes as u64);
    assert_eq!(locked.target.to_string(), "library/nginx:1.27");
    assert_eq!(locked.because, ["pods.yaml:7"]);
    assert_eq!((locked.index, &locked.from), (None, &None));
    assert_eq!(resolution.lock.totals.blobs, 2);
    assert_eq!(resolution.lock.totals.size, bytes as u64);
    assert_eq!(resolution.lock.graph, Some(resolution.graph.digest()));
    // Tag, manifest, config; referrers and the tag of a signature.
    assert_eq!(source.requests().total(), 5, "{:?}", source.requests());
}

#[tokio::test]
async fn a_lock_of_the_same_things_has_the_same_bytes() {
    let source = Arc::new(Memory::new());
    for name in ["a", "b", "c"] {
        fill(&source, &format!("r.io/{name}"), "v1", &image("linux/amd64", name));
    }
    let names = ["r.io/c:v1", "r.io/a:v1", "r.io/b:v1"];
    let first = resolved(&source, &names, &ResolveSettings::default()).await;
    let second =
        resolved(&source, &names, &ResolveSettings { jobs: 1, ..ResolveSettings::default() }).await;
    assert_eq!(first.lock.to_yaml(), second.lock.to_yaml());
    assert_eq!(first.graph.to_text(), second.graph.to_text());
}

#[tokio::test]
async fn a_choice_of_platforms_takes_their_children_and_attestations_and_leaves_the_index_whole() {
    let source = Arc::new(Memory::new());
    let (amd64, arm64) = (image("linux/amd64", "x"), image("linux/arm64/v8", "x"));
    let (about_amd64, about_arm64) = (attestation(&amd64, b"{}"), attestation(&arm64, b"{ }"));
    let all = index(&[amd64.clone(), arm64.clone(), about_amd64.clone(), about_arm64.clone()]);
    fill(&source, "r.io/x", "v1", &all);

    let resolution = resolved(&source, &["r.io/x:v1"], &for_linux_amd64()).await;
    let locked = only(&resolution);
    assert_eq!((&locked.digest, locked.index), (all.digest(), Some(IndexChoice::Sparse)));
    assert_eq!(locked.platforms.values().collect::<Vec<_>>(), [amd64.digest()]);
    let has = |digest: &Digest| resolution.graph.get(digest).is_some();
    assert!(has(all.digest()) && has(amd64.digest()) && has(about_amd64.digest()));
    assert!(!has(arm64.digest()) && !has(about_arm64.digest()));

    // containerd's normalisation: arm64 is arm64/v8.
    let settings = ResolveSettings {
        platforms: platforms(&["linux/arm64", "linux/amd64"]),
        ..ResolveSettings::default()
    };
    let resolution = resolved(&source, &["r.io/x:v1"], &settings).await;
    assert_eq!(only(&resolution).index, Some(IndexChoice::Complete));
    assert_eq!(only(&resolution).platforms.len(), 2);

    let child = ResolveSettings { index: Some(IndexChoice::Child), ..for_linux_amd64() };
    let resolution = resolved(&source, &["r.io/x:v1"], &child).await;
    assert_eq!(only(&resolution).index, Some(IndexChoice::Child));
    assert_eq!(only(&resolution).digest, *all.digest());
    assert_eq!(
        resolution.graph.nodes().map(|(digest, _)| digest).collect::<Vec<_>>(),
        [amd64.digest()]
    );
}

#[tokio::test]
async fn a_platform_that_an_image_lacks_is_an_error_that_names_what_it_has() {
    let source = Arc::new(Memory::new());
    fill(&source, "r.io/one", "v1", &image("linux/arm64", "one"));
    let both = index(&[image("linux/arm64", "x"), image("linux/s390x", "x")]);
    fill(&source, "r.io/both", "v1", &both);
    let chart = artifact(
        "application/x",
        &[(MediaType::from(media_type::HELM_CHART), text("chart"))],
        None,
    );
    fill(&source, "r.io/chart", "v1", &chart);

    let names = ["r.io/one:v1", "r.io/both:v1", "r.io/chart:v1"];
    let resolution = resolved(&source, &names, &for_linux_amd64()).await;
    let errors: Vec<_> = resolution.failed.iter().map(|failed| words(&*failed.error)).collect();
    let want = [
        "no linux/amd64: the image has linux/arm64, linux/s390x",
        "no linux/amd64: the image has linux/arm64",
    ];
    assert_eq!(errors, want);
    assert_eq!(resolution.failed[0].because, ["pods.yaml:7"]);
    assert_eq!(resolution.lock.images().count(), 1, "what has no platform suits every choice");
}

#[tokio::test]
async fn what_cannot_be_found_or_used_fails_alone() {
    let source = Arc::new(Memory::new());
    fill(&source, "r.io/good", "v1", &image("linux/amd64", "good"));
    let broken = image("linux/amd64", "broken");
    let all = index(&[broken.clone(), image("linux/arm64", "x")]);
    fill(&source, "r.io/broken", "v1", &all);
    source.forget(&repository("r.io/broken"), broken.digest());
    let old = br#"{"schemaVersion":1,"fsLayers":[]}"#;
    let old = Document {
        media_type: MediaType::from("text/plain"),
        digest: Digest::sha256(old),
        bytes: bytes::Bytes::from_static(old),
    };
    source.fill(&repository("r.io/old"), &[], &[old], Some(&tag("v1")));

    let names = ["r.io/absent:v1", "r.io/broken:v1", "r.io/good:v1", "r.io/old:v1"];
    let resolution = resolved(&source, &names, &ResolveSettings::default()).await;
    let errors: Vec<_> = resolution.failed.iter().map(|failed| words(&*failed.error)).collect();
    assert_eq!(errors[0], "source r.io/absent: tag v1 is not there");
    assert!(
        errors[1].contains(&format!(
            "manifest {} for linux/amd64 is named by its index",
            broken.digest()
        )),
        "{errors:?}"
    );
    assert!(errors[2].ends_with("schema 1 image, current clients cannot pull it"), "{errors:?}");
    assert_eq!((errors.len(), resolution.lock.images().count()), (3, 1));
}

#[tokio::test]
async fn a_digest_decides_and_the_tag_beside_it_is_not_asked_for() {
    let source = Arc::new(Memory::new());
    let (old, new) = (image("linux/amd64", "old"), image("linux/amd64", "new"));
    fill(&source, "r.io/x", "v1", &old);
    fill(&source, "r.io/x", "v1", &new);
    let name = format!("r.io/x:v1@{}", old.digest());
    let settings = ResolveSettings { with: With::None, ..ResolveSettings::default() };
    let resolution = resolved(&source, &[&name], &settings).await;
    assert_eq!(only(&resolution).digest, *old.digest());
    assert_eq!(only(&resolution).target.to_string(), "x:v1");
    assert_eq!(source.requests().of(Request::HeadTag), 0);
}

#[tokio::test]
async fn a_source_that_moved_keeps_its_name_at_the_target() {
    let source = Arc::new(Memory::new());
    fill(&source, "docker.io/bitnamilegacy/redis", "7", &image("linux/amd64", "redis"));
    let settings: ResolveSettings = ResolveSettings {
        remap: sealift_inventory::Remap(vec![sealift_inventory::Move {
            from: "docker.io/bitnami".parse().unwrap(),
            to: "docker.io/bitnamilegacy".parse().unwrap(),
        }]),
        ..ResolveSettings::default()
    };
    let resolution = resolved(&source, &["bitnami/redis:7"], &settings).await;
    assert_eq!(only(&resolution).target.to_string(), "bitnami/redis:7");
    assert_eq!(only(&resolution).from, Some(repository("docker.io/bitnamilegacy/redis")));
}

#[tokio::test]
async fn signatures_are_found_by_tag_and_as_referrers_and_the_rest_only_on_request() {
    let source = Arc::new(Memory::new());
    let app = image("linux/amd64", "app");
    fill(&source, "r.io/app", "v1", &app);
    let layer = |content: &str| vec![(MediaType::from("x/y"), text(content))];
    let by_tag = artifact("application/x", &layer("by tag"), None);
    fill(&source, "r.io/app", &format!("sha256-{}.sig", app.digest().hex()), &by_tag);
    let notation =
        artifact("application/vnd.cncf.notary.signature", &layer("notation"), Some(&app));
    let sbom = artifact("application/spdx+json", &layer("sbom"), Some(&app));
    let of_sbom =
        artifact("application/vnd.cncf.notary.signature", &layer("of the sbom"), Some(&sbom));
    for built in [&notation, &sbom, &of_sbom] {
        fill_untagged(&source, "r.io/app", built);
    }
    let digests = |resolution: &sealift_oci::resolve::Resolution| -> Vec<_> {
        let mut with: Vec<_> = only(resolution)
            .with
            .iter()
            .map(|with| (with.kind.clone(), with.digest.clone()))
            .collect();
        with.sort();
        with
    };
    let want = |built: &[(&str, &sealift_oci::image::Built)]| -> Vec<_> {
        let mut want: Vec<_> = built
            .iter()
            .map(|(kind, built)| ((*kind).to_owned(), built.digest().clone()))
            .collect();
        want.sort();
        want
    };
    let some = resolved(&source, &["r.io/app:v1"], &ResolveSettings::default()).await;
    assert_eq!(digests(&some), want(&[("signature", &by_tag), ("signature", &notation)]));
    assert!(some.graph.get(by_tag.digest()).is_some());

    let all = resolved(
        &source,
        &["r.io/app:v1"],
        &ResolveSettings { with: With::All, ..ResolveSettings::default() },
    )
    .await;
    let wanted = [
        ("signature", &by_tag),
        ("signature", &notation),
        ("sbom", &sbom),
        ("signature", &of_sbom),
    ];
    assert_eq!(digests(&all), want(&wanted));

    let none = resolved(
        &source,
        &["r.io/app:v1"],
        &ResolveSettings { with: With::None, ..ResolveSettings::default() },
    )
    .await;
    assert!(only(&none).with.is_empty());
}

#[tokio::test]
async fn indexes_nested_deeper_than_the_limit_are_refused() {
    let source = Arc::new(Memory::new());
    let mut built = image("linux/amd64", "x");
    for _ in 0..4 {
        built = index(&[built]);
    }
    fill(&source, "r.io/deep", "v4", &built);
    fill(&source, "r.io/deep", "v5", &index(&[built]));
    let resolution =
        resolved(&source, &["r.io/deep:v4", "r.io/deep:v5"], &ResolveSettings::default()).await;
    assert_eq!((resolution.lock.images().count(), resolution.failed.len()), (1, 1));
    assert!(words(&*resolution.failed[0].error).contains("levels of indexes"));
}

#[tokio::test]
async fn a_lost_graph_is_read_again_and_is_the_one_that_the_lock_names() {
    let source = Arc::new(Memory::new());
    let all = index(&[image("linux/amd64", "x"), image("linux/arm64", "x")]);
    fill(&source, "r.io/x", "v1", &all);
    fill(&source, "r.io/y", "v1", &image("linux/amd64", "y"));
    for settings in [ResolveSettings::default(), for_linux_amd64()] {
        let resolution = resolved(&source, &["r.io/x:v1", "r.io/y:v1"], &settings).await;
        let again = rebuild(&resolution.lock, Arc::clone(&source)).await.unwrap();
        assert_eq!(again.to_text(), resolution.graph.to_text());
    }

    let mut other = resolved(&source, &["r.io/x:v1"], &ResolveSettings::default()).await.lock;
    other.graph = Some(Digest::sha256(b"another"));
    let error = rebuild(&other, Arc::clone(&source)).await.unwrap_err();
    assert!(matches!(error, RebuildError::Different { .. }), "{error}");
    source.forget(&repository("r.io/x"), all.digest());
    let error = rebuild(&other, source).await.unwrap_err();
    assert!(matches!(error, RebuildError::Image { .. }), "{error}");
}

#[tokio::test]
async fn a_lock_that_was_made_before_answers_instead_of_the_network() {
    let source = Arc::new(Memory::new());
    let all = index(&[image("linux/amd64", "x"), image("linux/arm64", "x")]);
    fill(&source, "r.io/x", "v1", &all);
    fill(&source, "r.io/y", "v1", &image("linux/amd64", "y"));
    let online = resolved(&source, &["r.io/x:v1", "r.io/y:v1"], &for_linux_amd64()).await;

    let ask = |images: &[&str], settings: &ResolveSettings| {
        let inventory = crate::support::inventory(images);
        sealift_oci::resolve::offline(inventory.artifacts(), settings, &online.lock, &online.graph)
            .unwrap()
    };
    let again = ask(&["r.io/x:v1", "r.io/y:v1"], &for_linux_amd64());
    assert_eq!(again.lock.to_yaml(), online.lock.to_yaml());
    assert_eq!(again.graph.to_text(), online.graph.to_text());

    let fewer = ask(&["r.io/y:v1", "r.io/z:v1"], &for_linux_amd64());
    assert_eq!(fewer.lock.images().count(), 1);
    assert_eq!(
        words(&*fewer.failed[0].error),
        "without the network it cannot be resolved: the lock does not have it"
    );
    assert!(fewer.graph.get(all.digest()).is_none());
    assert_eq!(ask(&["r.io/y:v1"], &ResolveSettings::default()).failed.len(), 1);
}
