//! What fails does not stop the rest, and can be done alone afterwards.

use insta::assert_snapshot;
use sealift_reference::Digest;

use crate::scene::{Scene, images, layer};

#[test]
fn the_rest_is_finished_and_failed_lock_does_only_what_is_left() {
    let (scene, far_side) = Scene::with_lock();
    let lost = Digest::sha256(&layer("worker", "amd64"));
    let file = scene.disk("internet").join(format!("blobs/sha256/{}", lost.hex()));
    std::fs::remove_file(&file).expect("it is there");

    let first = scene.show(&["mirror", "--to", &far_side]);
    assert!(first.contains("exit code: 1"), "{first}");
    let failed = scene.env.read("failed.lock");
    assert!(failed.contains("quay.io/acme/worker:2.1.0") && !failed.contains("acme/operator"));

    scene.publish(&images(), &scene.address("internet"));
    drop((scene.asked("internet"), scene.asked("far-side")));
    let again = scene.show(&["mirror", "--lock", "failed.lock", "--to", &far_side]);
    for (registry, only) in
        [("internet", "/v2/quay.io/acme/worker/"), ("far-side", "/v2/acme/worker/")]
    {
        let asked = scene.asked(registry);
        let is_only = |line: &String| line.contains(only) || line == "GET /v2/";
        assert!(asked.len() > 1 && asked.iter().all(is_only), "{asked:#?}");
    }
    let whole = scene.show(&["verify", "--to", &far_side]);
    assert_snapshot!([first, again, whole].join("\n"));
}

#[test]
fn the_next_command_has_the_options_of_the_one_that_failed() {
    let (scene, far_side) = Scene::with_lock();
    let lost = Digest::sha256(&layer("worker", "amd64"));
    let file = scene.disk("internet").join(format!("blobs/sha256/{}", lost.hex()));
    std::fs::remove_file(&file).expect("it is there");
    let options = [
        ["--foreign-from", "cdn.example.com"],
        ["--limit", "chart-entries=20000"],
        ["--retry-for", "60s"],
        ["--limit-rate", "52428800B/s"],
    ];
    let words = options.as_flattened();
    let first = [&["mirror", "--to", &far_side, "--allow-undecided", "--repair"], words].concat();
    let shown = scene.show(&first);
    let next = format!(
        "next: sealift mirror --lock failed.lock --to far-side.test --allow-undecided --repair {}",
        words.join(" ")
    );
    assert!(shown.contains(&next), "{shown}\nlacks\n{next}");
}
