//! `helm …`: the commands of Helm that sealift stands in for, with Helm's flags.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{LimitArgs, RegistryArgs};

/// Do what Helm does with charts, without Helm
#[derive(Debug, Args)]
pub(crate) struct HelmArgs {
    #[command(subcommand)]
    pub(crate) command: HelmCommand,
}

/// The commands of Helm.
#[derive(Debug, Subcommand)]
pub(crate) enum HelmCommand {
    Template(Box<TemplateArgs>),
    #[command(alias = "dep", alias = "dependencies")]
    Dependency(DependencyArgs),
}

/// Render a chart and print its manifests, byte for byte as `helm template` does
///
/// Takes Helm's flags. Exit code 1 when the chart does not render. No cluster is asked and no kubeconfig is read.
#[derive(Debug, Args)]
pub(crate) struct TemplateArgs {
    /// The name of the release, if it has one, and the chart: a folder, a .tgz, oci://…, repository/name of Helm's repositories, or a name in --repo
    #[arg(value_name = "NAME CHART", required = true, num_args = 1..=2)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) values: ValuesArgs,
    #[command(flatten)]
    pub(crate) render: RenderArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) chart: ChartArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    #[command(flatten)]
    pub(crate) ignored: IgnoredArgs,
}

/// Values on the command line.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Values")]
pub(crate) struct ValuesArgs {
    /// Read values from this YAML file, - for stdin; later ones win (can be repeated)
    #[arg(short = 'f', long, value_name = "FILE", value_delimiter = ',')]
    pub(crate) values: Vec<String>,
    /// Set values: a.b=c,d=e (can be repeated)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Set values that stay strings (can be repeated)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set_string: Vec<String>,
    /// Set values from files: key=path (can be repeated)
    #[arg(long, value_name = "KEY=PATH")]
    pub(crate) set_file: Vec<String>,
    /// Set JSON values: key=json, or an object (can be repeated)
    #[arg(long, value_name = "KEY=JSON")]
    pub(crate) set_json: Vec<String>,
    /// Set one string as it is, commas and all (can be repeated)
    #[arg(long, value_name = "KEY=TEXT")]
    pub(crate) set_literal: Vec<String>,
}

/// For what is rendered.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rendering")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Helm")]
pub(crate) struct RenderArgs {
    /// Render for this namespace instead of `$HELM_NAMESPACE` or `default`
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,
    /// The version of Kubernetes that templates see
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// API versions that templates see besides the usual ones (can be repeated)
    #[arg(short, long, value_name = "VERSION", value_delimiter = ',')]
    pub(crate) api_versions: Vec<String>,
    /// Print custom resource definitions too
    #[arg(long)]
    pub(crate) include_crds: bool,
    /// Leave out tests
    #[arg(long)]
    pub(crate) skip_tests: bool,
    /// Leave out hooks
    #[arg(long)]
    pub(crate) no_hooks: bool,
    /// Print only what these templates give (can be repeated)
    #[arg(short, long, value_name = "PATH")]
    pub(crate) show_only: Vec<String>,
    /// Render as for an upgrade
    #[arg(long)]
    pub(crate) is_upgrade: bool,
    /// Make the name of the release with this template
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) name_template: Option<String>,
    /// Do not check values against the chart's schema
    #[arg(long)]
    pub(crate) skip_schema_validation: bool,
    /// The release of Helm that is mirrored
    #[arg(long, value_enum, value_name = "HELM", default_value_t)]
    pub(crate) profile: ProfileName,
    /// Set a budget, such as `template-steps=100000000` (can be repeated)
    ///
    /// Of charts: chart-bytes, chart-entries, chart-file-bytes, chart-nesting, chart-ratio, repository-index-bytes, schema-depth, schema-steps, template-depth, template-elements, template-frames, template-nesting, template-output-bytes, template-steps, template-string-bytes.
    #[arg(long, value_name = "NAME=VALUE", hide_short_help = true)]
    pub(crate) limit: Vec<String>,
}

