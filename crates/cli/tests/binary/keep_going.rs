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
fn what_failed_of_a_lock_elsewhere_is_written_beside_it_where_its_settings_are() {
    let (scene, far_side) = Scene::with_lock();
    let site = scene.env.folder().join("site");
    std::fs::create_dir(&site).expect("nothing is there");
    for file in ["sealift.yaml", "sealift.lock", "sealift.graph", "platform.yaml"] {
        std::fs::rename(scene.env.folder().join(file), site.join(file)).expect("it is there");
    }
    let lost = Digest::sha256(&layer("worker", "amd64"));
    let file = scene.disk("internet").join(format!("blobs/sha256/{}", lost.hex()));
    std::fs::remove_file(&file).expect("it is there");

    let first = scene.show(&["mirror", "--lock", "site/sealift.lock", "--to", &far_side]);
    assert!(first.contains("next: sealift mirror --lock site/failed.lock --to"), "{first}");
    assert!(scene.env.exists("site/failed.lock") && !scene.env.exists("failed.lock"));

    scene.publish(&images(), &scene.address("internet"));
    let words = ["mirror", "-q", "--lock", "site/failed.lock", "--to", &far_side];
    // The mirrors by which the sources are reached stand in the shipment of that folder.
    let _done = scene.env.run(words).expect_code(0);
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
        ["--jobs", "2"],
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
