//! Image layouts on disk: what was written is what is read, also by others.
#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use fs_err as fs;
use sealift_inventory::{Graph, Lock, Prefix};
use sealift_oci::copy::{CopyOptions, Summary, copy};
use sealift_oci::image::{Built, ImageBuilder, artifact, index};
use sealift_oci::plan::{Node, Plan, PlannedImage, Root};
use sealift_oci::{Hint, Layout, Manifest, Memory, Source, StoreErrorKind, Target};
use sealift_reference::{Digest, MediaType, Repository, Tag};

fn repository(text: &str) -> Repository {
    text.parse().unwrap()
}

fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

fn image(on: &str, content: &[u8]) -> Built {
    ImageBuilder::new(on.parse().unwrap()).layer(&[("etc/app", content)]).unwrap().build()
}

/// A plan that carries everything to where it has the same name.
fn plan_of(images: &[(&str, &str, &Built)]) -> Plan {
    let mut plan = Plan::default();
    for (at, name, built) in images {
        for document in built.documents() {
            let hint = Hint { descriptor: Some(&document.media_type), content_type: None };
            let node = Node::complete(document, &Manifest::parse(&document.bytes, hint).unwrap());
            plan.nodes.insert(document.digest.clone(), node);
        }
        let root =
            Root { digest: built.digest().clone(), tag: (!name.is_empty()).then(|| tag(name)) };
        plan.images.push(PlannedImage {
            name: format!("{at}:{name}"),
            source: repository(at),
            target: repository(at),
            roots: vec![root],
        });
    }
    plan
}

async fn carry<S: Source + 'static, T: Target + 'static>(
    plan: &Plan,
    from: &Arc<S>,
    to: &Arc<T>,
) -> Summary {
    copy(plan, Arc::clone(from), Arc::clone(to), &CopyOptions::default(), Arc::new(())).await
}

#[tokio::test]
async fn images_come_back_from_a_layout_as_they_went_in() {
    let all = index(&[image("linux/amd64", &vec![1; 700_000]), image("linux/arm64", b"2")]);
    let nginx = image("linux/amd64", b"3");
    let signature = artifact(
        "application/x.sig",
        &[(MediaType::from("x/y"), Bytes::from_static(b"sig"))],
        Some(&all),
    );
    let plan = plan_of(&[
        ("r.io/a", "v1", &all),
        ("docker.io/library/nginx", "1.27", &nginx),
        ("r.io/a", "", &signature),
    ]);
    let source = Arc::new(Memory::new());
    for (at, built, name) in
        [("r.io/a", &all, Some(tag("v1"))), ("docker.io/library/nginx", &nginx, Some(tag("1.27")))]
    {
        source.fill(&repository(at), built.blobs(), built.documents(), name.as_ref());
    }
    source.fill(&repository("r.io/a"), signature.blobs(), signature.documents(), None);

    let folder = tempfile::tempdir().unwrap();
    let layout = Arc::new(Layout::create(folder.path()).unwrap());
    let summary = carry(&plan, &source, &layout).await;
    assert!(summary.is_complete(), "{:?}", summary.failed);
    let names: Vec<_> = layout.names().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["docker.io/library/nginx:1.27", "r.io/a:v1"]);

    drop(layout);
    let layout = Arc::new(Layout::open(folder.path()).unwrap());
    let referrers = layout.referrers(&repository("r.io/a"), all.digest()).await.unwrap();
    assert_eq!(
        referrers.iter().map(|found| &found.digest).collect::<Vec<_>>(),
        [signature.digest()]
    );
    let target = Arc::new(Memory::new());
    let summary = carry(&plan, &layout, &target).await;
    assert!(summary.is_complete(), "{:?}", summary.failed);
    assert_eq!(target.contents(), source.contents());
}

