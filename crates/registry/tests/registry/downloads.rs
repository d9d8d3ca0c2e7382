//! Files of web servers that are no registries (security R4, R5, R7, R15, R16).

use std::sync::Mutex;

use sealift_oci::{StoreError, StoreErrorKind};
use sealift_registry::{
    Credential, Download, Downloaded, HostFiles, ProxySettings, Registry, Secret, Settings, Trust,
};
use sealift_testkit::{Entry, Identity, Proxy, Reply, Script, Server};
use url::Url;

use crate::fixture::{registry, settings, told};

/// The header with which the password travels.
const SHOWN: &str = "Basic bWU6Y2FuYXJ5";

fn password() -> Credential {
    Credential::Basic { user: "me".to_owned(), password: Secret::new("canary".to_owned()) }
}

fn url(server: &Server, path: &str) -> Url {
    Url::parse(&format!("http://{}{path}", server.address())).unwrap()
}

fn of(url: &Url) -> Download<'_> {
    Download { url, sent_by: None, credential: None, etag: None, limit_bytes: 100 }
}

async fn get(download: Download<'_>) -> Result<Option<Downloaded>, StoreError> {
    registry().download(download, &|_| {}).await
}

#[tokio::test]
async fn a_file_is_read_with_its_name_and_its_encoding() {
    let reply = Reply::status(200)
        .header("ETag", "\"1\"")
        .header("Content-Encoding", "gzip")
        .body("packed");
    let script = Script::new()
        .entry(Entry::get("/index.yaml").if_header("accept-encoding", "identity").reply(reply));
    let server = Server::start(script).await;
    let found = get(of(&url(&server, "/index.yaml"))).await.unwrap().unwrap();
    assert_eq!((&found.bytes[..], found.encoding.as_deref()), (&b"packed"[..], Some("gzip")));
    assert_eq!(found.etag.as_deref(), Some("\"1\""));
    // No API is asked for, and no scheme is guessed.
    assert_eq!(server.lines(), ["GET /index.yaml"]);
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let same = Entry::get("/f").if_header("if-none-match", "\"1\"").reply(Reply::status(304));
    let server = Server::start(Script::new().entry(same)).await;
    let url = url(&server, "/f");
    assert_eq!(get(Download { etag: Some("\"1\""), ..of(&url) }).await.unwrap(), None);
    // A server that says so without having been asked sends nothing.
    let odd = Server::start(Script::new().entry(Entry::get("/f").reply(Reply::status(304)))).await;
    assert_eq!(get(of(&self::url(&odd, "/f"))).await.unwrap_err().kind, StoreErrorKind::Protocol);
}

#[tokio::test]
async fn progress_is_told_and_a_broken_body_begins_anew() {
    let whole = Reply::status(200).body("0123456789");
    let script = Script::new()
        .entry(Entry::get("/f").reply(whole.clone().cut_after(4)).times(1))
        .entry(Entry::get("/f").reply(whole));
    let server = Server::start(script).await;
    let told = Mutex::new(Vec::new());
    let url = url(&server, "/f");
    let progress = |bytes| told.lock().unwrap().push(bytes);
    let found = registry().download(of(&url), &progress).await.unwrap().unwrap();
    assert_eq!(&found.bytes[..], b"0123456789");
    let told = told.into_inner().unwrap();
    assert_eq!((told.first(), told.last()), (Some(&4), Some(&10)));
}

#[tokio::test]
async fn more_than_the_limit_is_not_read() {
    let at = |path: &str, reply: Reply| Entry::get(path).reply(reply);
    let script = Script::new()
        .entry(at("/most", Reply::status(200).body("x".repeat(100))))
        .entry(at("/more", Reply::status(200).body("x".repeat(101))))
        .entry(at("/chunks", Reply::status(200).body("x".repeat(101)).chunked()))
        .entry(at("/endless", Reply::status(200).endless()));
    let server = Server::start(script).await;
    assert_eq!(get(of(&url(&server, "/most"))).await.unwrap().unwrap().bytes.len(), 100);
    for path in ["/more", "/chunks", "/endless"] {
        let error = get(of(&url(&server, path))).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Limit, "{path}");
        let want = format!("HOST: {path}: an answer of more than 100 bytes");
        assert_eq!(told(&error, &server), want);
    }
}

#[tokio::test]
async fn errors_name_host_and_path_but_no_query_and_no_page() {
    let page = Reply::status(404).header("Content-Type", "text/html").body("<h1>Lost</h1>");
    let denied = Reply::status(401).body("who are you?");
    let script =
        Script::new().entry(Entry::get("/a").reply(page)).entry(Entry::get("/b").reply(denied));
    let server = Server::start(script).await;
    for (path, kind, want) in [
        ("/a?token=canary", StoreErrorKind::NotFound, "HOST: /a: 404"),
        ("/b", StoreErrorKind::Denied, "HOST: /b: no way in (anonymous): 401 who are you?"),
    ] {
        let error = get(of(&url(&server, path))).await.unwrap_err();
        assert_eq!((error.kind, told(&error, &server).as_str()), (kind, want));
    }
    let url = url(&server, "/b");
    let password = password();
    let error = get(Download { credential: Some(&password), ..of(&url) }).await.unwrap_err();
    assert!(error.to_string().contains("(with the credentials given)"), "{error}");
}

