//! Budgets that the operator sets: time for tries, bytes a second.

use std::time::{Duration, Instant};

use sealift_testkit::{Entry, Reply};

use crate::images::{WEB, WORKER, large_digest};
use crate::scene::Scene;

fn broken() -> Entry {
    let path = format!("/v2/shop/worker/blobs/{}", large_digest());
    Entry::get(&path).reply(Reply::passed().reset_after(1))
}

#[test]
fn with_a_budget_of_time_a_source_may_break_oftener_than_six_times() {
    let scene = Scene::new();
    scene.source([broken().times(9)]);
    let run = scene.mirror_with(&["--retry-for", "5m"]);
    scene.is_complete(&run);
    assert_eq!(run.retried(), 9);
}

#[test]
fn a_budget_of_time_that_is_used_up_ends_the_tries() {
    let scene = Scene::new();
    scene.source([broken()]);
    let start = Instant::now();
    let run = scene.mirror_with(&["--retry-for", "2s"]);
    run.ends(1).says(&["source ", "(tried "]);
    assert!(start.elapsed() >= Duration::from_secs(2) && run.retried() > 5);
    assert!(scene.has(WEB) && !scene.has(WORKER));
}

#[test]
fn a_limit_on_bytes_a_second_is_kept() {
    let scene = Scene::new();
    let start = Instant::now();
    let run = scene.mirror_with(&["--limit-rate", "200KiB/s"]);
    scene.is_complete(&run);
    // 430 kB, of which a tenth of a second's worth and the last pieces may go ahead.
    assert!(start.elapsed() >= Duration::from_millis(1200), "{:?}", start.elapsed());
}
