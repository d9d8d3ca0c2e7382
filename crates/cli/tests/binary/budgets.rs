//! How many requests a mirror may make: each row of the budget is met exactly, as the registries themselves count.

use std::collections::{BTreeMap, BTreeSet};

use sealift_inventory::{Graph, Lock, Prefix};
use sealift_oci::plan::Plan;

use crate::scene::{Scene, image};

/// What the budget is computed from.
struct Size {
    /// Distinct manifests.
    manifests: usize,
    /// Distinct blobs.
    blobs: usize,
    /// Blobs by repository.
    pairs: usize,
    tags: usize,
    /// Repositories that are read.
    sources: usize,
}

impl Size {
    fn of(plan: &Plan) -> Self {
        let pairs: BTreeSet<_> = plan
            .images
            .iter()
            .flat_map(|image| image.roots.iter().map(move |root| (&image.target, root)))
            .flat_map(|(place, root)| {
                plan.blobs_below(&root.digest).into_iter().map(move |blob| (place, &blob.digest))
            })
            .collect();
        let totals = plan.totals();
        let sources: BTreeSet<_> = plan.images.iter().map(|image| &image.source).collect();
        Self {
            manifests: totals.documents,
            blobs: totals.blobs,
            pairs: pairs.len(),
            tags: plan.images.len(),
            sources: sources.len(),
        }
    }

    fn mounts(&self) -> usize {
        self.pairs - self.blobs
    }
}

/// The plan of the lock in the folder.
fn plan(scene: &Scene, to: &str) -> Plan {
    let lock = Lock::read("sealift.lock", &scene.env.read("sealift.lock")).expect("a lock");
    let graph = Graph::read("sealift.graph", &scene.env.read("sealift.graph")).expect("a graph");
    let to: Prefix = to.parse().expect("an address");
    Plan::of(&lock, &graph, &to).expect("they belong together")
}

