//! From what was typed to an inventory: a shipment file, or inputs that stand for one.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sealift_inventory::{
    ApiVersion, Decision, Finding, HelmSource, Input, Inventory, Limits, Lock, Metadata,
    NamingRules, Paths, Shipment, ShipmentKind, Source, SourceKind, UnusedDecisions,
    apply_decisions,
};
use sealift_kustomize::RepoSpec;
use sealift_products::charts::{CarriedChart, ChartLimits, SETTABLE};
use sealift_products::generic::{self, OnFailure};
use sealift_products::kustomizations::Locked;
use sealift_products::{Error, Local, lead_back, naming_rules, set_by};
use sealift_reference::Digest;

use crate::args::{InputArgs, RegistryArgs};
use crate::chart_source::{Everywhere, Network};
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};
use crate::limits::{INPUT_BYTES, SHIPMENT_BYTES};
use crate::locks;

/// The shipment that is read when nothing is named.
const SHIPMENT: &str = "sealift.yaml";

/// The limit of the bytes of a file of manifests.
pub(crate) const YAML_BYTES: &str = "yaml-bytes";

/// The name of the shipment that inputs stand for.
const COMMAND_LINE: &str = "command line";

/// What was asked for, and what it came to.
pub(crate) struct Scanned {
    pub(crate) shipment: Shipment,
    /// After decisions.
    pub(crate) inventory: Inventory,
    pub(crate) objects: usize,
    /// Every file that was read, the shipment first.
    pub(crate) inputs: Vec<Input>,
    /// How each image is named at the target.
    pub(crate) naming: NamingRules,
    /// The charts themselves.
    pub(crate) charts: Vec<CarriedChart>,
    /// The decisions that were used.
    pub(crate) decided: Vec<Decision>,
    /// With `--keep-going`, the inputs that failed.
    pub(crate) failures: Vec<Failure>,
}

/// A shipment with the files that it names.
struct Loaded {
    shipment: Shipment,
    name: String,
    local: Local,
    /// The shipment file and the file of `--decide`.
    inputs: Vec<Input>,
    /// With `--keep-going`, inputs of the command line that are none.
    failures: Vec<Failure>,
}

/// Reads the shipment and scans all its sources; what kustomizations name elsewhere as `known` has it.
pub(crate) fn scan(
    context: &Context,
    args: &InputArgs,
    registry: &RegistryArgs,
    network: Network,
    known: Option<&Lock>,
) -> Result<Scanned, Failure> {
    let loaded = load(context, args)?;
    let on_failure = if args.keep_going { OnFailure::KeepGoing } else { OnFailure::Stop };
    let Loaded { shipment, name, local, mut inputs, mut failures } = loaded;
    let locked = known.map(|lock| Locked::of(&lock.inputs)).unwrap_or_default();
    let everywhere = Everywhere {
        local: &local,
        context,
        registry,
        shipment: &shipment,
        network,
        locked: &locked,
    };
    let gathered = generic::gather(&shipment, &name, &everywhere, on_failure)
        .map_err(|error| named(error, &name))?;
    for warning in &gathered.warnings {
        context.ui.warn(warning);
    }
    inputs.extend(gathered.inputs);
    let lock = if shipment.targets.is_empty() {
        None
    } else {
        locks::read_if_there(Path::new(locks::LOCK))?
    };
    let inventory = lead_back(gathered.inventory, &shipment.targets, lock.as_ref());
    failures.extend(gathered.failures.into_iter().map(Failure::from));
    let (inventory, decided) = decide(inventory, &shipment.decide, !failures.is_empty())?;
    let naming = naming_rules(&shipment, &local, &inventory, &gathered.charts)?;
    let (objects, charts) = (gathered.objects, gathered.charts);
    Ok(Scanned { shipment, inventory, objects, inputs, naming, charts, decided, failures })
}

/// Adds to what charts name the values that set it: charts are rendered many times for it.
pub(crate) fn with_values(
    context: &Context,
    mut findings: Vec<Finding>,
    charts: &[CarriedChart],
) -> Result<Vec<Finding>, Failure> {
    let warnings = set_by::fill(&mut findings, charts)
        .map_err(|error| Failure::environment(format!("cannot start a thread: {error}")))?;
    for warning in &warnings {
        context.ui.warn(warning);
    }
    Ok(findings)
}

/// Says of a file that is not there who names it; what was typed is known.
fn named(error: Error, shipment: &str) -> Failure {
    let is_gone = matches!(&error, Error::File(error) if error.is_not_found());
    let failure = Failure::from(error);
    if is_gone && shipment != COMMAND_LINE {
        failure.hint(format!("`{shipment}` names it under `sources:`"))
    } else {
        failure
    }
}

