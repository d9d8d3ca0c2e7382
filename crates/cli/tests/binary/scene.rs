//! A folder with a small shipment in it, and registries on this machine that play the internet and the far side.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use sealift_files::Folder;
use sealift_oci::image::{Built, ImageBuilder, index};
use sealift_reference::{Platform, Reference};
use sealift_registry::{Credential, Registry, Secret, Settings as ClientSettings};
use sealift_serve::{Access, Observer, Seen, Settings};
use sealift_testkit::{Ran, Script, Server, TestEnv};
use tokio::runtime::Runtime;

/// What is deployed: three images, one of them for two platforms.
pub(crate) const PLATFORM: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: demo}
spec:
  template:
    spec:
      containers:
      - {name: web, image: \"web:1.27\"}
      - name: operator
        image: acme/operator:3.2
        env: [{name: WORKER_IMAGE, value: \"quay.io/acme/worker:2.1.0\"}]
";

/// A folder to run in, a runtime for the servers, and what happened so far.
pub(crate) struct Scene {
    pub(crate) env: TestEnv,
    runtime: Runtime,
    /// Addresses, and what they are called in what is shown.
    names: Vec<(String, String)>,
    /// What registries were asked, by their names.
    asked: BTreeMap<String, Arc<Asked>>,
}

/// Requests as `METHOD path` and the status of their answers, in the order of these.
#[derive(Debug, Default)]
struct Asked(Mutex<Vec<(String, u16)>>);

impl Observer for Asked {
    fn answered(&self, request: &Seen) {
        self.0
            .lock()
            .expect("no thread panics")
            .push((format!("{} {}", request.method, request.path), request.status));
    }
}

/// A running `sealift serve`.
pub(crate) struct Serving {
    child: Child,
    stderr: BufReader<ChildStderr>,
    first: String,
    pub(crate) address: String,
}

impl Scene {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self::of(TestEnv::new(env!("CARGO_BIN_EXE_sealift")))
    }

    pub(crate) fn of(env: TestEnv) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("threads can be started");
        Self { env, runtime, names: Vec::new(), asked: BTreeMap::new() }
    }

    /// A folder with a shipment of [`PLATFORM`], whose public registries are a registry on this machine.
    pub(crate) fn with_internet() -> Self {
        let mut scene = Self::new();
        let internet = scene.registry("internet");
        scene.publish(&images(), &internet);
        scene.write_shipment(&internet);
        scene
    }

    /// As [`Self::with_internet`], with the lock made; returns the address of an empty registry too.
    pub(crate) fn with_lock() -> (Self, String) {
        let mut scene = Self::with_internet();
        let far_side = scene.registry("far-side");
        let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
        (scene, far_side)
    }

    /// Writes the platform, and a shipment that reads the public registries from this one.
    pub(crate) fn write_shipment(&self, internet: &str) {
        self.env.write("platform.yaml", PLATFORM);
        self.env.write("sealift.yaml", shipment("manifests: platform.yaml", internet));
    }

    /// Starts a writable registry over a folder beside the one that commands run in; it is called by its name in what is shown.
    pub(crate) fn registry(&mut self, name: &str) -> String {
        self.start(name, Access::Writable)
    }

    /// Where a registry of [`Self::registry`] has its files.
    pub(crate) fn disk(&self, name: &str) -> PathBuf {
        self.env.folder().join("disks").join(name)
    }

    /// Starts a registry that answers by a script, called by `name` in what is shown.
    pub(crate) fn scripted(&mut self, name: &str, script: Script) -> Server {
        let server = self.runtime.block_on(Server::start(script));
        self.call(&server.address(), &format!("{name}.test"));
        server
    }

    /// Calls an address by a name in what is shown.
    pub(crate) fn call(&mut self, address: &str, name: &str) {
        self.env.filter(address, name);
        self.names.push((address.to_owned(), name.to_owned()));
    }

    /// Runs a future on the threads of the servers.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Starts a registry over a folder that takes no pushes.
    pub(crate) fn read_only(&mut self, name: &str) -> String {
        self.start(name, Access::ReadOnly)
    }

    fn start(&mut self, name: &str, access: Access) -> String {
        let folder = Folder::create(self.disk(name)).expect("the folder can be made");
        let settings = Settings { access, ..Settings::default() };
        let asked = Arc::new(Asked::default());
        let address = self.runtime.block_on(async {
            let server = sealift_serve::Server::bind(folder, settings, Arc::clone(&asked))
                .await
                .expect("loopback has a port");
            let address = server.address();
            tokio::spawn(server.run(std::future::pending()));
            address.to_string()
        });
        self.call(&address, &format!("{name}.test"));
        self.asked.insert(name.to_owned(), asked);
        address
    }

    /// What a registry was asked since the last call.
    pub(crate) fn asked(&self, name: &str) -> Vec<String> {
        self.answered(name).into_iter().map(|(line, _)| line).collect()
    }

    /// As [`Self::asked`], with the status of each answer.
    pub(crate) fn answered(&self, name: &str) -> Vec<(String, u16)> {
        let asked = self.asked.get(name).expect("it was started by `registry`");
        std::mem::take(&mut *asked.0.lock().expect("no thread panics"))
    }

    /// The address of what is called `name.test`.
    pub(crate) fn address(&self, name: &str) -> String {
        let wanted = format!("{name}.test");
        let known = self.names.iter().find(|(_, shown)| *shown == wanted);
        known.expect("it was started").0.clone()
    }

    /// Starts the binary as a registry.
    pub(crate) fn serve(&mut self, name: &str, options: &[&str]) -> Serving {
        let dir = format!("disks/{name}");
        let arguments =
            [&["serve", "--dir", &dir, "--listen", "127.0.0.1:0"][..], options].concat();
        let mut command = self.env.command(&arguments);
        let mut child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("sealift was built with this test");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut first = String::new();
        stderr.read_line(&mut first).expect("text");
        let address = first.split("://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("no address: {first}")).to_owned();
        self.call(&address, &format!("{name}.test"));
        Serving { child, stderr, first, address }
    }

    /// Stops it as a service manager does, and shows what it said.
    pub(crate) fn stop(&self, mut serving: Serving) -> String {
        let kill = Command::new("kill").arg(serving.child.id().to_string()).status();
        assert!(kill.expect("kill is on every machine").success());
        let mut rest = String::new();
        serving.stderr.read_to_string(&mut rest).expect("text");
        let status = serving.child.wait().expect("it ends");
        let output = Output { status, stdout: Vec::new(), stderr: (serving.first + &rest).into() };
        self.shown(&["serve", "…"], &self.env.ran(&output))
    }

    /// Puts one image into a registry by its whole name.
    pub(crate) fn publish_to(&self, built: &Built, name: &str) {
        self.publish_with(&ClientSettings::default(), built, name);
    }

    fn publish_with(&self, settings: &ClientSettings, built: &Built, name: &str) {
        let client = Registry::new(settings).expect("the settings are right");
        let reference: Reference = name.parse().expect("the name of a test image");
        self.block_on(built.write(&client, reference.repository(), reference.tag()))
            .expect("the registry takes it");
    }

    /// Puts images into a registry, each below the name of its own host.
    pub(crate) fn publish(&self, images: &[(&str, Built)], address: &str) {
        for (name, built) in images {
            self.publish_to(built, &format!("{address}/{name}"));
        }
    }

    /// As [`Self::publish`], for a registry that asks for user and password.
    pub(crate) fn publish_as(
        &self,
        (user, password): (&str, &str),
        images: &[(&str, Built)],
        address: &str,
    ) {
        let password = Secret::new(password.to_owned());
        let credential = Credential::Basic { user: user.to_owned(), password };
        let given = vec![(address.to_owned(), Arc::new(credential))];
        let settings = ClientSettings { given, ..ClientSettings::default() };
        for (name, built) in images {
            self.publish_with(&settings, built, &format!("{address}/{name}"));
        }
    }

    /// Runs a command line and shows it with all that came of it.
    pub(crate) fn show<I: AsRef<OsStr>>(&self, arguments: &[I]) -> String {
        self.shown(arguments, &self.env.run(arguments))
    }

    /// As [`Self::show`], and fails unless every file is as it was: nothing under its final name, nothing half-written.
    #[track_caller]
    pub(crate) fn refuse<I: AsRef<OsStr>>(&self, arguments: &[I]) -> String {
        let before = self.own_files();
        let ran = self.env.run(arguments);
        assert_ne!(ran.code, Some(0), "{}", ran.snapshot());
        assert_eq!(names(&self.own_files(), &before), [""; 0], "{}", ran.snapshot());
        self.shown(arguments, &ran)
    }

    /// The files that commands may write; registries have theirs beside them, and write when they like, and the cache holds what
    /// was read whatever came of it.
    fn own_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let folder = self.env.folder();
        files_but(folder, &[folder.join("disks"), folder.join(".cache")])
    }

    /// Shows a command line with all that came of it.
    pub(crate) fn shown<I: AsRef<OsStr>>(&self, arguments: &[I], ran: &Ran) -> String {
        let words: Vec<_> = arguments.iter().map(|word| word.as_ref().to_string_lossy()).collect();
        let line =
            self.names.iter().fold(words.join(" "), |line, (from, to)| line.replace(from, to));
        format!("$ sealift {line}\n{}", without_requests(&ran.snapshot()))
    }
}

/// A shipment of one source.
pub(crate) fn shipment(source: &str, internet: &str) -> String {
    format!(
        "\
apiVersion: sealift.dev/v1alpha1
kind: Shipment
metadata: {{name: shop}}
sources:
- {source}
mirrors:
- {{prefix: docker.io, location: \"{internet}/docker.io\"}}
- {{prefix: quay.io, location: \"{internet}/quay.io\"}}
"
    )
}

/// Replaces the number of requests, which depends on who comes first: `52 requests` becomes `[N] requests`.
fn without_requests(text: &str) -> String {
    let mut parts = text.split(" request");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = out.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        out.replace_range(digits.., if digits < out.len() { "[N]" } else { "" });
        out.push_str(" request");
        out.push_str(part);
    }
    out
}

/// Reads every file below a folder.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files_but(folder, &[])
}

/// Reads every file below a folder, but not those of `left_out`, which others write at the same time.
fn files_but(folder: &Path, left_out: &[PathBuf]) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the test") {
            let path = entry.expect("a readable folder").path();
            if left_out.contains(&path) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("a file of the test");
                files.insert(path, bytes);
            }
        }
    }
    files
}

