//! The `sealift` binary.

use std::process::ExitCode;

// Linked for the functions that the compiler calls.
use sealift_memory as _;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    sealift_cli::main()
}