/// Reads the shipment file, or makes a shipment of the inputs.
fn load(context: &Context, args: &InputArgs) -> Result<Loaded, Failure> {
    let mut loaded = if args.inputs.is_empty() && args.image_list.is_empty() {
        read_shipment(args.file.as_deref())?
    } else if let Some(file) = &args.file {
        let conflict = format!("`--file {}` and other inputs exclude each other", file.display());
        return Err(
            Failure::usage(conflict).hint("name the inputs in the shipment file, under `sources:`")
        );
    } else {
        from_inputs(args)?
    };
    if let Some(file) = &args.decide {
        add_decisions(&mut loaded, file)?;
    }
    set_limits(&mut loaded.shipment.limits, &args.limit)?;
    if args.inputs.iter().any(|input| input == "-") {
        loaded.local.stdin = Some(read_stdin(
            loaded.shipment.limits.get(YAML_BYTES).unwrap_or(INPUT_BYTES),
            YAML_BYTES,
        )?);
    }
    context.ui.detail(&format!("shipment `{}` of {}", loaded.shipment.metadata.name, loaded.name));
    Ok(loaded)
}

fn read_shipment(file: Option<&Path>) -> Result<Loaded, Failure> {
    let path = file.unwrap_or(Path::new(SHIPMENT));
    if file.is_none() && !sealift_files::exists(path)? {
        return Err(Failure::usage(format!(
            "there is no `{SHIPMENT}` here, and no input was named"
        ))
        .hint("`sealift init` writes one; `sealift scan FILE…` needs none"));
    }
    let text = sealift_files::read_text(path, SHIPMENT_BYTES)?;
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let shipment = Shipment::read(&path.display().to_string(), &text)?;
    let base = path.parent().map(PathBuf::from).unwrap_or_default();
    let inputs = vec![Input { name: name.clone(), digest: Digest::sha256(text.as_bytes()) }];
    let local = Local { base, stdin: None };
    Ok(Loaded { shipment, name, local, inputs, failures: Vec::new() })
}

/// Makes a shipment of what was typed.
fn from_inputs(args: &InputArgs) -> Result<Loaded, Failure> {
    let (mut sources, mut failures) = (Vec::new(), Vec::new());
    for input in &args.inputs {
        match classify(input) {
            Ok(source) => sources.push(source),
            Err(failure) if args.keep_going => failures.push(failure),
            Err(failure) => return Err(failure),
        }
    }
    let lists = args
        .image_list
        .iter()
        .map(|list| SourceKind::ImageList(Paths(vec![list.display().to_string()])));
    sources.extend(lists);
    Ok(Loaded {
        shipment: shipment_of(sources),
        name: COMMAND_LINE.to_owned(),
        local: Local::default(),
        inputs: Vec::new(),
        failures,
    })
}

fn shipment_of(sources: Vec<SourceKind>) -> Shipment {
    Shipment {
        api_version: ApiVersion,
        kind: ShipmentKind::Shipment,
        metadata: Metadata { name: "inputs".to_owned() },
        platforms: Vec::new(),
        naming: sealift_inventory::Naming::default(),
        sources: sources.into_iter().map(|kind| Source { kind, naming: None }).collect(),
        remap: sealift_inventory::Remap::default(),
        mirrors: sealift_inventory::Mirrors::default(),
        targets: Vec::new(),
        nodes: None,
        optional: sealift_inventory::Optional::default(),
        exclude: Vec::new(),
        decide: Vec::new(),
        rules: Vec::new(),
        limits: Limits::default(),
        trust_realm: Vec::new(),
    }
}

/// Says what an input is: by its name, and of a folder by what is in it.
fn classify(input: &str) -> Result<SourceKind, Failure> {
    let paths = Paths(vec![input.to_owned()]);
    if input == "-" || input.contains('*') {
        return Ok(SourceKind::Manifests(paths));
    }
    if input.starts_with("oci://") {
        return Ok(chart(input));
    }
    if input.starts_with("https://") && RepoSpec::parse(input).is_ok() {
        return Ok(SourceKind::Kustomize(paths));
    }
    if input.starts_with("docker://") {
        let image = sealift_inventory::input_reference(input)
            .map_err(|error| Failure::usage(format!("`{input}` is no image reference: {error}")))?;
        return Ok(SourceKind::Images(vec![image]));
    }
    let path = Path::new(input);
    if !sealift_files::exists(path)? {
        let failure = Failure::usage(format!("there is no file or folder `{input}`"));
        let is_image = !is_file_name(path) && input.parse::<sealift_reference::Reference>().is_ok();
        return Err(if is_image {
            failure.hint(format!("to name an image, write docker://{input}"))
        } else {
            failure
        });
    }
    if sealift_files::is_folder(path)? { folder(input, paths) } else { file(input, paths) }
}

