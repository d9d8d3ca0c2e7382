//! `sealift handoff`: the folder that the far side applies.

use std::path::{Path, PathBuf};

use sealift_files::{Folder, Mode};
use sealift_handoff::{Handoff, Login, Scheme, Settings, handoff};
use sealift_inventory::{Graph, Lock, Prefix};
use sealift_reference::Repository;
use serde_json::json;

use crate::args::HandoffArgs;
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};
use crate::locks::{self, Fresh, Staleness};
use crate::settings;
use crate::ui::{document, plural};

/// The file that says that sealift wrote a folder and may replace it.
const MARKER: &str = ".sealift-handoff";

pub(crate) fn run(context: &Context, args: &HandoffArgs) -> Result<(), Failure> {
    let to = settings::target(&args.to)?;
    refuse_inside(args)?;
    let staleness = if args.stale { Staleness::Accepted } else { Staleness::Refused };
    let Fresh { lock, graph, .. } =
        locks::read_fresh(context, &args.lock, staleness, &args.registry, &args.limits.limit)?;
    locks::warn_undecided(context, &lock);
    let made = handoff(&Settings { lock: &lock, to: &to, scheme: scheme(args, &to) })
        .map_err(|error| Failure::of(FailureKind::Usage, &error))?;
    write_folder(&args.out, &made, (&lock, &graph))?;
    let out = args.out.display();
    if args.json {
        context.ui.json(&document("Handoff", report(&made)))?;
    }
    context.ui.note(&format!(
        "Wrote {out}: {}; begin with {out}/README.md",
        plural(made.files.len() + 2, "file")
    ));
    if let Some(file) = &args.write_secrets {
        write_secret(context, args, &to, &made, file)?;
    }
    say_uncovered(context, &made)
}

/// A registry of this machine speaks http unless it is told otherwise; every other one speaks https.
fn scheme(args: &HandoffArgs, to: &Prefix) -> Scheme {
    let host = to.host();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_loopback = name == "localhost"
        || name.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    let is_plain = args.registry.plain_http.iter().any(|plain| plain == host);
    if is_loopback || is_plain { Scheme::Http } else { Scheme::Https }
}

/// Real credentials never lie in the folder that is handed on.
fn refuse_inside(args: &HandoffArgs) -> Result<(), Failure> {
    let Some(file) = &args.write_secrets else { return Ok(()) };
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if absolute(file).starts_with(absolute(&args.out)) {
        let failure = Failure::usage(format!(
            "`{}` lies in `{}`, which is handed on",
            file.display(),
            args.out.display()
        ));
        return Err(failure.hint("write the secrets to another place"));
    }
    Ok(())
}

/// Writes the folder beside its final name, and moves it there when it is whole.
fn write_folder(out: &Path, made: &Handoff, (lock, graph): (&Lock, &Graph)) -> Result<(), Failure> {
    let (parent, name) = split(out)?;
    let is_there = sealift_files::exists(out)?;
    if is_there && !sealift_files::exists(out.join(MARKER))? {
        return Err(Failure::usage(format!(
            "`{}` exists, and sealift did not write it",
            out.display()
        ))
        .hint("give another folder with --out"));
    }
    let parent = Folder::create(&parent)?;
    let part = format!("{name}.part");
    parent.remove_tree(&part)?;
    let folder = parent.create_folder(&part)?;
    folder.write(
        MARKER,
        b"written by `sealift handoff`, which may replace this folder\n",
        Mode::Public,
    )?;
    folder.write("sealift.lock", lock.to_yaml().as_bytes(), Mode::Public)?;
    folder.write("sealift.graph", graph.to_text().as_bytes(), Mode::Public)?;
    for (path, text) in &made.files {
        folder.write(path.as_str(), text.as_bytes(), Mode::Public)?;
    }
    if is_there {
        parent.remove_tree(&name)?;
    }
    Ok(parent.rename(&part, &name)?)
}

fn split(out: &Path) -> Result<(PathBuf, String), Failure> {
    let wrong =
        || Failure::usage(format!("`--out {}` names no folder that can be made", out.display()));
    let name = out.file_name().and_then(|name| name.to_str()).ok_or_else(wrong)?;
    let parent = out.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    Ok((parent.to_owned(), name.to_owned()))
}

/// Writes the pull secret with the credentials that the files hold for the private registry.
fn write_secret(
    context: &Context,
    args: &HandoffArgs,
    to: &Prefix,
    made: &Handoff,
    file: &Path,
) -> Result<(), Failure> {
    let files = settings::credential_files(&args.registry, &context.environment);
    let path = if to.path().is_empty() { "any" } else { to.path() };
    let repository = Repository::new(to.host(), path)
        .map_err(|error| Failure::of(FailureKind::Usage, &error))?;
    let found = context.block_on(files.find(&repository))?;
    let login = |(username, password)| Login { username, password };
    let Some(login) = found.as_ref().and_then(|found| found.credential.expose_basic()).map(login)
    else {
        let failure = Failure::usage(format!("no user and password are known for {}", to.host()));
        return Err(failure.hint(format!("`sealift login {}` stores them", to.host())));
    };
    sealift_files::write(file, made.pull_secret(&login).as_bytes(), Mode::Secret)?;
    context.ui.note(&format!(
        "Wrote {} with real credentials: only you can read it; it is no part of the folder",
        file.display()
    ));
    Ok(())
}

/// Each image that no file leads to the private registry needs a hand.
fn say_uncovered(context: &Context, made: &Handoff) -> Result<(), Failure> {
    if made.uncovered.is_empty() {
        return Ok(());
    }
    for image in &made.uncovered {
        context.ui.error(&format!(
            "{} is not reached by any of these settings: {}\n  it is {} there",
            image.image, image.reason, image.target
        ));
    }
    Err(Failure::partial(format!(
        "{} must be renamed in the manifests by hand; README.md lists them",
        plural(made.uncovered.len(), "image")
    )))
}

fn report(made: &Handoff) -> serde_json::Value {
    let written = made.files.iter().map(|(path, _)| path.as_str());
    let mut files: Vec<_> = written.chain(["sealift.graph", "sealift.lock"]).collect();
    files.sort_unstable();
    let uncovered = |image: &sealift_handoff::Uncovered| json!({"image": image.image, "target": image.target, "reason": image.reason.to_string()});
    json!({
        "files": files,
        "uncovered": made.uncovered.iter().map(uncovered).collect::<Vec<_>>(),
    })
}
