//! Git repositories, made by git itself.

use std::path::Path;
use std::process::Command;

use sealift_fetch::git::{Commit, GitEntry, GitSource};
use sealift_fetch::{Error, FetchSettings};
use sealift_reference::Digest;
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{cached_in, fetcher, ok, told};

const ADVERTISED: &[u8] = b"001e# service=git-upload-pack\n0000";

/// A repository with a branch, an annotated tag, a link and a program.
struct Repository {
    place: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path();
        fs_err::create_dir(root.join("base")).expect("made");
        fs_err::write(root.join("base/kustomization.yaml"), "resources: [a.yaml]\n")
            .expect("written");
        fs_err::write(root.join("base/a.yaml"), "a: 1\n").expect("written");
        std::os::unix::fs::symlink("base/a.yaml", root.join("link")).expect("linked");
        let repository = Self { place };
        repository.git(&["init", "-q", "-b", "main"]);
        repository.commit("one");
        repository.git(&["tag", "-a", "v1", "-m", "v1"]);
        fs_err::write(repository.root().join("base/a.yaml"), "a: 2\n").expect("written");
        repository.commit("two");
        repository
    }

    fn root(&self) -> &Path {
        self.place.path()
    }

    fn git(&self, arguments: &[&str]) -> Vec<u8> {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@localhost"];
        let output = Command::new("git")
            .current_dir(self.root())
            .args(identity)
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "."]);
        self.git(&["commit", "-qm", message]);
    }

    fn named(&self, name: &str) -> Commit {
        let commit = self.git(&["rev-parse", &format!("{name}^{{commit}}")]);
        String::from_utf8(commit).expect("text").trim_end().parse().expect("a commit")
    }

    /// What a server says that runs git.
    fn advertised(&self) -> Vec<u8> {
        let said = self.git(&["upload-pack", "--stateless-rpc", "--advertise-refs", "."]);
        [ADVERTISED, &said].concat()
    }

    fn archive(&self, name: &str) -> Vec<u8> {
        self.git(&["archive", "--format=tar.gz", "--prefix=r-1/", name])
    }

    /// A server that offers the commit of `v1`, and of `main`.
    async fn served(&self) -> Server {
        let get = |name: &str| {
            let target = format!("/o/r/archive/{}.tar.gz", self.named(name));
            Entry::get(&target).reply(ok(self.archive(name)))
        };
        let references = Entry::get("/o/r/info/refs?service=git-upload-pack");
        let script = Script::new().entry(references.reply(ok(self.advertised())));
        let gone = |form: &str| {
            let target = form.replace('0', &"0".repeat(40));
            Entry::get(&target).reply(Reply::status(404))
        };
        let gone = [gone("/o/r/archive/0.tar.gz"), gone("/o/r/-/archive/0/r-0.tar.gz")];
        let script = gone.into_iter().fold(script, Script::entry);
        Server::start(script.entry(get("v1")).entry(get("main"))).await
    }
}

fn source(server: &Server, reference: &str) -> GitSource {
    GitSource::new(&format!("http://{}/o/r", server.address()), reference).expect("an address")
}

#[tokio::test]
async fn a_name_leads_to_the_files_of_its_commit() {
    let repository = Repository::new();
    let server = repository.served().await;
    let fetcher = fetcher(FetchSettings::default());
    let mut digests = Vec::new();
    for (reference, name, content) in
        [("v1", "v1", "a: 1\n"), ("main", "main", "a: 2\n"), ("", "main", "a: 2\n")]
    {
        let source = source(&server, reference);
        let commit = fetcher.git_commit(&source).await.expect("a commit");
        assert_eq!(commit, repository.named(name));
        let tree = fetcher.git_tree(&source, &commit, None).await.expect("a tree");
        let paths: Vec<_> = tree.entries.keys().map(String::as_str).collect();
        assert_eq!(paths, ["base/a.yaml", "base/kustomization.yaml", "link"]);
        assert_eq!(tree.entries["base/a.yaml"], GitEntry::File(content.into()));
        assert_eq!(tree.entries["link"], GitEntry::Link("base/a.yaml".to_owned()));
        digests.push(tree.digest);
    }
    assert_eq!(digests[1], digests[2]);
    assert_ne!(digests[0], digests[1]);
    let commit = repository.named("v1");
    let whole = source(&server, commit.as_str());
    assert_eq!(fetcher.git_commit(&whole).await.expect("itself"), commit);
}