#[tokio::test]
async fn the_order_of_writing_does_not_show_and_writing_twice_sends_nothing() {
    let (a, b) = (image("linux/amd64", b"a"), image("linux/amd64", b"b"));
    let source = Arc::new(Memory::new());
    source.fill(&repository("r.io/a"), a.blobs(), a.documents(), Some(&tag("v1")));
    source.fill(&repository("r.io/b"), b.blobs(), b.documents(), Some(&tag("v1")));
    let orders = [
        plan_of(&[("r.io/a", "v1", &a), ("r.io/b", "v1", &b)]),
        plan_of(&[("r.io/b", "v1", &b), ("r.io/a", "v1", &a)]),
    ];
    let mut indexes = Vec::new();
    for plan in orders {
        let folder = tempfile::tempdir().unwrap();
        let layout = Arc::new(Layout::create(folder.path()).unwrap());
        carry(&plan, &source, &layout).await;
        let again = carry(&plan, &source, &layout).await;
        assert_eq!((again.images_skipped, again.sent.count), (2, 0));
        indexes.push(fs::read_to_string(folder.path().join("index.json")).unwrap());
    }
    assert_eq!(indexes[0], indexes[1]);
}

#[tokio::test]
async fn a_blob_of_the_right_length_with_wrong_bytes_is_written_again() {
    let a = image("linux/amd64", b"a");
    let source = Arc::new(Memory::new());
    source.fill(&repository("r.io/a"), a.blobs(), a.documents(), Some(&tag("v1")));
    let folder = tempfile::tempdir().unwrap();
    let (digest, layer) = (Digest::sha256(&a.blobs()[1]), a.blobs()[1].clone());
    let file = folder.path().join("blobs/sha256").join(digest.hex());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, vec![0; layer.len()]).unwrap();
    let layout = Arc::new(Layout::create(folder.path()).unwrap());
    let summary = carry(&plan_of(&[("r.io/a", "v1", &a)]), &source, &layout).await;
    assert_eq!(summary.sent.count, 2);
    assert_eq!(fs::read(file).unwrap(), layer);
}

#[tokio::test]
async fn a_source_with_wrong_bytes_leaves_no_blob_and_no_part() {
    let a = image("linux/amd64", b"a");
    let source = Arc::new(Memory::new());
    source.fill(&repository("r.io/a"), a.blobs(), a.documents(), Some(&tag("v1")));
    let layer = a.blobs()[1].clone();
    source.corrupt(&Digest::sha256(&layer), Bytes::from(vec![0; layer.len()]));
    let folder = tempfile::tempdir().unwrap();
    let layout = Arc::new(Layout::create(folder.path()).unwrap());
    let summary = carry(&plan_of(&[("r.io/a", "v1", &a)]), &source, &layout).await;
    assert_eq!(summary.failed[0].errors[0].kind(), Some(StoreErrorKind::Digest));
    let left: Vec<_> = fs::read_dir(folder.path().join("blobs/sha256")).unwrap().collect();
    assert_eq!(left.len(), 1, "only the config: {left:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_blob_that_is_a_link_is_refused() {
    let a = image("linux/amd64", b"a");
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::create(folder.path()).unwrap();
    a.write(&layout, &repository("r.io/a"), Some(&tag("v1"))).await.unwrap();
    let file = folder.path().join("blobs/sha256").join(a.digest().hex());
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    fs::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    let error = layout.document(&repository("r.io/a"), a.digest()).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Refused);
}

