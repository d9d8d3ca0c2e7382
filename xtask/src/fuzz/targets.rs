//! What is fuzzed: functions that read hostile bytes, each with what must hold for whatever they accept.
//!
//! `fuzz/` compiles this file too, for libFuzzer. A broken property panics.

use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::sync::Arc;

use challenge::Challenge;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue};
use sealift_archive::ArchivePath;
use sealift_goyaml::Limits;
use sealift_inventory::{Lock, Shipment};
use sealift_oci::{Hint, Manifest, parse_config};
use sealift_reference::{Digest, Platform, Reference, Repository};
use sealift_registry::{CredentialFiles, Secret};

// Private to its crate, and compiled here a second time so that the crate needs no door for its fuzzer.
#[path = "../../../crates/registry/src/challenge.rs"]
mod challenge;
#[path = "charts.rs"]
mod charts;
#[path = "kustomizations.rs"]
pub(crate) mod kustomizations;
#[path = "repositories.rs"]
mod repositories;
#[path = "served.rs"]
mod served;
#[path = "templates.rs"]
mod templates;
#[path = "values.rs"]
pub(crate) mod values;

/// A function that takes hostile bytes.
pub(crate) struct Target {
    /// As its folder in `fuzz/seeds` and its file in `fuzz/fuzz_targets`.
    pub(crate) name: &'static str,
    /// Panics when a property does not hold.
    pub(crate) run: fn(&[u8]),
}

/// Every target.
pub(crate) const TARGETS: [Target; 26] = [
    Target { name: "archive_path", run: archive_path },
    Target { name: "challenge", run: challenge },
    Target { name: "chart_load", run: charts::chart_load },
    Target { name: "coalesce", run: values::coalesce },
    Target { name: "config", run: config },
    Target { name: "digest", run: digest },
    Target { name: "docker_config", run: docker_config },
    Target { name: "git_refs", run: repositories::git_refs },
    Target { name: "git_tree", run: repositories::git_tree },
    Target { name: "goregex", run: templates::goregex },
    Target { name: "goyaml_parse", run: goyaml_parse },
    Target { name: "json6902", run: kustomizations::json6902 },
    Target { name: "kustomization", run: kustomizations::kustomization },
    Target { name: "kustomize_build", run: kustomizations::kustomize_build },
    Target { name: "lock", run: lock },
    Target { name: "manifest", run: manifest },
    Target { name: "platform", run: platform },
    Target { name: "reference", run: reference },
    Target { name: "schema", run: values::schema },
    Target { name: "semver", run: templates::semver },
    Target { name: "serve_route", run: serve_route },
    Target { name: "shipment", run: shipment },
    Target { name: "strategic_merge", run: kustomizations::strategic_merge },
    Target { name: "strvals", run: values::strvals },
    Target { name: "tar", run: charts::tar },
    Target { name: "template", run: templates::template },
];

/// References: printed and parsed again they are the same.
pub(crate) fn reference(bytes: &[u8]) {
    if let Some(reference) = round_trip::<Reference>(bytes) {
        assert!(!reference.path().contains(".."), "{reference}");
        assert!(reference.tag().is_some() || reference.digest().is_some(), "{reference}");
    }
}

/// Digests: what is accepted never names a path.
pub(crate) fn digest(bytes: &[u8]) {
    if let Some(digest) = round_trip::<Digest>(bytes) {
        assert!(!digest.as_str().contains(['/', '\\', '.']), "{digest}");
        assert_eq!(digest.hex().len(), digest.algorithm().hex_digits());
    }
}

/// Platforms: printed and parsed again they are the same, and match themselves.
pub(crate) fn platform(bytes: &[u8]) {
    if let Some(platform) = round_trip::<Platform>(bytes) {
        assert!(platform.matches(&platform), "{platform}");
    }
}

/// Paths in archives: joined under any folder they stay under it, on Unix and on Windows.
pub(crate) fn archive_path(bytes: &[u8]) {
    let Ok(path) = ArchivePath::from_bytes(bytes) else { return };
    assert!(path.parts().all(|part| !matches!(part, "" | "." | "..")), "{path:?}");
    assert!(!path.as_str().starts_with('/') && !path.as_str().contains(['\\', '\0']), "{path:?}");
    assert!(
        !matches!(path.as_str().as_bytes(), [b'a'..=b'z' | b'A'..=b'Z', b':', ..]),
        "a drive: {path:?}"
    );
    assert_eq!(ArchivePath::from_bytes(path.as_str().as_bytes()), Ok(path));
}

