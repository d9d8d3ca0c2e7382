//! Passwords in the form of Apache's `htpasswd -B`: one `user:bcrypt` a line.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use data_encoding::BASE64;
use sealift_reference::Digest;

use crate::limits::REMEMBERED;

/// Users and the bcrypt hashes of their passwords.
pub struct Htpasswd {
    users: BTreeMap<String, String>,
    /// Hashes of what was right once: bcrypt is slow by design.
    right: Mutex<HashSet<Digest>>,
}

/// Why a file is no htpasswd file. The texts hold no hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HtpasswdError {
    /// A line without `:`, or with an empty name.
    #[error("line {line}: not `user:hash`")]
    Form {
        /// From 1.
        line: usize,
    },
    /// The hash of another kind than bcrypt: MD5, SHA-1, crypt.
    #[error("line {line}: the hash of `{user}` is not bcrypt; make it with `htpasswd -B`")]
    Hash {
        /// From 1.
        line: usize,
        /// Whose it is.
        user: String,
    },
    /// A name that stands twice.
    #[error("line {line}: `{user}` stands twice")]
    Twice {
        /// From 1.
        line: usize,
        /// Whose it is.
        user: String,
    },
    /// No line at all: nobody could connect.
    #[error("no user in the file")]
    Empty,
}

impl Htpasswd {
    /// Parses the text of a file; empty lines and those that start with `#` are passed over.
    ///
    /// # Errors
    ///
    /// [`HtpasswdError`], with the line.
    pub fn parse(text: &str) -> Result<Self, HtpasswdError> {
        let mut users = BTreeMap::new();
        for (at, entry) in text.lines().map(str::trim).enumerate() {
            let line = at + 1;
            if entry.is_empty() || entry.starts_with('#') {
                continue;
            }
            let (user, hash) = entry.split_once(':').ok_or(HtpasswdError::Form { line })?;
            let user = user.to_owned();
            if user.is_empty() {
                return Err(HtpasswdError::Form { line });
            }
            if hash.parse::<bcrypt::HashParts>().is_err() {
                return Err(HtpasswdError::Hash { line, user });
            }
            if users.insert(user.clone(), hash.to_owned()).is_some() {
                return Err(HtpasswdError::Twice { line, user });
            }
        }
        if users.is_empty() {
            return Err(HtpasswdError::Empty);
        }
        Ok(Self { users, right: Mutex::default() })
    }

    /// Returns whether the value of an `Authorization` header is remembered as right: the fast way.
    pub(crate) fn remembers(&self, authorization: &str) -> bool {
        self.lock().contains(&Digest::sha256(authorization.as_bytes()))
    }

    /// Returns whether the value of an `Authorization` header names a user and their password. Takes as long as bcrypt does,
    /// for an unknown user too.
    pub(crate) fn allows(&self, authorization: &str) -> bool {
        let Some((user, password)) = basic(authorization) else { return false };
        let known = self.users.get(&user);
        // An unknown user costs the same time, and never matches.
        let Some(hash) = known.or_else(|| self.users.values().next()) else { return false };
        let right = bcrypt::verify(password, hash).unwrap_or(false) && known.is_some();
        if right {
            let mut remembered = self.lock();
            if remembered.len() >= REMEMBERED {
                remembered.clear();
            }
            remembered.insert(Digest::sha256(authorization.as_bytes()));
        }
        right
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<Digest>> {
        self.right.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Htpasswd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Htpasswd").field("users", &self.users.len()).finish_non_exhaustive()
    }
}

/// `Basic BASE64(user:password)`; the scheme's case does not matter.
fn basic(authorization: &str) -> Option<(String, Vec<u8>)> {
    let (scheme, value) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64.decode(value.trim().as_bytes()).ok()?;
    let colon = decoded.iter().position(|&byte| byte == b':')?;
    let user = String::from_utf8(decoded[..colon].to_vec()).ok()?;
    Some((user, decoded[colon + 1..].to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(user: &str, password: &str) -> String {
        format!("Basic {}", BASE64.encode(format!("{user}:{password}").as_bytes()))
    }

    #[test]
    fn the_right_password_is_allowed_and_remembered() {
        let hash = bcrypt::hash("se:cret", 4).unwrap();
        let passwords = Htpasswd::parse(&format!("# users\n\nana:{hash}\n")).unwrap();
        let right = header("ana", "se:cret");
        assert!(!passwords.remembers(&right));
        assert!(passwords.allows(&right) && passwords.remembers(&right));
        for wrong in [
            header("ana", "secret"),
            header("bob", "se:cret"),
            header("ana", ""),
            "Bearer x".to_owned(),
            "Basic !".to_owned(),
        ] {
            assert!(!passwords.allows(&wrong) && !passwords.remembers(&wrong), "{wrong}");
        }
        assert!(!format!("{passwords:?}").contains(&hash));
    }

    #[test]
    fn a_line_that_cannot_be_used_is_named_without_its_hash() {
        let hash = bcrypt::hash("x", 4).unwrap();
        for (text, want) in [
            (String::new(), "no user in the file".to_owned()),
            ("ana".to_owned(), "line 1: not `user:hash`".to_owned()),
            ("\n:x".to_owned(), "line 2: not `user:hash`".to_owned()),
            (
                "ana:$apr1$abc$def".to_owned(),
                "line 1: the hash of `ana` is not bcrypt; make it with `htpasswd -B`".to_owned(),
            ),
            (format!("ana:{hash}\nana:{hash}"), "line 2: `ana` stands twice".to_owned()),
        ] {
            assert_eq!(Htpasswd::parse(&text).unwrap_err().to_string(), want);
        }
    }
}
