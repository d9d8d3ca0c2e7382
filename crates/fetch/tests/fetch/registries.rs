//! Charts in OCI registries: scripted ones, Debian's `docker-registry`, and real Helm on the other side.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use sealift_fetch::{
    Error, FetchSettings, Fetcher, Limits, OciReference, Package, Remote, artifact,
};
use sealift_helm::chart::{LoadOptions, Metadata};
use sealift_oci::Source as _;
use sealift_oci::image::Built;
use sealift_reference::{Repository, Tag};
use sealift_testkit::{DockerRegistry, Entry, Script, Server};

use crate::fixture::{Told, a_of, archive, cached_in, get, hex, index, ok, registry, told, write};
use crate::peers::helm;

/// A `Chart.yaml` with everything that an artifact repeats.
const CHART: &str = r#"annotations:
  category: Database
  org.opencontainers.image.title: another
apiVersion: v2
appVersion: "1.0"
description: a chart with <angles> & "quotes"
home: https://a.example
keywords:
- one
maintainers:
- email: me@example.com
  name: Me
- name: You
  url: https://you.example
name: a
sources:
- https://source.example/a
- https://source.example/b
version: 1.0.0+build.1
"#;

fn metadata(package: &Package) -> Metadata {
    let chart = package.load("a", &LoadOptions::default()).expect("loaded");
    Metadata::clone(&chart.metadata)
}

fn chart() -> (Bytes, Built) {
    let archive =
        archive("a", "1.0.0+build.1", &[("Chart.yaml", CHART), ("values.yaml", "x: 1\n")]);
    let package = Package::new(archive.clone());
    let built = artifact(&package, &metadata(&package), None).expect("made");
    (archive, built)
}

fn oci(host: &str, rest: &str, version: &str) -> Remote {
    Remote::Oci { reference: format!("oci://{host}/{rest}"), version: version.to_owned() }
}

async fn push(host: &str, built: &Built, tags: &[&str]) {
    let repository: Repository = format!("{host}/charts/a").parse().expect("a repository");
    for tag in tags {
        let tag: Tag = tag.parse().expect("a tag");
        built.write(&registry(), &repository, Some(&tag)).await.expect("written");
    }
}

#[test]
fn references_have_their_parts() {
    let parse = |text: &str| -> Result<OciReference, Error> { text.parse() };
    let found = parse("oci://r.example:5000/a/b:1.0.0+x").expect("a reference");
    assert_eq!(found.repository.to_string(), "r.example:5000/a/b");
    assert_eq!((found.tag.as_deref(), found.digest), (Some("1.0.0+x"), None));
    let digest = format!("sha256:{}", "0".repeat(64));
    let found = parse(&format!("oci://r.example/a@{digest}")).expect("a reference");
    assert_eq!(found.digest.expect("there").to_string(), digest);
    assert_eq!(parse("oci://r.example:5000/a").expect("a reference").tag, None);
    for text in [
        "r.example/a",
        "oci://",
        "oci://r.example",
        "oci://r.example/a@md5:00",
        "oci://r.example/a/../b",
        "oci://r.example/A b",
    ] {
        parse(text).expect_err(text);
    }
}

