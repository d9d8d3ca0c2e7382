//! Registries of both versions of distribution.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::peers;

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Version {
    /// Debian's docker-registry
    #[value(name = "2")]
    Two,
    /// `registry` of distribution 3, as `make peers` builds it
    #[value(name = "3")]
    Three,
}

/// A running registry; it ends when this is dropped.
pub(super) struct Registry {
    child: Child,
    address: String,
}

impl Registry {
    /// Starts one with its files in a folder.
    pub(super) fn start(version: Version, folder: &Path) -> Result<Self> {
        fs_err::create_dir_all(folder)?;
        // Another process may take the port between the look and the start.
        for _ in 0..5 {
            if let Some(registry) = Self::start_once(version, folder)? {
                return Ok(registry);
            }
        }
        bail!("the registry does not start: {}", folder.join("log").display())
    }

    fn start_once(version: Version, folder: &Path) -> Result<Option<Self>> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let config = folder.join("config.yml");
        fs_err::write(&config, configuration(&folder.join("data"), &address))?;
        let program = match version {
            Version::Two => "docker-registry".into(),
            Version::Three => peers::find("registry").context("run `make peers`")?,
        };
        let log = fs_err::File::create(folder.join("log"))?.into_parts().0;
        let child = Command::new(program)
            .arg("serve")
            .arg(&config)
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("the registry cannot be started")?;
        // From here on its end is seen to by `Drop`.
        let mut registry = Self { child, address };
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline && matches!(registry.child.try_wait(), Ok(None)) {
            if TcpStream::connect(&registry.address).is_ok() {
                return Ok(Some(registry));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(None)
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

fn configuration(data: &Path, address: &str) -> String {
    let data = data.display();
    format!(
        "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: '{data}'}}}}\nhttp: {{addr: '{address}', secret: bench}}\n"
    )
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
