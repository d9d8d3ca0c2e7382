//! What the tests share.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use sealift_archive::{Mode, TarWriter, gzip};
use sealift_fetch::{Error, FetchSettings, Fetched, Fetcher, Observer, Remote};
use sealift_reference::Digest;
use sealift_registry::{Registry, Settings, Timing};
use sealift_testkit::{Reply, Server};

/// The archive of a chart, with these files beside `Chart.yaml`.
pub(crate) fn archive(name: &str, version: &str, files: &[(&str, &str)]) -> Bytes {
    let chart = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    let chart = [("Chart.yaml", chart.as_str())];
    let has_own = files.iter().any(|(path, _)| *path == "Chart.yaml");
    let chart = if has_own { &[][..] } else { &chart[..] };
    let mut tar = TarWriter::new(Vec::new());
    for (path, text) in chart.iter().chain(files) {
        let path = format!("{name}/{path}").parse().expect("a path");
        tar.file(&path, Mode::File, text.as_bytes()).expect("written");
    }
    gzip(&tar.finish().expect("ended")).into()
}

/// The hex of a digest, as an index has it.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Digest::sha256(bytes).hex().to_owned()
}

/// An index of charts: name, version, digest, address.
pub(crate) fn index(charts: &[(&str, &str, &str, &str)]) -> String {
    let mut lines = vec!["apiVersion: v1\nentries:\n".to_owned()];
    let mut last = "";
    for (name, version, digest, url) in charts {
        if last != *name {
            lines.push(format!("  {name}:\n"));
        }
        last = name;
        lines.push(format!(
            "  - apiVersion: v2\n    name: {name}\n    version: {version}\n    digest: '{digest}'\n    urls: ['{url}']\n"
        ));
    }
    lines.concat()
}

pub(crate) fn ok(body: impl Into<Bytes>) -> Reply {
    Reply::status(200).body(body)
}

pub(crate) fn url(server: &Server) -> String {
    format!("http://{}/charts", server.address())
}

/// Waits short enough for tests, and limits that a busy machine keeps.
pub(crate) fn registry() -> Registry {
    let timing = Timing {
        connect: Duration::from_secs(5),
        headers: Duration::from_secs(5),
        stall: Duration::from_secs(5),
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(5),
        ..Timing::default()
    };
    Registry::new(&Settings { timing, ..Settings::default() }).expect("a client")
}

/// What an observer was told, a line each.
#[derive(Default)]
pub(crate) struct Told(Mutex<Vec<String>>);

impl Told {
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().expect("not poisoned").clone()
    }

    fn add(&self, line: String) {
        let mut lines = self.0.lock().expect("not poisoned");
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
}

impl Observer for Told {
    fn received(&self, what: &str, _bytes: u64) {
        self.add(format!("received {what}"));
    }

    fn cached(&self, what: &str) {
        self.add(format!("cached {what}"));
    }

    fn other_version(&self, chart: &str, wanted: &str, taken: &str) {
        self.add(format!("{chart} {wanted}: {taken}"));
    }
}

pub(crate) fn fetcher(settings: FetchSettings) -> Fetcher {
    Fetcher::new(registry(), settings, Arc::new(())).expect("a fetcher")
}

pub(crate) fn cached_in(folder: &Path) -> FetchSettings {
    FetchSettings { cache: Some(folder.to_owned()), ..FetchSettings::default() }
}

/// Chart `a` of a repository.
pub(crate) fn a_of(url: &str, version: &str) -> Remote {
    Remote::Repository {
        url: url.to_owned(),
        chart: "a".to_owned(),
        version: version.to_owned(),
        access: None,
    }
}

pub(crate) async fn get(settings: FetchSettings, remote: Remote) -> Result<Fetched, Error> {
    fetcher(settings).fetch(&remote).await
}

/// An error and its causes, the server's address put out.
pub(crate) fn told(error: &Error, server: &Server) -> String {
    let chain =
        std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let chain: Vec<String> = chain.map(ToString::to_string).collect();
    chain.join(": ").replace(&server.address(), "HOST")
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs_err::create_dir_all(path.parent().expect("it lies in a folder")).expect("made");
    fs_err::write(&path, text).expect("written");
    path
}