#[tokio::test]
async fn a_version_means_a_tag_as_it_does_for_helm() {
    let Some(server) = DockerRegistry::start() else { return };
    let (archive, built) = chart();
    push(
        server.address(),
        &built,
        &["1.0.0_build.1", "0.9.0", "2.0.0-rc.1", "latest", "v3.0.0", "1.2"],
    )
    .await;
    for (rest, version, want) in [
        ("charts/a", "", Some("1.0.0+build.1")),
        ("charts/a", "~0.9", Some("0.9.0")),
        ("charts/a", ">0.0.0-0", Some("2.0.0-rc.1")),
        ("charts/a", "1.0.0+build.1", Some("1.0.0+build.1")),
        ("charts/a:1.0.0_build.1", "1.0.0+build.1", Some("1.0.0+build.1")),
        ("charts/a:latest", "", Some("latest")),
        ("charts/a", "1.2", Some("1.2")),
        ("charts/a", "v3.0.0", Some("v3.0.0")),
        ("charts/a", ">=3", None),
        ("charts/a", "4.0.0", None),
        ("charts/a:0.9.0", "1.2", None),
        ("charts/b", "", None),
    ] {
        let found = get(FetchSettings::default(), oci(server.address(), rest, version)).await;
        let version_found = found.as_ref().ok().map(|fetched| fetched.version.as_str());
        assert_eq!(version_found, want, "{rest} {version}: {found:?}");
        if let Ok(found) = found {
            assert_eq!((found.package.bytes, found.name.as_str()), (archive.clone(), "a"));
            assert_eq!(found.source, format!("oci://{}/charts", server.address()));
        }
    }
    let error = get(FetchSettings::default(), oci(server.address(), "charts/a", "4.0.0")).await;
    let text = error.expect_err("not there").to_string().replace(server.address(), "HOST");
    assert_eq!(
        text,
        "oci://HOST/charts/a has no version `4.0.0`; it has 2.0.0-rc.1, 1.0.0+build.1, 0.9.0"
    );
}

#[tokio::test]
async fn a_digest_names_one_manifest_whatever_the_tag_says() {
    let Some(server) = DockerRegistry::start() else { return };
    let (archive, built) = chart();
    push(server.address(), &built, &["1.0.0_build.1"]).await;
    let other = artifact(&Package::new(archive.clone()), &Metadata::default(), None).expect("made");
    push(server.address(), &other, &["0.9.0"]).await;
    let digest = built.digest();
    for (rest, good) in [
        (format!("charts/a@{digest}"), true),
        (format!("charts/a:1.0.0_build.1@{digest}"), true),
        (format!("charts/a:gone@{digest}"), true),
        (format!("charts/a:0.9.0@{digest}"), false),
    ] {
        let found = get(FetchSettings::default(), oci(server.address(), &rest, "")).await;
        assert_eq!(found.is_ok(), good, "{rest}: {found:?}");
        if let Err(error) = found {
            assert_eq!(error.class(), Some("digest"));
        }
    }
}

#[tokio::test]
async fn what_came_from_a_registry_is_there_without_network() {
    let Some(server) = DockerRegistry::start() else { return };
    let place = tempfile::tempdir().expect("a folder");
    let (archive, built) = chart();
    push(server.address(), &built, &["1.0.0_build.1"]).await;
    let remote = oci(server.address(), "charts/a", "1.0.0+build.1");
    let online = get(cached_in(place.path()), remote.clone()).await.expect("fetched");
    let asked = server.requests().len();
    let offline = FetchSettings { offline: true, ..cached_in(place.path()) };
    let kept = get(offline, remote.clone()).await.expect("from the cache");
    // Which manifest a tag names is not asked.
    assert!(online.manifest.as_ref() == Some(built.digest()) && kept.manifest.is_none());
    let online = sealift_fetch::Fetched { manifest: None, ..online };
    assert_eq!((&kept, &kept.package.bytes), (&online, &archive));
    assert_eq!(server.requests().len(), asked);
    get(cached_in(place.path()), remote).await.expect("fetched");
    let blobs = server
        .requests()
        .iter()
        .filter(|line| line.starts_with("GET") && line.contains("/blobs/"))
        .count();
    assert_eq!(blobs, 1, "the archive is read once");
}

