//! placeholder until the writers land
use crate::args::HandoffArgs;
use crate::commands::Context;
use crate::failure::Failure;
pub(crate) fn run(_context: &Context, _args: &HandoffArgs) -> Result<(), Failure> {
    Ok(())
}
