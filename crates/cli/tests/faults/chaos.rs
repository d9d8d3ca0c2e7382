//! Faults in any mixture: whatever comes of a run, the next one in peace ends well.

use std::time::Duration;

use sealift_testkit::{Entry, Reply, Script, Server};

use crate::killed::Chance;
use crate::scene::Scene;
use crate::ways::{CANARY, guarded, with_passwords};

/// Requests that meet a fault: of any kind, at either side.
const REQUESTS: [(&str, &str); 10] = [
    ("*", "/v2/*"),
    ("GET", "/v2/*/blobs/*"),
    ("GET", "/v2/*/manifests/*"),
    ("HEAD", "/v2/*/blobs/*"),
    ("HEAD", "/v2/*/manifests/*"),
    ("POST", "/v2/*"),
    ("PUT", "/v2/*/blobs/uploads/*"),
    ("PUT", "/v2/*/manifests/*"),
    ("PATCH", "/v2/*"),
    ("GET", "/v2/*/blobs/uploads/*"),
];

/// A fault; the last ones are lies, about which a run cannot know.
fn fault(chance: &mut Chance, origin: &str, lies: bool) -> Reply {
    let bytes = chance.below(40_000);
    match chance.below(if lies { 22 } else { 21 }) {
        0 => Reply::passed().cut_after(bytes),
        1 => Reply::passed().reset_after(bytes),
        2 => Reply::passed().stall_after(bytes),
        3 => Reply::passed().flipped(bytes),
        4 => Reply::passed().longer_by(1 + bytes),
        5 => Reply::passed().content_length(bytes as u64),
        6 => Reply::passed().chunked(),
        7 => Reply::passed().close(),
        8 => Reply::passed().without("docker-content-digest"),
        9 => Reply::passed().without("location"),
        10 => Reply::passed().without("range").without("content-range"),
        11 => Reply::lost(),
        12 => Reply::none(),
        13 => Reply::broken_off(bytes),
        14 => Reply::passed().trickling(Duration::from_micros(50)),
        15 => Reply::status([401, 403, 404, 405, 409, 411, 413, 416][chance.below(8)]),
        16 => Reply::status([408, 429, 500, 502, 503][chance.below(5)]).early_after(bytes),
        17 => Reply::error(400, "BLOB_UPLOAD_INVALID", "blob upload invalid"),
        18 => Reply::elsewhere(origin),
        19 => Reply::passed().located(origin, ""),
        20 => Reply::error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown"),
        _ => Reply::passed().with_status([200, 201, 202, 204, 206][chance.below(5)]),
    }
}

fn faults(chance: &mut Chance, elsewhere: &Server, lies: bool) -> Vec<Entry> {
    let origin = format!("http://{}", elsewhere.address());
    let count = 1 + chance.below(5);
    let mut one = || {
        let (method, target) = REQUESTS[chance.below(REQUESTS.len())];
        let reply = fault(chance, &origin, lies);
        Entry::new(method, target).reply(reply).times(1 + chance.below(3))
    };
    (0..count).map(|_| one()).chain([guarded()]).collect()
}

#[test]
fn no_mixture_of_faults_leaves_a_wrong_byte_or_spoils_the_next_run() {
    let mut chance = Chance::new();
    for round in 0..crate::killed::kills() / 2 {
        let scene = Scene::new().hastier();
        let behind = |address: &str| scene.start(Script::new().otherwise(address));
        let elsewhere = [behind(&scene.behind_source), behind(&scene.behind_target)];
        with_passwords(&scene, &[&scene.source, &scene.target]);
        let lies = round % 2 == 1;
        scene.source(faults(&mut chance, &elsewhere[0], lies));
        scene.target(faults(&mut chance, &elsewhere[1], lies));
        // Checks what is at the target; how the run ends depends on the faults.
        let run = scene.mirror();
        assert!(matches!(run.ran.code, Some(0 | 1 | 3)), "round {round}: {}", run.ran.snapshot());
        let seen = elsewhere.iter().flat_map(Server::requests).any(|one| one.holds(CANARY));
        assert!(!seen, "round {round}: the password went elsewhere");
        if run.ran.code == Some(0) && !lies {
            scene.is_complete(&run);
        }
        scene.source([]);
        scene.target([]);
        let again = scene.mirror();
        scene.is_complete(&again);
    }
}
