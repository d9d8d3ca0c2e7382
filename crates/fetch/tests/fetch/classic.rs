//! Chart repositories on web servers.

use std::sync::Arc;

use sealift_archive::gzip;
use sealift_fetch::{Access, FetchSettings, Fetcher, Limits, Remote, Repositories};
use sealift_registry::{Credential, Secret};
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{
    Told, a_of, archive, cached_in, fetcher, get, hex, index, ok, registry, told, url, write,
};

/// The header with which the password travels.
const SHOWN: &str = "Basic bWU6Y2FuYXJ5";

fn me() -> Access {
    let password = Secret::new("canary".to_owned());
    let credential = Credential::Basic { user: "me".to_owned(), password };
    Access { credential: Some(Arc::new(credential)), everywhere: false }
}

fn as_me(remote: Remote, access: Access) -> Remote {
    match remote {
        Remote::Repository { url, chart, version, .. } => {
            Remote::Repository { url, chart, version, access: Some(access) }
        }
        other => other,
    }
}

/// A repository with chart `a` 1.0.0.
fn script(archive: &bytes::Bytes) -> Script {
    let index = index(&[("a", "1.0.0", &hex(archive), "a-1.0.0.tgz")]);
    Script::new()
        .entry(Entry::get("/charts/index.yaml").reply(ok(index)))
        .entry(Entry::get("/charts/a-1.0.0.tgz").reply(ok(archive.clone())))
}

#[tokio::test]
async fn a_chart_comes_with_its_name_and_digest() {
    let archive = archive("a", "1.0.0", &[]);
    let server = Server::start(script(&archive)).await;
    let fetched = get(FetchSettings::default(), a_of(&url(&server), "")).await.expect("fetched");
    assert_eq!(fetched.package.bytes, archive);
    assert_eq!(fetched.package.digest.hex(), hex(&archive));
    let name = fetched.to_string().replace(&server.address(), "HOST");
    assert_eq!(name, "chart a 1.0.0 from http://HOST/charts");
    assert_eq!(server.lines(), ["GET /charts/index.yaml", "GET /charts/a-1.0.0.tgz"]);
}

#[tokio::test]
async fn an_index_is_read_once_for_all_charts_of_a_run() {
    let archive = archive("a", "1.0.0", &[]);
    let server = Server::start(script(&archive)).await;
    let told = Arc::new(Told::default());
    let fetcher = Fetcher::new(registry(), FetchSettings::default(), told.clone()).expect("made");
    let remote = a_of(&url(&server), "1.0");
    let (one, two) = tokio::join!(fetcher.fetch(&remote), fetcher.fetch(&remote));
    assert_eq!(one.expect("fetched"), two.expect("fetched"));
    let asked = server.lines();
    assert_eq!(asked.iter().filter(|line| line.ends_with("index.yaml")).count(), 1, "{asked:?}");
    let lines = told.lines().join("\n").replace(&server.address(), "HOST");
    assert!(lines.starts_with("received the index of http://HOST/charts\n"), "{lines}");
    assert!(lines.contains("a 1.0: 1.0.0\n"), "{lines}");
    assert!(lines.ends_with("received chart `a` 1.0.0 from http://HOST/charts"), "{lines}");
}

#[tokio::test]
async fn other_bytes_than_the_index_says_are_refused_and_not_kept() {
    let place = tempfile::tempdir().expect("a folder");
    let (good, evil) = (archive("a", "1.0.0", &[]), archive("a", "1.0.0", &[("x", "evil")]));
    let index = index(&[("a", "1.0.0", &hex(&good), "a-1.0.0.tgz")]);
    let script = Script::new()
        .entry(Entry::get("/charts/index.yaml").reply(ok(index)))
        .entry(Entry::get("/charts/a-1.0.0.tgz").reply(ok(evil)));
    let server = Server::start(script).await;
    let error = get(cached_in(place.path()), a_of(&url(&server), "")).await.expect_err("refused");
    assert_eq!(error.class(), Some("digest"));
    assert!(error.to_string().starts_with("chart `a` 1.0.0 from http://127.0.0.1"), "{error}");
    assert!(!place.path().join("charts").exists());
}