#[tokio::test]
async fn an_index_may_send_us_to_a_registry() {
    let Some(server) = DockerRegistry::start() else { return };
    let (archive, built) = chart();
    push(server.address(), &built, &["1.0.0_build.1"]).await;
    let address = format!("oci://{}/charts/a:1.0.0+build.1", server.address());
    for (digest, good) in [(hex(&archive), true), (hex(b"other"), false)] {
        let index = index(&[("a", "1.0.0+build.1", &digest, &address)]);
        let web = Script::new().entry(Entry::get("/charts/index.yaml").reply(ok(index)));
        let web = Server::start(web).await;
        let repository = format!("http://{}/charts", web.address());
        let found = get(FetchSettings::default(), a_of(&repository, "")).await;
        assert_eq!(
            found.as_ref().map(|found| found.source.clone()).ok(),
            good.then_some(repository)
        );
        assert_eq!(found.err().and_then(|error| error.class()), (!good).then_some("digest"));
    }
}

/// A server with one tag, `1.0.0`, of a manifest.
async fn serving(manifest: &str) -> Server {
    let digest = format!("sha256:{}", hex(manifest.as_bytes()));
    let reply = || {
        ok(manifest.to_owned())
            .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
            .header("Docker-Content-Digest", digest.as_str())
    };
    let script = Script::new()
        .open()
        .entry(Entry::head("/v2/a/manifests/1.0.0").reply(reply()))
        .entry(Entry::get(&format!("/v2/a/manifests/{digest}")).reply(reply()));
    Server::start(script).await
}

