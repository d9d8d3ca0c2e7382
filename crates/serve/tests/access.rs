//! Who may do what: read-only servers, names, origins, passwords, TLS, namespaces.

mod support;

use std::sync::Arc;

use data_encoding::BASE64;
use sealift_reference::Digest;
use sealift_serve::{Access, Htpasswd, Settings, Tls};
use support::{OCI_MANIFEST, Registry, image};

#[test]
fn a_read_only_server_answers_405_to_every_other_method_and_changes_nothing() {
    let registry = Registry::writable();
    let manifest = registry.push_image("a", "v1", b"layer");
    let place = registry.stop();
    let before = listing(place.path());
    let registry = Registry::over(place.path(), Settings::default());
    let digest = Digest::sha256(b"layer");
    let paths = [
        "/".to_owned(),
        "/v2/".to_owned(),
        "/v2/_catalog".to_owned(),
        "/v2/a/tags/list".to_owned(),
        "/v2/a/manifests/v1".to_owned(),
        format!("/v2/a/manifests/{}", Digest::sha256(manifest.as_bytes())),
        format!("/v2/a/blobs/{digest}"),
        format!("/v2/a/referrers/{digest}"),
    ];
    for path in &paths {
        assert_eq!(registry.get(path).status, 200, "{path}");
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
            let answer = registry.send(method, path, &[], b"");
            assert_eq!(
                (answer.status, answer.header("allow")),
                (405, "GET, HEAD"),
                "{method} {path}"
            );
            assert_eq!(answer.code(), "UNSUPPORTED");
        }
    }
    for path in [
        "/v2/a/blobs/uploads/",
        "/v2/a/blobs/uploads/1",
        &format!("/v2/a/blobs/uploads/?mount={digest}&from=a"),
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            assert_eq!(registry.send(method, path, &[], b"").status, 405, "{method} {path}");
        }
    }
    drop(registry);
    assert_eq!(listing(place.path()), before);
}

fn listing(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in fs_err::read_dir(folder).expect("listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                left.push(path);
            } else {
                files.push((path.display().to_string(), fs_err::read(&path).expect("read")));
            }
        }
    }
    files.sort();
    files
}

