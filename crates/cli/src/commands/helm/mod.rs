//! `sealift helm …`: one file per command.

mod dependency;
mod template;

use crate::args::{HelmArgs, HelmCommand};
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};

pub(super) fn run(context: &Context, args: &HelmArgs) -> Result<(), Failure> {
    let done = match &args.command {
        HelmCommand::Dependency(args) => dependency::run(context, args),
        HelmCommand::Template(args) => template::run(context, args),
    };
    done.map_err(as_helm)
}

/// Helm ends with 1 whatever went wrong. What breaks a limit of the command line keeps its code.
fn as_helm(mut failure: Failure) -> Failure {
    let is_failure = matches!(failure.kind, FailureKind::Usage | FailureKind::Environment);
    if is_failure && failure.class != Some("limit") {
        failure.kind = FailureKind::Partial;
    }
    failure
}
