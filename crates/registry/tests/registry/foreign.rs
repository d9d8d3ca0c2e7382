//! Layers at addresses outside of the registry.

use std::time::{Duration, Instant};

use sealift_oci::StoreErrorKind;
use sealift_reference::Repository;
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{blob, noise, read, registry};

fn repository() -> Repository {
    "r.example/a/b".parse().unwrap()
}

#[tokio::test]
async fn no_refusal_of_an_address_shows_what_is_secret_in_it() {
    let table = [
        ("https://bob:hunter2@web.example/l?sig=s3cret", "https://web.example/l holds a user or"),
        ("https://bob:hunter2@[web.example/l", "outside of r.example/a/b cannot be read"),
        ("ftp://bob:hunter2@web.example/l?sig=s3cret", "ftp://web.example/l is neither http nor"),
        ("http://web.example/l?sig=s3cret", "http://web.example/l is not HTTPS"),
        ("hunter2", "outside of r.example/a/b cannot be read"),
    ];
    let blob = blob(b"x");
    for (url, want) in table {
        let opened = registry().foreign_blob(&repository(), url, &blob, 0).await;
        let error = opened.err().unwrap();
        assert_eq!(error.kind, StoreErrorKind::Refused, "{url}");
        assert!(error.message.contains(want), "{error}");
        let leaks = |secret: &&str| error.message.contains(*secret);
        assert!(!["bob", "hunter2", "s3cret"].iter().any(leaks), "{error}");
    }
}

#[tokio::test]
async fn a_pause_that_a_host_asks_for_holds_for_all_layers_from_it() {
    let bytes = noise(1000);
    let busy = Reply::status(429).header("Retry-After", "1");
    let script = Script::new()
        .entry(Entry::get("/layers/1").reply(busy).times(1))
        .entry(Entry::get("/layers/*").reply(Reply::status(200).body(bytes.clone())));
    let server = Server::start(script).await;
    let (registry, repository, blob) = (registry(), repository(), blob(&bytes));
    let layer = async |name: &str| {
        let url = format!("http://{}/layers/{name}", server.address());
        let body = registry.foreign_blob(&repository, &url, &blob, 0).await.unwrap();
        assert_eq!(read(body).await.unwrap(), bytes);
    };
    let second = async {
        while server.lines().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // The first has its answer by now.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let start = Instant::now();
        layer("2").await;
        start.elapsed()
    };
    let ((), waited) = futures_util::future::join(layer("1"), second).await;
    assert!(waited >= Duration::from_millis(500), "{waited:?}");
}
