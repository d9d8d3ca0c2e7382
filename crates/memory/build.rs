//! Compiles the functions where musl's would be linked.

use std::env;

#[expect(clippy::disallowed_methods, reason = "so cargo says what it builds for")]
fn main() {
    println!("cargo::rerun-if-changed=src/memory.c");
    let is = |variable: &str, wanted: &str| env::var(variable).is_ok_and(|value| value == wanted);
    if !is("CARGO_CFG_TARGET_ENV", "musl") || !is("CARGO_CFG_TARGET_ARCH", "x86_64") {
        return;
    }
    cc::Build::new()
        .file("src/memory.c")
        .opt_level(2)
        .warnings_into_errors(true)
        // A loop that copies must not become a call of the function in which it stands.
        .flag("-ffreestanding")
        .flag("-fno-tree-loop-distribute-patterns")
        // musl copies before a thread has what guards its stack.
        .flag("-fno-stack-protector")
        // Nothing refers to them but what the compiler makes of Rust, after the linker has looked here.
        .link_lib_modifier("+whole-archive")
        .compile("sealift_memory");
}
