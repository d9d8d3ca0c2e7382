//! The format of docker's `config.json`, podman's `auth.json` and the old `.dockercfg`.
//!
//! Mirrors: containers/image `pkg/docker/config` (namespaced keys), docker/cli `cli/config` (URLs as keys).

use std::collections::BTreeMap;

use data_encoding::BASE64;
use sealift_oci::StoreError;
use sealift_reference::Repository;
use serde::Deserialize;

use super::{Credential, refuse};
use crate::address::DOCKER_HUB;
use crate::secret::Secret;

/// Docker Hub's name in docker's files and helpers.
pub(super) const HUB_KEY: &str = "https://index.docker.io/v1/";

/// One credential file.
#[derive(Default, Deserialize)]
pub(super) struct ConfigFile {
    #[serde(default)]
    auths: BTreeMap<String, Entry>,
    #[serde(default, rename = "credHelpers")]
    helpers: BTreeMap<String, String>,
    #[serde(default, rename = "credsStore")]
    store: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

impl ConfigFile {
    pub(super) fn parse(text: &str, place: &str) -> Result<Self, StoreError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(text).map_err(|error| broken(place, &error))
    }

    /// Reads `DOCKER_AUTH_CONFIG`: `auths` only, helpers are for files.
    pub(super) fn parse_inline(text: &Secret, place: &str) -> Result<Self, StoreError> {
        let all = Self::parse(text.expose(), place)?;
        Ok(Self { auths: all.auths, ..Self::default() })
    }

    /// Reads the old form, in which the whole file is `auths`.
    pub(super) fn parse_flat(text: &str, place: &str) -> Result<Self, StoreError> {
        let auths = serde_json::from_str(text).map_err(|error| broken(place, &error))?;
        Ok(Self { auths, ..Self::default() })
    }

    /// Returns the name of the helper for a host.
    pub(super) fn helper(&self, host: &str) -> Option<&str> {
        let own = self.helpers.iter().find(|(key, _)| reduced(key) == host).map(|(_, name)| name);
        own.or(self.store.as_ref()).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// Returns the most specific entry: `host/a/b` before `host/a` before `host`.
    pub(super) fn find(
        &self,
        repository: &Repository,
        place: &str,
    ) -> Result<Option<(String, Credential)>, StoreError> {
        let whole = repository.to_string();
        let mut wanted = whole.as_str();
        loop {
            // The plain spelling before a URL that means the same.
            let exact = self.auths.get_key_value(wanted);
            let others = self.auths.iter().filter(|(key, _)| reduced(key) == wanted);
            for (_, entry) in exact.into_iter().chain(others) {
                if let Some(credential) = entry.credential(place)? {
                    return Ok(Some((wanted.to_owned(), credential)));
                }
            }
            let Some((shorter, _)) = wanted.rsplit_once('/') else { return Ok(None) };
            wanted = shorter;
        }
    }
}

impl Entry {
    /// Reads the fields; an entry without any is a mark of docker's for its store.
    fn credential(&self, place: &str) -> Result<Option<Credential>, StoreError> {
        let filled = |field: &Option<String>| field.clone().filter(|text| !text.is_empty());
        if let Some(token) = filled(&self.identitytoken) {
            return Ok(Some(Credential::Identity(Secret::new(token))));
        }
        if let Some(token) = filled(&self.registrytoken) {
            return Ok(Some(Credential::Registry(Secret::new(token))));
        }
        if let (Some(user), Some(password)) = (filled(&self.username), filled(&self.password)) {
            return Ok(Some(Credential::Basic { user, password: Secret::new(password) }));
        }
        let Some(auth) = filled(&self.auth) else { return Ok(None) };
        let bytes = BASE64
            .decode(auth.as_bytes())
            .map_err(|_| refuse(place, "an `auth` field is not Base64"))?;
        let bytes = zeroize::Zeroizing::new(bytes);
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| refuse(place, "an `auth` field is not UTF-8"))?;
        let pair = text.trim_end_matches('\0').split_once(':');
        Ok(pair.map(|(user, password)| Credential::Basic {
            user: user.to_owned(),
            password: Secret::new(password.to_owned()),
        }))
    }
}

/// Returns `host` or `host/namespace` for a key, which may be a URL.
fn reduced(key: &str) -> String {
    let bare = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://"));
    let (text, is_url) = (bare.unwrap_or(key), bare.is_some());
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    let host = host.to_ascii_lowercase();
    let host = if host == "index.docker.io" { DOCKER_HUB } else { &host };
    let path = path.trim_end_matches('/');
    if is_url || path.is_empty() || path == "v1" || path == "v2" {
        host.to_owned()
    } else {
        format!("{host}/{path}")
    }
}

/// Returns how helpers call a host.
pub(super) fn helper_server(host: &str) -> &str {
    if host == DOCKER_HUB { HUB_KEY } else { host }
}

