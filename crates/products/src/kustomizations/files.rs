//! The files that a build reads: those of this machine, and those that were got from elsewhere.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use sealift_fetch::Limits;
use sealift_fetch::git::{GitEntry, GitTree};
use sealift_files::{Links, Look};
use sealift_helm::chart::{HELMIGNORE, Ignore};
use sealift_kustomize::{Entry, Fetched, FileError, Files, RemoteChart, RepoSpec};

use sealift_reference::Digest;

use super::{Elsewhere, Wanted, relative};
use crate::Error;
use crate::charts::{ChartBytes, local};

/// Bytes of one file: those that are read as YAML at most.
const FILE_BYTES: u64 = 64 << 20;

/// Above the folders of repositories, and without a `/` at its end. No file system has it: they are shown in messages, and hide nothing.
pub const TOP: &str = "/.sealift-git";

/// Files and links by their paths.
type Entries = BTreeMap<String, GitEntry>;

/// Files of this machine, with charts where they would be unpacked, and with repositories below `/.sealift-git/` as if they were there.
#[derive(Default)]
pub struct BuildFiles {
    /// By their addresses and references; without files where they cannot be had.
    repositories: BTreeMap<(String, String), Result<String, String>>,
    /// By the paths at which they seem to be.
    trees: BTreeMap<String, Entries>,
    web_files: BTreeMap<String, Result<Vec<u8>, String>>,
    wanted: RefCell<Option<Wanted>>,
    /// The files of this machine that were read.
    read: RefCell<BTreeMap<String, Digest>>,
}

impl BuildFiles {
    /// Returns what the last build lacked, if it lacked something.
    pub fn take_wanted(&self) -> Option<Wanted> {
        self.wanted.borrow_mut().take()
    }

    /// Returns one digest of all files of this machine that were read; their paths are written from `root`.
    pub(crate) fn digest(&self, root: &str) -> Digest {
        let read = self.read.borrow();
        let mut lines: Vec<_> = read
            .iter()
            .map(|(path, digest)| format!("{} {}\n", digest.hex(), relative(root, path)))
            .collect();
        lines.sort();
        Digest::sha256(lines.concat().as_bytes())
    }

    /// Adds what was got.
    pub fn add(&mut self, wanted: &Wanted, got: Elsewhere) {
        match (wanted, got) {
            (Wanted::Repository(spec), Elsewhere::Repository(tree)) => {
                let path = top(spec, &tree);
                self.repositories.insert(key(spec), Ok(path.clone()));
                self.trees.insert(path, tree.entries);
            }
            (Wanted::Chart(wanted), Elsewhere::Chart(chart)) => {
                let files = chart.files.into_iter();
                let files = files.map(|(path, bytes)| (path, GitEntry::File(bytes.into())));
                let files = files.collect();
                self.trees.insert(wanted.folder.clone(), files);
            }
            (Wanted::Repository(spec), Elsewhere::Absent(reason)) => {
                self.repositories.insert(key(spec), Err(reason));
            }
            (Wanted::WebFile(url), Elsewhere::WebFile(file)) => {
                self.web_files.insert(url.clone(), Ok(file));
            }
            (Wanted::WebFile(url), Elsewhere::Absent(reason)) => {
                self.web_files.insert(url.clone(), Err(reason));
            }
            // Nobody gets a file for a repository.
            _ => {}
        }
    }

    /// Returns the innermost tree that a path is in, and the rest of the path: a chart may be in a repository.
    fn tree<'p>(&self, path: &'p str) -> Option<(&Entries, &'p str)> {
        let mut top = path;
        loop {
            if let Some(tree) = self.trees.get(top) {
                return Some((tree, path[top.len()..].trim_start_matches('/')));
            }
            top = &top[..top.rfind('/')?];
        }
    }

    /// Whether a path leads to a repository or a chart.
    fn is_above(&self, path: &str) -> bool {
        let below = format!("{}/", path.trim_end_matches('/'));
        self.trees.keys().any(|top| top.starts_with(&below))
    }

    fn want<T>(&self, wanted: Wanted) -> Fetched<T> {
        self.wanted.borrow_mut().get_or_insert(wanted);
        Fetched::Unknown
    }
}

