//! Locks: their file, what is refused, and the difference of two.

use std::collections::BTreeMap;

use sealift_inventory::{
    Class, Companion, Decision, Graph, GraphNode, IndexChoice, Input, Lock, LockDiff,
    LockedArtifact, LockedCharm, LockedChart, LockedImage, LockedPackage, Origin, Step,
};
use sealift_reference::{Digest, MediaType, media_type};

fn digest(content: &str) -> Digest {
    Digest::sha256(content.as_bytes())
}

fn image(name: &str, content: &str) -> LockedImage {
    let platforms = BTreeMap::from([("linux/amd64".parse().expect("a platform"), digest("child"))]);
    let origin =
        Origin::new().with(Step::Chart { name: "istiod".to_owned(), version: "1.17.8".to_owned() });
    LockedImage {
        image: name.parse().expect("a reference"),
        from: None,
        digest: digest(content),
        media_type: MediaType::from(media_type::OCI_INDEX),
        platforms,
        size: 84_201_331,
        index: None,
        target: "istio/pilot:1.17.8".parse().expect("a name"),
        class: Class::Required,
        with: Vec::new(),
        rebuilt: None,
        because: Lock::because(name, [&origin]),
    }
}

fn chart() -> LockedChart {
    LockedChart {
        chart: "cert-manager".to_owned(),
        repository: "https://charts.jetstack.io".to_owned(),
        version: "v1.12.10".to_owned(),
        digest: digest("chart"),
        size: 65_000,
        manifest: digest("chart manifest"),
        target: "helm-charts/cert-manager:1.12.10".parse().expect("a name"),
        repackaged: Some("version v1.12.10 → 1.12.10".to_owned()),
        target_digest: Some(digest("changed chart")),
        class: Class::Required,
        because: vec!["sealift.yaml:9".to_owned()],
    }
}

fn charm() -> LockedCharm {
    LockedCharm {
        charm: "istio-pilot".to_owned(),
        channel: "1.24/stable".to_owned(),
        revision: 1335,
        base: "ubuntu@24.04/amd64".to_owned(),
        sha256: digest("charm"),
        size: 9,
        resources: vec![sealift_inventory::CharmResource {
            application: "kfp-api".to_owned(),
            slot: "oci-image".to_owned(),
            image: "docker.io/charmedkubeflow/api-server:2.5.0-abc".parse().expect("a reference"),
        }],
        class: Class::Tool,
        because: vec!["bundle kubeflow".to_owned()],
    }
}

fn package() -> LockedPackage {
    LockedPackage {
        package: "deploykf-0.1.5-generator.zip".to_owned(),
        url: "https://example.com/deploykf-0.1.5-generator.zip".to_owned(),
        sha256: digest("package"),
        size: 1_000,
        class: Class::Tool,
        because: vec!["deploykf 0.1.5".to_owned()],
    }
}

/// A lock with every key of the format.
fn every_key() -> Lock {
    let mut pilot = image("docker.io/istio/pilot:1.17.8", "pilot");
    pilot.from = Some("quay.io/istio/pilot".parse().expect("a repository"));
    pilot.index = Some(IndexChoice::Sparse);
    let tag = Some("sha256-0a.sig".parse().expect("a tag"));
    pilot.with = vec![
        Companion { kind: "signature".to_owned(), tag, digest: digest("signature") },
        Companion { kind: "referrer".to_owned(), tag: None, digest: digest("referrer") },
    ];
    let mut nginx = image("nginx", "nginx");
    nginx.rebuilt = Some("docker-archive".to_owned());
    nginx.target = "library/nginx:latest".parse().expect("a name");
    let mut lock = Lock {
        shipment: "ml-platform".to_owned(),
        inputs: vec![Input { name: "sealift.yaml".to_owned(), digest: digest("shipment") }],
        platforms: vec!["linux/amd64".parse().expect("a platform")],
        graph: Some(Graph::default().digest()),
        undecided: 0,
        artifacts: vec![
            LockedArtifact::Package(package()),
            LockedArtifact::Charm(charm()),
            LockedArtifact::Image(nginx),
            LockedArtifact::Chart(chart()),
            LockedArtifact::Image(pilot),
        ],
        decided: Decision::read_list(
            "d",
            "- {text: \"$(IMAGE)\", at: X, image: a/b:1, reason: \"set by: it\"}\n",
        )
        .expect("a list of decisions"),
        ..Lock::default()
    };
    lock.totals = lock.totals(611, 21_474_836_480);
    lock
}

