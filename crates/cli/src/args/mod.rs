//! What was typed: one structure per verb. Defaults that depend on files or the environment are applied in `settings`.

mod copy;
mod helm;
mod host;
mod input;
mod kustomize;
mod typed;
mod units;

pub(crate) use copy::{
    DiffArgs, HandoffArgs, JOBS, LockArgs, MirrorArgs, VerifyArgs, WithSignatures,
};
pub(crate) use helm::{
    ChartArgs, DependencyArgs, DependencyCommand, HelmArgs, HelmCommand, ProfileName, TemplateArgs,
    ValuesArgs,
};
pub(crate) use host::{
    CompletionsArgs, DemoArgs, InitArgs, LoginArgs, LogoutArgs, ServeArgs, StarterKind,
};
pub(crate) use input::{
    ClassName, ConfidenceName, InputArgs, LimitArgs, ScanArgs, ScanOutput, WhyArgs,
};
pub(crate) use kustomize::{BuildArgs, KustomizeArgs, KustomizeCommand, LoadRestrictor, Order};
pub(crate) use typed::Typed;
pub(crate) use units::Shard;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

/// Move a Kubernetes platform across an air gap
///
/// sealift finds every artifact that a platform needs, says why, pins all to digests, carries them to a private registry
/// and proves that nothing is missing.
#[derive(Debug, Parser)]
#[command(name = "sealift", version, propagate_version = false, disable_help_subcommand = false)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "\
Exit codes: 0 done · 1 some artifacts failed and the rest was finished, hostile content, or something undecided ·
2 usage or configuration · 3 the run could not start or go on (registry, network, disk) · 70 a bug of sealift.
stdout is data, stderr is for people.")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
}

/// Options that every verb takes.
#[derive(Debug, Args)]
pub(crate) struct GlobalArgs {
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Words")]
    pub(crate) quiet: bool,
    /// Say more: which files, credentials and mirrors are used; twice: every request
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = "Words")]
    pub(crate) verbose: u8,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Init(InitArgs),
    Scan(ScanArgs),
    Why(WhyArgs),
    Lock(LockArgs),
    Diff(DiffArgs),
    Mirror(MirrorArgs),
    Verify(VerifyArgs),
    Handoff(HandoffArgs),
    Serve(ServeArgs),
    Helm(HelmArgs),
    Kustomize(KustomizeArgs),
    Login(LoginArgs),
    Logout(LogoutArgs),
    Completions(CompletionsArgs),
    Demo(DemoArgs),
}

/// How registries are reached.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Registries")]
pub(crate) struct RegistryArgs {
    /// Read credentials from this file first
    #[arg(long, value_name = "FILE")]
    pub(crate) authfile: Option<PathBuf>,
    /// Trust the certificates in this PEM file too (can be repeated)
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Vec<PathBuf>,
    /// Speak http with this host, which must be written as in references, with its port (can be repeated)
    #[arg(long, value_name = "HOST")]
    pub(crate) plain_http: Vec<String>,
    /// Do not check the certificate of this host (can be repeated)
    #[arg(long, value_name = "HOST")]
    pub(crate) insecure: Vec<String>,
    /// Read source mirrors from this registries.conf instead of the user's and the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) registries_conf: Option<PathBuf>,
}

impl RegistryArgs {
    /// The same options again, for a command that is to be pasted.
    pub(crate) fn words(&self) -> String {
        let path =
            |name: &str, path: &PathBuf| format!(" {name} {}", quoted(&path.display().to_string()));
        let host = |name: &str, host: &String| format!(" {name} {}", quoted(host));
        let files = self.authfile.iter().map(|file| path("--authfile", file));
        let files = files.chain(self.ca.iter().map(|file| path("--ca", file)));
        let files =
            files.chain(self.registries_conf.iter().map(|file| path("--registries-conf", file)));
        let hosts = self.plain_http.iter().map(|name| host("--plain-http", name));
        let hosts = hosts.chain(self.insecure.iter().map(|name| host("--insecure", name)));
        files.chain(hosts).collect()
    }
}

/// A word as a shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The option for charts, as it was given.
pub(crate) fn charts_to(registry: Option<&str>) -> String {
    registry.map(|registry| format!(" --charts-to {}", quoted(registry))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_take_it_apart() {
        assert_eq!(quoted("registry.corp:5000/ml"), "registry.corp:5000/ml");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's $(x)"), "'it'\\''s $(x)'");
    }
}
