//! Programs that keep credentials: `docker-credential-NAME get|store|erase`.
//!
//! Protocol: <https://github.com/docker/docker-credential-helpers>; errors come on stdout with a status other than 0.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Stdio;

use sealift_oci::{StoreError, StoreErrorKind};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

use super::{Credential, CredentialFiles};
use crate::limits::{HELPER_BYTES, HELPER_TIME};
use crate::secret::Secret;
use crate::text::shown_bytes;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// Asks a helper for the credential of a server; `None` when it has none.
pub(super) async fn get(
    name: &str,
    server: &str,
    files: &CredentialFiles,
) -> Result<Option<Credential>, StoreError> {
    let answer = run(name, "get", server, files).await?;
    let (true, output) = answer else { return missing(name, &answer.1) };
    let answer: Answer = serde_json::from_slice(&output)
        .map_err(|_| refuse(name, "its answer is not what helpers answer"))?;
    let secret = Secret::new(answer.secret);
    Ok(match answer.username.as_str() {
        _ if secret.is_empty() => None,
        "<token>" => Some(Credential::Identity(secret)),
        _ => Some(Credential::Basic { user: answer.username, password: secret }),
    })
}

/// Gives a credential to a helper.
pub(super) async fn store(
    name: &str,
    server: &str,
    (user, password): (&str, &Secret),
    files: &CredentialFiles,
) -> Result<(), StoreError> {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let secret = Zeroizing::new(text(password.expose()));
    let input = Zeroizing::new(format!(
        r#"{{"ServerURL":{},"Username":{},"Secret":{}}}"#,
        text(server),
        text(user),
        *secret
    ));
    match run(name, "store", &input, files).await? {
        (true, _) => Ok(()),
        (false, output) => {
            Err(refuse(name, &format!("cannot store: {}", shown_bytes(&output, 200))))
        }
    }
}

/// Makes a helper forget a server; `false` when it knew none.
pub(super) async fn erase(
    name: &str,
    server: &str,
    files: &CredentialFiles,
) -> Result<bool, StoreError> {
    let known = get(name, server, files).await?.is_some();
    match run(name, "erase", server, files).await? {
        (true, _) => Ok(known),
        (false, output) => missing(name, &output).map(|_| false),
    }
}

/// Tells "not found" from other failures.
fn missing(name: &str, output: &[u8]) -> Result<Option<Credential>, StoreError> {
    let text = String::from_utf8_lossy(output);
    // The text is the protocol: `credentials.NewErrCredentialsNotFound` of docker-credential-helpers.
    if text.trim() == "credentials not found in native keychain" {
        return Ok(None);
    }
    Err(refuse(name, &format!("failed: {}", shown_bytes(output, 200))))
}

async fn run(
    name: &str,
    verb: &str,
    input: &str,
    files: &CredentialFiles,
) -> Result<(bool, Zeroizing<Vec<u8>>), StoreError> {
    if input.contains(['\n', '\r', '\0']) {
        return Err(refuse(name, "a line break in what it is asked"));
    }
    let program = find(name, &files.helper_path)?;
    let patience = files.helper_patience.unwrap_or(HELPER_TIME);
    let mut child = Command::new(program)
        .arg(verb)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| refuse(name, "cannot be started").because(error))?;
    let talk = tokio::time::timeout(patience, converse(&mut child, input));
    let answer = talk
        .await
        .map_err(|_| refuse(name, &format!("no answer within {} s", patience.as_secs())))?;
    let (success, output) = answer.map_err(|error| refuse(name, "broke off").because(error))?;
    if output.len() > HELPER_BYTES {
        return Err(refuse(name, &format!("more than {HELPER_BYTES} bytes of answer")));
    }
    Ok((success, output))
}

async fn converse(child: &mut Child, input: &str) -> std::io::Result<(bool, Zeroizing<Vec<u8>>)> {
    if let Some(mut stdin) = child.stdin.take() {
        // A helper that ends without reading is judged by its answer.
        let _unread = stdin.write_all(input.as_bytes()).await;
    }
    let mut output = Zeroizing::new(Vec::new());
    if let Some(stdout) = child.stdout.take() {
        stdout.take(HELPER_BYTES as u64 + 1).read_to_end(&mut output).await?;
    }
    if output.len() > HELPER_BYTES {
        child.start_kill()?;
    }
    Ok((child.wait().await?.success(), output))
}

/// Finds the program on the search path, never in the current folder.
fn find(name: &str, path: &OsStr) -> Result<PathBuf, StoreError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() || name.starts_with('-') || !name.chars().all(allowed) {
        return Err(StoreError::new(
            StoreErrorKind::Name,
            format!("`{}` is no name of a credential helper", crate::text::shown(name)),
        ));
    }
    let file = format!("docker-credential-{name}{}", std::env::consts::EXE_SUFFIX);
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    let mut candidates =
        folders.map(|folder| folder.join(&file)).filter(|program| program.is_file());
    candidates.next().ok_or_else(|| refuse(name, &format!("`{file}` is not on the PATH")))
}

fn refuse(name: &str, why: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Denied, format!("credential helper {name}: {why}"))
}
