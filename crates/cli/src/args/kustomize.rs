//! `kustomize …`: the command of kustomize that sealift stands in for, with its flags.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::RegistryArgs;

/// Do what kustomize does, without kustomize
#[derive(Debug, Args)]
pub(crate) struct KustomizeArgs {
    #[command(subcommand)]
    pub(crate) command: KustomizeCommand,
}

/// The commands of kustomize.
#[derive(Debug, Subcommand)]
pub(crate) enum KustomizeCommand {
    Build(Box<BuildArgs>),
}

/// Build a kustomization and print its objects, byte for byte as `kustomize build` does
///
/// Takes kustomize's flags. Exit code 1 when it cannot be built. No program is run: not git, not helm, no function and no plugin.
#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// The folder of the kustomization, or its address in a git repository: `https://host/owner/name//folder?ref=v1`
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: String,
    /// Write to this file instead of printing; into an existing folder, a file for each object
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Which files a kustomization may read
    #[arg(long, value_enum, value_name = "WHICH", default_value_t)]
    pub(crate) load_restrictor: LoadRestrictor,
    /// The order of objects where the kustomization says none
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(crate) reorder: Option<Order>,
    /// Render the charts that kustomizations name, and get those that are in repositories
    #[arg(long)]
    pub(crate) enable_helm: bool,
    /// Give each object the label app.kubernetes.io/managed-by
    #[arg(long)]
    pub(crate) enable_managedby_label: bool,
    /// Ask nobody: what is not in the cache is not there
    #[arg(long)]
    pub(crate) offline: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    #[command(flatten)]
    pub(crate) refused: RefusedArgs,
}

/// Which files a kustomization may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LoadRestrictor {
    /// Those in its folder and below
    #[default]
    #[value(name = "LoadRestrictionsRootOnly", alias = "rootOnly")]
    RootOnly,
    /// Any
    #[value(name = "LoadRestrictionsNone", alias = "none")]
    None,
}

/// An order of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// Namespaces first, webhooks last
    Legacy,
    /// As the kustomization names them
    None,
}

/// What runs programs, which sealift never does.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RefusedArgs {
    /// Plugins are never run: this is refused
    #[arg(long, hide_short_help = true)]
    pub(crate) enable_alpha_plugins: bool,
    /// Functions are never run: this is refused
    #[arg(long, hide_short_help = true)]
    pub(crate) enable_exec: bool,
    /// Functions are never run: this is refused
    #[arg(long, hide_short_help = true)]
    pub(crate) network: bool,
    /// Helm is never run, charts are rendered by sealift itself: this is refused
    #[arg(long, value_name = "PROGRAM", hide_short_help = true)]
    pub(crate) helm_command: Option<String>,
}
