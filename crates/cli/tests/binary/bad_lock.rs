//! Locks that are not what `sealift lock` wrote, or not for what is here now.

use insta::assert_snapshot;

use crate::scene::Scene;

/// Replaces the first text in the lock.
fn edit(scene: &Scene, file: &str, change: impl Fn(&str) -> String) {
    let text = scene.env.read(file);
    let changed = change(&text);
    assert_ne!(text, changed, "{file} holds what is edited");
    scene.env.write(file, changed);
}

/// The digest of the worker's image.
fn worker() -> String {
    crate::scene::image("amd64", "worker").digest().to_string()
}

#[test]
fn a_digest_edited_by_hand_is_refused_before_anything_is_sent() {
    let (scene, far_side) = Scene::with_lock();
    let digest = worker();
    edit(&scene, "sealift.lock", |lock| {
        lock.replace(&digest, &format!("sha256:{}", "0".repeat(64)))
    });
    let runs = [
        scene.refuse(&["mirror", "--to", &far_side]),
        scene.refuse(&["verify", "--to", &far_side]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_digest_that_is_none_is_said_with_its_line() {
    let (scene, far_side) = Scene::with_lock();
    let digest = worker();
    edit(&scene, "sealift.lock", |lock| lock.replace(&digest, "sha256:1234"));
    assert_snapshot!(scene.refuse(&["mirror", "--to", &far_side]));
}

#[test]
fn a_graph_edited_by_hand_is_refused() {
    let (scene, far_side) = Scene::with_lock();
    edit(&scene, "sealift.graph", |graph| {
        let last = graph.trim_end().rfind('\n').expect("it has several lines");
        graph[..=last].to_owned()
    });
    assert_snapshot!(scene.refuse(&["mirror", "--to", &far_side]));
}

#[test]
fn a_lost_graph_is_read_again_from_the_registries_and_diff_wants_it() {
    let (scene, far_side) = Scene::with_lock();
    let graph = scene.env.read("sealift.graph");
    std::fs::remove_file(scene.env.folder().join("sealift.graph")).expect("it is there");
    let refused = scene.refuse(&["diff", "sealift.lock", "sealift.lock"]);
    let mirrored = scene.show(&["mirror", "--to", &far_side]);
    assert_eq!(scene.env.read("sealift.graph"), graph);
    assert_snapshot!([refused, mirrored].join("\n"));
}

#[test]
fn a_stale_lock_is_refused_unless_asked_for() {
    let (scene, far_side) = Scene::with_lock();
    edit(&scene, "platform.yaml", |platform| platform.replace("2.1.0", "2.2.0"));
    let runs = [
        scene.refuse(&["mirror", "--to", &far_side]),
        scene.refuse(&["verify", "--to", &far_side]),
        scene.show(&["mirror", "--to", &far_side, "--stale"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_lock_that_leaves_something_undecided_is_written_and_not_mirrored() {
    let mut scene = Scene::with_internet();
    let far_side = scene.registry("far-side");
    edit(&scene, "platform.yaml", |platform| {
        platform.replace("quay.io/acme/worker:2.1.0", "$(REGISTRY)/worker:2.1.0")
    });
    let locked = scene.show(&["lock"]);
    assert!(scene.env.exists("sealift.lock") && scene.env.exists("sealift.graph"));
    let runs = [
        locked,
        scene.refuse(&["mirror", "--to", &far_side]),
        scene.show(&["mirror", "--to", &far_side, "--allow-undecided"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn two_images_with_one_target_name_are_refused() {
    let mut scene = Scene::new();
    let internet = scene.registry("internet");
    scene.env.write("images.txt", "docker.io/acme/web:1\nquay.io/acme/web:1\n");
    scene.env.write("sealift.yaml", crate::scene::shipment("imageList: images.txt", &internet));
    let image = |name| crate::scene::image("amd64", name);
    scene.publish(
        &[("docker.io/acme/web:1", image("one")), ("quay.io/acme/web:1", image("two"))],
        &internet,
    );
    assert_snapshot!(scene.refuse(&["lock"]));
}
