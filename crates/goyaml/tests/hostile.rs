//! Texts that want to harm: `tests/hostile`, Y1 to Y4.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use sealift_goyaml::{Error, ErrorKind, Limits, Value, documents, first, to_json};

fn error(text: &str) -> Error {
    first(text, &Limits::default()).expect_err("the text is refused")
}

/// Nine names for each of the nine names before: 9⁹ strings.
fn bomb() -> String {
    let mut text = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for (name, before) in ('b'..='i').zip('a'..) {
        let aliases = vec![format!("*{before}"); 9].join(", ");
        writeln!(text, "{name}: &{name} [{aliases}]").expect("a string takes all");
    }
    text
}

#[test]
fn an_alias_bomb_is_refused_as_in_go_and_at_once() {
    let start = Instant::now();
    assert_eq!(error(&bomb()).kind, ErrorKind::Aliases);
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn an_alias_bomb_of_merge_keys_is_refused() {
    let mut text = "a: &a {k: v}\n".to_owned();
    for (name, before) in ('b'..='i').zip('a'..) {
        let aliases = vec![format!("*{before}"); 9].join(", ");
        writeln!(text, "{name}: &{name} {{<<: [{aliases}]}}").unwrap();
    }
    assert_eq!(error(&text).kind, ErrorKind::Aliases);
}

#[test]
fn a_hundred_aliases_are_no_bomb() {
    let text = format!("a: &a x\nb: [{}]\n", vec!["*a"; 100].join(", "));
    assert!(first(&text, &Limits::default()).is_ok());
}

#[test]
fn a_long_text_under_a_short_name_is_refused() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 80].join(", "));
    assert_eq!(error(&text).kind, ErrorKind::AliasBytes { limit: 64 << 20 });
}

#[test]
fn twenty_thousand_brackets_are_too_deep() {
    let depth = ErrorKind::Depth { limit: 1_000 };
    for opening in ["[", "{a: ", "- ", "? ", "[\n", "[[],"] {
        assert_eq!(error(&opening.repeat(20_000)).kind, depth, "{opening:?}");
    }
    let indented: String =
        (0..20_000).map(|column| format!("{}a:\n", " ".repeat(column))).take(1_100).collect();
    assert_eq!(error(&indented).kind, depth);
}

#[test]
fn the_depth_limit_itself_is_allowed() {
    let text = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(first(&text(1_000), &Limits::default()).is_ok());
    assert_eq!(error(&text(1_001)).kind, ErrorKind::Depth { limit: 1_000 });
}

#[test]
fn depth_made_of_aliases_counts() {
    let limits = Limits { depth: 10, ..Limits::default() };
    let mut text = "- &a0 [x]\n".to_owned();
    for level in 1..9 {
        writeln!(text, "- &a{level} [*a{}]", level - 1).unwrap();
    }
    assert!(first(&text, &limits).is_ok());
    text += "- [*a8]\n";
    assert_eq!(first(&text, &limits).unwrap_err().kind, ErrorKind::Depth { limit: 10 });
}

#[test]
fn a_document_as_deep_as_allowed_is_walked_and_dropped_on_the_stack_of_a_thread() {
    let work = || {
        let text = "{a: [".repeat(500) + &"]}".repeat(500);
        let node = first(&text, &Limits::default()).unwrap().unwrap();
        assert_eq!(node.clone(), node);
        to_json(&node).unwrap().len()
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap();
    assert_eq!(thread.join().unwrap(), 500 * 8);
}

#[test]
fn an_alias_inside_its_own_value_is_refused() {
    for text in ["a: &a [*a]\n", "a: &a {b: *a}\n", "&a [[[*a]]]\n", "a: &a\n  <<: *a\n"] {
        assert_eq!(error(text).kind, ErrorKind::SelfReference("a".into()), "{text:?}");
    }
}

#[test]
fn every_text_that_panicked_another_parser_has_a_result() {
    // libyaml-safer #6 and #7, yaml.v3 CVE-2022-28948, and cuts at each byte.
    for text in [
        "a: |\n  b",
        "[!,",
        "\"\\",
        "0: [:!00 \u{ef}",
        "a: >",
        "? |",
        "%",
        "%TAG",
        "&",
        "*",
        "!<",
        "- !",
    ] {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            for document in documents(&text[..end], &Limits::default()) {
                drop(document);
            }
        }
    }
}