#[tokio::test]
async fn a_password_is_shown_at_once_and_stays_at_its_origin() {
    let cdn =
        Server::start(Script::new().entry(Entry::get("/data").reply(Reply::status(200)))).await;
    let away = Reply::status(302).header("Location", url(&cdn, "/data").as_str());
    let script = Script::new()
        .entry(Entry::get("/near").if_header("authorization", SHOWN).reply(Reply::status(200)))
        .entry(Entry::get("/far").if_header("authorization", SHOWN).reply(away));
    let home = Server::start(script).await;
    let password = password();
    for path in ["/near", "/far"] {
        let url = url(&home, path);
        get(Download { credential: Some(&password), ..of(&url) }).await.unwrap();
    }
    assert_eq!(cdn.lines(), ["GET /data"]);
    assert!(cdn.requests()[0].header("authorization").is_none());
}

#[tokio::test]
async fn a_password_does_not_travel_over_plain_http() {
    let proxy = Proxy::start(&[]).await;
    let proxy = ProxySettings { http: Some(proxy.url()), ..ProxySettings::default() };
    let registry = Registry::new(&Settings { proxy, ..settings() }).unwrap();
    let (url, password) = (Url::parse("http://charts.example/f").unwrap(), password());
    let download = Download { credential: Some(&password), ..of(&url) };
    let error = registry.download(download, &|_| {}).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Credential);
    assert!(error.to_string().ends_with("credentials do not travel over plain HTTP"), "{error}");
}

#[tokio::test]
async fn what_a_server_names_is_reached_as_a_redirect_of_it_would_be() {
    let table = [
        (
            "https://charts.example/",
            "http://charts.example/c.tgz",
            "named by https://charts.example/ over HTTPS, but plain HTTP",
        ),
        (
            "https://93.184.216.34/",
            "https://127.0.0.1:1/c.tgz",
            "redirect into the site or this machine: https://127.0.0.1:1/c.tgz",
        ),
        (
            "http://93.184.216.34/",
            "http://2130706433/c.tgz",
            "redirect into the site or this machine: http://127.0.0.1/c.tgz",
        ),
        (
            "http://10.0.0.1/",
            "http://169.254.169.254/latest",
            "redirect into the site or this machine: http://169.254.169.254/latest",
        ),
        (
            "http://93.184.216.34/",
            "http://localhost:1/c.tgz",
            "redirect into the site or this machine: http://localhost:1/c.tgz",
        ),
        ("https://charts.example/", "ftp://charts.example/c.tgz", "neither http nor https"),
        (
            "https://charts.example/",
            "https://me:canary@charts.example/c.tgz",
            "user or password in the address",
        ),
    ];
    for (sender, named, want) in table {
        let (sender, url) = (Url::parse(sender).unwrap(), Url::parse(named).unwrap());
        let error = get(Download { sent_by: Some(&sender), ..of(&url) }).await.unwrap_err();
        assert!(error.to_string().ends_with(want), "{named}: {error}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

#[tokio::test]
async fn one_server_of_this_machine_may_name_another() {
    let other =
        Server::start(Script::new().entry(Entry::get("/c").reply(Reply::status(200)))).await;
    let sender = Url::parse("http://127.0.0.1:1/").unwrap();
    let url = url(&other, "/c");
    assert!(get(Download { sent_by: Some(&sender), ..of(&url) }).await.unwrap().is_some());
}

#[tokio::test]
async fn certificates_can_be_named_file_by_file() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(&["charts.example"]).require_client();
    let (certificate, key) = identity.leaf_pem();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs_err::write(&path, text).unwrap();
        Some(path)
    };
    let files = HostFiles {
        ca: write("ca.pem", &identity.ca_pem),
        certificate: write("own.pem", &certificate),
        key: write("own.key", &key),
    };
    let server = Server::start_tls(
        Script::new().entry(Entry::get("/f").reply(Reply::status(200))),
        &identity,
    )
    .await;
    let proxy = Proxy::start(&[("charts.example:443", server.port())]).await;
    let proxy = ProxySettings { https: Some(proxy.url()), ..ProxySettings::default() };
    let url = Url::parse("https://charts.example/f").unwrap();
    for (host, good) in [("charts.example", true), ("example", false)] {
        let hosts = [(host.to_owned(), files.clone())].into();
        let trust = Trust { hosts, ..Trust::default() };
        let settings = Settings { proxy: proxy.clone(), trust, ..settings() };
        let found = Registry::new(&settings).unwrap().download(of(&url), &|_| {}).await;
        assert_eq!(found.is_ok(), good, "{host}: {found:?}");
    }
}
