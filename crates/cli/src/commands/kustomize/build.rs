//! `sealift kustomize build`: kustomizations to manifests, as kustomize prints them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sealift_files::{Folder, Mode};
use sealift_kustomize::id::ResId;
use sealift_kustomize::{Built, LoadRestrictions, Options, Reorder, Resource};
use sealift_products::Local;
use sealift_products::kustomizations::Locked;

use crate::args::{BuildArgs, LoadRestrictor, Order};
use crate::chart_source::Network;
use crate::commands::Context;
use crate::elsewhere::Elsewhere;
use crate::failure::{Failure, FailureKind};

pub(super) fn run(context: &Context, args: &BuildArgs) -> Result<(), Failure> {
    refuse(args)?;
    let built = build(context, args).map_err(|failure| untouched(failure, args))?;
    for warning in &built.warnings {
        context.ui.warn(warning);
    }
    match &args.output {
        None => context.ui.manifests(&[text(&built)?.as_bytes().into()]),
        Some(folder) if is_folder(folder)? => {
            let files = files(&built).map_err(|failure| untouched(failure, args))?;
            write_all(folder, &files)
        }
        Some(file) => {
            let text = text(&built).map_err(|failure| untouched(failure, args))?;
            Ok(sealift_files::write(file, text.as_bytes(), Mode::Public)?)
        }
    }
}

fn build(context: &Context, args: &BuildArgs) -> Result<Built, Failure> {
    let network = if args.offline { Network::Unused } else { Network::Used };
    let unknown = Locked::default();
    let mut elsewhere = Elsewhere::new(context, &args.registry, None, network, &unknown);
    let built = Local::default()
        .build(&args.folder, &options(args), &mut |wanted| elsewhere.found(wanted))?;
    Ok(built.built)
}

/// Says that nothing was written.
fn untouched(mut failure: Failure, args: &BuildArgs) -> Failure {
    let output = args.output.iter();
    failure.notes.extend(output.map(|output| format!("`{}` is as it was", output.display())));
    failure
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

/// Returns a file for each object, by its name.
///
/// Mirrors `WriteIndividualFiles` in `commands/build/writer.go` of kustomize 5.8.2, which overwrites one of two files of one
/// name.
fn files(built: &Built) -> Result<BTreeMap<String, String>, Failure> {
    let ids = built.resources.iter().map(Resource::id).filter(|id| !id.is_cluster_scoped);
    let namespaces: BTreeSet<_> = ids.map(|id| id.effective_namespace().to_owned()).collect();
    let mut files = BTreeMap::new();
    for resource in &built.resources {
        let name = file_name(&resource.id(), namespaces.len() > 1);
        let text = resource.to_yaml().map_err(|error| Failure::of(FailureKind::Partial, &error))?;
        if files.insert(name.clone(), text).is_some() {
            return Err(Failure::partial(format!("two objects would be written to `{name}`"))
                .hint("write them to one file: -o FILE"));
        }
    }
    Ok(files)
}

fn write_all(folder: &Path, files: &BTreeMap<String, String>) -> Result<(), Failure> {
    let open = Folder::open(folder)?;
    for (done, (name, text)) in files.iter().enumerate() {
        open.write(name, text.as_bytes(), Mode::Public).map_err(|error| {
            let mut failure = Failure::from(error);
            let (all, folder) = (files.len(), folder.display());
            failure.notes.push(format!("{done} of {all} files were written to `{folder}`"));
            failure
        })?;
    }
    Ok(())
}

/// Such as `apps_v1_deployment_web.yaml`.
fn file_name(id: &ResId, with_namespace: bool) -> String {
    let namespace = (with_namespace && !id.is_cluster_scoped).then(|| id.effective_namespace());
    let gvk = [&*id.gvk.group, &*id.gvk.version, &*id.gvk.kind];
    let parts = namespace.into_iter().chain(gvk).chain([&*id.name]);
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    format!("{}.yaml", parts.join("_")).to_lowercase()
}
