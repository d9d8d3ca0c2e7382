//! `sealift serve`: a folder as a registry, until it is told to stop.

use std::net::SocketAddr;
use std::path::Path;

use sealift_files::Folder;
use sealift_serve::{Access, Htpasswd, Observer, Seen, Server, Settings, Tls};

use crate::args::ServeArgs;
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};
use crate::limits::SERVE_FILE_BYTES;
use crate::ui::{Ui, bytes};

pub(crate) fn run(context: &Context, args: &ServeArgs) -> Result<(), Failure> {
    let settings = settings(args)?;
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    let folder = open(&args.dir, settings.access)?;
    let ui = context.ui;
    context.block_on(async {
        let server = Server::bind(folder, settings, Log(ui)).await?;
        let mode = if args.writable { "writable" } else { "read-only" };
        ui.note(&format!(
            "serving {} on {scheme}://{} ({mode}); stop with Ctrl-C",
            args.dir.display(),
            server.address()
        ));
        server.run(stop_signal()).await;
        ui.note("stopped");
        Ok(())
    })
}

fn open(dir: &Path, access: Access) -> Result<Folder, Failure> {
    let folder = match access {
        Access::Writable => Folder::create(dir),
        Access::ReadOnly => Folder::open(dir),
    };
    Ok(folder?)
}

fn settings(args: &ServeArgs) -> Result<Settings, Failure> {
    let listen: SocketAddr = args.listen.parse().map_err(|_| {
        Failure::usage(format!("`{}` is no address with a port", args.listen))
            .hint("write --listen 127.0.0.1:5000 or --listen [::1]:5000")
    })?;
    let access = if args.writable { Access::Writable } else { Access::ReadOnly };
    Ok(Settings {
        listen,
        access,
        htpasswd: htpasswd(args)?,
        tls: tls(args)?,
        names: args.name.clone(),
        accept_sparse: args.accept_sparse,
        ..Settings::default()
    })
}

fn htpasswd(args: &ServeArgs) -> Result<Option<Htpasswd>, Failure> {
    let Some(path) = &args.htpasswd else { return Ok(None) };
    let text = sealift_files::read_text(path, SERVE_FILE_BYTES)?;
    let parsed = Htpasswd::parse(&text)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(Some(parsed))
}

fn tls(args: &ServeArgs) -> Result<Option<Tls>, Failure> {
    let (Some(cert), Some(key)) = (&args.cert, &args.key) else { return Ok(None) };
    let (cert, key) =
        (sealift_files::read(cert, SERVE_FILE_BYTES)?, sealift_files::read(key, SERVE_FILE_BYTES)?);
    let tls =
        Tls::from_pem(&cert, &key).map_err(|error| Failure::of(FailureKind::Usage, &error))?;
    Ok(Some(tls))
}

/// Ends when the process is asked to: Ctrl-C or, as service managers do, SIGTERM.
async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminated) =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
            let _no_handler = interrupted.await;
            return;
        };
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _no_handler = interrupted.await;
}

/// Says each request with `-v`, and what goes wrong always.
struct Log(Ui);

impl Observer for Log {
    fn answered(&self, request: &Seen) {
        let Seen { client, method, path, status, bytes: length, took } = request;
        self.0.detail(&format!(
            "{client} {method} {path} {status} {} {} ms",
            bytes(*length),
            took.as_millis()
        ));
    }

    fn problem(&self, text: &str) {
        self.0.error(text);
    }
}
