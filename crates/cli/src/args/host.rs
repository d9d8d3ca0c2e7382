//! `init`, `serve`, `login`, `logout`, `completions` and `demo`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::RegistryArgs;

/// Write a commented starter shipment file
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// What the shipment is for; without it: manifests and image lists
    #[arg(value_enum, value_name = "KIND")]
    pub(crate) kind: Option<StarterKind>,
    /// Write this file
    #[arg(long, value_name = "FILE", default_value = "sealift.yaml")]
    pub(crate) file: PathBuf,
}

/// The kinds of starter shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StarterKind {
    /// deployKF
    Deploykf,
    /// Kubermatic
    Kkp,
    /// Charmed Kubeflow
    CharmedKubeflow,
    /// Helm charts
    Helm,
}

/// Serve a folder as a registry
///
/// The folder is an OCI image layout with the tables of its repositories below sealift/. Without --writable nothing in it changes.
/// Writing without --htpasswd is possible on loopback addresses only; elsewhere --htpasswd, --cert and --key are needed.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The folder
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Take pushes and deletes; the folder is made when it is missing
    #[arg(long)]
    pub(crate) writable: bool,
    /// Listen on this address; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:5000")]
    pub(crate) listen: String,
    /// Ask for a user and password of this htpasswd file (bcrypt entries)
    #[arg(long, value_name = "FILE")]
    pub(crate) htpasswd: Option<PathBuf>,
    /// Speak TLS with this PEM certificate chain
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,
    /// The PEM private key of --cert
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Take an index whose platforms are not all there
    #[arg(long, requires = "writable")]
    pub(crate) accept_sparse: bool,
    /// Answer to this host name too (can be repeated)
    #[arg(long, value_name = "HOST")]
    pub(crate) name: Vec<String>,
}

/// Store the credentials of a registry
///
/// Checks them at the registry, then writes docker's config.json (or asks the credential helper that it names). The password is read
/// from stdin, or asked for on a terminal.
#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// The registry, as in references: registry.corp:5000
    #[arg(value_name = "REGISTRY")]
    pub(crate) host: String,
    /// The user
    #[arg(short, long, value_name = "USER")]
    pub(crate) username: Option<String>,
    /// Read the password from stdin
    #[arg(long)]
    pub(crate) password_stdin: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

/// Forget the credentials of a registry
#[derive(Debug, Args)]
pub(crate) struct LogoutArgs {
    /// The registry, as in references: registry.corp:5000
    #[arg(value_name = "REGISTRY")]
    pub(crate) host: String,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

/// Print a completion script
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Show the whole journey on this machine, with nothing else installed
///
/// Starts two registries, fills the first with small images, and runs scan, lock, mirror, handoff and verify on a small platform;
/// then deletes a blob on the far side and verifies again. The files stay in the folder.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Leave the files here; it must not exist yet, or be one that the demo wrote
    #[arg(long, value_name = "DIR", default_value = "sealift-demo")]
    pub(crate) dir: PathBuf,
}
