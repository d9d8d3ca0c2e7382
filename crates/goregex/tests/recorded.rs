//! What Go 1.26.8 answered: `recorded.txt.gz` has a case and its answer in each line,
//! made from a grammar near every rule of the syntax, and from the patterns of charts.

mod support;

use std::io::Read;
use std::path::Path;

use support::Case;

fn recorded() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded.txt.gz");
    let packed = fs_err::read(path).expect("the recording is there");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text).expect("it is text");
    text
}

#[test]
fn every_operation_answers_as_go_did() {
    let recorded = recorded();
    let mut different = Vec::new();
    for line in recorded.lines() {
        let (case, expected) = line.rsplit_once('\t').expect("an answer");
        let case = Case::read(case);
        let answer = case.answer();
        if answer != expected {
            let pattern = String::from_utf8_lossy(&case.pattern).into_owned();
            different.push(format!("{pattern}\n  go   {expected}\n  here {answer}"));
        }
    }
    assert!(recorded.lines().count() > 6000, "the recording was cut");
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
}
