//! A repository, and what is wanted of it.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use super::GitError;
use crate::address;

/// Bytes of the longest name of a branch or tag.
const REFERENCE_BYTES: usize = 1024;

/// Of what is no `https://…`, such as `git@host:owner/name`.
const NOT_HTTPS: &str = "is not reached by https, and nothing else is spoken here";

/// A repository, and a branch, tag or commit of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitSource {
    pub(super) repository: Url,
    /// Empty for the default branch.
    pub(super) reference: String,
}

/// The name of a commit: 40 hexadecimal digits, or 64.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commit(String);

impl GitSource {
    /// Takes the address of a repository, and the name of a branch or tag, a whole commit, or nothing for the default branch.
    ///
    /// # Errors
    ///
    /// [`GitError::Address`] for what is not reached by https (http on this machine), [`GitError::Reference`] for what
    /// `git check-ref-format` refuses.
    pub fn new(repository: &str, reference: &str) -> Result<Self, GitError> {
        let shown = address::shown(repository);
        let refuse = |why| GitError::Address { repository: shown.clone(), why };
        let url = Url::parse(repository).map_err(|_| {
            refuse(if repository.starts_with("https://") { "is no URL" } else { NOT_HTTPS })
        })?;
        match url.scheme() {
            "https" => {}
            "http" if is_here(&url) => {}
            "http" => {
                return Err(refuse("is reached by http, which anybody on the way can change"));
            }
            _ => return Err(refuse(NOT_HTTPS)),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("has a user or password in its address, which others would see"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("has a `?` or `#` in its address"));
        }
        check_reference(reference)?;
        Ok(Self { repository: url, reference: reference.to_owned() })
    }

    /// Returns the address of the repository.
    #[must_use]
    pub fn repository(&self) -> &str {
        self.repository.as_str()
    }

    /// Returns the branch, tag or commit; empty for the default branch.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Returns the last part of the repository's path, without `.git`.
    #[must_use]
    pub fn name(&self) -> &str {
        let path = self.repository.path().trim_end_matches('/');
        let last = path.rsplit('/').next().unwrap_or_default();
        last.strip_suffix(".git").unwrap_or(last)
    }
}

impl fmt::Display for GitSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.repository.as_str())?;
        if self.reference.is_empty() { Ok(()) } else { write!(f, " at {}", self.reference) }
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Refuses what `git check-ref-format` refuses (git 2.47), and what looks like an option: such names are passed to programs
/// elsewhere (CVE-2019-13139).
fn check_reference(reference: &str) -> Result<(), GitError> {
    const LOCK: &str = ".lock";
    let refuse = |why| Err(GitError::Reference { reference: address::shown(reference), why });
    let is_bad = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    if reference.len() > REFERENCE_BYTES {
        return refuse("is too long");
    }
    if reference.starts_with('-') {
        return refuse("begins like an option");
    }
    if reference.contains(is_bad) {
        return refuse("has a character that git has other uses for");
    }
    if reference.contains("..") || reference.contains("@{") || reference == "@" {
        return refuse("is an expression");
    }
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.');
    let parts_are_fine = reference.split('/').all(|part| is_part(part) && !part.ends_with(LOCK));
    if reference.is_empty() || parts_are_fine {
        Ok(())
    } else {
        refuse("has a part that none may have")
    }
}

impl Commit {
    /// Returns the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Commit {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_whole = matches!(text.len(), 40 | 64);
        if is_hex && is_whole { Ok(Self(text.to_ascii_lowercase())) } else { Err(()) }
    }
}

impl fmt::Display for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_spoken_and_http_on_this_machine() {
        for fine in
            ["https://github.com/o/r", "https://h.example:8443/a/b/c.git", "http://127.0.0.1:1/o/r"]
        {
            assert_eq!(GitSource::new(fine, "v1").expect(fine).repository(), fine);
        }
        for refused in [
            "http://h.example/o/r",
            "ssh://git@h.example/o/r",
            "ssh://-oProxyCommand=x/r",
            "git@github.com:o/r",
            "file:///srv/r",
            "ext::sh -c x",
            "https://user:canary@h.example/o/r",
            "https://h.example/o/r?canary",
        ] {
            let error = GitSource::new(refused, "").expect_err(refused);
            assert_eq!(error.class(), Some("name"));
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }

    /// Hostile case K3.
    #[test]
    fn a_name_that_git_refuses_or_takes_for_an_option_is_refused() {
        for fine in ["", "main", "v1.2.3", "release/1.0", "refs/heads/a", "a-b_c+d", "é"] {
            GitSource::new("https://h.example/o/r", fine).expect(fine);
        }
        for refused in [
            "--upload-pack=x",
            "-x",
            "a..b",
            "a b",
            "a~1",
            "a^",
            "a:b",
            "a?b",
            "a*",
            "a[",
            "a\\b",
            "a\nb",
            "@",
            "a@{1}",
            "/a",
            "a/",
            "a//b",
            ".a",
            "a/.b",
            "a.",
            "a.lock",
            "a.lock/b",
        ] {
            let error = GitSource::new("https://h.example/o/r", refused).expect_err(refused);
            assert_eq!(error.class(), Some("name"), "{refused}");
        }
    }
}