impl Files for BuildFiles {
    fn entry(&self, path: &str) -> Result<Entry, FileError> {
        let entry = match self.tree(path) {
            Some((tree, rest)) => entry_of(tree, rest),
            None => here(path)?,
        };
        let is_way = entry == Entry::Missing && self.is_above(path);
        Ok(if is_way { Entry::Folder } else { entry })
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, FileError> {
        let Some((tree, rest)) = self.tree(path) else {
            let bytes = sealift_files::read(path, FILE_BYTES).map_err(|error| failed(&error))?;
            self.read.borrow_mut().insert(path.to_owned(), Digest::sha256(&bytes));
            return Ok(Cow::Owned(bytes));
        };
        match tree.get(rest) {
            Some(GitEntry::File(content)) => Ok(Cow::Borrowed(content)),
            Some(GitEntry::Large(bytes)) => Err(FileError::new(format!(
                "read {path}: {bytes} bytes are more than a file may have"
            ))),
            _ => Err(FileError::new(format!("open {path}: no such file or directory"))),
        }
    }

    fn below(&self, path: &str) -> Result<Vec<(String, Vec<u8>)>, FileError> {
        if let Some((tree, rest)) = self.tree(path) {
            return files_of(tree, rest);
        }
        let got = local(Path::new(path), path, Links::Inside, &Limits::default())
            .map_err(|error| failed(&error))?;
        let ChartBytes::Files(files) = got.bytes else {
            return Err(FileError::new(format!("open {path}: it is no folder")));
        };
        let mut read = self.read.borrow_mut();
        for (name, bytes) in &files {
            read.insert(format!("{path}/{name}"), Digest::sha256(bytes));
        }
        Ok(files)
    }

    fn web_file(&self, url: &str) -> Fetched<Cow<'_, [u8]>> {
        match self.web_files.get(url) {
            Some(Ok(file)) => Fetched::Here(Cow::Borrowed(file)),
            Some(Err(reason)) => Fetched::Absent(reason.clone()),
            None => self.want(Wanted::WebFile(url.to_owned())),
        }
    }

    /// Asked for only where the folder of the chart is not there.
    fn chart(&self, chart: &RemoteChart) -> Fetched<()> {
        if self.trees.contains_key(&chart.folder) {
            return Fetched::Here(());
        }
        self.want(Wanted::Chart(chart.clone()))
    }

    fn repository(&self, spec: &RepoSpec) -> Fetched<String> {
        match self.repositories.get(&key(spec)) {
            Some(Ok(path)) => Fetched::Here(path.clone()),
            Some(Err(reason)) => Fetched::Absent(reason.clone()),
            None => self.want(Wanted::Repository(spec.clone())),
        }
    }
}

/// What stands at a path of this machine.
fn here(path: &str) -> Result<Entry, FileError> {
    match sealift_files::look(path).map_err(|error| failed(&error))? {
        Look::File => Ok(Entry::File),
        Look::Folder => Ok(Entry::Folder),
        Look::Missing => Ok(Entry::Missing),
        Look::Link(target) => match target.to_str() {
            Some(target) => Ok(Entry::Link(target.to_owned())),
            None => Err(FileError::new(format!("readlink {path}: it leads to no UTF-8"))),
        },
        Look::Other => Err(FileError::new(format!("open {path}: a pipe, a socket or a device"))),
    }
}

fn key(spec: &RepoSpec) -> (String, String) {
    (spec.clone_spec(), spec.reference.clone())
}

/// Such as `/.sealift-git/github.com/o/r@0123456789ab`, with the whole commit.
fn top(spec: &RepoSpec, tree: &GitTree) -> String {
    let address = spec.clone_spec();
    let address = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
    format!("{TOP}/{}@{}", address.trim_matches('/'), tree.commit)
}

fn entry_of(tree: &Entries, path: &str) -> Entry {
    match tree.get(path) {
        Some(GitEntry::File(_) | GitEntry::Large(_)) => Entry::File,
        Some(GitEntry::Link(target)) => Entry::Link(target.clone()),
        None if path.is_empty() => Entry::Folder,
        None => {
            let below = format!("{path}/");
            let next = tree.range(below.clone()..).next();
            let is_folder = next.is_some_and(|(first, _)| first.starts_with(&below));
            if is_folder { Entry::Folder } else { Entry::Missing }
        }
    }
}

/// The files of a chart in a folder of a repository, or of one that was pulled, without what its `.helmignore` leaves out; links
/// are none.
fn files_of(tree: &Entries, folder: &str) -> Result<Vec<(String, Vec<u8>)>, FileError> {
    let top = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut files = Vec::new();
    for (path, entry) in tree.range(top.clone()..) {
        let Some(name) = path.strip_prefix(&top) else { break };
        match entry {
            GitEntry::File(content) => files.push((name.to_owned(), content.to_vec())),
            GitEntry::Link(_) => {}
            GitEntry::Large(bytes) => {
                let text = format!("read {path}: {bytes} bytes are more than a file may have");
                return Err(FileError::new(text));
            }
        }
    }
    walked(files)
}