/// Names the place in the file only: the parser's own text may quote a secret.
fn broken(place: &str, error: &serde_json::Error) -> StoreError {
    refuse(
        place,
        format!(
            "line {} column {} is not what a credential file holds",
            error.line(),
            error.column()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, repository: &str) -> Option<String> {
        let config = ConfigFile::parse(file, "f").unwrap();
        let (key, credential) = config.find(&repository.parse().unwrap(), "f").unwrap()?;
        Some(match credential {
            Credential::Basic { user, password } => format!("{key} {user}:{}", password.expose()),
            Credential::Identity(token) => format!("{key} identity {}", token.expose()),
            Credential::Registry(token) => format!("{key} registry {}", token.expose()),
        })
    }

    #[test]
    fn the_longest_key_on_a_slash_wins() {
        let file = r#"{"auths": {
            "r.io": {"auth": "aG9zdDpw"}, "r.io/org": {"auth": "b3JnOnA="}, "r.io/org/team": {"auth": "dGVhbTpw"},
            "R.IO:5000": {"username": "port", "password": "p"}, "xn--mnchen-3ya.example": {"auth": "cHVueTpw"},
            "docker.io/bitnami": {"auth": "Ym46cA=="}, "https://index.docker.io/v1/": {"auth": "aHViOnA="}}}"#;
        let table = [
            ("r.io/a", Some("r.io host:p")),
            ("r.io/org/a", Some("r.io/org org:p")),
            ("r.io/organ/a", Some("r.io host:p")),
            ("r.io/org/team/a", Some("r.io/org/team team:p")),
            ("r.io/org/teams", Some("r.io/org org:p")),
            ("r.io:5000/a", Some("r.io:5000 port:p")),
            ("r.io:5001/a", None),
            ("r.io.evil/a", None),
            ("a.r.io/a", None),
            ("xn--mnchen-3ya.example/a", Some("xn--mnchen-3ya.example puny:p")),
            ("docker.io/library/nginx", Some("docker.io hub:p")),
            ("docker.io/bitnami/redis", Some("docker.io/bitnami bn:p")),
            ("docker.io/bitnamilegacy/redis", Some("docker.io hub:p")),
        ];
        for (repository, want) in table {
            assert_eq!(found(file, repository).as_deref(), want, "{repository}");
        }
    }

    #[test]
    fn fields_of_an_entry() {
        let table = [
            (r#"{"auth": "dTpwOnE="}"#, Some("r.io u:p:q")),
            (r#"{"auth": "dTpwAAA="}"#, Some("r.io u:p")),
            (r#"{"auth": "dXA="}"#, None),
            (r#"{"username": "u", "password": "p", "auth": "eDp5"}"#, Some("r.io u:p")),
            (r#"{"auth": "dTpw", "identitytoken": "t"}"#, Some("r.io identity t")),
            (r#"{"registrytoken": "t"}"#, Some("r.io registry t")),
            (r"{}", None),
        ];
        for (entry, want) in table {
            let file =
                format!(r#"{{"auths": {{"https://r.io/v2/": {entry}}}, "HttpHeaders": {{}}}}"#);
            assert_eq!(found(&file, "r.io/a/b").as_deref(), want, "{entry}");
        }
    }

    #[test]
    fn a_broken_file_is_named_and_its_contents_are_not() {
        for text in [
            r#"{"auths": {"r.io": {"auth": "canary"}}"#,
            r#"{"auths": {"r.io": "canary"}}"#,
            "canary",
            r#"{"auths": {"r.io": {"auth": ["canary"]}}}"#,
        ] {
            let error = ConfigFile::parse(text, "~/.docker/config.json").err().unwrap().to_string();
            assert!(
                error.starts_with("credentials in ~/.docker/config.json: line 1")
                    && !error.contains("canary"),
                "{error}"
            );
        }
        let config = ConfigFile::parse(r#"{"auths": {"r.io": {"auth": "can ary"}}}"#, "f").unwrap();
        let error = config.find(&"r.io/a".parse().unwrap(), "f").unwrap_err();
        assert_eq!(error.to_string(), "credentials in f: an `auth` field is not Base64");
    }

    #[test]
    fn helpers_by_host_stand_before_the_store() {
        let config = ConfigFile::parse(r#"{"credsStore": "desktop", "credHelpers": {"r.io": "ecr-login", "https://index.docker.io/v1/": "hub"}}"#, "f").unwrap();
        assert_eq!(config.helper("r.io"), Some("ecr-login"));
        assert_eq!(config.helper("docker.io"), Some("hub"));
        assert_eq!(config.helper("quay.io"), Some("desktop"));
        assert_eq!(ConfigFile::parse("", "f").unwrap().helper("r.io"), None);
    }

    #[test]
    fn the_old_format_is_a_map_of_hosts() {
        let config =
            ConfigFile::parse_flat(r#"{"https://r.io/v1/": {"auth": "dTpw", "email": "x"}}"#, "f")
                .unwrap();
        assert!(config.find(&"r.io/a".parse().unwrap(), "f").unwrap().is_some());
    }
}
