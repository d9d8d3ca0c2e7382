#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealift_fuzz::run("kustomization", bytes));
