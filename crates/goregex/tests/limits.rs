//! Hostile patterns end, soon, as in Go.

use std::time::{Duration, Instant};

use sealift_goregex::{ErrorKind, MAX_DEPTH, MAX_PATTERN_BYTES, Regex};

/// The time that one pattern may take; more where nothing is optimised and the machine is busy.
const SOON: Duration = Duration::from_secs(if cfg!(debug_assertions) { 5 } else { 1 });

fn kind_of(pattern: &str) -> Result<Regex, ErrorKind> {
    let start = Instant::now();
    let result = Regex::new(pattern).map_err(|error| error.kind());
    assert!(start.elapsed() < SOON, "{:?} for {} bytes", start.elapsed(), pattern.len());
    result
}

fn nested(levels: usize) -> String {
    "(".repeat(levels) + "a" + &")".repeat(levels)
}

#[test]
fn nested_repetition_does_not_backtrack() {
    let regex = kind_of("(a+)+$").expect("Go takes it");
    let text = "a".repeat(50_000) + "b";
    let start = Instant::now();
    assert!(!regex.is_match(text.as_bytes()));
    assert!(start.elapsed() < SOON);
}

#[test]
fn nested_counts_multiply() {
    let text = "error parsing regexp: invalid repeat count: `{1,100}`";
    let error = Regex::new("((a{1,100}){1,100}){1,100}").expect_err("a million copies");
    assert_eq!(error.to_string(), text);
    assert!(Regex::new("((a{10}){10}){10}").is_ok());
    assert!(Regex::new("((a{10}){10}){11}").is_err());
    assert!(Regex::new("((a{1000}){0}){1000}").is_ok(), "none of a thousand is none");
}

#[test]
fn many_parentheses_nest_too_deeply() {
    assert_eq!(kind_of(&nested(1_500)).unwrap_err(), ErrorKind::NestingDepth);
    assert_eq!(kind_of(&nested(MAX_DEPTH)).unwrap_err(), ErrorKind::NestingDepth);
    let deepest = kind_of(&nested(MAX_DEPTH - 1)).expect("one level is the letter's");
    assert!(deepest.is_match(b"a"));
    assert_eq!(kind_of(&"(".repeat(60_000)).unwrap_err(), ErrorKind::MissingParen);
}

#[test]
fn other_nesting_counts_too() {
    let groups = "(?:a|".repeat(1_500) + &")".repeat(1_500);
    assert_eq!(kind_of(&groups).unwrap_err(), ErrorKind::NestingDepth);
    let repeated = "(?:".repeat(1_500) + "a" + &")?".repeat(1_500);
    assert_eq!(kind_of(&repeated).unwrap_err(), ErrorKind::NestingDepth);
}

#[test]
fn a_long_pattern_is_too_large() {
    let longest = "a".repeat(MAX_PATTERN_BYTES);
    assert!(kind_of(&longest).is_ok());
    assert_eq!(kind_of(&(longest + "a")).unwrap_err(), ErrorKind::Large);
}

#[test]
fn a_large_program_is_refused_before_it_is_made() {
    for pattern in [
        r"\pL{1000}".to_owned(),
        r"(?i)[\pL\pM]{999}".to_owned(),
        r"\pL".repeat(MAX_PATTERN_BYTES / 3),
        format!("[{}]", r"\pL".repeat(21_000)),
        "(?:a?){1000}".repeat(5_000),
        "[^é]{1000}".repeat(5_000),
    ] {
        assert_eq!(kind_of(&pattern).unwrap_err(), ErrorKind::Large, "{}", &pattern[..20]);
    }
}

#[test]
fn a_class_of_many_members_takes_no_square_time() {
    let many: String = (0..16_000).filter_map(|at| char::from_u32(0x1F_0000 - at * 60)).collect();
    let mixed: String = ('\u{4E00}'..'\u{9000}').step_by(2).collect();
    for members in [many, mixed] {
        assert!(kind_of(&format!("[{members}]")).is_ok());
        assert!(kind_of(&format!("(?i)[{members}]")).is_ok());
    }
}

#[test]
fn thousands_of_groups_can_be_asked_for() {
    let regex = kind_of(&"(a)?".repeat(1_000)).expect("no limit is reached");
    assert_eq!(regex.captures(), 1_000);
    assert_eq!(regex.find_submatch_index(b"aa").expect("it matches")[2], Some(1..2));
}
