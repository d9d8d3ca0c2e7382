//! A registry on a thread of its own, and a client that sends exactly the bytes it is told to.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test program uses a part of this, and it is test code"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use sealift_files::Folder;
use sealift_reference::Digest;
use sealift_serve::{Access, Observer, Seen, Server, Settings};
use tokio::sync::oneshot;

pub(crate) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// What the observer was told.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) answered: Mutex<Vec<Seen>>,
    pub(crate) problems: Mutex<Vec<String>>,
}

impl Observer for Log {
    fn answered(&self, request: &Seen) {
        self.answered.lock().unwrap().push(request.clone());
    }

    fn problem(&self, text: &str) {
        self.problems.lock().unwrap().push(text.to_owned());
    }
}

pub(crate) struct Registry {
    pub(crate) address: SocketAddr,
    pub(crate) log: Arc<Log>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    place: Option<tempfile::TempDir>,
}

impl Registry {
    /// An empty writable one.
    pub(crate) fn writable() -> Self {
        Self::with(Settings { access: Access::Writable, ..Settings::default() })
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let place = tempfile::tempdir().unwrap();
        let mut registry = Self::over(place.path(), settings);
        registry.place = Some(place);
        registry
    }

    /// A writable one over a folder that another one left.
    pub(crate) fn over_own(place: tempfile::TempDir) -> Self {
        let settings = Settings { access: Access::Writable, ..Settings::default() };
        let mut registry = Self::over(place.path(), settings);
        registry.place = Some(place);
        registry
    }

    /// One over a folder that is there.
    pub(crate) fn over(folder: &Path, settings: Settings) -> Self {
        let folder = Folder::open(folder).unwrap();
        let log = Arc::new(Log::default());
        let observer = Arc::clone(&log);
        let (stop, stopped) = oneshot::channel();
        let (ready, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let server = Server::bind(folder, settings, observer).await.unwrap();
                ready.send(server.address()).unwrap();
                server
                    .run(async {
                        drop(stopped.await);
                    })
                    .await;
            });
        });
        let address = address.recv().unwrap();
        Self { address, log, stop: Some(stop), thread: Some(thread), place: None }
    }

    /// The folder that is served.
    pub(crate) fn folder(&self) -> &Path {
        self.place.as_ref().unwrap().path()
    }

    /// Stops the server and keeps the folder.
    pub(crate) fn stop(mut self) -> tempfile::TempDir {
        self.end();
        self.place.take().unwrap()
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut lines = vec![format!("{method} {path} HTTP/1.1"), "Connection: close".to_owned()];
        if !headers.iter().any(|(name, _)| *name == "Host") {
            lines.push(format!("Host: {}", self.address));
        }
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        if !body.is_empty() || matches!(method, "PUT" | "POST" | "PATCH") {
            lines.push(format!("Content-Length: {}", body.len()));
        }
        let head = lines.join("\r\n") + "\r\n";
        self.raw(&[head.as_bytes(), b"\r\n", body].concat())
    }

    /// Sends bytes and reads the answer to its end.
    pub(crate) fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // The server may answer, and close, before it has read everything.
        let sent = stream.write_all(request);
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        assert!(!answer.is_empty(), "no answer: {sent:?} {read:?}");
        Answer::parse(&answer)
    }

    /// Pushes a blob with one POST and one PUT.
    pub(crate) fn push_blob(&self, repository: &str, content: &[u8]) -> Digest {
        let digest = Digest::sha256(content);
        let started = self.send("POST", &format!("/v2/{repository}/blobs/uploads/"), &[], b"");
        assert_eq!(started.status, 202, "{started:?}");
        let path = format!("{}?digest={digest}", started.header("location"));
        let done = self.send("PUT", &path, &[], content);
        assert_eq!(done.status, 201, "{done:?}");
        digest
    }

    /// Pushes a manifest, and returns the answer.
    pub(crate) fn put_manifest(
        &self,
        repository: &str,
        pointer: &str,
        media_type: &str,
        text: &str,
    ) -> Answer {
        let path = format!("/v2/{repository}/manifests/{pointer}");
        self.send("PUT", &path, &[("Content-Type", media_type)], text.as_bytes())
    }

    /// Pushes a small image with one layer, and returns its manifest.
    pub(crate) fn push_image(&self, repository: &str, tag: &str, layer: &[u8]) -> String {
        self.push_blob(repository, b"{}");
        self.push_blob(repository, layer);
        let manifest = image(b"{}", layer, "");
        let answer = self.put_manifest(repository, tag, OCI_MANIFEST, &manifest);
        assert_eq!(answer.status, 201, "{answer:?}");
        manifest
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.end();
    }
}

/// A manifest with one config and one layer; `more` is JSON text that goes before the last brace, such as `,"subject":…`.
pub(crate) fn image(config: &[u8], layer: &[u8], more: &str) -> String {
    let config = descriptor("application/vnd.oci.image.config.v1+json", config);
    let layer = descriptor("application/vnd.oci.image.layer.v1.tar", layer);
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","config":{config},"layers":[{layer}]{more}}}"#
    )
}

pub(crate) fn index(manifests: &[&str]) -> String {
    let manifests: Vec<String> =
        manifests.iter().map(|manifest| descriptor(OCI_MANIFEST, manifest.as_bytes())).collect();
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[{}]}}"#,
        manifests.join(",")
    )
}

pub(crate) fn descriptor(media_type: &str, content: &[u8]) -> String {
    format!(
        r#"{{"mediaType":"{media_type}","digest":"{}","size":{}}}"#,
        Digest::sha256(content),
        content.len()
    )
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Self { status, headers, body: bytes[end + 4..].to_vec() }
    }

    /// A header; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of the first error.
    pub(crate) fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
    }
}
