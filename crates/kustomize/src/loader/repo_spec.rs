//! Addresses of folders in git repositories, as kustomize reads them.

use super::path;

/// A folder in a git repository.
///
/// Mirrors `RepoSpec` in `internal/git/repospec.go` of kustomize api v0.21.2; timeouts and submodules mean nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoSpec {
    /// Where the repository is, up to its path: `https://github.com/`, `git@github.com:`, `file://`.
    pub host: String,
    /// The path of the repository on the host.
    pub repo_path: String,
    /// The folder in the repository; empty for its top.
    pub folder: String,
    /// Branch, tag or commit; empty for the default branch.
    pub reference: String,
}

/// Why a text is no address of a repository.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepoSpecError {
    /// It is a path.
    #[error("uri looks like abs path: {0}")]
    AbsolutePath(String),
    /// It has no scheme that git is reached by.
    #[error("failed to parse scheme")]
    Scheme,
    /// It has no host.
    #[error("failed to parse host segment")]
    Host,
    /// It has no path of a repository.
    #[error("failed to parse repo path segment")]
    RepoPath,
    /// The folder is outside of the repository.
    #[error("url path exits repo: {0}")]
    ExitsRepo(String),
}

const SCHEMES: [&str; 4] = ["ssh://", "https://", "http://", "file://"];

impl RepoSpec {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// [`RepoSpecError`] for anything that kustomize takes for a path instead.
    pub fn parse(text: &str) -> Result<Self, RepoSpecError> {
        if text.starts_with('/') {
            return Err(RepoSpecError::AbsolutePath(text.to_owned()));
        }
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        let (host, rest) = split_host(address)?;
        let (repo_path, folder) = split_path(rest, host.starts_with("file://"))?;
        let reference = reference(query);
        Ok(Self { host, repo_path: repo_path.to_owned(), folder: folder.to_owned(), reference })
    }

    /// The address of the repository itself.
    #[must_use]
    pub fn clone_spec(&self) -> String {
        format!("{}{}", self.host, self.repo_path)
    }
}

fn split_host(address: &str) -> Result<(String, &str), RepoSpecError> {
    let address = strip_prefix(address, "git::").unwrap_or(address);
    let found = SCHEMES.iter().find_map(|scheme| Some((*scheme, strip_prefix(address, scheme)?)));
    let (scheme, rest) = found.unwrap_or(("", address));
    let (username, rest) = split_username(rest);
    let lower = rest.to_ascii_lowercase();
    let is_github = lower.starts_with("github.com/") || lower.starts_with("github.com:");
    let is_scp = scheme.is_empty() && (!username.is_empty() || is_github);
    if scheme.is_empty() && !is_scp {
        return Err(RepoSpecError::Scheme);
    }
    if scheme == "file://" {
        return Ok((scheme.to_owned(), &address[scheme.len()..]));
    }
    let (host, path) = match separator(rest, is_scp) {
        Some(at) => rest.split_at(at + 1),
        None => (rest, ""),
    };
    let host = match (is_github, scheme == "ssh://" || !username.is_empty()) {
        (true, true) => format!("{username}github.com:"),
        (true, false) => "https://github.com/".to_owned(),
        (false, _) if host.is_empty() => return Err(RepoSpecError::Host),
        (false, _) => format!("{scheme}{username}{host}"),
    };
    Ok((host, path))
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// `user@`, if the text begins with it.
fn split_username(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| !character.is_ascii_alphanumeric() && character != '-');
    match end {
        Some(at)
            if text[at..].starts_with('@')
                && text.starts_with(|first: char| first.is_ascii_alphabetic()) =>
        {
            text.split_at(at + 1)
        }
        _ => ("", text),
    }
}

fn separator(rest: &str, is_scp: bool) -> Option<usize> {
    let slash = rest.find('/');
    let colon = rest.find(':').filter(|_| is_scp);
    match (slash, colon) {
        (None, colon) => colon,
        (Some(slash), Some(colon)) if colon > 0 && colon < slash => Some(colon),
        (slash, _) => slash,
    }
}

fn split_path(rest: &str, is_file: bool) -> Result<(&str, &str), RepoSpecError> {
    const ROOT: &str = "_git/";
    const SUFFIX: &str = ".git";
    let (repo, folder) = if let Some(at) = rest.find(ROOT) {
        let name = at + ROOT.len();
        let end = rest[name..].find('/').map_or(rest.len(), |slash| name + slash);
        (&rest[..end], rest.get(end + 1..).unwrap_or(""))
    } else if let Some(at) = rest.find("//") {
        (&rest[..at], &rest[at + 2..])
    } else if let Some(at) = rest.find(SUFFIX) {
        rest.split_at(at + SUFFIX.len())
    } else if is_file {
        (rest, "")
    } else {
        default_split(rest).ok_or(RepoSpecError::RepoPath)?
    };
    if repo.is_empty() {
        return Err(RepoSpecError::RepoPath);
    }
    let folder = folder.strip_prefix('/').unwrap_or(folder);
    if path::clean(folder).split('/').next() == Some("..") {
        return Err(RepoSpecError::ExitsRepo(rest.to_owned()));
    }
    Ok((repo, folder))
}

/// The first two parts are the repository.
fn default_split(rest: &str) -> Option<(&str, &str)> {
    let first = rest.find('/')?;
    match rest[first + 1..].find('/') {
        Some(second) => Some((&rest[..first + 1 + second], &rest[first + 2 + second..])),
        None => Some((rest, "")),
    }
}

fn reference(query: &str) -> String {
    let value = |name: &str| {
        let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value)
    };
    decoded(value("ref").or_else(|| value("version")).unwrap_or(""))
}

/// Undoes the escapes of a query.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (first, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(first),
        }
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