/// The files that are in one and not, or not the same, in the other.
fn names(one: &BTreeMap<PathBuf, Vec<u8>>, other: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
    let paths = one.keys().chain(other.keys());
    let different = paths.filter(|path| one.get(*path) != other.get(*path));
    different.map(|path| path.display().to_string()).collect()
}

/// The images of [`PLATFORM`]. Layers are plain bytes, so that no compressor decides about digests.
pub(crate) fn images() -> Vec<(&'static str, Built)> {
    let web = index(&[image("amd64", "web"), image("arm64", "web")]);
    vec![
        ("docker.io/library/web:1.27", web),
        ("docker.io/acme/operator:3.2", image("amd64", "operator")),
        ("quay.io/acme/worker:2.1.0", image("amd64", "worker")),
    ]
}

/// A layer that all images of a platform share, and one of its own.
pub(crate) fn image(architecture: &str, name: &str) -> Built {
    let platform = Platform::new("linux", architecture, None).expect("a platform");
    ImageBuilder::new(platform)
        .raw_layer(Bytes::from(format!("system of {architecture}\n").repeat(1000)))
        .raw_layer(layer(name, architecture))
        .build()
}

/// The layer of an image that no other shares.
pub(crate) fn layer(name: &str, architecture: &str) -> Bytes {
    Bytes::from(format!("{name} for {architecture}\n").repeat(300))
}