/// Helm CVE-2021-32690: hostile case R16.
#[tokio::test]
async fn a_password_is_not_shown_to_another_host_that_the_index_names() {
    let archive = archive("a", "1.0.0", &[]);
    let elsewhere = || Script::new().entry(Entry::get("/a.tgz").reply(ok(archive.clone())));
    let other = Server::start(elsewhere()).await;
    let address = format!("http://{}/a.tgz", other.address());
    let index = index(&[("a", "1.0.0", &hex(&archive), &address)]);
    let asked = Entry::get("/charts/index.yaml").if_header("authorization", SHOWN);
    let server = Server::start(Script::new().entry(asked.reply(ok(index)))).await;
    let remote = a_of(&url(&server), "");

    get(FetchSettings::default(), as_me(remote.clone(), me())).await.expect("fetched");
    assert!(other.requests().iter().all(|request| request.header("authorization").is_none()));
    assert!(other.requests().iter().all(|request| !request.holds("canary")));

    let everywhere = Access { everywhere: true, ..me() };
    get(FetchSettings::default(), as_me(remote.clone(), everywhere)).await.expect("fetched");
    assert_eq!(other.requests()[1].header("authorization"), Some(SHOWN));

    // The other host has an entry of its own.
    let place = tempfile::tempdir().expect("a folder");
    let file = format!(
        "repositories:\n- {{name: o, url: 'http://{}', username: you, password: own}}\n",
        other.address()
    );
    let repositories = Repositories::read(&write(place.path(), "r.yaml", &file)).expect("read");
    let settings = FetchSettings { repositories, ..FetchSettings::default() };
    get(settings, as_me(remote, me())).await.expect("fetched");
    assert_eq!(other.requests()[2].header("authorization"), Some("Basic eW91Om93bg=="));
}

#[tokio::test]
async fn a_password_is_not_shown_behind_a_redirect_to_another_host() {
    let archive = archive("a", "1.0.0", &[]);
    let other = Script::new().entry(Entry::get("/data").reply(ok(archive.clone())));
    let other = Server::start(other).await;
    let away = Reply::status(302).header("Location", format!("http://{}/data", other.address()));
    let index = index(&[("a", "1.0.0", &hex(&archive), "a.tgz")]);
    let shown = |path: &str, reply| Entry::get(path).if_header("authorization", SHOWN).reply(reply);
    let script = Script::new()
        .entry(shown("/charts/index.yaml", ok(index)))
        .entry(shown("/charts/a.tgz", away));
    let server = Server::start(script).await;
    get(FetchSettings::default(), as_me(a_of(&url(&server), ""), me())).await.expect("fetched");
    assert!(other.requests()[0].header("authorization").is_none());
}

#[tokio::test]
async fn what_is_known_is_asked_for_by_its_name_and_taken_from_the_cache() {
    let place = tempfile::tempdir().expect("a folder");
    let archive = archive("a", "1.0.0", &[]);
    let index = index(&[("a", "1.0.0", &hex(&archive), "a-1.0.0.tgz")]);
    let same = Entry::get("/charts/index.yaml").if_header("if-none-match", "\"7\"");
    let script = Script::new()
        .entry(same.reply(Reply::status(304)))
        .entry(Entry::get("/charts/index.yaml").reply(ok(index).header("ETag", "\"7\"")))
        .entry(Entry::get("/charts/a-1.0.0.tgz").reply(ok(archive.clone())));
    let server = Server::start(script).await;
    let remote = a_of(&url(&server), "");
    for _ in 0..2 {
        get(cached_in(place.path()), remote.clone()).await.expect("fetched");
    }
    let asked = ["GET /charts/index.yaml", "GET /charts/a-1.0.0.tgz", "GET /charts/index.yaml"];
    assert_eq!(server.lines(), asked);

    let offline = || FetchSettings { offline: true, ..cached_in(place.path()) };
    let fetched = get(offline(), remote.clone()).await.expect("from the cache");
    assert_eq!(fetched.package.bytes, archive);
    assert_eq!(server.lines().len(), 3);

    // Hostile case A14: a cache that was altered is not believed.
    let kept = place.path().join(format!("charts/{}.tgz", hex(&archive)));
    fs_err::write(&kept, vec![0; archive.len()]).expect("altered");
    let error = get(offline(), remote.clone()).await.expect_err("nothing there");
    let want =
        "chart `a` 1.0.0 from http://HOST/charts is not in the cache, and the network is refused";
    assert_eq!(told(&error, &server), want);
    get(cached_in(place.path()), remote).await.expect("fetched again");
    assert_eq!(fs_err::read(&kept).expect("read"), archive);
}

#[tokio::test]
async fn a_run_without_network_asks_nobody() {
    let server = Server::start(Script::new()).await;
    let settings = FetchSettings { offline: true, ..FetchSettings::default() };
    for remote in [
        a_of(&url(&server), ""),
        Remote::Url { url: format!("http://{}/a.tgz", server.address()), access: None },
        Remote::Oci {
            reference: format!("oci://{}/a:1", server.address()),
            version: String::new(),
        },
    ] {
        let error = get(settings.clone(), remote).await.expect_err("refused");
        let text = told(&error, &server);
        assert!(text.ends_with("is not in the cache, and the network is refused"), "{text}");
    }
    assert_eq!(server.connections(), 0);
}