/// Manifests: every child is named once by kind, and reading is deterministic.
pub(crate) fn manifest(bytes: &[u8]) {
    let parse = || Manifest::parse(bytes, Hint::default());
    if let Ok(manifest) = parse() {
        assert_eq!(
            manifest.children().count(),
            manifest.documents().len() + manifest.blobs().count()
        );
        assert_eq!(
            format!("{manifest:?}"),
            format!("{:?}", parse().expect("it was accepted before"))
        );
    }
}

/// Image configurations.
pub(crate) fn config(bytes: &[u8]) {
    let first = format!("{:?}", parse_config(bytes));
    assert_eq!(first, format!("{:?}", parse_config(bytes)), "reading twice");
}

/// YAML: every document that is read prints as JSON, or says why it cannot, and reading is deterministic.
pub(crate) fn goyaml_parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let limits = Limits { nodes: 100_000, ..Limits::default() };
    let read = || -> Vec<String> {
        let documents = sealift_goyaml::documents(text, &limits);
        documents
            .map(|document| {
                format!("{:?}", document.and_then(|node| sealift_goyaml::to_json(&node)))
            })
            .collect()
    };
    let first = read();
    assert_eq!(first, read(), "reading twice");
}

/// Locks: what is accepted is written as something that reads and writes the same.
pub(crate) fn lock(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(lock) = Lock::read("sealift.lock", text) {
        let written = lock.to_yaml();
        let again = Lock::read("sealift.lock", &written)
            .unwrap_or_else(|error| panic!("{error}\n{written}"));
        assert_eq!(again.to_yaml(), written);
    }
}

/// Shipments: a refusal names a place in the file, and reading is deterministic.
pub(crate) fn shipment(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let read = || Shipment::read("sealift.yaml", text);
    match (read(), read()) {
        (Ok(first), Ok(second)) => assert_eq!(first, second),
        (Err(first), Err(second)) => {
            assert_eq!(first.to_string(), second.to_string());
            assert!(first.to_string().starts_with("sealift.yaml"), "{first}");
        }
        _ => panic!("read twice, accepted once"),
    }
}

/// Credentials: an entry for another host or for a longer name is never taken.
pub(crate) fn docker_config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let inline = Some(Arc::new(Secret::new(text.to_owned())));
    let files = CredentialFiles { inline, ..CredentialFiles::default() };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime of one thread");
    let repository = Repository::new("r.example", "org/app").expect("a name");
    if let Ok(Some(found)) = runtime.block_on(files.find(&repository)) {
        let key = found
            .key
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_end_matches('/');
        let key = key
            .split_once('/')
            .map_or(key.to_owned(), |(host, path)| format!("{}/{path}", host.to_lowercase()));
        assert!(
            ["r.example", "r.example/org", "r.example/org/app"]
                .contains(&key.to_lowercase().as_str()),
            "{key}"
        );
    }
}

/// `WWW-Authenticate`: a token server that is taken has an address.
pub(crate) fn challenge(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let headers = HeaderMap::from_iter([(WWW_AUTHENTICATE, value)]);
    if let Some(Challenge::Bearer { realm, service, scope }) = Challenge::of(&headers) {
        assert!(!realm.is_empty());
        assert!([service, scope].into_iter().flatten().all(|text| !text.is_empty()));
        let _narrow = Challenge::is_narrow(&headers);
    }
}

/// Requests to a read-only registry without content: it answers, never with an error of its own, and nothing is written.
pub(crate) fn serve_route(bytes: &[u8]) {
    if let Some(status) = served::status(bytes) {
        assert!(
            (200..500).contains(&status) || status == 501,
            "{status} for {:?}",
            String::from_utf8_lossy(bytes)
        );
        assert!(
            !matches!(status, 201 | 202),
            "read-only, and yet {status} for {:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

/// Parses a text; what is accepted prints as something that parses to the same.
fn round_trip<T>(bytes: &[u8]) -> Option<T>
where
    T: FromStr<Err: Debug> + Display + PartialEq + Debug,
{
    let parsed: T = std::str::from_utf8(bytes).ok()?.parse().ok()?;
    let shown = parsed.to_string();
    let again: T =
        shown.parse().unwrap_or_else(|error| panic!("{shown:?} does not parse again: {error:?}"));
    assert_eq!(parsed, again, "{shown:?}");
    assert_eq!(shown, again.to_string());
    Some(parsed)
}
