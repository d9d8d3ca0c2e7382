//! The sealift binary.
fn main() {}
