//! Certificates.

use std::path::{Path, PathBuf};

use sealift_oci::{Source as _, StoreErrorKind};
use sealift_reference::Repository;
use sealift_registry::{ProxySettings, Registry, Settings, Trust};
use sealift_testkit::{Entry, Identity, Proxy, Reply, Script, Server};

use crate::fixture::settings;

const HOST: &str = "r.example";

/// Asks `r.example`, which a proxy leads to a server with this identity.
async fn ask(identity: &Identity, trust: Trust) -> Result<(), (StoreErrorKind, String)> {
    let script =
        Script::new().open().entry(Entry::head("/v2/a/b/manifests/1").reply(Reply::status(404)));
    let server = Server::start_tls(script, identity).await;
    ask_at(server.port(), trust).await
}

async fn ask_at(port: u16, trust: Trust) -> Result<(), (StoreErrorKind, String)> {
    let running = Proxy::start(&[("r.example:443", port)]).await;
    let proxy = ProxySettings { https: Some(running.url()), ..ProxySettings::default() };
    let registry = Registry::new(&Settings { proxy, trust, ..settings() }).unwrap();
    let answer =
        registry.resolve(&Repository::new(HOST, "a/b").unwrap(), &"1".parse().unwrap()).await;
    answer.map(drop).map_err(|error| (error.kind, error.to_string()))
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let (good, other, expired) =
        (Identity::new(&[HOST]), Identity::new(&["other.example"]), Identity::expired(&[HOST]));
    let ca = |name: &str, identity: &Identity| Trust {
        ca_files: vec![write(folder.path(), name, &identity.ca_pem)],
        ..Trust::default()
    };
    let table = [
        (
            &good,
            Trust::default(),
            "r.example: its certificate is signed by `rcgen self signed cert`, which is not known here: give that authority with --ca FILE or as certs.d/r.example/ca.crt",
        ),
        (
            &other,
            ca("other", &other),
            "r.example: its certificate is for other.example, not for this host",
        ),
        (
            &expired,
            ca("expired", &expired),
            "r.example: its certificate has expired, or the clock here is wrong",
        ),
    ];
    for (identity, trust, want) in table {
        assert_eq!(ask(identity, trust).await, Err((StoreErrorKind::Tls, want.to_owned())));
    }
    assert_eq!(ask(&good, ca("good", &good)).await, Ok(()));
}

#[tokio::test]
async fn insecure_is_for_one_host_only() {
    let identity = Identity::new(&["other.example"]);
    let insecure = |host: &str| Trust { insecure: [host.to_owned()].into(), ..Trust::default() };
    assert_eq!(ask(&identity, insecure(HOST)).await, Ok(()));
    for host in ["example", "r.example:443", "sub.r.example", "R.example"] {
        assert!(ask(&identity, insecure(host)).await.is_err(), "{host}");
    }
}

#[tokio::test]
async fn certs_d_gives_authorities_and_our_own_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::new(&[HOST]).require_client();
    let trust = Trust { certificate_folders: vec![folder.path().to_owned()], ..Trust::default() };
    write(folder.path(), "r.example/ca.crt", &identity.ca_pem);
    let (kind, text) = ask(&identity, trust.clone()).await.unwrap_err();
    assert!(
        kind == StoreErrorKind::Tls && text.contains("does it want a client certificate?"),
        "{text}"
    );
    let (cert, key) = identity.leaf_pem();
    write(folder.path(), "r.example/client.cert", &cert);
    let (_, text) = ask(&identity, trust.clone()).await.unwrap_err();
    assert!(text.contains("client.key"), "{text}");
    write(folder.path(), "r.example/client.key", &key);
    assert_eq!(ask(&identity, trust).await, Ok(()));
}

#[tokio::test]
async fn plain_http_needs_a_word_for_the_host() {
    let server = Server::start(Script::new().open()).await;
    let error = ask_at(server.port(), Trust::default()).await.unwrap_err();
    assert_eq!(
        error,
        (
            StoreErrorKind::Tls,
            "r.example: plain HTTP on the port: use --plain-http r.example".to_owned()
        )
    );
    assert!(server.requests().is_empty(), "nothing was asked without TLS");
}

#[tokio::test]
async fn this_machine_may_speak_either() {
    let script =
        || Script::new().open().entry(Entry::head("/v2/a/b/manifests/1").reply(Reply::status(404)));
    let identity = Identity::new(&["127.0.0.1"]);
    let folder = tempfile::tempdir().unwrap();
    let trust =
        Trust { ca_files: vec![write(folder.path(), "ca", &identity.ca_pem)], ..Trust::default() };
    let registry = Registry::new(&Settings { trust, ..settings() }).unwrap();
    for server in [Server::start(script()).await, Server::start_tls(script(), &identity).await] {
        let repository = Repository::new(&server.address(), "a/b").unwrap();
        assert_eq!(registry.resolve(&repository, &"1".parse().unwrap()).await.unwrap(), None);
    }
    // A certificate that does not hold is no reason to try without.
    let server = Server::start_tls(script(), &Identity::new(&["127.0.0.1"])).await;
    let repository = Repository::new(&server.address(), "a/b").unwrap();
    let error = registry.resolve(&repository, &"1".parse().unwrap()).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Tls, "{error:?}");
}
