//! Every folder of `tests/cases` is a template, `in`, and what Go 1.26 makes of it with
//! the data of `host`: the output, `want`, and for `err_*` the error, `want_error`.
//!
//! `python3 tests/go/record.py` has Go write the outcomes again.

mod host;
#[path = "oracle/run.rs"]
#[expect(dead_code, reason = "others use all of it")]
mod run;

use std::path::Path;

use serde_json::json;

#[test]
fn every_case_gives_what_go_gives() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<_> =
        fs_err::read_dir(root).unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut failures = Vec::new();
    for case in cases {
        let read = |file| fs_err::read_to_string(case.join(file)).unwrap_or_default();
        let mode =
            if case.join("missingkey").exists() { read("missingkey") } else { "zero".to_owned() };
        let tpl = json!({"tpl": read("in"), "mk": mode.trim()});
        let given = run::render(&tpl, host::functions(), &host::data());
        let want = run::Given { output: read("want"), error: read("want_error") };
        let is_error =
            case.file_name().is_some_and(|name| name.to_string_lossy().starts_with("err_"));
        if given != want || is_error == given.error.is_empty() {
            failures.push(format!("{}: {given:#?}", case.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