#[test]
fn numbers_beyond_any_range_are_what_go_makes_of_them() {
    let value = |text: &str| to_json(&first(text, &Limits::default()).unwrap().unwrap()).unwrap();
    assert_eq!(value("1e999999999"), "\"1e999999999\"");
    assert_eq!(value("18446744073709551616"), "18446744073709552000");
    assert_eq!(value("18446744073709551615"), "18446744073709551615");
    let digits = "7".repeat(1_000_000);
    assert_eq!(value(&digits), format!("\"{digits}\""));
    assert_eq!(value(&format!("0x{digits}")), format!("\"0x{digits}\""));
    assert_eq!(value(&format!("0.{digits}")), "0.7777777777777778");
}

#[test]
fn a_text_above_the_limit_is_not_read() {
    let limits = Limits { input_bytes: 10, ..Limits::default() };
    assert!(first("a: 4567890", &limits).is_ok());
    let error = first("a: 45678901", &limits).unwrap_err();
    assert_eq!(error.kind, ErrorKind::InputBytes { limit: 10, found: 11 });
    assert_eq!(documents("a: 45678901", &limits).count(), 1);
}

#[test]
fn one_node_above_the_limit_is_refused() {
    // The document, the sequence and three scalars.
    let read = |nodes| first("[a, b, c]", &Limits { nodes, ..Limits::default() }).map(|_| ());
    assert_eq!(read(5), Ok(()));
    assert_eq!(read(4).unwrap_err().kind, ErrorKind::Nodes { limit: 4 });
}

/// Each of these takes a parser with a loop in a loop minutes.
#[test]
fn long_texts_take_time_in_proportion() {
    let texts = [
        ("possible keys", "[".repeat(900) + &"a,".repeat(125_000)),
        (
            "keys on one line",
            format!(
                "{{{}}}",
                (0..25_000).fold(String::new(), |text, key| text + &format!("k{key}: v, "))
            ),
        ),
        ("equal keys", "a: b\n".repeat(50_000)),
        (
            "directives",
            (0..25_000).fold(String::new(), |text, key| text + &format!("%TAG !e{key}! x\n"))
                + "---\n",
        ),
        (
            "a long prefix",
            format!("%TAG !e! {}\n---\n{}", "x".repeat(1 << 18), "- !e!x y\n".repeat(25_000)),
        ),
        ("one line", format!("[{}]", "\u{e9}, ".repeat(125_000))),
        ("documents", "---\n".repeat(125_000)),
        ("breaks", format!("a: 'x{}y'\n", "\n".repeat(250_000))),
        ("empty lines", format!("a: |\n{}  x\n", "\n".repeat(250_000))),
        ("tags", "- !!str\n".repeat(50_000)),
    ];
    for (name, text) in texts {
        let start = Instant::now();
        let read = documents(&text, &Limits::default()).flatten().count();
        let elapsed = start.elapsed();
        assert!(
            elapsed < Duration::from_secs(10),
            "{name}: {elapsed:?} for {} bytes, {read} documents",
            text.len()
        );
    }
}

#[test]
fn a_character_that_yaml_forbids_is_named_with_its_place() {
    let error = error("a: b\nc: x\u{1b}[31m\n");
    assert_eq!((error.line, error.column), (2, 5));
    assert_eq!(error.to_string(), "line 2:5: control characters are not allowed: U+001B");
}

#[test]
fn big_json_is_yaml() {
    let json = format!(
        "[{}]",
        vec![r#"{"a": "b", "c": [1, 2.5, null, true], "d\n": {}}"#; 20_000].join(",")
    );
    let node = first(&json, &Limits::default()).unwrap().unwrap();
    assert_eq!(node.items().len(), 20_000);
    assert_eq!(node.items()[19_999].get("d\n").map(|value| value.value()), Some(Value::Map(&[])));
}
