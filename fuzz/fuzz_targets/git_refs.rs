#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealift_fuzz::run("git_refs", bytes));
