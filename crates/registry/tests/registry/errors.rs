//! Retries, waits and the words of errors.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use sealift_oci::{Source as _, StoreErrorKind};
use sealift_reference::{Repository, Tag};
use sealift_registry::{ProxySettings, Registry, RequestKind, RetryCause, Settings, Timing};
use sealift_testkit::{Entry, Proxy, Reply, Script, Server};

use crate::fixture::{image, registry, repository, settings, timing, told};

const MANIFEST: &str = "/v2/a/b/manifests/1.0";

fn tag() -> Tag {
    "1.0".parse().unwrap()
}

fn good() -> Reply {
    let image = image();
    Reply::status(200)
        .header("Docker-Content-Digest", image.digest.as_str())
        .header("Content-Type", image.media_type.as_str())
        .body(image.bytes)
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_stays_is_not() {
    let table: &[(u16, &str, usize)] = &[
        (500, "", 4),
        (502, "", 4),
        (503, "", 4),
        (504, "", 4),
        (408, "", 4),
        (429, "", 4),
        (524, "", 4),
        (500, "DENIED", 1),
        (410, "", 1),
        (401, "", 1),
    ];
    for (status, code, requests) in table {
        let reply =
            if code.is_empty() { Reply::status(*status) } else { Reply::error(*status, code, "x") };
        let script = Script::new()
            .open()
            .entry(Entry::head(MANIFEST).reply(reply.clone()).times(3))
            .entry(Entry::head(MANIFEST).reply(good()));
        let server = Server::start(script).await;
        let registry = registry();
        let resolved = registry.resolve(&repository(&server), &tag()).await;
        let heads = registry.counts().of(RequestKind::ManifestHead);
        // A HEAD has no body: only its status counts there.
        let want = if *status == 500 { 4 } else { *requests };
        assert_eq!((heads, resolved.is_ok()), (want as u64, want == 4), "{status}");
    }
}

#[tokio::test]
async fn a_500_that_carries_a_final_code_is_not_tried_again() {
    let image = image();
    let path = format!("/v2/a/b/manifests/{}", image.digest);
    let server = Server::start(Script::new().open().entry(Entry::get(&path).reply(Reply::error(
        500,
        "DENIED",
        "quota exceeded",
    ))))
    .await;
    let error = registry().document(&repository(&server), &image.digest).await.unwrap_err();
    assert_eq!(
        told(&error, &server),
        format!("HOST: manifest {} of a/b: 500 DENIED quota exceeded", image.digest)
    );
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn the_last_of_six_tries_tells_how_many_there_were() {
    let server =
        Server::start(Script::new().open().entry(Entry::head(MANIFEST).reply(Reply::status(503))))
            .await;
    let registry = registry();
    let error = registry.resolve(&repository(&server), &tag()).await.unwrap_err();
    assert_eq!(
        (error.kind, told(&error, &server).as_str()),
        (StoreErrorKind::Network, "HOST: manifest 1.0 of a/b: 503 (tried 6 times)")
    );
    assert_eq!(
        (registry.counts().of(RequestKind::ManifestHead), registry.counts().retries),
        (6, BTreeMap::from([(RetryCause::Busy, 5)]))
    );
}

#[tokio::test]
async fn a_server_is_given_the_time_that_it_asks_for() {
    let table = [("1", 1000..3000), ("soon", 0..900), ("-1", 0..900)];
    for (wish, range) in table {
        let script = Script::new()
            .open()
            .entry(
                Entry::head(MANIFEST)
                    .reply(Reply::status(429).header("Retry-After", wish))
                    .times(1),
            )
            .entry(Entry::head(MANIFEST).reply(good()));
        let server = Server::start(script).await;
        let start = Instant::now();
        registry().resolve(&repository(&server), &tag()).await.unwrap();
        assert!(range.contains(&start.elapsed().as_millis()), "{wish}: {:?}", start.elapsed());
    }
}

#[tokio::test]
async fn a_server_that_asks_for_more_than_five_minutes_gets_an_error_with_the_time() {
    for wish in ["3600", "1000000000"] {
        let server =
            Server::start(Script::new().open().entry(
                Entry::head(MANIFEST).reply(Reply::status(429).header("Retry-After", wish)),
            ))
            .await;
        let error = registry().resolve(&repository(&server), &tag()).await.unwrap_err();
        assert_eq!(
            told(&error, &server),
            format!("HOST: manifest 1.0 of a/b: 429; it asks to wait {wish} s")
        );
    }
}

#[tokio::test]
async fn one_that_must_wait_makes_all_to_that_host_wait() {
    let script = Script::new()
        .open()
        .entry(
            Entry::head("/v2/a/b/manifests/first")
                .reply(Reply::status(429).header("Retry-After", "1"))
                .times(1),
        )
        .entry(Entry::head("/v2/a/b/manifests/first").reply(good()))
        .entry(Entry::head(MANIFEST).reply(good()));
    let server = Server::start(script).await;
    let (registry, repository, start) = (registry(), repository(&server), Instant::now());
    let first: Tag = "first".parse().unwrap();
    let second = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        registry.resolve(&repository, &tag()).await.unwrap();
        start.elapsed()
    };
    let (resolved, waited) = tokio::join!(registry.resolve(&repository, &first), second);
    assert!(resolved.unwrap().is_some() && waited >= Duration::from_millis(900), "{waited:?}");
}

#[tokio::test]
async fn connections_that_break_are_made_again() {
    let script = Script::new()
        .open()
        .entry(Entry::head(MANIFEST).reply(Reply::none()).times(2))
        .entry(Entry::head(MANIFEST).reply(good()));
    let server = Server::start(script).await;
    assert!(registry().resolve(&repository(&server), &tag()).await.unwrap().is_some());
}

#[tokio::test]
async fn connections_closed_after_each_answer_cost_no_try() {
    let server =
        Server::start(Script::new().open().entry(Entry::head(MANIFEST).reply(good().close())))
            .await;
    let registry = registry();
    for _ in 0..20 {
        registry.resolve(&repository(&server), &tag()).await.unwrap();
    }
    assert_eq!(registry.counts().retried(), 0);
}

#[tokio::test]
async fn a_host_that_is_not_there_is_named_once_for_all() {
    let repository = Repository::new("127.0.0.1:1", "a/b").unwrap();
    let registry = registry();
    for _ in 0..2 {
        let error = registry.resolve(&repository, &tag()).await.unwrap_err();
        assert_eq!(
            (error.kind, error.to_string().as_str()),
            (
                StoreErrorKind::Network,
                "127.0.0.1:1: nobody listens there (connection refused) (tried 6 times)"
            )
        );
    }
    assert_eq!(
        registry.counts().of(RequestKind::Ping),
        7,
        "one by TLS, six by plain HTTP, none for the second question"
    );
}

#[tokio::test]
async fn what_is_no_registry_is_told_so() {
    let table = [
        (
            Reply::status(404).body("<html>nothing here"),
            "HOST: not a registry? /v2/ answers 404 <html>nothing here",
        ),
        (Reply::status(204), "HOST: not a registry? /v2/ answers 204"),
        (Reply::status(407), "HOST: the proxy asks for user and password (407)"),
    ];
    for (reply, want) in table {
        let server = Server::start(Script::new().entry(Entry::get("/v2/").reply(reply))).await;
        let error = registry().resolve(&repository(&server), &tag()).await.unwrap_err();
        assert_eq!(told(&error, &server), want);
    }
}

#[tokio::test]
async fn words_of_a_registry_cannot_act_on_a_terminal() {
    let text = "\u{1b}]52;c;evil\u{7} \u{202e}gpj \u{200b}";
    let body = format!(
        r#"{{"errors":[{{"code":"DENIED","message":{}}}]}}"#,
        serde_json::Value::from(text)
    );
    let path = format!("/v2/a/b/manifests/{}", image().digest);
    let server = Server::start(
        Script::new().open().entry(Entry::get(&path).reply(Reply::status(403).body(body))),
    )
    .await;
    let error =
        registry().document(&repository(&server), &image().digest).await.unwrap_err().to_string();
    assert!(error.ends_with(r"403 DENIED \u{1b}]52;c;evil\u{7} \u{202e}gpj \u{200b}"), "{error}");
}

#[tokio::test]
async fn an_error_body_without_end_is_cut() {
    let path = format!("/v2/a/b/manifests/{}", image().digest);
    let server = Server::start(
        Script::new()
            .open()
            .entry(Entry::get(&path).reply(Reply::status(400).body("no: ").endless())),
    )
    .await;
    let error =
        registry().document(&repository(&server), &image().digest).await.unwrap_err().to_string();
    assert!(error.chars().count() < 400, "{error}");
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_is_named() {
    let server = Server::start(
        Script::new().entry(Entry::new("CONNECT", "r.example:443").reply(Reply::status(407))),
    )
    .await;
    let proxy = ProxySettings {
        https: Some(format!("http://{}", server.address())),
        ..ProxySettings::default()
    };
    let registry = Registry::new(&Settings { proxy, ..settings() }).unwrap();
    let error =
        registry.resolve(&Repository::new("r.example", "a/b").unwrap(), &tag()).await.unwrap_err();
    assert_eq!(error.to_string(), "r.example: the proxy asks for user and password (407)");
    assert_eq!(server.lines(), ["CONNECT r.example:443"]);
}

#[tokio::test]
async fn row_49_an_exception_by_network_is_reached_without_the_proxy() {
    let proxy = Proxy::start(&[]).await;
    let settings = Settings {
        proxy: ProxySettings {
            https: Some(proxy.url()),
            http: Some(proxy.url()),
            none: Some("203.0.113.0/24".to_owned()),
            ..ProxySettings::default()
        },
        timing: Timing {
            connect: Duration::from_millis(50),
            headers: Duration::from_millis(50),
            ..timing()
        },
        ..settings()
    };
    let registry = Registry::new(&settings).unwrap();
    assert!(
        registry.resolve(&Repository::new("203.0.113.7", "a/b").unwrap(), &tag()).await.is_err()
    );
    assert!(proxy.asked().is_empty());
    assert!(
        registry.resolve(&Repository::new("198.51.100.7", "a/b").unwrap(), &tag()).await.is_err()
    );
    assert_eq!(proxy.asked().first().map(String::as_str), Some("198.51.100.7:443"));
}

#[tokio::test]
async fn the_pulls_that_are_left_are_known() {
    let server =
        Server::start(Script::new().open().entry(
            Entry::head(MANIFEST).reply(good().header("ratelimit-remaining", "87;w=21600")),
        ))
        .await;
    let registry = registry();
    assert_eq!(registry.rate_limit(&server.address()), None);
    registry.resolve(&repository(&server), &tag()).await.unwrap();
    let rate = registry.rate_limit(&server.address()).unwrap();
    assert_eq!((rate.remaining, rate.window_seconds), (87, 21_600));
}
