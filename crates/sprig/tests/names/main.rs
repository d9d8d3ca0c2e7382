//! The names of Sprig's functions.

#[path = "../host/mod.rs"]
mod host;

use sealift_gotemplate::Functions;
use sealift_sprig::MISSING;

/// All of them, as `sprig.GenericFuncMap` has them.
const NAMES: &str = include_str!("sprig-3.3.0.txt");

#[test]
fn every_function_of_sprig_is_there_or_is_said_to_be_missing() {
    let functions = sealift_sprig::functions(&host::fixed());
    let absent: Vec<&str> = NAMES.lines().filter(|name| functions.get(name).is_none()).collect();
    let mut missing = MISSING.to_vec();
    missing.sort_unstable();
    // Go sorts `_` behind capitals, as Rust does.
    assert_eq!(absent, missing);
}

#[test]
fn what_go_has_as_well_is_sprigs() {
    let (go, sprig) = (Functions::new(), sealift_sprig::functions(&host::fixed()));
    let signature = |functions: &Functions| functions.get("slice").unwrap().signature().to_string();
    assert_eq!(signature(&go), "func(reflect.Value, ...reflect.Value) reflect.Value");
    assert_eq!(signature(&sprig), "func(interface {}, ...interface {}) interface {}");
}
