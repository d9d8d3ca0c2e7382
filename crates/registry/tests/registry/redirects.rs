//! Where answers send us, and what travels along (security R5, R6, R7).

use std::sync::Arc;

use sealift_oci::{Source as _, StoreErrorKind, Target as _};
use sealift_reference::Repository;
use sealift_registry::{Credential, ProxySettings, Registry, Secret, Settings, Trust};
use sealift_testkit::{Entry, Identity, Proxy, Reply, Script, Server};

use crate::fixture::{InMemory, blob, noise, read, registry, repository, settings, told};

fn basic() -> Entry {
    Entry::get("/v2/").reply(Reply::status(401).header("WWW-Authenticate", "Basic realm=x"))
}

fn with_password(host: &str) -> Registry {
    let password =
        Credential::Basic { user: "me".to_owned(), password: Secret::new("canary".to_owned()) };
    Registry::new(&Settings { given: vec![(host.to_owned(), Arc::new(password))], ..settings() })
        .unwrap()
}

/// The header with which the password travels.
const SHOWN: &str = "Basic bWU6Y2FuYXJ5";

#[tokio::test]
async fn authorization_stays_at_home_when_another_host_has_the_blob() {
    let bytes = noise(5000);
    let path = format!("/v2/a/b/blobs/{}", blob(&bytes).digest);
    let cdn = Server::start(
        Script::new()
            .entry(Entry::get("/data?sig=x").reply(Reply::status(200).body(bytes.clone()))),
    )
    .await;
    let away =
        Reply::status(307).header("Location", format!("http://{}/data?sig=x", cdn.address()));
    let home = Server::start(
        Script::new()
            .entry(basic())
            .entry(Entry::get(&path).if_header("authorization", SHOWN).reply(away)),
    )
    .await;
    let stream =
        with_password(&home.address()).blob(&repository(&home), &blob(&bytes), 0).await.unwrap();
    assert_eq!(read(stream).await.unwrap(), bytes);
    assert!(
        cdn.requests()
            .iter()
            .all(|request| !request.holds("canary") && request.header("authorization").is_none())
    );
}

#[tokio::test]
async fn authorization_stays_within_one_origin() {
    let bytes = noise(5000);
    let path = format!("/v2/a/b/blobs/{}", blob(&bytes).digest);
    let script = Script::new()
        .entry(basic())
        .entry(Entry::get(&path).reply(Reply::status(307).header("Location", "/store")))
        .entry(
            Entry::get("/store")
                .if_header("authorization", SHOWN)
                .reply(Reply::status(200).body(bytes.clone())),
        );
    let home = Server::start(script).await;
    let stream =
        with_password(&home.address()).blob(&repository(&home), &blob(&bytes), 0).await.unwrap();
    assert_eq!(read(stream).await.unwrap(), bytes);
}

#[tokio::test]
async fn a_detour_over_names_never_gets_the_secret_back() {
    let names = ["r.example", "sub.r.example", "cdn.test"];
    let identity = Identity::new(&names);
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    fs_err::write(&ca, &identity.ca_pem).unwrap();
    let bytes = noise(5000);
    let path = format!("/v2/a/b/blobs/{}", blob(&bytes).digest);
    // One server plays all three names; the script tells them apart by the `Host` header.
    let at = |name: &str| Entry::get(&path).if_header("host", name);
    let to = |name: &str| Reply::status(307).header("Location", format!("https://{name}{path}"));
    for (first, then) in
        [("sub.r.example", "r.example"), ("cdn.test", "r.example"), ("r.example:8443", "r.example")]
    {
        let script = Script::new()
            .entry(basic())
            .entry(at("r.example").if_header("authorization", SHOWN).reply(to(first)))
            .entry(at(first).if_no_header("authorization").reply(to(then)))
            .entry(
                at("r.example")
                    .if_no_header("authorization")
                    .reply(Reply::status(200).body(bytes.clone())),
            );
        let server = Server::start_tls(script, &identity).await;
        let port = server.port();
        let proxy = Proxy::start(&[
            ("r.example:443", port),
            ("sub.r.example:443", port),
            ("cdn.test:443", port),
            ("r.example:8443", port),
        ])
        .await;
        let password =
            Credential::Basic { user: "me".to_owned(), password: Secret::new("canary".to_owned()) };
        let settings = Settings {
            given: vec![("r.example".to_owned(), Arc::new(password))],
            proxy: ProxySettings { https: Some(proxy.url()), ..ProxySettings::default() },
            trust: Trust { ca_files: vec![ca.clone()], ..Trust::default() },
            ..settings()
        };
        let repository = Repository::new("r.example", "a/b").unwrap();
        let stream =
            Registry::new(&settings).unwrap().blob(&repository, &blob(&bytes), 0).await.unwrap();
        assert_eq!(read(stream).await.unwrap(), bytes, "{first}");
        assert!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    }
}