fn sorted(mut lock: Lock) -> Lock {
    lock.sort();
    lock
}

#[test]
fn a_lock_is_written_as_the_format_says() {
    insta::assert_snapshot!(every_key().to_yaml());
}

#[test]
fn a_written_lock_reads_back_equal_and_is_written_the_same_again() {
    let text = every_key().to_yaml();
    let lock = Lock::read("sealift.lock", &text).unwrap();
    assert_eq!(lock, sorted(every_key()));
    assert_eq!(lock.to_yaml(), text);
}

#[test]
fn the_order_in_memory_does_not_reach_the_file() {
    let mut lock = every_key();
    lock.artifacts.reverse();
    assert_eq!(lock.to_yaml(), every_key().to_yaml());
}

#[test]
fn the_first_line_stays_one_line_whatever_an_input_is_called() {
    let mut lock = every_key();
    lock.inputs[0].name = "a\nkind: Evil\r\u{2028}\u{1b}[2J.yaml".to_owned();
    let text = lock.to_yaml();
    assert!(
        text.starts_with("# Written by sealift ") && text.contains("from a\\u{a}kind: Evil"),
        "{text}"
    );
    assert!(text.lines().nth(1).unwrap().starts_with("apiVersion: "), "{text}");
    assert_eq!(Lock::read("l", &text), Ok(sorted(lock)));
}

#[test]
fn broken_locks_are_refused_with_their_place() {
    let text = every_key().to_yaml();
    let hex = digest("pilot").hex().to_owned();
    let replaced = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let broken = text.replacen(from, to, 1);
        format!(
            "{} -> {}\n  {}\n",
            from.escape_debug(),
            to.escape_debug(),
            Lock::read("sealift.lock", &broken).unwrap_err()
        )
    };
    let upper = hex.to_uppercase();
    let outcomes = [
        replaced(&hex, &hex[1..]),
        replaced(&hex, &upper),
        replaced(&format!("sha256:{hex}"), "sha256:../../etc/passwd"),
        replaced(&format!("sha256:{hex}"), "md5:0123"),
        replaced("linux/amd64: ", "linux: "),
        replaced("- image: docker.io/istio", "- image: docker.io/Istio"),
        replaced("- image: docker.io/istio", "- imgae: docker.io/istio"),
        replaced("  target: istio/pilot:1.17.8\n", "  target: istio/../pilot:1.17.8\n"),
        replaced("  target: istio/pilot:1.17.8\n", ""),
        replaced("  size: 84201331", "  size: -1"),
        replaced("  size: 84201331", "  size: 1.5"),
        replaced("  size: 84201331", "  size: 18446744073709551616"),
        replaced("  size: 84201331", "  size: 84201331\n  size: 84201331"),
        replaced("  class: required", "  class: requird"),
        replaced("  class: required", "  channel: stable\n  class: required"),
        replaced("index: sparse", "index: partial"),
        replaced("mediaType:", "mediatype:"),
        replaced("undecided: 0", "undecided: none"),
        replaced("kind: Lock", "kind: Shipment"),
        replaced("v1alpha1", "v1"),
        replaced("docker.io/library/nginx:latest", "docker.io/istio/pilot:1.17.8"),
        replaced("  reason:", "  resaon:"),
        replaced("target: library/nginx:latest", "target: istio/pilot:1.17.8"),
    ];
    insta::assert_snapshot!(outcomes.join(""));
}

