//! Debian's `docker-registry` (distribution 2.8), the real counterpart of tests.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running registry with a folder of its own; it ends when this is dropped.
pub struct DockerRegistry {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
}

impl DockerRegistry {
    /// Starts a registry on a free port of 127.0.0.1, or says why not where `docker-registry` is not installed.
    ///
    /// # Panics
    ///
    /// With `CI` set in the environment, where it must be installed.
    pub fn start() -> Option<Self> {
        if which("docker-registry").is_none() {
            assert!(std::env::var_os("CI").is_none(), "docker-registry must be installed in CI");
            eprintln!("skipped: docker-registry is not installed");
            return None;
        }
        // Another process may take the port between the look and the start.
        (0..5).find_map(|_| Self::start_once()).or_else(|| panic!("docker-registry does not start"))
    }

    fn start_once() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a free port")
            .port();
        let address = format!("127.0.0.1:{port}");
        let config = folder.path().join("config.yml");
        let root = folder.path().join("data");
        let root = root.display();
        std::fs::write(
            &config,
            format!(
                "version: 0.1\nlog: {{level: info, accesslog: {{disabled: false}}}}\nstorage: {{filesystem: {{rootdirectory: '{root}'}}, delete: {{enabled: true}}}}\nhttp: {{addr: '{address}', secret: test}}\n"
            ),
        )
        .expect("the configuration can be written");
        let log = File::create(folder.path().join("log")).expect("the log can be made");
        let errors = log.try_clone().expect("the log can be shared");
        let child = Command::new("docker-registry")
            .arg("serve")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .expect("docker-registry can be started");
        // From here on its end is seen to by `Drop`.
        let mut registry = Self { child, address, folder };
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline {
            if let Ok(Some(_)) = registry.child.try_wait() {
                return None;
            }
            if TcpStream::connect(&registry.address).is_ok() {
                return Some(registry);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }

    /// Host and port, such as `127.0.0.1:34567`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The requests so far, as `METHOD /path STATUS`, in the order of their answers.
    pub fn requests(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        log.lines().filter_map(access).collect()
    }

    /// The folder with its blobs and repositories.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data/docker/registry/v2")
    }
}

impl Drop for DockerRegistry {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Where a program is on the `PATH`.
pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Reads a line of the access log, which is in Apache's combined format.
fn access(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("] \"")?;
    let (request, rest) = rest.split_once("\" ")?;
    let mut words = request.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let status = rest.split(' ').next()?;
    Some(format!("{method} {path} {status}"))
}

#[cfg(test)]
mod tests {
    use super::access;

    #[test]
    fn an_access_line_gives_method_path_and_status() {
        let line = r#"127.0.0.1 - - [25/Nov/2026:18:00:00 +0000] "GET /v2/a/b/manifests/1 HTTP/1.1" 200 12 "" "sealift""#;
        assert_eq!(access(line).as_deref(), Some("GET /v2/a/b/manifests/1 200"));
    }
}