/// Leaves out what `.helmignore` says, and puts the rest into the order in which Go walks a folder.
fn walked(mut files: Vec<(String, Vec<u8>)>) -> Result<Vec<(String, Vec<u8>)>, FileError> {
    let rules = files.iter().find(|(path, _)| path == HELMIGNORE);
    let ignore = match rules {
        Some((_, rules)) => Ignore::parse(rules).map_err(|error| failed(&error))?,
        None => Ignore::default(),
    };
    files.retain(|(path, _)| !is_ignored(&ignore, path));
    files.sort_by(|(one, _), (other, _)| one.split('/').cmp(other.split('/')));
    Ok(files)
}

/// Whether a file or a folder that it is in is left out.
fn is_ignored(ignore: &Ignore, path: &str) -> bool {
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.into_iter().any(|folder| ignore.ignores(folder, true)) || ignore.ignores(path, false)
}

/// An error and its causes in one text.
fn failed(first: &(dyn std::error::Error + 'static)) -> FileError {
    let chain = || std::iter::successors(Some(first), |error| error.source());
    let text = chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
    FileError { text, class: chain().find_map(class) }
}

/// A transparent error hides the one in it from the chain.
fn class(error: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    match error.downcast_ref::<Error>() {
        Some(Error::File(error)) => error.class(),
        Some(Error::Fetch(error)) => error.class(),
        _ => error.downcast_ref::<sealift_files::Error>().and_then(sealift_files::Error::class),
    }
}

#[cfg(test)]
mod tests {
    use sealift_fetch::Identity;

    use super::*;
    use crate::kustomizations::PulledChart;

    const COMMIT: &str = "1111111111111111111111111111111111111111";

    /// A repository with a folder `base`, into which a chart was put.
    fn files() -> (BuildFiles, String) {
        let digest = Digest::sha256(b"");
        let spec = RepoSpec::parse("https://h.example/o/r//base?ref=v1").expect("an address");
        let entries = Entries::from([
            ("base/kustomization.yaml".to_owned(), GitEntry::File(b"a".to_vec().into())),
            ("base/charts-of-ours/x".to_owned(), GitEntry::File(b"b".to_vec().into())),
        ]);
        let commit = COMMIT.parse().expect("a commit");
        let tree = GitTree { commit, digest: digest.clone(), entries };
        let mut files = BuildFiles::default();
        files.add(&Wanted::Repository(spec), Elsewhere::Repository(tree));
        let top = format!("{TOP}/h.example/o/r@{COMMIT}");
        let (source, version) = ("https://c.example".to_owned(), "1.0.0".to_owned());
        let wanted = RemoteChart {
            repository: source.clone(),
            name: "x".to_owned(),
            version: version.clone(),
            is_devel: false,
            folder: format!("{top}/base/charts/x"),
        };
        let identity = Identity { source, name: "x".to_owned(), version, digest };
        let file = |path: &str, bytes: &str| (path.to_owned(), bytes.as_bytes().to_vec());
        let chart = PulledChart {
            identity,
            files: vec![
                file("templates/b.yaml", "b"),
                file("templates.yaml", "c"),
                file("templates/a.yaml", "a"),
                file("docs/a.md", ""),
                file(".helmignore", "docs\n"),
            ],
        };
        assert_eq!(files.chart(&wanted), Fetched::Unknown);
        let asked = files.take_wanted().expect("the chart");
        files.add(&asked, Elsewhere::Chart(chart));
        assert_eq!(files.chart(&wanted), Fetched::Here(()));
        (files, top)
    }

    #[test]
    fn a_chart_is_where_it_was_put_and_what_is_around_it_stays() {
        let (files, top) = files();
        for (path, want) in [
            ("", Entry::Folder),
            ("/base", Entry::Folder),
            ("/base/kustomization.yaml", Entry::File),
            ("/base/charts", Entry::Folder),
            ("/base/charts/x", Entry::Folder),
            ("/base/charts/x/templates/a.yaml", Entry::File),
            ("/base/charts/x/nothing", Entry::Missing),
            ("/base/charts/y", Entry::Missing),
            ("/base/charts-of-ours/x", Entry::File),
        ] {
            assert_eq!(files.entry(&format!("{top}{path}")), Ok(want), "{path}");
        }
        let read = files.read(&format!("{top}/base/charts/x/templates/a.yaml"));
        assert_eq!(read.expect("read"), &b"a"[..]);
    }

    #[test]
    fn files_of_a_chart_come_in_the_order_of_a_folder_without_what_is_ignored() {
        let (files, top) = files();
        let below = files.below(&format!("{top}/base/charts/x")).expect("read");
        let names: Vec<_> = below.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            names,
            [".helmignore", "templates/a.yaml", "templates/b.yaml", "templates.yaml"]
        );
    }
}