#[tokio::test]
async fn what_is_no_chart_is_refused_before_its_bytes_are_read() {
    let zero = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    let helm = "application/vnd.cncf.helm.config.v1+json";
    let chart = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
    let layer = |kind: &str, size: u64| {
        format!(r#"{{"mediaType":"{kind}","digest":"{zero}","size":{size}}}"#)
    };
    let manifest = |config: &str, layers: &[String]| {
        format!(
            r#"{{"schemaVersion":2,"config":{},"layers":[{}]}}"#,
            layer(config, 2),
            layers.join(",")
        )
    };
    let image = "application/vnd.oci.image.config.v1+json";
    for (manifest, want) in [
        (
            manifest(image, &[]),
            "is no chart: its config is `application/vnd.oci.image.config.v1+json`",
        ),
        (manifest(helm, &[]), "is no chart: it has no layer with an archive"),
        (
            manifest(helm, &[layer(chart, 1), layer("application/tar+gzip", 1)]),
            "is no chart: it has two layers of `application/vnd.cncf.helm.chart.content.v1.tar+gzip`",
        ),
        (
            manifest(helm, &[layer(chart, (100 << 20) + 1)]),
            "has 104857601 bytes, more than 104857600",
        ),
    ] {
        let server = serving(&manifest).await;
        let error = get(FetchSettings::default(), oci(&server.address(), "a", "1.0.0")).await;
        assert_eq!(told(&error.expect_err("refused"), &server), format!("oci://HOST/a {want}"));
        assert!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    }
}

/// Hostile case R1.
#[tokio::test]
async fn other_bytes_than_the_manifest_says_are_refused() {
    let (archive, built) = chart();
    let manifest = String::from_utf8(built.root().bytes.to_vec()).expect("text");
    let evil = Bytes::from(vec![7; archive.len()]);
    let digest = built.digest().to_string();
    let reply = || {
        ok(manifest.clone())
            .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
            .header("Docker-Content-Digest", digest.as_str())
    };
    let script = Script::new()
        .open()
        .entry(Entry::head("/v2/a/manifests/1.0.0").reply(reply()))
        .entry(Entry::get(&format!("/v2/a/manifests/{digest}")).reply(reply()))
        .entry(Entry::get(&format!("/v2/a/blobs/sha256:{}", hex(&archive))).reply(ok(evil)));
    let server = Server::start(script).await;
    let error = get(FetchSettings::default(), oci(&server.address(), "a", "1.0.0")).await;
    let Error::Store { source, .. } = error.expect_err("refused") else {
        panic!("a store's error")
    };
    assert_eq!(source.kind, sealift_oci::StoreErrorKind::Digest);
}

#[tokio::test]
async fn an_archive_of_the_limit_is_read_and_told() {
    let Some(server) = DockerRegistry::start() else { return };
    let (archive, built) = chart();
    push(server.address(), &built, &["1.0.0"]).await;
    let remote = oci(server.address(), "charts/a", "1.0.0");
    for (chart_bytes, good) in [(archive.len() as u64, true), (archive.len() as u64 - 1, false)] {
        let mut limits = Limits::default();
        limits.chart.total_bytes = chart_bytes;
        let told = Arc::new(Told::default());
        let settings = FetchSettings { limits, ..FetchSettings::default() };
        let fetcher = Fetcher::new(registry(), settings, told.clone()).expect("made");
        assert_eq!(fetcher.fetch(&remote).await.is_ok(), good);
        let line = format!("received oci://{}/charts/a", server.address());
        assert_eq!(told.lines(), if good { vec![line] } else { Vec::new() });
    }
}

#[test]
fn an_artifact_has_the_same_digest_each_time() {
    let (_, built) = chart();
    assert_eq!(built, chart().1);
    assert!(!String::from_utf8_lossy(&built.root().bytes).contains("created"));
}

#[tokio::test]
async fn an_artifact_is_what_helm_push_makes_but_for_the_time() {
    let (Some(server), Some(helm)) = (DockerRegistry::start(), helm("helm-4.2.4")) else { return };
    let place = tempfile::tempdir().expect("a folder");
    let (archive, built) = chart();
    let file = place.path().join("a-1.0.0+build.1.tgz");
    fs_err::write(&file, &archive).expect("written");
    for provenance in [None, Some("signed")] {
        if let Some(text) = provenance {
            write(place.path(), "a-1.0.0+build.1.tgz.prov", text);
        }
        let target = format!("oci://{}/charts", server.address());
        helm.run(&["push", &file.display().to_string(), &target, "--plain-http"]);
        let repository: Repository = format!("{}/charts/a", server.address()).parse().expect("one");
        let tag: Tag = "1.0.0_build.1".parse().expect("a tag");
        let pushed = registry().resolve(&repository, &tag).await.expect("asked").expect("there");
        let pushed =
            registry().document(&repository, &pushed.digest).await.expect("asked").expect("there");
        let text = String::from_utf8(pushed.bytes.to_vec()).expect("text");
        let (before, rest) =
            text.split_once(r#""org.opencontainers.image.created":""#).expect("a time");
        let (_, behind) = rest.split_once("\",").expect("its end");
        let provenance = provenance.map(|text| Bytes::from_static(text.as_bytes()));
        let package = Package::new(archive.clone());
        let built = artifact(&package, &metadata(&package), provenance.as_ref()).expect("made");
        assert_eq!(String::from_utf8_lossy(&built.root().bytes), format!("{before}{behind}"));
        let settings = FetchSettings { provenance: true, ..FetchSettings::default() };
        let fetched = get(settings, oci(server.address(), "charts/a", "")).await.expect("fetched");
        assert_eq!((fetched.package.bytes, fetched.provenance), (archive.clone(), provenance));
    }
    assert_eq!(built.blobs().len(), 2);
}

#[tokio::test]
async fn helm_pulls_the_artifact() {
    let Some(server) = DockerRegistry::start() else { return };
    let (archive, built) = chart();
    push(server.address(), &built, &["1.0.0_build.1"]).await;
    for name in ["helm-4.2.4", "helm-3.21.4"] {
        let Some(helm) = helm(name) else { continue };
        let place = tempfile::tempdir().expect("a folder");
        let source = format!("oci://{}/charts/a", server.address());
        let folder = place.path().display().to_string();
        helm.run(&["pull", &source, "--version", "1.0.0+build.1", "--plain-http", "-d", &folder]);
        let pulled = Path::new(&folder).join("a-1.0.0+build.1.tgz");
        assert_eq!(fs_err::read(pulled).expect("read"), archive, "{name}");
    }
}