/// As deployKF does: hostile case K7.
#[tokio::test]
async fn an_answer_that_is_no_file_is_told_and_not_kept() {
    let place = tempfile::tempdir().expect("a folder");
    let page = Reply::status(404).header("Content-Type", "text/html").body("<h1>Lost</h1>");
    let script = Script::new()
        .entry(Entry::get("/charts/index.yaml").reply(page))
        .entry(Entry::get("/x/index.yaml").reply(ok("<html>Log in</html>")));
    let server = Server::start(script).await;
    for (repository, want) in [
        (url(&server), "cannot get the index of http://HOST/charts: HOST: /charts/index.yaml: 404"),
        (
            format!("http://{}/x", server.address()),
            "the index of http://HOST/x cannot be used: it is no mapping",
        ),
    ] {
        let error = get(cached_in(place.path()), a_of(&repository, "")).await.expect_err("refused");
        assert_eq!(told(&error, &server), want);
    }
    let offline = FetchSettings { offline: true, ..cached_in(place.path()) };
    get(offline, a_of(&url(&server), "")).await.expect_err("nothing there");
}

#[tokio::test]
async fn an_index_that_was_packed_for_the_way_is_unpacked() {
    let archive = archive("a", "1.0.0", &[]);
    let index = index(&[("a", "1.0.0", &hex(&archive), "a-1.0.0.tgz")]);
    let packed = ok(gzip(index.as_bytes())).header("Content-Encoding", "gzip");
    let twice = ok(gzip(&archive)).header("Content-Encoding", "gzip");
    let script = Script::new()
        .entry(Entry::get("/charts/index.yaml").reply(packed))
        .entry(Entry::get("/charts/a-1.0.0.tgz").reply(twice));
    let server = Server::start(script).await;
    let fetched = get(FetchSettings::default(), a_of(&url(&server), "")).await.expect("fetched");
    assert_eq!(fetched.package.bytes, archive);
}

#[tokio::test]
async fn limits_hold_for_indexes_and_archives() {
    let archive = archive("a", "1.0.0", &[]);
    let server = Server::start(script(&archive)).await;
    let size = archive.len() as u64;
    for (chart_bytes, index_bytes, good) in
        [(size, 1000, true), (size - 1, 1000, false), (size, 50, false)]
    {
        let mut limits = Limits { index_bytes, ..Limits::default() };
        limits.chart.total_bytes = chart_bytes;
        let settings = FetchSettings { limits, ..FetchSettings::default() };
        assert_eq!(get(settings, a_of(&url(&server), "")).await.is_ok(), good, "{limits:?}");
    }
}

/// Helm CVE-2026-35205: hostile case H14.
#[tokio::test]
async fn a_chart_whose_provenance_cannot_be_checked_is_refused_where_that_is_asked() {
    let archive = archive("a", "1.0.0", &[]);
    let signed = format!("files:\n  a-1.0.0.tgz: sha256:{}\n", hex(&archive));
    for (provenance, want) in [
        (None, "it has no provenance file"),
        (Some(String::new()), "its provenance file is empty"),
        (
            Some("files:\n  a-1.0.0.tgz: sha256:00\n".to_owned()),
            "its provenance file is of another archive",
        ),
        (
            Some(signed.clone()),
            "sealift checks no OpenPGP signatures; check it with `helm verify`, and go on without --verify",
        ),
    ] {
        let reply = provenance.clone().map_or(Reply::status(404), ok);
        let script = script(&archive).entry(Entry::get("/charts/a-1.0.0.tgz.prov").reply(reply));
        let server = Server::start(script).await;
        let settings = FetchSettings { verify: true, ..FetchSettings::default() };
        let error = get(settings, a_of(&url(&server), "")).await.expect_err("refused");
        assert_eq!(error.class(), Some("signature"));
        let want = format!("chart a 1.0.0 from http://HOST/charts cannot be verified: {want}");
        assert_eq!(told(&error, &server), want);

        let settings = FetchSettings { provenance: true, ..FetchSettings::default() };
        let fetched = get(settings, a_of(&url(&server), "")).await.expect("fetched");
        assert_eq!(
            fetched.provenance.map(|text| String::from_utf8_lossy(&text).into_owned()),
            provenance
        );
    }
}

#[tokio::test]
async fn an_archive_on_a_web_server_needs_no_index() {
    let archive = archive("a", "1.0.0", &[]);
    let asked =
        Entry::get("/a.tgz?t=1").if_header("authorization", SHOWN).reply(ok(archive.clone()));
    let server = Server::start(Script::new().entry(asked)).await;
    let url = format!("http://{}/a.tgz?t=1", server.address());
    let remote = Remote::Url { url, access: Some(me()) };
    let fetched = fetcher(FetchSettings::default()).fetch(&remote).await.expect("fetched");
    assert_eq!(fetched.package.bytes, archive);
    assert_eq!(fetched.to_string(), format!("chart http://{}/a.tgz", server.address()));
}

/// Hostile case S4.
#[cfg(unix)]
#[tokio::test]
async fn a_cache_that_others_can_change_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().expect("a folder");
    fs_err::set_permissions(place.path(), std::fs::Permissions::from_mode(0o777)).expect("set");
    let error = Fetcher::new(registry(), cached_in(place.path()), Arc::new(())).err();
    let error = error.expect("refused").to_string();
    assert!(error.ends_with("can be written by others"), "{error}");
}