#[tokio::test]
async fn a_public_registry_leads_neither_inward_nor_to_plain_http() {
    let identity = Identity::new(&["r.example"]);
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    fs_err::write(&ca, &identity.ca_pem).unwrap();
    let bytes = noise(10);
    let path = format!("/v2/a/b/blobs/{}", blob(&bytes).digest);
    let inside = Server::start(Script::new()).await;
    let table = [
        format!("https://127.0.0.1:{}/x", inside.port()),
        format!("https://localhost:{}/x", inside.port()),
        format!("https://[::ffff:127.0.0.1]:{}/x", inside.port()),
        format!("https://2130706433:{}/x", inside.port()),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://10.0.0.1/x".to_owned(),
        "http://r.example/x".to_owned(),
        format!("http://127.0.0.1:{}/x", inside.port()),
    ];
    for target in table {
        let script = Script::new()
            .open()
            .entry(Entry::get(&path).reply(Reply::status(307).header("Location", target.clone())));
        let server = Server::start_tls(script, &identity).await;
        let proxy = Proxy::start(&[("r.example:443", server.port())]).await;
        let settings = Settings {
            proxy: ProxySettings {
                https: Some(proxy.url()),
                none: Some("127.0.0.1".to_owned()),
                ..ProxySettings::default()
            },
            trust: Trust { ca_files: vec![ca.clone()], ..Trust::default() },
            ..settings()
        };
        let repository = Repository::new("r.example", "a/b").unwrap();
        let error = Registry::new(&settings)
            .unwrap()
            .blob(&repository, &blob(&bytes), 0)
            .await
            .err()
            .unwrap();
        assert!(error.to_string().contains("redirect"), "{target}: {error}");
        assert_eq!(inside.connections(), 0, "{target}");
    }
}

#[tokio::test]
async fn redirects_without_end_or_aim_are_errors() {
    let bytes = noise(10);
    let path = format!("/v2/a/b/blobs/{}", blob(&bytes).digest);
    let to = |location: &str| Reply::status(307).header("Location", location);
    let table = [
        (
            to(&path),
            StoreErrorKind::Redirect,
            "more than 5 redirects, the last to http://HOST/v2/a/b/blobs/D",
        ),
        (Reply::status(307), StoreErrorKind::Protocol, "307, not a registry?"),
        (
            to("ftp://x.example/y"),
            StoreErrorKind::Redirect,
            "neither http nor https: ftp://x.example/y",
        ),
    ];
    for (reply, kind, words) in table {
        let server =
            Server::start(Script::new().open().entry(Entry::get(&path).reply(reply))).await;
        let error = registry().blob(&repository(&server), &blob(&bytes), 0).await.err().unwrap();
        let text = told(&error, &server).replace(blob(&bytes).digest.as_str(), "D");
        assert_eq!((error.kind, text), (kind, format!("HOST: blob D of a/b: {words}")));
        assert!(server.lines().len() <= 7, "{:?}", server.lines());
    }
}

#[tokio::test]
async fn a_presigned_address_that_ran_out_is_asked_for_again() {
    let bytes = noise(5000);
    let path = format!("/v2/a/b/blobs/{}", blob(&bytes).digest);
    let body = || Reply::status(200).body(bytes.clone()).ranged();
    let cdn = Server::start(
        Script::new()
            .entry(Entry::get("/data").reply(body().cut_after(100)).times(1))
            .entry(Entry::get("/data").reply(Reply::status(403).body("expired")).times(1))
            .entry(Entry::get("/data").reply(body())),
    )
    .await;
    let away =
        Reply::status(307).header("Location", format!("http://{}/data?sig=canary", cdn.address()));
    let home = Server::start(Script::new().open().entry(Entry::get(&path).reply(away))).await;
    let stream = registry().blob(&repository(&home), &blob(&bytes), 0).await.unwrap();
    assert_eq!(read(stream).await.unwrap(), bytes);
}

#[tokio::test]
async fn a_failing_presigned_address_is_not_printed() {
    let bytes = noise(10);
    let path = format!("/v2/a/b/blobs/{}", blob(&bytes).digest);
    let away = Reply::status(307).header("Location", "http://127.0.0.1:1/data?sig=canary");
    let home = Server::start(Script::new().open().entry(Entry::get(&path).reply(away))).await;
    let error = registry().blob(&repository(&home), &blob(&bytes), 0).await.err().unwrap();
    let mut text = error.to_string();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text} / {error} {error:?}");
        cause = error.source();
    }
    assert!(!text.contains("canary"), "{text}");
}

#[tokio::test]
async fn an_upload_at_another_host_gets_the_bytes_and_no_secret() {
    let bytes = noise(5000);
    let digest = blob(&bytes).digest;
    let other =
        Server::start(Script::new().entry(
            Entry::put(&format!("/u/1?state=x%3D&digest={digest}")).reply(Reply::status(201)),
        ))
        .await;
    let session =
        Reply::status(202).header("Location", format!("http://{}/u/1?state=x%3D", other.address()));
    let home = Server::start(Script::new().entry(basic()).entry(
        Entry::post("/v2/a/b/blobs/uploads/").if_header("authorization", SHOWN).reply(session),
    ))
    .await;
    let registry = with_password(&home.address());
    registry
        .write_blob(&repository(&home), &blob(&bytes), None, &InMemory(bytes.clone()))
        .await
        .unwrap();
    let put = other.requests().pop().unwrap();
    assert!(put.body == bytes && put.header("authorization").is_none());
}
