//! Helm's `repositories.yaml`: the repositories that a user has given names, with the way into them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sealift_goyaml::{Node, Value, first};
use sealift_registry::{Credential, HostFiles, Secret, Trust};
use url::Url;

use crate::Error;
use crate::address::{is_same, lies_below, repository};
use crate::limits::{REPOSITORIES_BYTES, REPOSITORIES_NODES};

/// The repositories of a user. The default is a user without any.
#[derive(Clone, Debug, Default)]
pub struct Repositories {
    known: Vec<KnownRepository>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct KnownRepository {
    /// Without `@`.
    pub name: String,
    /// As written.
    pub url: String,
    pub(crate) access: Access,
    files: HostFiles,
    is_insecure: bool,
}

/// Who we are at a repository.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Shown to the repository.
    pub credential: Option<Arc<Credential>>,
    /// `--pass-credentials`: shown wherever charts of the repository are.
    pub everywhere: bool,
}

impl Repositories {
    /// Reads the file of a user; there need not be one.
    ///
    /// Mirrors `pkg/repo/v1/repo.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// [`Error::File`], also where it belongs to another user; [`Error::RepositoriesFile`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = match sealift_files::read_trusted_text(path, REPOSITORIES_BYTES) {
            Ok(text) => text,
            Err(error) if error.is_not_found() => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        // Errors of YAML show the text around them, which may be a password.
        let broken = |why: &str| Error::RepositoriesFile {
            path: path.display().to_string(),
            why: why.to_owned(),
        };
        let yaml = sealift_goyaml::Limits {
            nodes: REPOSITORIES_NODES,
            ..sealift_goyaml::Limits::default()
        };
        let document = first(&text, &yaml)
            .map_err(|error| broken(&format!("line {} is no YAML", error.line)))?;
        let Some(document) = document else { return Ok(Self::default()) };
        match document.get("repositories").map(Node::value) {
            None | Some(Value::Null) => Ok(Self::default()),
            Some(Value::Seq(entries)) => {
                let known: Result<Vec<_>, _> = entries.iter().map(known).collect();
                Ok(Self { known: known.map_err(|why| broken(&why))? })
            }
            Some(_) => Err(broken("`repositories` is no list")),
        }
    }

    /// Returns the repository of a name.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRepository`] with the nearest names.
    pub fn named(&self, name: &str) -> Result<&KnownRepository, Error> {
        let found = self.known.iter().find(|known| known.name == name);
        let names = self.known.iter().map(|known| known.name.as_str());
        found.ok_or_else(|| Error::UnknownRepository {
            name: name.to_owned(),
            nearest: crate::name::nearest(name, names),
        })
    }

    /// Returns the repository of an address, if it has a name.
    #[must_use]
    pub fn at(&self, url: &str) -> Option<&KnownRepository> {
        self.known.iter().find(|known| is_same(&known.url, url))
    }

    /// Returns who we are at a URL that lies below one of the repositories.
    pub(crate) fn access(&self, url: &Url) -> Option<&Access> {
        let lies = |known: &&KnownRepository| {
            repository(&known.url).is_ok_and(|base| lies_below(url, &base))
        };
        self.known
            .iter()
            .filter(lies)
            .find(|known| known.access.credential.is_some())
            .map(|known| &known.access)
    }

    /// Adds the certificates of the repositories to what the operator trusts.
    pub fn add_to(&self, trust: &mut Trust) {
        for known in &self.known {
            let Ok(url) = repository(&known.url) else { continue };
            let host = url.host_str().unwrap_or_default();
            let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
            if known.is_insecure {
                trust.insecure.insert(host.clone());
            }
            if known.files != HostFiles::default() {
                trust.hosts.entry(host).or_insert_with(|| known.files.clone());
            }
        }
    }

    /// Returns all of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &KnownRepository> {
        self.known.iter()
    }
}

fn known(node: &Node<'_>) -> Result<KnownRepository, String> {
    let text = |key: &str| match node.get(key).map(Node::value) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::Str(text)) => Ok(text.to_owned()),
        Some(_) => Err(format!("line {}: `{key}` is no text", node.line())),
    };
    let truth = |key: &str| node.get(key).map(Node::value) == Some(Value::Bool(true));
    let file = |key: &str| {
        Ok::<_, String>(Some(text(key)?).filter(|path| !path.is_empty()).map(PathBuf::from))
    };
    let (name, url) = (text("name")?, text("url")?);
    if name.is_empty() || url.is_empty() {
        return Err(format!("line {}: a repository has no name or no url", node.line()));
    }
    let (user, password) = (text("username")?, text("password")?);
    let credential = (!user.is_empty() && !password.is_empty())
        .then(|| Arc::new(Credential::Basic { user, password: Secret::new(password) }));
    Ok(KnownRepository {
        name,
        url,
        access: Access { credential, everywhere: truth("pass_credentials_all") },
        files: HostFiles {
            ca: file("caFile")?,
            certificate: file("certFile")?,
            key: file("keyFile")?,
        },
        is_insecure: truth("insecure_skip_tls_verify"),
    })
}