/// A release of Helm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileName {
    /// Helm 3.21.4
    #[value(name = "3.21.4", alias = "helm-3.21.4")]
    Helm3,
    /// Helm 4.2.4
    #[default]
    #[value(name = "4.2.4", alias = "helm-4.2.4")]
    Helm4,
}

/// Where the output goes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Write files below this folder instead of printing
    #[arg(long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
    /// Put the name of the release into the path below --output-dir
    #[arg(long)]
    pub(crate) release_name: bool,
    /// Print what was rendered also when it is no valid YAML
    #[arg(long)]
    pub(crate) debug: bool,
}

/// Where the chart comes from.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Chart")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Helm")]
pub(crate) struct ChartArgs {
    /// The URL of the chart repository that has the chart
    #[arg(long, value_name = "URL")]
    pub(crate) repo: Option<String>,
    /// The version, or a constraint such as ^2.0.0
    #[arg(long, value_name = "VERSION")]
    pub(crate) version: Option<String>,
    /// Take development versions too
    #[arg(long)]
    pub(crate) devel: bool,
    /// Get missing dependencies first, and write them into the chart
    #[arg(long)]
    pub(crate) dependency_update: bool,
    /// Follow links out of the chart's folder
    #[arg(long)]
    pub(crate) follow_links: bool,
    /// The user of the chart repository; its password is read from stdin
    #[arg(long, value_name = "USER", requires = "password_stdin")]
    pub(crate) username: Option<String>,
    /// Read the password of the chart repository from stdin
    #[arg(long, requires = "username")]
    pub(crate) password_stdin: bool,
    /// Show the credentials of the repository to other hosts that it names
    #[arg(long)]
    pub(crate) pass_credentials: bool,
    /// Refuse the chart unless its signature holds: sealift checks none of charts, so it refuses every chart
    #[arg(long)]
    pub(crate) verify: bool,
}

/// What Helm takes and what changes nothing in what is rendered.
#[derive(Clone, Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Helm")]
pub(crate) struct IgnoredArgs {
    #[arg(long, hide = true)]
    create_namespace: bool,
    #[arg(long, hide = true)]
    description: Option<String>,
    #[arg(long, hide = true)]
    disable_openapi_validation: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "unset",
        value_parser = ["client", "none", "unset", "true"])]
    dry_run: Option<String>,
    #[arg(short, long, hide = true)]
    generate_name: bool,
    #[arg(short, long, hide = true)]
    labels: Vec<String>,
    #[arg(long, hide = true)]
    replace: bool,
    #[arg(long, hide = true)]
    skip_crds: bool,
    #[arg(long, hide = true)]
    take_ownership: bool,
    #[arg(long, hide = true)]
    timeout: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    wait: Option<String>,
    #[arg(long, hide = true)]
    wait_for_jobs: bool,
}

/// Get the charts that a chart depends on
#[derive(Debug, Args)]
pub(crate) struct DependencyArgs {
    #[command(subcommand)]
    pub(crate) command: DependencyCommand,
}

/// The commands about dependencies.
#[derive(Debug, Subcommand)]
pub(crate) enum DependencyCommand {
    /// Get the versions of Chart.lock into charts/
    Build(FolderArgs),
    /// Get the highest versions that fit into charts/, and write Chart.lock
    #[command(alias = "up")]
    Update(FolderArgs),
}

/// A chart in a folder.
#[derive(Debug, Args)]
pub(crate) struct FolderArgs {
    /// The folder of the chart
    #[arg(value_name = "CHART", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Follow links out of the chart's folder
    #[arg(long)]
    pub(crate) follow_links: bool,
    /// Refuse charts unless their signatures hold: sealift checks none of charts, so it refuses every chart
    #[arg(long)]
    pub(crate) verify: bool,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}
