//! Writing credentials down: `login` and `logout`.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use sealift_files::Mode;
use sealift_oci::{StoreError, StoreErrorKind};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::file::{ConfigFile, HUB_KEY, helper_server};
use super::{CredentialFiles, check_owner, helper, refuse};
use crate::address::DOCKER_HUB;
use crate::secret::Secret;

/// Links that lead to one file.
const LINKS: usize = 8;

type Keys = BTreeMap<String, Box<RawValue>>;

/// Where a credential was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Login {
    /// A file, in Base64: everyone who can read it can use it.
    File(PathBuf),
    /// A credential helper, by name.
    Helper(String),
}

/// Writes a credential for a host into docker's configuration (or the explicit file), or gives it to the helper named there.
///
/// All other keys of the file stay as they are. The file is replaced as a whole, with mode 0600.
///
/// # Errors
///
/// A file that is broken, belongs to another user or cannot be written; a helper that fails.
pub async fn login(
    files: &CredentialFiles,
    host: &str,
    user: &str,
    password: &Secret,
) -> Result<Login, StoreError> {
    let (path, text) = open(files, host)?;
    if let Some(name) = helper_of(&text, host, &path)? {
        helper::store(&name, helper_server(host), (user, password), files).await?;
        return Ok(Login::Helper(name));
    }
    let auth = Secret::auth_field(user, password);
    let entry = Zeroizing::new(format!(r#"{{"auth":"{}"}}"#, auth.expose()));
    let value = RawValue::from_string(entry.to_string())
        .map_err(|_| refuse(path.display(), "cannot be extended"))?;
    let mut keys = keys(&text, &path)?;
    let mut auths = auths(&keys, &path)?;
    auths.insert(file_key(host).to_owned(), value);
    put(&mut keys, &auths, &path)?;
    write(&path, &keys)?;
    Ok(Login::File(path))
}

/// Removes the credential of a host; `false` when there was none.
///
/// # Errors
///
/// As [`login`].
pub async fn logout(files: &CredentialFiles, host: &str) -> Result<bool, StoreError> {
    let (path, text) = open(files, host)?;
    let erased = match helper_of(&text, host, &path)? {
        Some(name) => helper::erase(&name, helper_server(host), files).await?,
        None => false,
    };
    let mut keys = keys(&text, &path)?;
    let mut auths = auths(&keys, &path)?;
    if auths.remove(file_key(host)).is_none() {
        return Ok(erased);
    }
    put(&mut keys, &auths, &path)?;
    write(&path, &keys)?;
    Ok(true)
}

/// Chooses the file, and returns where it really is and what it holds.
fn open(files: &CredentialFiles, host: &str) -> Result<(PathBuf, Zeroizing<String>), StoreError> {
    if sealift_reference::Repository::new(host, "a/b").is_err() {
        return Err(StoreError::new(
            StoreErrorKind::Denied,
            format!("`{}` is no registry host", crate::text::shown(host)),
        ));
    }
    let named = files.explicit.as_ref().or(files.docker.as_ref());
    let named = named.ok_or_else(|| {
        StoreError::new(
            StoreErrorKind::Denied,
            "no credential file to write: neither HOME nor --authfile is given",
        )
    })?;
    let path = behind_links(named)?;
    let text = crate::disk::text(&path)?;
    if text.is_some() {
        check_owner(&path, &path.display().to_string()).map_err(|error| {
            if path == *named {
                return error;
            }
            refuse(named.display(), "it is a link to a file that belongs to another user")
        })?;
    }
    Ok((path, Zeroizing::new(text.unwrap_or_default())))
}

/// Follows links by hand, so that the file behind them is replaced and the link stays.
fn behind_links(named: &Path) -> Result<PathBuf, StoreError> {
    let mut path = named.to_owned();
    for _ in 0..LINKS {
        match path.read_link() {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::NotFound
                ) =>
            {
                return Ok(path);
            }
            Err(error) => return Err(refuse(named.display(), "cannot be looked at").because(error)),
        }
    }
    Err(refuse(named.display(), "too many links"))
}

fn helper_of(text: &str, host: &str, path: &Path) -> Result<Option<String>, StoreError> {
    let config = ConfigFile::parse(text, &path.display().to_string())?;
    Ok(config.helper(host).map(str::to_owned))
}

fn file_key(host: &str) -> &str {
    if host == DOCKER_HUB { HUB_KEY } else { host }
}

fn keys(text: &str, path: &Path) -> Result<Keys, StoreError> {
    if text.trim().is_empty() {
        return Ok(Keys::new());
    }
    serde_json::from_str(text).map_err(|_| refuse(path.display(), "is not a JSON object"))
}

fn auths(keys: &Keys, path: &Path) -> Result<Keys, StoreError> {
    keys.get("auths").map_or(Ok(Keys::new()), |auths| self::keys(auths.get(), path))
}

fn put(keys: &mut Keys, auths: &Keys, path: &Path) -> Result<(), StoreError> {
    let value = serde_json::value::to_raw_value(auths)
        .map_err(|_| refuse(path.display(), "cannot be extended"))?;
    keys.insert("auths".to_owned(), value);
    Ok(())
}

fn write(path: &Path, keys: &Keys) -> Result<(), StoreError> {
    let text =
        serde_json::to_string(keys).map_err(|_| refuse(path.display(), "cannot be written"))?;
    let text = Zeroizing::new(text + "\n");
    if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
        make_private(folder)
            .map_err(|error| refuse(folder.display(), "cannot be made").because(error))?;
    }
    sealift_files::write(path, text.as_bytes(), Mode::Secret).map_err(crate::disk::failed)
}

/// Makes a folder that only its owner can enter; one that is there stays as it is.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
