//! `sealift helm template`: charts to manifests, as Helm prints them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use sealift_archive::{ArchivePath, check_portable};
use sealift_files::{Folder, Links, Mode};
use sealift_gotemplate::Str;
use sealift_helm::assembly::Choice;
use sealift_helm::chart::LoadOptions;
use sealift_helm::values::UserValues;
use sealift_helm::{Capabilities, Output, Profile, Release, RenderError, Settings, render};
use sealift_products::charts::{ChartBytes, ChartLimits, on_stack_for};
use sealift_sprig::Host;

use crate::args::{ProfileName, TemplateArgs, quoted};
use crate::chart_source::{Charts, Located, Network};
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};
use crate::machine::Machine;
use crate::{inputs, render_failure, values};

pub(super) fn run(context: &Context, args: &TemplateArgs) -> Result<(), Failure> {
    let (name, chart) = match args.words.as_slice() {
        [name, chart, ..] => (Some(name), chart),
        [chart] => (None, chart),
        [] => return Err(Failure::usage("name a chart")),
    };
    let limits = inputs::chart_limits(&args.render.limit)?;
    let settings = settings(context, args, name, &limits)?;
    let charts = Charts {
        context,
        registry: &args.registry,
        shipment: None,
        profile: settings.profile,
        links: if args.chart.follow_links { Links::Everywhere } else { Links::Inside },
        limits: limits.fetch,
        verify: args.chart.verify,
        network: Network::Used,
    };
    let chart = charts.locate(chart, &args.chart).map_err(|failure| match failure.class {
        Some("link") if !args.chart.follow_links => {
            failure.hint("if it may be read, `--follow-links` follows links wherever they lead")
        }
        _ => failure,
    })?;
    let user = values::read(&args.values, &limits)?;
    let act = || rendered(context, chart, &user, (&settings, &limits), args);
    if limits.needs_more_stack() {
        on_stack_for(&limits, act)
            .map_err(|error| Failure::environment(format!("cannot start a thread: {error}")))?
    } else {
        act()
    }
}

/// What there is to print, when rendering came so far.
struct Printed<'o> {
    /// The text, in pieces.
    pieces: Vec<Cow<'o, [u8]>>,
    /// For `--output-dir`: paths with their texts.
    files: Vec<(String, Vec<u8>)>,
}

fn settings(
    context: &Context,
    args: &TemplateArgs,
    name: Option<&String>,
    limits: &ChartLimits,
) -> Result<Settings, Failure> {
    let render = &args.render;
    let profile = match render.profile {
        ProfileName::Helm3 => Profile::Helm3_21_4,
        ProfileName::Helm4 => Profile::Helm4_2_4,
    };
    let capabilities =
        Capabilities::new(profile, render.kube_version.as_deref(), &render.api_versions)
            .map_err(|error| Failure::of(FailureKind::Partial, &error))?;
    let mut settings = Settings::new(profile, capabilities);
    let usual = settings.release.name;
    settings.release = Release {
        name: match (name, &render.name_template) {
            (Some(name), _) => name.clone(),
            (None, Some(template)) => name_of_template(template)?,
            (None, None) => usual,
        },
        namespace: render
            .namespace
            .clone()
            .or_else(|| context.environment.helm_namespace.clone())
            .unwrap_or(settings.release.namespace),
        is_upgrade: render.is_upgrade,
    };
    settings.include_crds = render.include_crds;
    settings.choice = Choice { no_hooks: render.no_hooks, skip_tests: render.skip_tests };
    settings.show_only.clone_from(&render.show_only);
    settings.skips_schema = render.skip_schema_validation;
    settings.limits = limits.templates;
    settings.schema_limits = limits.schemas;
    Ok(settings)
}

fn name_of_template(template: &str) -> Result<String, Failure> {
    let host: Rc<dyn Host> = Rc::new(Machine::default());
    Release::name_of_template(template, &host)
        .map_err(|error| Failure::of(FailureKind::Partial, &error))
}

