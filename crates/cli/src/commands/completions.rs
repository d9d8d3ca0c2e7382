//! `sealift completions`.

use crate::args::{CompletionsArgs, Typed};
use crate::commands::Context;
use crate::failure::Failure;

pub(crate) fn run(context: &Context, args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Typed::command(), "sealift", &mut script);
    context.ui.script(&script)
}
