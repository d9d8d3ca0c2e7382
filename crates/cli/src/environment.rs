//! The environment of the process, read once; no other file of the product asks for a variable.

#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]

use std::path::{Path, PathBuf};

/// What the environment says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// `HOME`.
    pub(crate) home: Option<PathBuf>,
    /// `DOCKER_CONFIG`: docker's folder.
    pub(crate) docker_config: Option<PathBuf>,
    /// `DOCKER_AUTH_CONFIG`: credentials as JSON text.
    pub(crate) docker_auth_config: Option<String>,
    /// `REGISTRY_AUTH_FILE`.
    pub(crate) registry_auth_file: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`.
    pub(crate) runtime_dir: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub(crate) config_home: Option<PathBuf>,
    /// `CONTAINERS_REGISTRIES_CONF`.
    pub(crate) registries_conf: Option<PathBuf>,
    /// `XDG_CACHE_HOME`.
    pub(crate) cache_home: Option<PathBuf>,
    /// `HELM_CONFIG_HOME`.
    pub(crate) helm_config_home: Option<PathBuf>,
    /// `HELM_REPOSITORY_CONFIG`: the file of Helm's repositories.
    pub(crate) helm_repositories: Option<PathBuf>,
    /// `HELM_NAMESPACE`.
    pub(crate) helm_namespace: Option<String>,
    /// `PATH`, where credential helpers are looked for.
    pub(crate) path: Option<std::ffi::OsString>,
    /// `SEALIFT_HASTE`: how many times shorter limits and waits are, for tests.
    pub(crate) haste: Option<u32>,
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, of which the lower-case form wins as in curl.
    pub(crate) https_proxy: Option<String>,
    pub(crate) http_proxy: Option<String>,
    pub(crate) all_proxy: Option<String>,
    pub(crate) no_proxy: Option<String>,
}

impl Environment {
    /// Reads the environment of this process. An empty variable counts as absent.
    pub(crate) fn read() -> Self {
        Self {
            home: path("HOME"),
            docker_config: path("DOCKER_CONFIG"),
            docker_auth_config: text("DOCKER_AUTH_CONFIG"),
            registry_auth_file: path("REGISTRY_AUTH_FILE"),
            runtime_dir: path("XDG_RUNTIME_DIR"),
            config_home: path("XDG_CONFIG_HOME"),
            registries_conf: path("CONTAINERS_REGISTRIES_CONF"),
            cache_home: path("XDG_CACHE_HOME"),
            helm_config_home: path("HELM_CONFIG_HOME"),
            helm_repositories: path("HELM_REPOSITORY_CONFIG"),
            helm_namespace: text("HELM_NAMESPACE"),
            path: std::env::var_os("PATH"),
            haste: text("SEALIFT_HASTE").and_then(|times| times.parse().ok()),
            https_proxy: either("HTTPS_PROXY"),
            http_proxy: either("HTTP_PROXY"),
            all_proxy: either("ALL_PROXY"),
            no_proxy: either("NO_PROXY"),
        }
    }

    /// `$XDG_CONFIG_HOME`, or `~/.config`.
    pub(crate) fn config_folder(&self) -> Option<PathBuf> {
        self.config_home.clone().or_else(|| self.home.as_deref().map(|home| home.join(".config")))
    }

    /// Where sealift keeps what it can get again: `$XDG_CACHE_HOME/sealift`, or `~/.cache/sealift`.
    pub(crate) fn cache_folder(&self) -> Option<PathBuf> {
        let home = || self.home.as_deref().map(|home| home.join(".cache"));
        self.cache_home.clone().or_else(home).map(|folder| folder.join("sealift"))
    }

    /// The file in which Helm keeps the names of chart repositories.
    pub(crate) fn helm_repositories_file(&self) -> Option<PathBuf> {
        let folder = || {
            let helm = || self.config_folder().map(|folder| folder.join("helm"));
            self.helm_config_home.clone().or_else(helm)
        };
        let usual = || folder().map(|folder| folder.join("repositories.yaml"));
        self.helm_repositories.clone().or_else(usual)
    }

    /// Docker's config.json, wherever it should be.
    pub(crate) fn docker_config_file(&self) -> Option<PathBuf> {
        let folder = self
            .docker_config
            .clone()
            .or_else(|| self.home.as_deref().map(|home| home.join(".docker")));
        folder.as_deref().map(|folder| folder.join("config.json"))
    }

    /// Podman's files, in the order in which they are read.
    pub(crate) fn podman_auth_files(&self, user: u32) -> Vec<PathBuf> {
        let runtime = match &self.runtime_dir {
            Some(folder) => folder.join("containers/auth.json"),
            None => Path::new("/run/containers").join(user.to_string()).join("auth.json"),
        };
        let config = self.config_folder().map(|folder| folder.join("containers/auth.json"));
        std::iter::once(runtime).chain(config).collect()
    }
}

/// Makes a folder the current one, as `cd` does.
pub(crate) fn enter(folder: &Path) -> std::io::Result<()> {
    std::env::set_current_dir(folder)
}

fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn either(name: &str) -> Option<String> {
    text(&name.to_lowercase()).or_else(|| text(name))
}
