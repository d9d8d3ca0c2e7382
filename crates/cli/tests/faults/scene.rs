//! Two registries on this machine, and before each one a server that can break what passes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sealift_files::Folder;
use sealift_oci::image::Built;
use sealift_oci::{Document, Source as _};
use sealift_reference::{Digest, Reference};
use sealift_registry::{Registry, Settings as ClientSettings};
use sealift_serve::{Access, Settings};
use sealift_testkit::{Entry, Identity, Script, Server, TestEnv};
use tokio::runtime::Runtime;

use crate::images::{self, Named};
use crate::run::Run;

/// How many times shorter limits and waits are than those of a real run: bodies may stand still for 2 s.
const HASTE: &str = "30";

/// A source and a target, each with its saboteur.
pub(crate) struct Scene {
    pub(crate) env: TestEnv,
    pub(crate) runtime: Runtime,
    pub(crate) source: Server,
    pub(crate) target: Server,
    pub(crate) behind_source: String,
    pub(crate) behind_target: String,
    pub(crate) images: Vec<Named>,
}

impl Scene {
    /// A source with [`images::all`], locked, and an empty target; nothing breaks yet.
    pub(crate) fn new() -> Self {
        Self::with(images::all())
    }

    /// As [`Self::new`], with these images.
    pub(crate) fn with(images: Vec<Named>) -> Self {
        let scene = Self::unlocked(images);
        scene.lock().ends(0);
        scene
    }

    /// As [`Self::with`], before the lock is made.
    pub(crate) fn unlocked(images: Vec<Named>) -> Self {
        let env = TestEnv::new(env!("CARGO_BIN_EXE_sealift")).variable("SEALIFT_HASTE", HASTE);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let start = |name: &str| {
            let folder = Folder::create(env.folder().join("disks").join(name)).unwrap();
            let settings = Settings { access: Access::Writable, ..Settings::default() };
            runtime.block_on(async {
                let server = sealift_serve::Server::bind(folder, settings, ()).await.unwrap();
                let address = server.address().to_string();
                tokio::spawn(server.run(std::future::pending()));
                address
            })
        };
        let (behind_source, behind_target) = (start("source"), start("target"));
        let before =
            |address: &str| runtime.block_on(Server::start(Script::new().otherwise(address)));
        let (source, target) = (before(&behind_source), before(&behind_target));
        let mut scene = Self { env, runtime, source, target, behind_source, behind_target, images };
        scene.env.filter(&scene.source.address(), "source.test");
        scene.env.filter(&scene.target.address(), "target.test");
        scene.publish();
        scene.write_list();
        scene
    }

    /// Shortens all limits once more: bodies may stand still for 0.3 s.
    pub(crate) fn hastier(mut self) -> Self {
        self.env = self.env.variable("SEALIFT_HASTE", "200");
        self
    }

