//! The command line of sealift: arguments, settings, one file per verb, progress, exit codes.
//!
//! Only this crate prints, reads the environment and chooses exit codes.

mod ahead;
mod args;
mod asked;
mod carried;
mod chart_source;
mod class;
mod commands;
mod counts;
mod elsewhere;
mod environment;
mod failure;
mod foreign;
mod inputs;
mod kept;
mod limits;
mod locked_charts;
mod locks;
pub mod machine;
mod preflight;
mod process;
mod render_failure;
mod settings;
mod ui;
mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use args::Typed;
use commands::Context;
use environment::Environment;
use failure::Failure;
use sealift_products::charts::on_large_stack;
use ui::{Loudness, Ui};

/// The exit code of a bug of ours.
const BUG: u8 = 70;

/// Returns the JSON Schemas of what verbs print, by name.
#[cfg(feature = "schema")]
#[must_use]
pub fn schemas() -> Vec<(&'static str, serde_json::Value)> {
    vec![("mirror-events", ui::progress::event::schema())]
}

/// Runs the command line of this process, on a stack that is large enough for templates: a thread only for them would
/// bring a second set of the allocator's pages.
#[must_use]
pub fn main() -> ExitCode {
    process::harden();
    on_large_stack(ended).unwrap_or_else(|error| {
        let failure = Failure::environment(format!("cannot start a thread: {error}"));
        Ui { loudness: Loudness::Normal }.failure(&failure);
        failure.kind.into()
    })
}

/// Ends the process as the command line says. A thread that ends gives its memory back, which goes with the process anyway.
#[expect(clippy::exit, reason = "`main` only waits for this thread")]
fn ended() -> ExitCode {
    std::process::exit(i32::from(command_line()))
}

fn command_line() -> u8 {
    let typed = match Typed::read(std::env::args_os().collect()) {
        Ok(typed) => typed,
        Err(error) => {
            // Help and version go to stdout with code 0, mistakes to stderr with code 2; a closed pipe is silent.
            let _gone = error.print();
            return mistake(error.exit_code());
        }
    };
    catch_unwind(AssertUnwindSafe(|| run(typed))).unwrap_or(BUG)
}

/// The exit code of a mistake on the command line: Helm's own, where it is Helm that sealift stands in for.
fn mistake(code: i32) -> u8 {
    let is_helm = std::env::args_os().nth(1).is_some_and(|verb| verb == "helm");
    match (code, is_helm) {
        (0, _) => 0,
        (_, true) => 1,
        (code, false) => u8::try_from(code).unwrap_or(BUG),
    }
}

/// The description of the command line, from which the reference in `docs/cli.md` is made.
#[must_use]
pub fn command() -> clap::Command {
    Typed::command()
}

fn run(typed: Typed) -> u8 {
    let loudness = match (typed.global.quiet, typed.global.verbose) {
        (true, _) => Loudness::Quiet,
        (false, 0) => Loudness::Normal,
        (false, _) => Loudness::Verbose,
    };
    let ui = Ui { loudness };
    ui::trace::start(ui, typed.global.verbose);
    let context = Context::new(ui, Environment::read());
    match commands::run(&context, typed.verb) {
        Ok(()) => 0,
        Err(failure) => {
            ui.failure(&failure);
            failure.kind.code()
        }
    }
}