/// Whether a name ends as those of inputs do.
fn is_file_name(path: &Path) -> bool {
    const ENDINGS: [&str; 8] = ["gz", "json", "list", "tar", "tgz", "txt", "yaml", "yml"];
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.contains(&ending))
}

fn folder(input: &str, paths: Paths) -> Result<SourceKind, Failure> {
    const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    let has = |name: &str| sealift_files::exists(Path::new(input).join(name));
    if has("Chart.yaml")? {
        return Ok(chart(input));
    }
    for name in KUSTOMIZATIONS {
        if has(name)? {
            return Ok(SourceKind::Kustomize(paths));
        }
    }
    Ok(SourceKind::Manifests(paths))
}

fn file(input: &str, paths: Paths) -> Result<SourceKind, Failure> {
    let name = input.strip_suffix(".gz").unwrap_or(input);
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("txt" | "list") => Ok(SourceKind::ImageList(paths)),
        Some("yaml" | "yml" | "json") => Ok(SourceKind::Manifests(paths)),
        Some("tgz") => Ok(chart(input)),
        Some("tar") => Err(unsupported(input, "an archive")),
        _ => Err(Failure::usage(format!("what kind of input is `{input}`?"))
            .hint("manifests end with .yaml, .yml or .json (or with .gz after it), image lists with .txt; --image-list takes any name")),
    }
}

/// A chart with its default values; a `:version` at the end of an `oci://` reference is its version.
fn chart(input: &str) -> SourceKind {
    let (chart, version) = match input.rsplit_once(':') {
        Some((chart, version)) if chart.starts_with("oci://") && !version.contains('/') => {
            (chart, Some(version.to_owned()))
        }
        _ => (input, None),
    };
    SourceKind::Helm(HelmSource { chart: chart.to_owned(), version, ..HelmSource::default() })
}

fn unsupported(input: &str, what: &str) -> Failure {
    Failure::usage(format!("`{input}` is {what}, which this version of sealift cannot read"))
}

/// `name` is what `--limit` calls the limit.
pub(crate) fn read_stdin(limit: u64, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| Failure::environment(format!("cannot read stdin: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(Failure::partial(format!("stdin has more than {limit} bytes"))
            .hint_to_raise(Some(name)));
    }
    Ok(bytes)
}

fn add_decisions(loaded: &mut Loaded, file: &Path) -> Result<(), Failure> {
    let text = sealift_files::read_text(file, SHIPMENT_BYTES)?;
    let name = file.display().to_string();
    loaded.shipment.decide.extend(Decision::read_list(&name, &text)?);
    loaded.inputs.push(Input { name, digest: Digest::sha256(text.as_bytes()) });
    Ok(())
}

/// Sets limits by `NAME=VALUE`.
pub(crate) fn set_limits(limits: &mut Limits, words: &[String]) -> Result<(), Failure> {
    words.iter().try_for_each(|word| set_limit(limits, word))
}

/// Returns the limits that charts alone have.
pub(crate) fn chart_limits(words: &[String]) -> Result<ChartLimits, Failure> {
    let mut limits = Limits::default();
    set_limits(&mut limits, words)?;
    if let Some(name) = limits.names().find(|name| !SETTABLE.contains(name)) {
        return Err(Failure::usage(format!("`{name}` is no limit of charts"))
            .hint(format!("one of {}", SETTABLE.join(", "))));
    }
    let limits = ChartLimits::of(&limits);
    limits.check()?;
    Ok(limits)
}

fn set_limit(limits: &mut Limits, text: &str) -> Result<(), Failure> {
    let wrong =
        || Failure::usage(format!("`--limit {text}` is not NAME=VALUE with a whole number"));
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    let value = value.parse().map_err(|_| wrong())?;
    limits.set(name, value).map_err(Failure::usage)
}

/// Applies the decisions. What an input that failed would have given may be what a decision is about, so then none is unused.
fn decide(
    inventory: Inventory,
    decisions: &[Decision],
    incomplete: bool,
) -> Result<(Inventory, Vec<Decision>), Failure> {
    match apply_decisions(inventory.clone(), decisions) {
        Err(UnusedDecisions(unused)) if incomplete => {
            let used: Vec<_> =
                decisions.iter().filter(|decision| !unused.contains(decision)).cloned().collect();
            decide(inventory, &used, false)
        }
        decided => decided.map_err(|unused| Failure::of(FailureKind::Usage, &unused)),
    }
}