/// Renders and prints. Templates may nest deeply: this runs on the large stack of the whole command line.
fn rendered(
    context: &Context,
    got: Located,
    user: &UserValues,
    (settings, limits): (&Settings, &ChartLimits),
    args: &TemplateArgs,
) -> Result<(), Failure> {
    let user = user
        .merge(settings.profile, &mut |path| file_of_set(path, limits))
        .map_err(|error| values::failure(&error))?;
    let load = LoadOptions { profile: settings.profile, limits: limits.fetch.chart };
    let to_get_charts = how_to_get_charts(&got);
    let loaded = got.bytes.into_chart(&load);
    let loaded = loaded.map_err(|error| render_failure::loading(&error, &got.name))?;
    let host: Rc<dyn Host> = Rc::new(Machine::default());
    let mut warnings = Vec::new();
    match render(&loaded, &user, settings, &host, &mut warnings) {
        Ok(output) => {
            let done = all(&output, settings, args)
                .and_then(|printed| print(context, args, (settings, &warnings), &printed));
            // The process is about to end: to give back a chart piece by piece takes longer than that.
            std::mem::forget((output, loaded, user));
            done
        }
        // What is printed is no valid YAML, and was asked for.
        Err(RenderError::Manifest { text, error }) if args.output.debug => {
            let printed = Printed { pieces: vec![text.into()], files: Vec::new() };
            print(context, args, (settings, &warnings), &printed)?;
            Err(render_failure::manifest(&error))
        }
        Err(error) => {
            let (metadata, profile) = (&loaded.metadata, settings.profile);
            let chart = format!("{} {}, as {profile} renders it", metadata.name, metadata.version);
            let failure = render_failure::rendering(&error, &chart);
            Err(match error {
                RenderError::Dependencies { .. } => failure.hint(to_get_charts),
                _ => failure,
            })
        }
    }
}

/// What to do about charts that a chart needs and has not.
fn how_to_get_charts(got: &Located) -> String {
    match got.bytes {
        ChartBytes::Files(_) => {
            format!("`sealift helm dependency build {}` gets them", quoted(&got.name))
        }
        ChartBytes::Archive(_) => {
            "the archive was packaged without them: get them in its folder, and package it again"
                .to_owned()
        }
    }
}

/// What `--set-file` names.
fn file_of_set(path: &str, limits: &ChartLimits) -> Result<Str, String> {
    sealift_files::read(path, limits.fetch.chart.file_bytes).map(Str::from).map_err(|error| {
        let why = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
        format!("{error}{}", why.unwrap_or_default())
    })
}

fn all<'o>(
    output: &'o Output,
    settings: &Settings,
    args: &TemplateArgs,
) -> Result<Printed<'o>, Failure> {
    let pieces =
        output.pieces(settings).map_err(|error| Failure::of(FailureKind::Partial, &error))?;
    let files = args.output.output_dir.as_ref().map(|_| output.files(settings)).unwrap_or_default();
    Ok(Printed { pieces, files })
}

fn print(
    context: &Context,
    args: &TemplateArgs,
    (settings, warnings): (&Settings, &[String]),
    printed: &Printed<'_>,
) -> Result<(), Failure> {
    for warning in warnings {
        context.ui.warn(warning);
    }
    match &args.output.output_dir {
        None => context.ui.manifests(&printed.pieces),
        Some(_) => write(context, args, &settings.release, &printed.files),
    }
}

/// Writes files below `--output-dir`, and says each, as Helm does; documents of one template are one file.
fn write(
    context: &Context,
    args: &TemplateArgs,
    release: &Release,
    documents: &[(String, Vec<u8>)],
) -> Result<(), Failure> {
    let Some(folder) = &args.output.output_dir else { return Ok(()) };
    let below = |path: &str| {
        if args.output.release_name { format!("{}/{path}", release.name) } else { path.to_owned() }
    };
    let paths: Vec<_> = documents.iter().map(|(path, _)| below(path)).collect();
    check_names(&paths)?;
    let mut files: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for (path, (_, text)) in paths.iter().zip(documents) {
        files.entry(path).or_default().extend(text);
    }
    let root = Folder::create(folder)?;
    for (path, text) in files {
        root.write(path, &text, Mode::Public)?;
    }
    for path in &paths {
        context.ui.data(&format!("wrote {}/{path}\n", folder.display()))?;
    }
    Ok(())
}

/// Names of templates become names of files, which every system must be able to write.
fn check_names(paths: &[String]) -> Result<(), Failure> {
    let refused = |error: &dyn std::error::Error| {
        let mut failure = Failure::partial("a template has no name for a file");
        failure.causes.push(error.to_string());
        failure.class = Some("path");
        failure
    };
    let unique: BTreeSet<_> = paths.iter().collect();
    let parsed: Result<Vec<ArchivePath>, _> = unique.into_iter().map(|path| path.parse()).collect();
    let parsed = parsed.map_err(|error| refused(&error))?;
    check_portable(&parsed).map_err(|error| refused(&error))
}
