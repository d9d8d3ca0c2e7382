//! Kubeflow 1.11 from one real registry to another: scan, lock, mirror (killed and run again), verify, and skopeo's word on every digest.

#![expect(clippy::print_stderr, reason = "a skipped test says so in one line")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the oracles where the environment says"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sealift_oci::image::{Built, ImageBuilder, index};
use sealift_reference::{Digest, Platform, Reference, Repository};
use sealift_registry::{Registry, Settings};
use sealift_testkit::{DockerRegistry, TestEnv, which};
use serde_json::Value;

/// What the scan may name besides the truth.
const OUTSIDE: usize = 5;

/// Something that is deployed beside Kubeflow and that nobody has published.
const OUTSIDER: &str = "
---
apiVersion: v1
kind: Pod
metadata: {name: outsider}
spec:
  containers:
  - image: outside/truth:1
";

#[test]
fn kubeflow_goes_from_registry_to_registry_and_every_digest_holds() {
    let Some(platform) = Kubeflow::load() else { return };
    let (Some(internet), Some(far_side)) = (DockerRegistry::start(), DockerRegistry::start())
    else {
        return;
    };
    let env = TestEnv::new(env!("CARGO_BIN_EXE_sealift"));
    let to = format!("{}/ml", far_side.address());

    let images = platform.images();
    publish(&images, internet.address());
    env.write("kubeflow.yaml", platform.with_digests_of(&images) + OUTSIDER);
    let Decisions { open, outside } = decisions(&env, &images);
    env.write("sealift.yaml", shipment(&images, internet.address(), &open));
    let refused = env.run(["lock"]).expect_code(1);
    assert!(refused.stderr.contains("docker.io/outside/truth:1"), "{}", refused.snapshot());
    env.write("sealift.yaml", shipment(&images, internet.address(), &(open + &outside)));
    env.run(["scan"]).expect_code(0);
    env.run(["lock"]).expect_code(0);

    kill_in_the_middle(&env, &to, &far_side);
    env.run(["mirror", "--to", &to]).expect_code(0);
    let blobs: BTreeSet<Digest> =
        images.values().flat_map(Built::blobs).map(|blob| Digest::sha256(blob)).collect();
    assert_eq!(
        uploads(&far_side.requests()),
        blobs.len(),
        "each blob is sent once, the killed run included"
    );

    let verified = env.run(["verify", "--to", &to]).expect_code(0);
    assert!(
        verified.stdout.contains(&format!("{} of {} images complete", images.len(), images.len())),
        "{}",
        verified.stdout
    );
    for (reference, built) in &images {
        assert_eq!(by_skopeo(&to, reference), *built.digest(), "{reference}");
    }

    let before = far_side.requests().len();
    env.run(["mirror", "--to", &to]).expect_code(0);
    let again = far_side.requests().split_off(before);
    assert!(
        again.len() <= 2 * images.len(),
        "{} requests for {} images",
        again.len(),
        images.len()
    );
    assert!(
        !again.iter().any(|request| request.starts_with("PUT") || request.starts_with("POST")),
        "{again:#?}"
    );
}

/// The rendered platform and what it needs.
struct Kubeflow {
    text: String,
    truth: Vec<Reference>,
}

impl Kubeflow {
    fn load() -> Option<Self> {
        let oracles = std::env::var_os("SEALIFT_ORACLES").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles"),
            PathBuf::from,
        );
        let folder = oracles.join("discovery");
        let in_ci = std::env::var_os("CI").is_some();
        for (present, what) in
            [(folder.is_dir(), "the oracles"), (which("skopeo").is_some(), "skopeo")]
        {
            if !present {
                assert!(!in_ci, "{what} must be there in CI");
                eprintln!("skipped: {what} is not there");
                return None;
            }
        }
        let packed = std::fs::read(folder.join("kubeflow-1.11-rendered.yaml.gz")).unwrap();
        let limits = sealift_archive::GzipLimits::output(64 << 20);
        let text =
            String::from_utf8(sealift_archive::gunzip_bounded(packed.as_slice(), limits).unwrap())
                .unwrap();
        let truth: Vec<String> =
            serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap();
        Some(Self { text, truth: truth.iter().map(|name| name.parse().unwrap()).collect() })
    }

    /// A small image for every reference of the truth, of three platforms for each third one.
    fn images(&self) -> BTreeMap<Reference, Built> {
        let built = self.truth.iter().enumerate().map(|(number, reference)| {
            let name = reference.to_string();
            let image = |architecture: &str| {
                let platform = Platform::new("linux", architecture, None).unwrap();
                let base = ImageBuilder::new(platform)
                    .layer(&[("base", architecture.repeat(20_000).as_bytes())])
                    .unwrap();
                base.layer(&[("own", format!("{name} {architecture}").repeat(500).as_bytes())])
                    .unwrap()
                    .build()
            };
            let built = if number % 3 == 0 {
                index(&["amd64", "arm64", "s390x"].map(image))
            } else {
                image("amd64")
            };
            (pinned(reference, &built), built)
        });
        built.collect()
    }

    /// The manifests, with the digests of the synthetic images in place of the real ones.
    fn with_digests_of(&self, images: &BTreeMap<Reference, Built>) -> String {
        let mut text = self.text.clone();
        for reference in self.truth.iter().filter(|reference| reference.digest().is_some()) {
            let ours = images.keys().find(|image| {
                image.repository() == reference.repository() && image.digest().is_some()
            });
            let (old, new) = (reference.digest().unwrap(), ours.unwrap().digest().unwrap());
            text = text.replace(old.as_str(), new.as_str());
        }
        text
    }
}