/// DNS rebinding, and requests that a page of another origin makes.
#[test]
fn other_names_are_421_and_pages_of_other_origins_403() {
    let names = vec!["registry.corp".to_owned()];
    let registry =
        Registry::with(Settings { access: Access::Writable, names, ..Settings::default() });
    for (host, status) in
        [("evil", 421), ("evil:5000", 421), ("localhost:1", 200), ("registry.corp:5000", 200)]
    {
        assert_eq!(registry.send("GET", "/v2/", &[("Host", host)], b"").status, status, "{host}");
    }
    let post = |origin: &str| {
        registry.send(
            "POST",
            "/v2/a/blobs/uploads/",
            &[("Host", "localhost"), ("Origin", origin)],
            b"",
        )
    };
    for (origin, status) in [
        ("http://evil", 403),
        ("null", 403),
        ("http://localhost:8080", 403),
        ("http://localhost", 202),
    ] {
        let answer = post(origin);
        assert_eq!(answer.status, status, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{user}:{password}").as_bytes()))
}

#[test]
fn passwords_are_asked_for_everything_and_bearer_tokens_are_not_taken() {
    let line = format!("ana:{}", bcrypt::hash("secret", 4).unwrap());
    let htpasswd = Some(Htpasswd::parse(&line).unwrap());
    let registry =
        Registry::with(Settings { access: Access::Writable, htpasswd, ..Settings::default() });
    for path in ["/v2/", "/v2/a/tags/list", "/"] {
        let answer = registry.get(path);
        assert_eq!((answer.status, answer.code().as_str()), (401, "UNAUTHORIZED"), "{path}");
        assert!(answer.header("www-authenticate").starts_with("Basic realm="));
    }
    for wrong in
        [basic("ana", "x"), basic("bob", "secret"), "Bearer abc".to_owned(), "Basic".to_owned()]
    {
        assert_eq!(
            registry.send("GET", "/v2/", &[("Authorization", &wrong)], b"").status,
            401,
            "{wrong}"
        );
    }
    for _ in 0..2 {
        let right = basic("ana", "secret");
        assert_eq!(registry.send("GET", "/v2/", &[("Authorization", &right)], b"").status, 200);
    }
    let seen = format!("{:?}", registry.log.answered.lock().unwrap());
    assert!(!seen.contains("secret") && !seen.contains(&basic("ana", "secret")));
}

#[test]
fn requests_are_told_to_the_observer_without_their_query() {
    let registry = Registry::writable();
    registry.get("/v2/a/tags/list?token=canary");
    let seen = registry.log.answered.lock().unwrap();
    let request = &seen[0];
    assert_eq!(
        (request.method.as_str(), request.path.as_str(), request.status),
        ("GET", "/v2/a/tags/list", 404)
    );
    assert!(request.bytes > 0 && request.client.ip().is_loopback());
    assert!(!format!("{seen:?}").contains("canary"));
}

/// containerd adds `ns` when it asks a mirror.
#[test]
fn a_namespace_finds_the_repository_that_keeps_its_host_first() {
    let registry = Registry::writable();
    let flat = registry.push_image("library/nginx", "v1", b"flat");
    let kept = registry.push_image("quay.io/library/nginx", "v1", b"kept");
    let ask = |ns: &str| registry.get(&format!("/v2/library/nginx/manifests/v1{ns}"));
    assert_eq!(ask("").body, flat.as_bytes());
    assert_eq!(ask("").header("oci-namespace"), "");
    let hub = ask("?ns=docker.io");
    assert_eq!((hub.body.as_slice(), hub.header("oci-namespace")), (flat.as_bytes(), "docker.io"));
    assert_eq!(ask("?ns=quay.io").body, kept.as_bytes());
    assert_eq!(
        ask("?ns=..%2f..").body,
        flat.as_bytes(),
        "a namespace that is none changes nothing"
    );
}

/// A layout as skopeo, or a bundle, leaves it.
#[test]
fn a_layout_without_repositories_is_served_by_the_names_in_its_index() {
    let place = tempfile::tempdir().unwrap();
    let write = |content: &[u8]| {
        let folder = place.path().join("blobs/sha256");
        fs_err::create_dir_all(&folder).unwrap();
        fs_err::write(folder.join(Digest::sha256(content).hex()), content).unwrap();
    };
    let entry = |name: &str, layer: &[u8]| {
        let manifest = image(b"{}", layer, "");
        write(b"{}");
        write(layer);
        write(manifest.as_bytes());
        let descriptor = support::descriptor(OCI_MANIFEST, manifest.as_bytes());
        descriptor.replace(
            '}',
            &format!(r#","annotations":{{"org.opencontainers.image.ref.name":"{name}"}}}}"#),
        )
    };
    let entries = [
        entry("docker.io/library/nginx:1.27", b"nginx"),
        entry("docker.io/istio/pilot:1", b"hub"),
        entry("quay.io/istio/pilot:1", b"quay"),
        entry("latest", b"bare"),
    ];
    fs_err::write(place.path().join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, entries.join(","));
    fs_err::write(place.path().join("index.json"), &index).unwrap();

    let registry = Registry::over(place.path(), Settings::default());
    let names = registry.get("/v2/_catalog").json()["repositories"].clone();
    let want = [
        "docker.io/istio/pilot",
        "docker.io/library/nginx",
        "library/nginx",
        "quay.io/istio/pilot",
    ];
    assert_eq!(names, serde_json::json!(want), "a path that two hosts have needs its host");
    assert_eq!(registry.get("/v2/library/nginx/manifests/1.27").status, 200);
    let layer = Digest::sha256(b"quay");
    assert_eq!(registry.get(&format!("/v2/istio/pilot/blobs/{layer}?ns=quay.io")).body, b"quay");
    drop(registry);

    let registry =
        Registry::over(place.path(), Settings { access: Access::Writable, ..Settings::default() });
    registry.push_image("own", "v1", b"own");
    drop(registry);
    let after = fs_err::read_to_string(place.path().join("index.json")).unwrap();
    for name in ["docker.io/istio/pilot:1", "\"latest\"", "\"own:v1\""] {
        assert!(after.contains(name), "{name} in {after}");
    }
}

#[test]
fn a_folder_that_is_no_layout_is_refused_for_reading() {
    let place = tempfile::tempdir().unwrap();
    let bind = || {
        let folder = sealift_files::Folder::open(place.path()).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime
            .block_on(sealift_serve::Server::bind(folder, Settings::default(), ()))
            .err()
            .expect("refused")
    };
    assert!(bind().to_string().ends_with("is no OCI layout: no file `oci-layout`"));
    fs_err::write(place.path().join("oci-layout"), r#"{"imageLayoutVersion":"2.0.0"}"#).unwrap();
    assert!(bind().to_string().contains("another version"));
}

#[test]
fn tls_is_spoken_with_the_given_certificate() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let tls =
        Tls::from_pem(made.cert.pem().as_bytes(), made.signing_key.serialize_pem().as_bytes())
            .unwrap();
    let registry = Registry::with(Settings {
        tls: Some(tls),
        access: Access::Writable,
        ..Settings::default()
    });
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = runtime.block_on(async {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let stream = tokio::net::TcpStream::connect(registry.address).await.unwrap();
        let name = "localhost".try_into().unwrap();
        let mut stream =
            tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        stream
            .write_all(b"GET /v2/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer).await);
        answer
    });
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn files_that_hold_no_certificate_or_key_are_refused() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let other_key = other.signing_key.serialize_pem();
    for (certificate, key, want) in [
        ("", key.as_str(), "no certificate in PEM form in the certificate file"),
        (certificate.as_str(), "", "no private key in PEM form in the key file"),
        (certificate.as_str(), other_key.as_str(), "the certificate and its key cannot be used"),
    ] {
        assert_eq!(
            Tls::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap_err().to_string(),
            want
        );
    }
}