/// Requests by kind.
fn kinds(asked: &[String]) -> BTreeMap<&'static str, usize> {
    let mut kinds = BTreeMap::new();
    for line in asked {
        let (method, path) = line.split_once(' ').expect("method and path");
        let parts = ["/manifests/", "/blobs/uploads/", "/blobs/", "/tags/list", "/referrers/"];
        let part = parts.into_iter().find(|part| path.contains(part));
        let kind = match (method, part) {
            ("GET", None) => "ping",
            ("HEAD", Some("/manifests/")) => "HEAD manifest",
            ("GET", Some("/manifests/")) => "GET manifest",
            ("PUT", Some("/manifests/")) => "PUT manifest",
            ("POST", Some("/blobs/uploads/")) => "POST upload",
            ("PUT", Some("/blobs/uploads/")) => "PUT upload",
            ("HEAD", Some("/blobs/")) => "HEAD blob",
            ("GET", Some("/blobs/")) => "GET blob",
            ("GET", Some("/tags/list")) => "GET tags",
            _ => panic!("no budget has {line}"),
        };
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

#[track_caller]
fn assert_asked(scene: &Scene, name: &str, wanted: &[(&'static str, usize)]) {
    let asked = scene.asked(name);
    let wanted: BTreeMap<_, _> =
        wanted.iter().filter(|(_, count)| *count > 0).copied().chain([("ping", 1)]).collect();
    assert_eq!(kinds(&asked), wanted, "{name}: {asked:#?}");
}

fn mirror(scene: &Scene, to: &str) {
    let _mirrored = scene.env.run(["mirror", "-q", "--to", to]).expect_code(0);
}

/// What a mirror reads after `lock` has kept the manifests: each blob once. The first of a repository says that it may be read.
fn read_once(size: &Size) -> [(&'static str, usize); 1] {
    [("GET blob", size.blobs)]
}

/// What a mirror asks of a target that has none of it: all blobs are tiny, and are asked for by nothing but their uploads.
fn cold(size: &Size) -> [(&'static str, usize); 4] {
    [
        ("HEAD manifest", size.tags),
        ("POST upload", size.blobs + size.mounts()),
        ("PUT upload", size.blobs),
        ("PUT manifest", size.manifests),
    ]
}

#[test]
fn cold_new_and_warm_runs_make_exactly_the_requests_of_the_budget() {
    let (scene, to) = Scene::with_lock();
    let size = Size::of(&plan(&scene, &to));
    assert_eq!((size.manifests, size.blobs, size.pairs), (5, 10, 12));
    drop((scene.asked("internet"), scene.asked("far-side")));

    mirror(&scene, &to);
    assert_asked(&scene, "internet", &read_once(&size));
    assert_asked(&scene, "far-side", &cold(&size));

    mirror(&scene, &to);
    assert_eq!(scene.asked("internet"), [""; 0], "nothing is read, not even a ping");
    assert_asked(&scene, "far-side", &[("HEAD manifest", size.tags)]);
}

#[test]
fn a_cold_run_to_repositories_that_have_tags_asks_for_no_tiny_blob_either() {
    let (scene, to) = Scene::with_lock();
    for name in ["library/web", "acme/operator", "acme/worker"] {
        scene.publish_to(&image("s390x", name), &format!("{to}/{name}:other"));
    }
    let size = Size::of(&plan(&scene, &to));
    drop((scene.asked("internet"), scene.asked("far-side")));

    mirror(&scene, &to);
    assert_asked(&scene, "internet", &read_once(&size));
    assert_asked(&scene, "far-side", &cold(&size));
}

#[test]
fn repositories_that_share_all_their_blobs_are_asked_for_a_manifest_each() {
    let mut scene = Scene::with_internet();
    let (to, internet) = (scene.registry("far-side"), scene.address("internet"));
    let same = format!("{internet}/docker.io/acme/operator:3.2");
    scene.publish_to(&image("amd64", "worker"), &same);
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    let size = Size::of(&plan(&scene, &to));
    assert_eq!((size.sources, size.blobs), (3, 8));
    drop((scene.asked("internet"), scene.asked("far-side")));

    mirror(&scene, &to);
    assert_asked(&scene, "internet", &[("HEAD manifest", 2), ("GET blob", size.blobs)]);
}

#[test]
fn an_image_that_is_added_costs_its_own_blobs_and_one_question_for_each_of_the_others() {
    let mut scene = Scene::with_internet();
    let to = scene.registry("far-side");
    let platform = scene.env.read("platform.yaml");
    scene.env.write("platform.yaml", platform.replace("quay.io/acme/worker:2.1.0", "web:1.27"));
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    mirror(&scene, &to);
    scene.env.write("platform.yaml", platform);
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    drop((scene.asked("internet"), scene.asked("far-side")));

    mirror(&scene, &to);
    // The layer that all share is mounted; config and own layer are sent.
    let (own, mounts) = (2, 1);
    assert_asked(&scene, "internet", &[("GET blob", own)]);
    let added = [
        ("HEAD manifest", 3),
        ("POST upload", own + mounts),
        ("PUT upload", own),
        ("PUT manifest", 1),
    ];
    assert_asked(&scene, "far-side", &added);
}

/// Waits until a registry has answered what was on its way, and returns those of its answers.
fn settled(scene: &Scene, name: &str) -> Vec<(String, u16)> {
    let mut answered = Vec::new();
    loop {
        std::thread::sleep(std::time::Duration::from_millis(200));
        match scene.answered(name) {
            none if none.is_empty() => return answered,
            more => answered.extend(more),
        }
    }
}

/// Kills a mirror after so many answers of the target, and returns all that this gave.
fn killed_after(scene: &Scene, to: &str, answers: usize) -> Vec<(String, u16)> {
    let mut child = scene
        .env
        .command(["mirror", "-q", "--to", to])
        .spawn()
        .expect("sealift was built with this test");
    let mut before = Vec::new();
    while before.len() < answers && matches!(child.try_wait(), Ok(None)) {
        before.extend(scene.answered("far-side"));
    }
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
    before.extend(settled(scene, "far-side"));
    before
}

#[test]
fn a_run_that_was_killed_and_runs_again_asks_for_tags_and_manifests_and_sends_what_is_missing() {
    for after in [4, 12, 20, 28] {
        let (scene, to) = Scene::with_lock();
        let size = Size::of(&plan(&scene, &to));
        drop((scene.asked("internet"), scene.asked("far-side")));
        let before = killed_after(&scene, &to, after);
        let read = settled(&scene, "internet").len() + scene.asked("internet").len();

        mirror(&scene, &to);
        // An upload that was cut off is answered as well, and has left nothing: only what was created is there.
        let created = before.into_iter().filter(|(_, status)| *status == 201);
        let done = kinds(&created.map(|(line, _)| line).collect::<Vec<_>>());
        let sent = done.get("PUT upload").copied().unwrap_or_default();
        let written = done.get("PUT manifest").copied().unwrap_or_default();
        let (blobs, manifests) =
            (size.blobs.saturating_sub(sent), size.manifests.saturating_sub(written));
        // What is found is confirmed.
        let missing = 2 * blobs + size.mounts() + 2 * sent + manifests;
        // The right to push is asked for by the request that asks for a blob, and costs none of its own.
        let budget = 1 + size.tags + size.manifests + missing;
        let asked = scene.asked("far-side");
        assert!(asked.len() <= budget, "after {after}: {} > {budget}: {asked:#?}", asked.len());
        // The right to read is asked for by reading a blob, which may be at the target already.
        let again = scene.asked("internet");
        let budget = 1 + size.sources + blobs;
        assert!(
            again.len() <= budget,
            "after {after}, {read} read: {} > {budget}: {again:#?}",
            again.len()
        );
    }
}
