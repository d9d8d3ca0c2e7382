//! `sealift login` and `sealift logout`.

use std::io::{IsTerminal, Read as _, Write as _};

use sealift_oci::{StoreError, StoreErrorKind};
use sealift_registry::{Credential, Login, Secret, login as store, logout as erase};
use zeroize::Zeroizing;

use crate::args::{LoginArgs, LogoutArgs};
use crate::commands::Context;
use crate::failure::Failure;
use crate::settings;

/// Longest password or token that is read, in bytes.
const PASSWORD_BYTES: u64 = 64 << 10;

pub(crate) fn login(context: &Context, args: &LoginArgs) -> Result<(), Failure> {
    let host = host(&args.host)?;
    let user = user(args)?;
    let password =
        if args.password_stdin { password_from_stdin()? } else { ask_password(&user, &host)? };
    let files = settings::credential_files(&args.registry, &context.environment);
    let shown =
        Credential::Basic { user: user.clone(), password: Secret::new(password.to_string()) };
    let registry = settings::registry_as(context, &args.registry, &host, shown)?;
    let stored = context.block_on(async {
        registry.check(&host).await.map_err(|error| refused(&host, &user, error))?;
        let stored = store(&files, &host, &user, &Secret::new(password.to_string())).await?;
        Ok::<_, Failure>(stored)
    })?;
    match stored {
        Login::File(path) => context.ui.note(&format!(
            "{host} takes the credentials; stored in {}, which only you can read",
            path.display()
        )),
        Login::Helper(name) => context
            .ui
            .note(&format!("{host} takes the credentials; stored by docker-credential-{name}")),
        _ => context.ui.note(&format!("{host} takes the credentials; stored")),
    }
    Ok(())
}

pub(crate) fn logout(context: &Context, args: &LogoutArgs) -> Result<(), Failure> {
    let host = host(&args.host)?;
    let files = settings::credential_files(&args.registry, &context.environment);
    if context.block_on(erase(&files, &host))? {
        context.ui.note(&format!("forgot the credentials of {host}"));
    } else {
        context.ui.note(&format!("no credentials of {host} were stored"));
    }
    Ok(())
}

/// What the registry says, as what it means here.
fn refused(host: &str, user: &str, error: StoreError) -> Failure {
    if error.kind != StoreErrorKind::Denied {
        return error.into();
    }
    let message = format!("{host} does not take this password of {user}; nothing was stored");
    Failure { causes: vec![error.to_string()], ..Failure::environment(message) }
}

/// A host as in references, without scheme and path.
fn host(text: &str) -> Result<String, Failure> {
    let wrong = || {
        Failure::usage(format!("`{text}` is no registry host"))
            .hint("write host or host:port, as in references")
    };
    let prefix: sealift_inventory::Prefix = text.parse().map_err(|_| wrong())?;
    if prefix.path().is_empty() { Ok(prefix.host().to_owned()) } else { Err(wrong()) }
}

fn user(args: &LoginArgs) -> Result<String, Failure> {
    if let Some(user) = &args.username {
        return Ok(user.clone());
    }
    if args.password_stdin || !std::io::stdin().is_terminal() {
        return Err(Failure::usage("no user was given").hint("give it with --username"));
    }
    write!(std::io::stderr(), "User: ")?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

fn password_from_stdin() -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().lock().take(PASSWORD_BYTES).read_to_string(&mut text)?;
    strip(&text)
}

/// Asks with the echo off.
fn ask_password(user: &str, host: &str) -> Result<Zeroizing<String>, Failure> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::usage("no password was given").hint(
            "pipe it in and say --password-stdin; it is never an argument, which others could see",
        ));
    }
    write!(std::io::stderr(), "Password of {user} at {host}: ")?;
    let line = silently(|| {
        let mut line = Zeroizing::new(String::new());
        stdin.read_line(&mut line).map(|_| line)
    })?;
    writeln!(std::io::stderr())?;
    strip(&line)
}

/// Runs `read` while the terminal shows nothing of what is typed.
#[cfg(unix)]
fn silently<T>(read: impl FnOnce() -> std::io::Result<T>) -> std::io::Result<T> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    let stdin = std::io::stdin();
    let before = tcgetattr(&stdin)?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Flush, &silent)?;
    let result = read();
    tcsetattr(&stdin, OptionalActions::Now, &before)?;
    result
}

#[cfg(not(unix))]
fn silently<T>(_read: impl FnOnce() -> std::io::Result<T>) -> std::io::Result<T> {
    Err(std::io::Error::other(
        "cannot hide what is typed here: pipe the password in and say --password-stdin",
    ))
}

/// Takes the line break away that `echo` and the Enter key leave.
fn strip(text: &str) -> Result<Zeroizing<String>, Failure> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        Err(Failure::usage("the password is empty"))
    } else {
        Ok(Zeroizing::new(text.to_owned()))
    }
}
