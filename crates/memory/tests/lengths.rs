//! The functions against loops of one byte each: a program in C, in which they have other names.
#![cfg(target_arch = "x86_64")]

use std::path::Path;
use std::process::Command;

const NAMES: [&str; 5] = ["memcpy", "memmove", "memset", "memcmp", "bcmp"];

#[test]
fn each_length_is_copied_filled_and_compared_as_byte_by_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = tempfile::tempdir().expect("a folder");
    let (object, program) = (scratch.path().join("memory.o"), scratch.path().join("lengths"));
    let names = NAMES.map(|name| format!("-D{name}=tested_{name}"));
    let flags = ["-O2", "-Wall", "-Wextra", "-Werror"];
    let alone = ["-ffreestanding", "-fno-tree-loop-distribute-patterns", "-c", "-o"];
    let compiled = Command::new("cc")
        .args(flags)
        .args(names)
        .args(alone)
        .arg(&object)
        .arg(root.join("src/memory.c"))
        .status();
    assert!(compiled.expect("cc").success());
    let linked = Command::new("cc")
        .args(flags)
        .arg("-o")
        .args([&program, &root.join("tests/lengths.c"), &object])
        .status();
    assert!(linked.expect("cc").success());
    let output = Command::new(program).output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
