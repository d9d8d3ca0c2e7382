//! Files on web servers.

use sealift_fetch::{Error, FetchSettings};
use sealift_reference::Digest;
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{cached_in, fetcher, ok};

#[tokio::test]
async fn a_file_is_read_again_unless_it_is_locked_or_there_is_no_network() {
    let get = || Entry::get("/a.yaml?x=1");
    let script =
        Script::new().entry(get().times(1).reply(ok("a: 1"))).entry(get().reply(ok("a: 2")));
    let server = Server::start(script).await;
    let url = format!("http://{}/a.yaml?x=1", server.address());
    let cache = tempfile::tempdir().expect("a folder");
    let online = fetcher(cached_in(cache.path()));
    assert_eq!(online.web_file(&url, None).await.expect("read"), "a: 1");
    let locked = Digest::sha256(b"a: 1");
    assert_eq!(online.web_file(&url, Some(&locked)).await.expect("kept"), "a: 1");
    let offline = fetcher(FetchSettings { offline: true, ..cached_in(cache.path()) });
    assert_eq!(offline.web_file(&url, None).await.expect("kept"), "a: 1");
    assert_eq!(server.requests().len(), 1);
    assert_eq!(online.web_file(&url, None).await.expect("read"), "a: 2");
    let error = offline.web_file(&url, Some(&locked)).await.expect_err("no longer there");
    assert!(matches!(error, Error::Offline { .. }), "{error}");
    let error = online.web_file(&url, Some(&locked)).await.expect_err("another file");
    assert_eq!(error.class(), Some("digest"), "{error}");
}

#[tokio::test]
async fn a_page_that_says_that_there_is_nothing_is_no_file() {
    let script = Script::new().entry(Entry::get("/a.yaml").reply(Reply::status(404).body("a: 1")));
    let server = Server::start(script).await;
    let cache = tempfile::tempdir().expect("a folder");
    let url = format!("http://{}/a.yaml", server.address());
    fetcher(cached_in(cache.path())).web_file(&url, None).await.expect_err("nothing there");
    let offline = fetcher(FetchSettings { offline: true, ..cached_in(cache.path()) });
    offline.web_file(&url, None).await.expect_err("nothing kept");
}
