//! What is set for the whole process before anything is read.

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