#[test]
fn twenty_origins_are_listed_and_the_rest_is_counted() {
    let origin = |number: u32| {
        Origin::new().with(Step::File { path: "a.yaml".to_owned(), line: Some(number) })
    };
    let origins: Vec<_> = (100..132).rev().chain(100..132).map(origin).collect();
    let lines = Lock::because("nginx:1.27", &origins);
    assert_eq!(lines.len(), 21);
    assert_eq!((lines[0].as_str(), lines[19].as_str()), ("a.yaml:100", "a.yaml:119"));
    assert_eq!(lines[20], "and 12 more: sealift why nginx:1.27");
    assert_eq!(Lock::because("nginx:1.27", &origins[..20]).len(), 20);
}

#[test]
fn an_origin_from_a_hostile_chart_does_not_act_on_a_terminal() {
    let origin = Origin::new().with(Step::Object("Pod \u{1b}[2J\u{202e}".to_owned()));
    assert_eq!(Lock::because("x", [&origin]), ["Pod \\u{1b}[2J\\u{202e}"]);
}

#[test]
fn a_name_below_the_target_leads_back_to_its_source() {
    let lock = every_key();
    let source = lock.source(&"library/nginx:latest".parse().unwrap()).unwrap();
    assert_eq!(source.to_string(), "docker.io/library/nginx:latest");
    assert_eq!(lock.source(&"library/nginx:1".parse().unwrap()), None);
}

fn manifest(layers: &[(&str, u64)]) -> GraphNode {
    let children = layers.iter().map(|(name, size)| (digest(name), *size)).collect();
    GraphNode { size: 100, media_type: MediaType::from(media_type::OCI_MANIFEST), children }
}

#[test]
fn only_what_the_other_side_lacks_is_carried() {
    let (mut old, mut new) = (Lock::default(), Lock::default());
    let (mut old_graph, mut new_graph) = (Graph::default(), Graph::default());
    old.artifacts =
        ["a:1", "b:1", "c:1"].map(|name| LockedArtifact::Image(image(name, name))).into();
    new.artifacts = vec![
        LockedArtifact::Image(image("a:1", "a:1")),
        LockedArtifact::Image(image("b:1", "b:1 rebuilt")),
        LockedArtifact::Image(image("d:1", "d:1")),
        LockedArtifact::Package(package()),
    ];
    for (content, layers) in [
        ("a:1", [("base", 1), ("a", 2)]),
        ("b:1", [("base", 1), ("b", 4)]),
        ("c:1", [("base", 1), ("c", 8)]),
    ] {
        old_graph.insert(digest(content), manifest(&layers));
    }
    for (content, layers) in [
        ("a:1", [("base", 1), ("a", 2)]),
        ("b:1 rebuilt", [("base", 1), ("b2", 16)]),
        ("d:1", [("b2", 16), ("c", 8)]),
    ] {
        new_graph.insert(digest(content), manifest(&layers));
    }
    let diff = LockDiff::diff((&old, &old_graph), (&new, &new_graph));
    let names = |changes: &[sealift_inventory::Change]| {
        changes.iter().map(|change| change.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&diff.added), ["docker.io/library/d:1", "deploykf-0.1.5-generator.zip"]);
    assert_eq!(names(&diff.dropped), ["docker.io/library/c:1"]);
    assert_eq!(diff.moved.len(), 1);
    assert_eq!(
        (diff.moved[0].from.clone(), diff.moved[0].to.clone()),
        (digest("b:1"), digest("b:1 rebuilt"))
    );
    assert_eq!(diff.unchanged, 1);
    // Two manifests, one layer that neither had, one package; the layer `c` was there with the dropped image.
    assert_eq!((diff.bytes_to_carry, diff.digests_to_carry), (100 + 100 + 16 + 1_000, 4));
    assert!(!diff.is_empty());
    assert!(LockDiff::diff((&new, &new_graph), (&new, &new_graph)).is_empty());
}

#[test]
fn a_lock_of_thousands_of_artifacts_is_read() {
    let mut lock = every_key();
    lock.artifacts =
        (0..15_000).map(|n| LockedArtifact::Image(image(&format!("r.io/a/b{n}:1"), "x"))).collect();
    let text = lock.to_yaml();
    assert!(
        text.lines().count() > 140_000,
        "more nodes than a YAML reader takes without being told"
    );
    assert_eq!(Lock::read("sealift.lock", &text).unwrap().artifacts.len(), 15_000);
}
