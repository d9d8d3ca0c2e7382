//! What is set for the whole process before anything is read.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::LevelFilter;

use crate::ui::Loudness;

/// Keeps secrets out of core files and of other processes' reach, and panics free of what they were working on.
pub(crate) fn harden() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{
            DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit,
        };
        // Both can only fail where they are not needed: no such limit, no such attribute.
        let _unsupported = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
        let _unsupported = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        // The payload may quote input or a secret: only the place is told.
        let _gone = std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("error: sealift {version} has a bug at {place}; please report it\n").as_bytes(),
        );
    }));
}

/// Shows what the libraries have to say on stderr: warnings always, with `-v` which credentials are used, from `-vv` on the requests.
pub(crate) fn start_trace(loudness: Loudness, verbose: u8) {
    let level = match (loudness, verbose) {
        (Loudness::Quiet, _) => LevelFilter::ERROR,
        (_, 0) => LevelFilter::WARN,
        (_, 1) => LevelFilter::INFO,
        (_, 2) => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let trace = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr);
    // Fails only when a subscriber is set already.
    let _already = if verbose < 2 {
        trace.without_time().with_target(false).with_ansi(false).try_init()
    } else {
        trace.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
}
