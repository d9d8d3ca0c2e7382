//! `sealift completions`.

use clap::CommandFactory;

use crate::args::{Cli, CompletionsArgs};
use crate::commands::Context;
use crate::failure::Failure;

pub(crate) fn run(context: &Context, args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "sealift", &mut script);
    context.ui.script(&script)
}