/// A reference that was pinned is pinned to the synthetic image.
fn pinned(reference: &Reference, built: &Built) -> Reference {
    match reference.digest() {
        Some(_) => Reference::new(
            reference.repository().clone(),
            reference.tag().cloned(),
            Some(built.digest().clone()),
        ),
        None => reference.clone(),
    }
}

fn publish(images: &BTreeMap<Reference, Built>, host: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let registry = Registry::new(&Settings::default()).unwrap();
    runtime.block_on(async {
        for (reference, built) in images {
            let repository = Repository::new(host, &reference.repository().to_string()).unwrap();
            built.write(&registry, &repository, reference.tag()).await.unwrap();
        }
    });
}

/// What a person would write under `decide:`.
struct Decisions {
    /// About texts that are no reference, and about possible images.
    open: String,
    /// About references outside the truth, which no registry has.
    outside: String,
}

/// Reads what the scan leaves open, and decides all of it.
fn decisions(env: &TestEnv, images: &BTreeMap<Reference, Built>) -> Decisions {
    let scanned = env.run(["scan", "-o", "json", "kubeflow.yaml"]);
    let inventory: Value = serde_json::from_str(&scanned.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", scanned.snapshot()));
    let (mut open, mut outside) = (String::new(), Vec::new());
    let texts: BTreeSet<&str> =
        list(&inventory, "unresolved").iter().filter_map(|one| one["text"].as_str()).collect();
    for text in texts {
        let text = Value::from(text);
        writeln!(open, "- {{text: {text}, drop: true, reason: filled in at run time}}").unwrap();
    }
    for artifact in list(&inventory, "artifacts") {
        let name = artifact["name"].as_str().unwrap();
        let known = images.contains_key(&name.parse::<Reference>().unwrap());
        let is_possible = artifact["confidence"] == "possible";
        let decision = match (is_possible, known) {
            (true, false) => format!("- {{image: {name:?}, drop: true, reason: an example}}\n"),
            (true, true) => format!("- {{image: {name:?}, reason: it is started by hand}}\n"),
            (false, false) => {
                outside
                    .push(format!("- {{image: {name:?}, drop: true, reason: not of Kubeflow}}\n"));
                continue;
            }
            (false, true) => continue,
        };
        open.push_str(&decision);
    }
    assert!(outside.len() <= OUTSIDE, "outside the truth: {outside:#?}");
    Decisions { open, outside: outside.concat() }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn shipment(images: &BTreeMap<Reference, Built>, internet: &str, decisions: &str) -> String {
    let mut text = "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {name: kubeflow}\nsources:\n- manifests: kubeflow.yaml\nmirrors:\n".to_owned();
    let hosts: BTreeSet<&str> = images.keys().map(Reference::host).collect();
    for host in hosts {
        writeln!(text, "- {{prefix: {host}, location: \"{internet}/{host}\"}}").unwrap();
    }
    text + "decide:\n" + decisions
}

/// Starts a mirror and ends it without warning when about a third of the blobs are there.
fn kill_in_the_middle(env: &TestEnv, to: &str, far_side: &DockerRegistry) {
    let mut mirror = env.command(["mirror", "--to", to, "--jobs", "2"]);
    let mut child = mirror.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    while uploads(&far_side.requests()) < 60 {
        assert!(Instant::now() < deadline, "the mirror sends nothing");
        assert!(
            child.try_wait().unwrap().is_none(),
            "the mirror was over before it could be killed"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let names: Vec<_> =
        far_side.requests().into_iter().filter(|request| request.contains("/manifests/")).collect();
    assert!(!names.is_empty(), "it was in the middle");
}

/// Blobs that were sent and committed.
fn uploads(requests: &[String]) -> usize {
    requests
        .iter()
        .filter(|request| {
            request.starts_with("PUT ")
                && request.contains("/blobs/uploads/")
                && request.ends_with(" 201")
        })
        .count()
}

/// The digest of what skopeo reads at the far side.
fn by_skopeo(to: &str, reference: &Reference) -> Digest {
    let tag = reference
        .tag()
        .map_or_else(|| reference.digest().unwrap().hex().to_owned(), ToString::to_string);
    let name = format!("docker://{to}/{}:{tag}", reference.path());
    let output = Command::new("skopeo")
        .args(["inspect", "--raw", "--tls-verify=false", &name])
        .output()
        .unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Digest::sha256(&output.stdout)
}
