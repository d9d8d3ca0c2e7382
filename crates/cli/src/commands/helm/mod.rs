//! `sealift helm …`: one file per command.

mod dependency;
mod template;

use crate::args::{HelmArgs, HelmCommand};
use crate::commands::Context;
use crate::failure::Failure;

pub(super) fn run(context: &Context, args: &HelmArgs) -> Result<(), Failure> {
    match &args.command {
        HelmCommand::Dependency(args) => dependency::run(context, args),
        HelmCommand::Template(args) => template::run(context, args),
    }
}
