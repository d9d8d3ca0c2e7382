//! Real clients against this registry; each says in one line when it is not installed, and CI has them all.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use sealift_reference::Digest;
use sealift_serve::{Access, Settings};
use sealift_testkit::which;
use support::{OCI_INDEX, Registry, index};

/// Whether a program is here. In CI it must be.
fn has(program: &str) -> bool {
    let found = which(program).is_some();
    if !found {
        assert!(!in_ci(), "{program} must be installed in CI");
        eprintln!("skipped: {program} is not installed");
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "only tests ask whether they run in CI")]
fn in_ci() -> bool {
    std::env::var_os("CI").is_some()
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    output
}

fn skopeo(home: &Path) -> Command {
    let mut command = Command::new("skopeo");
    command.env("HOME", home).env_remove("REGISTRY_AUTH_FILE").arg("--insecure-policy");
    command
}

#[test]
fn skopeo_pushes_pulls_inspects_and_reads_the_folder() {
    if !has("skopeo") {
        return;
    }
    let registry = Registry::writable();
    let first = registry.push_image("library/nginx", "1.27", &vec![7; 300_000]);
    let second = registry.push_image("library/nginx", "arm", b"other");
    let both = index(&[&first, &second]);
    assert_eq!(registry.put_manifest("library/nginx", "all", OCI_INDEX, &both).status, 201);

    let place = tempfile::tempdir().unwrap();
    let at = |tag: &str| format!("docker://{}/library/nginx:{tag}", registry.address);
    let layout = format!("oci:{}:back", place.path().join("out").display());
    run(skopeo(place.path()).args([
        "copy",
        "--all",
        "--src-tls-verify=false",
        &at("all"),
        &layout,
    ]));
    let pushed = format!("docker://{}/copy/of/nginx:all", registry.address);
    run(skopeo(place.path()).args(["copy", "--all", "--dest-tls-verify=false", &layout, &pushed]));
    assert_eq!(registry.get("/v2/copy/of/nginx/manifests/all").body, both.as_bytes());
    let tags = run(skopeo(place.path()).args([
        "list-tags",
        "--tls-verify=false",
        &at("all").replace(":all", ""),
    ]));
    assert!(String::from_utf8_lossy(&tags.stdout).contains("1.27"));
    let raw =
        run(skopeo(place.path()).args(["inspect", "--raw", "--tls-verify=false", &at("1.27")]));
    assert_eq!(raw.stdout, first.as_bytes());
    run(skopeo(place.path()).args(["delete", "--tls-verify=false", &at("arm")]));
    assert_eq!(registry.get("/v2/library/nginx/manifests/arm").status, 404);

    let folder = registry.stop();
    let lying = format!("oci:{}:library/nginx:1.27", folder.path().display());
    let copied = format!("oci:{}:x", place.path().join("again").display());
    run(skopeo(place.path()).args(["copy", &lying, &copied]));
}

/// Runs the official suite of the distribution specification, built from its folder `conformance` as `oci-conformance`, and
/// returns its report. `None` when it is not installed.
///
/// Its exit code is not asked: with read-only data it ends in a panic of its own after the report.
fn conformance(registry: &Registry, more: &[(&str, &str)]) -> Option<String> {
    let Some(suite) = which("oci-conformance") else {
        eprintln!("skipped: oci-conformance is not installed");
        return None;
    };
    let place = tempfile::tempdir().expect("a folder");
    let output = Command::new(suite)
        .current_dir(place.path())
        .env("OCI_REGISTRY", registry.address.to_string())
        .env("OCI_TLS", "disabled")
        .env("OCI_REPO1", "conformance/one")
        .env("OCI_REPO2", "conformance/two")
        .env("OCI_RESULTS_DIR", place.path())
        .envs(more.iter().copied())
        .output();
    let text = String::from_utf8_lossy(&output.expect("it runs").stdout).into_owned();
    for line in text.lines().filter(|line| line.contains("....")).take(6) {
        eprintln!("{line}");
    }
    for line in ["FAIL", "Error"].map(|what| format!("  {what:.<30}:          0")) {
        assert!(text.contains(&line), "{text}");
    }
    Some(text)
}

#[test]
fn the_official_conformance_suite_passes_with_all_that_it_can_ask() {
    let settings =
        Settings { access: Access::Writable, accept_sparse: true, ..Settings::default() };
    let registry = Registry::with(settings);
    let all = [
        ("OCI_VERSION", "dev"),
        ("OCI_API_BLOBS_DIGEST_HEADER", "true"),
        ("OCI_API_MANIFESTS_DIGEST_HEADER", "true"),
        ("OCI_DATA_SPARSE", "true"),
        ("OCI_API_BLOBS_UPLOAD_CANCEL", "true"),
        ("OCI_API_MANIFESTS_TAG_PARAM", "true"),
    ];
    if let Some(text) = conformance(&registry, &all) {
        let disabled = format!("  {:.<30}:", "Disabled");
        assert!(
            !text.contains(&disabled) || text.contains(&format!("{disabled}          0")),
            "{text}"
        );
    }
}

#[test]
fn the_official_conformance_suite_pulls_from_a_read_only_registry() {
    let registry = Registry::writable();
    let manifest = registry.push_image("conformance/one", "v1", b"layer");
    let place = registry.stop();
    let registry = Registry::over(place.path(), Settings::default());
    let manifest = Digest::sha256(manifest.as_bytes()).to_string();
    let layer = Digest::sha256(b"layer").to_string();
    let pull = [
        ("OCI_API_PUSH", "false"),
        ("OCI_API_BLOBS_DELETE", "false"),
        ("OCI_API_MANIFESTS_DELETE", "false"),
        ("OCI_API_TAGS_DELETE", "false"),
        ("OCI_RO_DATA_TAGS", "v1"),
        ("OCI_RO_DATA_MANIFESTS", manifest.as_str()),
        ("OCI_RO_DATA_BLOBS", layer.as_str()),
    ];
    conformance(&registry, &pull);
}