#[tokio::test]
async fn what_was_read_once_is_read_again_without_a_network() {
    let repository = Repository::new();
    let server = repository.served().await;
    let cache = tempfile::tempdir().expect("a folder");
    let source = source(&server, "v1");
    let online = fetcher(cached_in(cache.path()));
    let commit = online.git_commit(&source).await.expect("a commit");
    let tree = online.git_tree(&source, &commit, None).await.expect("a tree");
    let asked = server.requests().len();
    let offline = fetcher(FetchSettings { offline: true, ..cached_in(cache.path()) });
    assert_eq!(offline.git_commit(&source).await.expect("kept"), commit);
    let locked = Some(&tree.digest);
    assert_eq!(offline.git_tree(&source, &commit, locked).await.expect("kept"), tree);
    assert_eq!(server.requests().len(), asked);
    let other = repository.named("main");
    let error = offline.git_tree(&source, &other, None).await.expect_err("never read");
    assert!(matches!(error, Error::Offline { .. }), "{error}");
}

#[tokio::test]
async fn files_that_are_not_those_of_the_lock_are_refused() {
    let repository = Repository::new();
    let server = repository.served().await;
    let fetcher = fetcher(FetchSettings::default());
    let (source, commit) = (source(&server, "v1"), repository.named("v1"));
    let locked = Digest::sha256(b"other files");
    let error = fetcher.git_tree(&source, &commit, Some(&locked)).await.expect_err("other files");
    assert_eq!(error.class(), Some("digest"), "{error}");
}

#[tokio::test]
async fn an_archive_of_another_commit_is_refused_and_not_kept() {
    let repository = Repository::new();
    let (wanted, other) = (repository.named("v1"), repository.archive("main"));
    let entry = Entry::get(&format!("/o/r/archive/{wanted}.tar.gz")).reply(ok(other));
    let server = Server::start(Script::new().entry(entry)).await;
    let cache = tempfile::tempdir().expect("a folder");
    let fetcher = fetcher(cached_in(cache.path()));
    for _ in 0..2 {
        let error =
            fetcher.git_tree(&source(&server, "v1"), &wanted, None).await.expect_err("another");
        assert_eq!(error.class(), Some("digest"), "{error}");
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_had_is_said_with_where_it_was_looked_for() {
    let repository = Repository::new();
    let server = repository.served().await;
    let fetcher = fetcher(FetchSettings::default());
    let error = fetcher.git_commit(&source(&server, "v2")).await.expect_err("no tag");
    assert_eq!(told(&error, &server), "http://HOST/o/r has no branch or tag `v2`");
    let gone: Commit = "0".repeat(40).parse().expect("a commit");
    let error = fetcher.git_tree(&source(&server, "v1"), &gone, None).await.expect_err("no commit");
    let (zeros, told) = ("0".repeat(40), told(&error, &server));
    assert_eq!(
        told,
        format!(
            "http://HOST/o/r offers no archive of commit {zeros}, at none of http://HOST/o/r/archive/{zeros}.tar.gz, http://HOST/o/r/-/archive/{zeros}/r-{zeros}.tar.gz"
        )
    );
    let page = Entry::get("/o/r/info/refs?service=git-upload-pack")
        .reply(Reply::status(200).body("<html>"));
    let server = Server::start(Script::new().entry(page)).await;
    let error = fetcher.git_commit(&source(&server, "v1")).await.expect_err("a page");
    assert_eq!(error.class(), Some("type"), "{error}");
}

#[tokio::test]
async fn an_archive_has_what_git_archive_packs_and_not_all_that_a_clone_has() {
    let repository = Repository::new();
    let write = |name: &str, text: &str| {
        fs_err::write(repository.root().join(name), text).expect("written");
    };
    write(".gitattributes", "left-out export-ignore\nversion export-subst\n");
    write("left-out", "x\n");
    write("version", "$Format:%s$\n");
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    write("large", pointer);
    let module = format!("160000,{},module", repository.named("v1").as_str());
    repository.git(&["update-index", "--add", "--cacheinfo", &module]);
    repository.commit("three");
    let server = repository.served().await;
    let source = source(&server, "main");
    let fetcher = fetcher(FetchSettings::default());
    let commit = fetcher.git_commit(&source).await.expect("a commit");
    let tree = fetcher.git_tree(&source, &commit, None).await.expect("a tree");
    let text = |name: &str| tree.entries.get(name).cloned();
    let file = |text: &'static str| Some(GitEntry::File(text.into()));
    assert_eq!(text("left-out"), None);
    assert_eq!(text("version"), file("three\n"));
    assert_eq!(text("large"), file(pointer));
    assert!(tree.entries.keys().all(|name| !name.starts_with("module")), "submodules are empty");
}
