//! `sealift kustomize …`: one file per command.

mod build;

use crate::args::{KustomizeArgs, KustomizeCommand};
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};

pub(super) fn run(context: &Context, args: &KustomizeArgs) -> Result<(), Failure> {
    let done = match &args.command {
        KustomizeCommand::Build(args) => build::run(context, args),
    };
    done.map_err(as_kustomize)
}

/// kustomize ends with 1 whatever went wrong.
fn as_kustomize(mut failure: Failure) -> Failure {
    if matches!(failure.kind, FailureKind::Usage | FailureKind::Environment) {
        failure.kind = FailureKind::Partial;
    }
    failure
}