#[tokio::test]
async fn foreign_layouts_are_read_and_their_entries_kept() {
    let a = image("linux/amd64", b"a");
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::create(folder.path()).unwrap();
    a.write(&layout, &repository("r.io/a"), None).await.unwrap();
    drop(layout);
    let (digest, size) = (a.digest(), a.root().bytes.len());
    let entry = format!(
        r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size},"x-other":{{"y":[1]}},"annotations":{{"org.opencontainers.image.ref.name":"v7"}}}}"#
    );
    fs::write(
        folder.path().join("index.json"),
        format!(r#"{{"schemaVersion":2,"manifests":[{entry}]}}"#),
    )
    .unwrap();

    let at = repository("r.io/mine");
    let layout = Layout::open(folder.path()).unwrap();
    assert_eq!(layout.resolve(&at, &tag("v7")).await.unwrap(), None);
    let layout = layout.with_bare_tags_of(at.clone());
    assert_eq!(layout.resolve(&at, &tag("v7")).await.unwrap().unwrap().digest, *digest);
    drop(layout);

    let layout = Layout::create(folder.path()).unwrap();
    layout.write_document(&at, a.root(), Some(&tag("v8"))).await.unwrap();
    let written = fs::read_to_string(folder.path().join("index.json")).unwrap();
    assert!(written.contains(r#""x-other":{"y":[1]}"#), "{written}");
}

#[test]
fn layouts_that_two_readers_read_differently_are_refused() {
    let digest = Digest::sha256(b"x");
    let entry = |name: &str| {
        format!(
            r#"{{"mediaType":"m","digest":"{digest}","size":1,"annotations":{{"org.opencontainers.image.ref.name":"{name}"}}}}"#
        )
    };
    let version = r#"{"imageLayoutVersion":"1.0.0"}"#;
    let good = format!(r#"{{"manifests":[{}]}}"#, entry("r.io/a:v1"));
    let twice = format!(r#"{{"manifests":[],"manifests":[{}]}}"#, entry("r.io/a:v1"));
    let by_case = format!(r#"{{"manifests":[],"Manifests":[{}]}}"#, entry("r.io/a:v1"));
    let cases = [
        (version, good.as_str(), None),
        (r#"{"imageLayoutVersion":"2.0.0"}"#, &good, Some(StoreErrorKind::Refused)),
        ("{}", &good, Some(StoreErrorKind::Refused)),
        (version, &twice, Some(StoreErrorKind::Refused)),
        (version, &by_case, Some(StoreErrorKind::Refused)),
        (
            version,
            r#"{"manifests":[{"mediaType":"m","digest":"sha256:../x","size":1}]}"#,
            Some(StoreErrorKind::Refused),
        ),
        (version, "{}", Some(StoreErrorKind::Refused)),
    ];
    for (version, index, want) in cases {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("oci-layout"), version).unwrap();
        fs::write(folder.path().join("index.json"), index).unwrap();
        assert_eq!(
            Layout::open(folder.path()).err().map(|error| error.kind),
            want,
            "{version} {index}"
        );
    }
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(
        Layout::open(empty.path()).err().map(|error| error.kind),
        Some(StoreErrorKind::NotFound)
    );
}

/// skopeo of the machine, if there is one.
#[tokio::test]
async fn skopeo_reads_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::create(folder.path()).unwrap();
    let all = index(&[image("linux/amd64", b"1"), image("linux/arm64", b"2")]);
    all.write(&layout, &repository("docker.io/library/nginx"), Some(&tag("1.27"))).await.unwrap();
    let Some(raw) = skopeo(folder.path(), "docker.io/library/nginx:1.27") else {
        println!("skipped: there is no skopeo");
        return;
    };
    assert_eq!(raw, all.root().bytes);
}

fn skopeo(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let layout = format!("oci:{}:{name}", folder.display());
    let out =
        std::process::Command::new("skopeo").args(["inspect", "--raw", &layout]).output().ok()?;
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(out.stdout)
}

/// The plan of an empty lock does nothing, also to a layout.
#[tokio::test]
async fn an_empty_lock_is_carried_out_at_once() {
    let registry: Prefix = "t.corp".parse().unwrap();
    let plan = Plan::of(&Lock::default(), &Graph::default(), &registry).unwrap();
    let summary = carry(&plan, &Arc::new(Memory::new()), &Arc::new(Memory::new())).await;
    assert!(summary.is_complete() && summary.images_done == 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_repositories_may_get_the_same_image_at_once() {
    let a = image("linux/amd64", b"a");
    let names: Vec<_> = (0..50).map(|n| format!("r.io/a{n}")).collect();
    let images: Vec<_> = names.iter().map(|name| (name.as_str(), "v1", &a)).collect();
    let source = Arc::new(Memory::new());
    for name in &names {
        source.fill(&repository(name), a.blobs(), a.documents(), Some(&tag("v1")));
    }
    let folder = tempfile::tempdir().unwrap();
    let layout = Arc::new(Layout::create(folder.path()).unwrap());
    let summary = carry(&plan_of(&images), &source, &layout).await;
    assert!(summary.is_complete(), "{:?}", summary.failed);
    assert_eq!(Layout::open(folder.path()).unwrap().names().len(), 50);
}
