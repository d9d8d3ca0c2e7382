//! `sealift kustomize build`: kustomizations to manifests, as kustomize prints them.

use std::io::IsTerminal as _;
use std::path::Path;

use sealift_files::{Folder, Mode};
use sealift_kustomize::{Built, LoadRestrictions, Options, Reorder, Resource};
use sealift_products::Local;
use sealift_products::kustomizations::Kustomized;

use crate::args::{BuildArgs, LoadRestrictor, Order};
use crate::chart_source::Network;
use crate::commands::Context;
use crate::elsewhere::Elsewhere;
use crate::failure::{Failure, FailureKind};

pub(super) fn run(context: &Context, args: &BuildArgs) -> Result<(), Failure> {
    refuse(args)?;
    let network = if args.offline { Network::Unused } else { Network::Used };
    let mut elsewhere = Elsewhere::new(context, &args.registry, None, network);
    let Kustomized { built, .. } =
        Local::default()
            .build(&args.folder, &options(args), &mut |wanted| elsewhere.found(wanted))?;
    for warning in &built.warnings {
        context.ui.warn(warning);
    }
    match &args.output {
        None => print(context, &text(&built)?),
        Some(folder) if is_folder(folder)? => write_each(folder, &built),
        Some(file) => Ok(sealift_files::write(file, text(&built)?.as_bytes(), Mode::Public)?),
    }
}

/// Whether there is a folder; a file may yet have to be made.
fn is_folder(path: &Path) -> Result<bool, Failure> {
    Ok(sealift_files::exists(path)? && sealift_files::is_folder(path)?)
}

fn options(args: &BuildArgs) -> Options {
    let load_restrictions = match args.load_restrictor {
        LoadRestrictor::RootOnly => LoadRestrictions::RootOnly,
        LoadRestrictor::None => LoadRestrictions::None,
    };
    let reorder = match args.reorder {
        None | Some(Order::Legacy) => Reorder::Legacy,
        Some(Order::None) => Reorder::None,
    };
    Options {
        load_restrictions,
        reorder,
        enable_helm: args.enable_helm,
        add_managed_by_label: args.enable_managedby_label,
        ..Options::default()
    }
}

/// Refuses what asks for programs to be run.
fn refuse(args: &BuildArgs) -> Result<(), Failure> {
    let refused = &args.refused;
    let flags = [
        ("--enable-alpha-plugins", refused.enable_alpha_plugins),
        ("--enable-exec", refused.enable_exec),
        ("--network", refused.network),
        ("--helm-command", refused.helm_command.is_some()),
    ];
    match flags.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((flag, _)) => Err(Failure::usage(format!(
            "`{flag}` lets kustomizations run programs, which sealift never does"
        ))
        .hint("leave the flag away; what a function or a plugin gives, run it beforehand and list its output under `resources`")),
    }
}

fn text(built: &Built) -> Result<String, Failure> {
    built.to_yaml().map_err(|error| Failure::of(FailureKind::Partial, &error))
}

/// Prints the bytes as they are; for eyes, what would move a cursor is made visible.
fn print(context: &Context, text: &str) -> Result<(), Failure> {
    if std::io::stdout().is_terminal() {
        return context.ui.data(text);
    }
    context.ui.script(text.as_bytes())
}

/// Writes each object into a file of its own.
///
/// Mirrors `WriteIndividualFiles` in `commands/build/writer.go` of kustomize 5.8.2.
fn write_each(folder: &Path, built: &Built) -> Result<(), Failure> {
    let folder = Folder::open(folder)?;
    let namespaces: std::collections::BTreeSet<String> = built
        .resources
        .iter()
        .map(Resource::id)
        .filter(|id| !id.is_cluster_scoped)
        .map(|id| id.effective_namespace().to_owned())
        .collect();
    for resource in &built.resources {
        let id = resource.id();
        let gvk = [&id.gvk.group, &id.gvk.version, &id.gvk.kind];
        let gvk: Vec<_> = gvk.into_iter().filter(|part| !part.is_empty()).cloned().collect();
        let mut name = format!("{}_{}.yaml", gvk.join("_"), id.name);
        if namespaces.len() > 1 && !id.is_cluster_scoped {
            name = format!("{}_{name}", id.effective_namespace());
        }
        let text = resource.to_yaml().map_err(|error| Failure::of(FailureKind::Partial, &error))?;
        folder.write(&name.to_lowercase(), text.as_bytes(), Mode::Public)?;
    }
    Ok(())
}
