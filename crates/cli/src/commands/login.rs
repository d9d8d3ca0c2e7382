//! `sealift login` and `sealift logout`.

use std::io::{BufRead as _, IsTerminal, Read as _};

use sealift_oci::{StoreError, StoreErrorKind};
use sealift_registry::{Credential, Login, Secret, login as store, logout as erase};
use zeroize::Zeroizing;

use crate::args::{LoginArgs, LogoutArgs};
use crate::commands::Context;
use crate::failure::Failure;
use crate::limits::PASSWORD_BYTES;
use crate::settings;

pub(crate) fn login(context: &Context, args: &LoginArgs) -> Result<(), Failure> {
    let host = settings::host(&args.host)?;
    let user = user(context, args)?;
    let password = if args.password_stdin {
        password_from_stdin()?
    } else {
        ask_password(context, &user, &host)?
    };
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
    let host = settings::host(&args.host)?;
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

fn user(context: &Context, args: &LoginArgs) -> Result<String, Failure> {
    if let Some(user) = &args.username {
        return Ok(user.clone());
    }
    if args.password_stdin || !std::io::stdin().is_terminal() {
        return Err(Failure::usage("no user was given").hint("give it with --username"));
    }
    context.ui.prompt("User: ");
    Ok(line()?.trim().to_owned())
}

/// Reads a line of stdin, which is no longer than any password.
fn line() -> std::io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().take(PASSWORD_BYTES).read_line(&mut line)?;
    Ok(line)
}

/// Reads a password of which a line break at the end is no part.
pub(crate) fn password_from_stdin() -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().lock().take(PASSWORD_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > PASSWORD_BYTES {
        return Err(Failure::usage(format!("the password has more than {PASSWORD_BYTES} bytes")));
    }
    strip(&text)
}

/// Asks with the echo off.
fn ask_password(context: &Context, user: &str, host: &str) -> Result<Zeroizing<String>, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage("no password was given").hint(
            "pipe it in and say --password-stdin; it is never an argument, which others could see",
        ));
    }
    context.ui.prompt(&format!("Password of {user} at {host}: "));
    let line = silently(line)?;
    context.ui.prompt("\n");
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