    /// Sets a variable for the program.
    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.env = self.env.variable(name, value);
        self
    }

    /// Starts one more server.
    pub(crate) fn start(&self, script: Script) -> Server {
        self.runtime.block_on(Server::start(script))
    }

    /// Lets the source speak TLS, by an authority in `source.pem`; the list of images follows it.
    pub(crate) fn with_source_tls(mut self, identity: &Identity) -> Self {
        self.source = self.over_tls("source", identity, &self.behind_source);
        self.write_list();
        self
    }

    /// Lets the target speak TLS, by an authority in `target.pem`.
    pub(crate) fn with_target_tls(mut self, identity: &Identity) -> Self {
        self.target = self.over_tls("target", identity, &self.behind_target);
        self
    }

    fn over_tls(&self, name: &str, identity: &Identity, behind: &str) -> Server {
        self.env.write(&format!("{name}.pem"), &identity.ca_pem);
        self.runtime.block_on(Server::start_tls(Script::new().otherwise(behind), identity))
    }

    fn write_list(&self) {
        let name = |(name, _): &Named| format!("{}/{name}\n", self.source.address());
        self.env.write("images.txt", self.images.iter().map(name).collect::<String>());
    }

    fn publish(&self) {
        for (name, built) in &self.images {
            self.move_tag(name, built);
        }
    }

    /// Puts another image under a name at the source.
    pub(crate) fn move_tag(&self, name: &str, built: &Built) {
        self.write(&format!("{}/{name}", self.behind_source), built);
    }

    /// Puts something without a name into a repository of the source.
    pub(crate) fn put_at_source(&self, repository: &str, built: &Built) {
        self.write(&format!("{}/{repository}@{}", self.behind_source, built.digest()), built);
    }

    /// Puts another image under a name at the target.
    pub(crate) fn put_at_target(&self, name: &str, built: &Built) {
        self.write(&format!("{}/far/{name}", self.behind_target), built);
    }

    fn write(&self, name: &str, built: &Built) {
        let client = Registry::new(&ClientSettings::default()).unwrap();
        let reference: Reference = name.parse().unwrap();
        let write = built.write(&client, reference.repository(), reference.tag());
        self.runtime.block_on(write).unwrap();
    }

    /// Makes the lock, by what the source's saboteur does now.
    pub(crate) fn lock(&self) -> Run {
        self.lock_with(&[])
    }

    /// As [`Self::lock`], with these options.
    pub(crate) fn lock_with(&self, options: &[&str]) -> Run {
        let run = self.run(&[&["lock", "--image-list", "images.txt"][..], options].concat());
        // What was read is kept, and would not be asked for again.
        let _none = std::fs::remove_dir_all(self.env.folder().join(".cache"));
        run
    }

    /// Makes the source misbehave from now on; the first rule that fits a request counts.
    pub(crate) fn source(&self, entries: impl IntoIterator<Item = Entry>) {
        play(&self.source, &self.behind_source, entries);
    }

    /// Makes the target misbehave from now on.
    pub(crate) fn target(&self, entries: impl IntoIterator<Item = Entry>) {
        play(&self.target, &self.behind_target, entries);
    }

    /// Mirrors the lock.
    pub(crate) fn mirror(&self) -> Run {
        self.mirror_with(&[])
    }

    /// Mirrors the lock, with these options.
    pub(crate) fn mirror_with(&self, options: &[&str]) -> Run {
        let to = format!("{}/far", self.target.address());
        let words = [&["mirror", "--json", "--to", &to][..], options].concat();
        let run = self.run(&words);
        self.check_invariants(&run);
        run
    }

    fn run(&self, words: &[&str]) -> Run {
        let before = (self.source.lines().len(), self.target.lines().len());
        let ran = self.env.run(words);
        Run {
            ran,
            source: self.source.requests().split_off(before.0),
            target: self.target.requests().split_off(before.1),
        }
    }

    /// Where a registry has its files.
    fn blobs(&self, name: &str) -> PathBuf {
        self.env.folder().join("disks").join(name).join("blobs")
    }

    /// The files of the target by their digest.
    pub(crate) fn at_target(&self) -> BTreeMap<Digest, Vec<u8>> {
        self.content("target")
    }

    /// The files of a registry on a disk, by their digest.
    fn content(&self, disk: &str) -> BTreeMap<Digest, Vec<u8>> {
        let mut files = BTreeMap::new();
        let Ok(algorithms) = std::fs::read_dir(self.blobs(disk)) else { return files };
        for folder in algorithms.map(|folder| folder.unwrap()) {
            for file in std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap()) {
                let name =
                    [folder.file_name(), file.file_name()].map(|name| name.into_string().unwrap());
                let digest = name.join(":").parse().unwrap();
                files.insert(digest, std::fs::read(file.path()).unwrap());
            }
        }
        files
    }

    /// No wrong byte at the target, no manifest without what it names, no endless asking.
    fn check_invariants(&self, run: &Run) {
        self.check_content("target");
        let requests = run.source.len() + run.target.len();
        assert!(requests <= 250, "{requests} requests");
    }

    /// No wrong byte on a disk, no manifest without what it names.
    pub(crate) fn check_content(&self, disk: &str) {
        let files = self.content(disk);
        for (digest, bytes) in &files {
            assert_eq!(Digest::of(digest.algorithm(), bytes), *digest);
        }
        for (name, built) in &self.images {
            for document in
                built.documents().iter().filter(|document| files.contains_key(&document.digest))
            {
                for child in children(document) {
                    assert!(
                        files.contains_key(&child),
                        "{name}: {} lacks {child}",
                        document.digest
                    );
                }
            }
        }
    }

    /// What an image's tag names at the target.
    pub(crate) fn named(&self, image: &str) -> Option<Digest> {
        self.named_at(&format!("{}/far", self.behind_target), image)
    }

    /// What an image's tag names below a place at any registry.
    pub(crate) fn named_at(&self, place: &str, image: &str) -> Option<Digest> {
        let client = Registry::new(&ClientSettings::default()).unwrap();
        let reference: Reference = format!("{place}/{image}").parse().unwrap();
        let resolve = client.resolve(reference.repository(), reference.tag().unwrap());
        self.runtime.block_on(resolve).unwrap().map(|found| found.digest)
    }

    /// Whether an image is at the target, whole.
    pub(crate) fn has(&self, image: &str) -> bool {
        let (_, built) = self.images.iter().find(|(name, _)| *name == image).unwrap();
        let files = self.at_target();
        let blobs = built.blobs().iter().all(|blob| files.contains_key(&Digest::sha256(blob)));
        let documents = built.documents().iter().all(|one| files.contains_key(&one.digest));
        blobs && documents && self.named(image).as_ref() == Some(built.digest())
    }

    /// Outcome R: all images are there, exit 0, and the report counts tries that were made again.
    #[track_caller]
    pub(crate) fn recovers(
        &self,
        retries: impl std::ops::RangeBounds<u64> + std::fmt::Debug,
    ) -> Run {
        let run = self.mirror();
        self.is_complete(&run);
        assert!(retries.contains(&run.retried()), "retried {}, not {retries:?}", run.retried());
        run
    }

    /// All images are at the target, and the run says so.
    #[track_caller]
    pub(crate) fn is_complete(&self, run: &Run) {
        run.ends(0);
        for (name, _) in &self.images {
            assert!(self.has(name), "{name} is not at the target:\n{}", run.ran.snapshot());
        }
    }

    /// Outcome F: the one with the large layer fails, with these words; the rest is done.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, words: &[&str]) -> Run {
        let run = self.mirror();
        run.ends(code).says(words);
        assert!(!self.has(images::WORKER), "{}", run.ran.snapshot());
        assert!(self.has(images::WEB), "the rest is done: {}", run.ran.snapshot());
        run
    }

    /// Outcome F for all of a target or source: these words, and no image.
    #[track_caller]
    pub(crate) fn fails_whole(&self, code: i32, words: &[&str]) -> Run {
        let run = self.mirror();
        run.ends(code).says(words);
        for (name, _) in &self.images {
            assert_eq!(self.named(name), None, "{name}: {}", run.ran.snapshot());
        }
        run
    }
}

fn play(server: &Server, behind: &str, entries: impl IntoIterator<Item = Entry>) {
    let script = Script::new().otherwise(behind);
    server.play(entries.into_iter().fold(script, Script::entry));
}

/// What a manifest or index names.
fn children(document: &Document) -> Vec<Digest> {
    let json: serde_json::Value = serde_json::from_slice(&document.bytes).unwrap();
    let lists = [&json["manifests"], &json["layers"]].into_iter();
    let listed = lists.flat_map(|list| list.as_array().into_iter().flatten());
    let named = listed.chain([&json["config"]]).filter_map(|child| child["digest"].as_str());
    named.map(|digest| digest.parse().unwrap()).collect()
}
