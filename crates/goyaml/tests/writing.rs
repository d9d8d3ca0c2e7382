//! What `to_yaml` writes, on values of another crate.

mod json;

use json::Json;
use proptest::prelude::*;
use sealift_goyaml::{Emit, EmitError, ErrorKind, Limits, View, first, to_json, to_yaml};
use serde_json::{Value, json};

fn written(value: &Value) -> String {
    to_yaml(Json(value), &Limits::default()).expect("Go writes it, too")
}

#[test]
fn items_stand_under_their_key_and_collections_inside_one_another_share_lines() {
    let value = json!({"a": [1, [2, [3]], {"b": [], "c": {}}, {"d": {"e": [true]}}], "z": null});
    let want = "a:\n- 1\n- - 2\n  - - 3\n- b: []\n  c: {}\n- d:\n    e:\n    - true\nz: null\n";
    assert_eq!(written(&value), want);
    assert_eq!(written(&json!([])), "[]\n");
    assert_eq!(written(&json!({})), "{}\n");
}

#[test]
fn a_string_that_reads_as_something_else_is_in_double_quotes() {
    for text in ["", "y", "No", "~", "0777", "1_0", "1:30", "2001-01-01", ".inf", "-.5e3", "0b1"] {
        assert_eq!(written(&json!(text)), format!("\"{text}\"\n"));
    }
}

#[test]
fn a_string_that_cannot_be_plain_is_in_single_quotes_unless_it_needs_escapes() {
    let cases = [
        ("a: b", "'a: b'\n"),
        (" a", "' a'\n"),
        ("a #b", "'a #b'\n"),
        ("- 'x'", "'- ''x'''\n"),
        ("---", "'---'\n"),
        ("@a", "'@a'\n"),
        ("a\tb", "\"a\\tb\"\n"),
        ("\u{1F600}\u{feff}é", "\"\\U0001F600\\uFEFFé\"\n"),
        ("\u{feff}é a", "\"\\uFEFF\\xE9\\x20\\x61\"\n"),
        ("a\u{2028}b", "'a\u{2028}  b'\n"),
        ("a-b#c:d", "a-b#c:d\n"),
        ("<<", "<<\n"),
    ];
    for (text, want) in cases {
        assert_eq!(written(&json!(text)), want);
    }
}

#[test]
fn a_string_of_many_lines_is_a_block_with_the_hints_it_needs() {
    let cases = [
        ("a\nb", "k: |-\n  a\n  b\n"),
        ("a\nb\n", "k: |\n  a\n  b\n"),
        ("a\n\n", "k: |+\n  a\n\n"),
        ("\n", "k: |2+\n\n"),
        (" a\nb", "k: |2-\n   a\n  b\n"),
        ("a \nb", "k: \"a \\nb\"\n"),
        ("a\tb\n", "k: \"a\\tb\\n\"\n"),
    ];
    for (text, want) in cases {
        assert_eq!(written(&json!({"k": text})), want);
    }
}

#[test]
fn long_strings_are_folded_at_the_first_blank_past_the_width() {
    let words = "0123456 ".repeat(12);
    let (line, rest) = ("0123456 ".repeat(10), "0123456 0123456");
    assert_eq!(written(&json!({"k": words.trim()})), format!("k: {}\n  {rest}\n", line.trim()));
    let quoted = format!("{words}\u{1}");
    let want = format!("k: \"{}\n  {rest} \\x01\"\n", line.trim());
    assert_eq!(written(&json!({"k": quoted})), want);
}

#[test]
fn a_key_is_never_folded_and_a_long_one_stands_after_a_question_mark() {
    let short = "k ".repeat(63) + "k";
    assert_eq!(written(&json!({&short: [1]})), format!("{short}:\n- 1\n"));
    let long = "k".repeat(129);
    assert_eq!(written(&json!({&long: [1]})), format!("? {long}\n: - 1\n"));
    assert_eq!(written(&json!({"a\nb": {"c": 1}})), "? |-\n  a\n  b\n: c: 1\n");
}

#[test]
fn what_go_cannot_write_is_an_error_and_so_is_what_exceeds_a_limit() {
    let limits = Limits { depth: 2, input_bytes: 20, ..Limits::default() };
    let failure = |value: &Value| to_yaml(Json(value), &limits).expect_err("it must fail");
    assert_eq!(failure(&json!("a\u{7f}")), EmitError::Value(ErrorKind::Character('\u{7f}')));
    assert_eq!(failure(&json!([[[1]]])), EmitError::Depth { limit: 2 });
    assert_eq!(
        failure(&json!(["a", "b", "c", "d", "e", "f"])),
        EmitError::OutputBytes { limit: 20 }
    );
    assert!(to_yaml(Json(&json!([[[]]])), &limits).is_ok(), "what is empty opens nothing");
    let node = first(".nan", &limits).expect("it is YAML").expect("there is a document");
    assert_eq!(to_yaml(&node, &limits), Err(EmitError::Value(ErrorKind::NotFinite("NaN"))));
}

/// A list that holds the next one twice: a value of 2⁶⁰ nodes in no memory at all.
#[derive(Clone, Copy)]
struct Doubled(u32);

impl Emit<'static> for Doubled {
    fn view(self) -> View<'static, Self> {
        match self.0 {
            0 => View::Null,
            rest => View::Seq(vec![Self(rest - 1); 2]),
        }
    }
}

#[test]
fn a_value_that_shares_its_parts_ends_at_the_limit() {
    let limits = Limits { input_bytes: 1 << 16, ..Limits::default() };
    assert_eq!(to_yaml(Doubled(60), &limits), Err(EmitError::OutputBytes { limit: 1 << 16 }));
    let many = "a\n".repeat(10_000);
    let deep = (0..900).fold(json!(many), |value, _| json!({"k": value}));
    assert!(matches!(to_yaml(Json(&deep), &limits), Err(EmitError::OutputBytes { .. })));
}

/// Bytes that are no UTF-8 are the business of Go's JSON.
struct Bytes<'a>(&'a [u8]);

impl<'a> Emit<'a> for Bytes<'a> {
    fn view(self) -> View<'a, Self> {
        View::Str(self.0.into())
    }
}

/// Strings of what means something to YAML, and of anything.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        " ",
        "  ",
        "\n",
        "\n ",
        "a",
        "some words ",
        "-",
        "- ",
        ":",
        ": ",
        "#",
        " #",
        "'",
        "\"",
        "\\",
        "?",
        "!",
        "&",
        "*",
        "|",
        ">",
        "%",
        "@",
        "{",
        "}",
        "[",
        "]",
        ",",
        "0",
        "1",
        "_",
        ".",
        "e",
        "y",
        "no",
        "null",
        "~",
        "=",
        "---",
        "...",
        "2001-01-01",
        "\t",
        "\r",
        "\u{2028}",
        "\u{feff}",
        "\u{a0}",
        "\u{1F600}",
        "é",
        "\0",
        "\u{1b}",
    ]);
    let soup = prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat());
    // JSON leaves these as they are, and Go's reader folds or refuses them.
    let any = any::<String>().prop_map(|text| {
        text.replace(
            |character| matches!(character, '\u{7f}'..='\u{9f}' | '\u{fffe}'..='\u{ffff}'),
            "",
        )
    });
    prop_oneof![4 => soup, 1 => any, 1 => "[a-z ]{70,200}"]
}

/// Whether the values are equal, if a float without a fraction is an integer.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, one)| other.get(key).is_some_and(|other| is_same(one, other)))
        }
        (Value::Number(number), Value::Number(other)) if other.is_f64() => {
            number.as_f64() == other.as_f64()
        }
        _ => one == other,
    }
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    scalar.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            // Go writes `<<` without quotes, and reads that as an order to merge.
            prop::collection::vec((text().prop_filter("no merge", |key| key != "<<"), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_as_the_value_and_is_written_the_same_again(value in value()) {
        let limits = Limits::default();
        let yaml = to_yaml(Json(&value), &limits).expect("Go writes it, too");
        let node = first(&yaml, &limits).expect("we read what we write").expect("there is a document");
        let json = to_json(&node).expect("there is no NaN");
        let again: Value = serde_json::from_str(&json).expect("it is JSON");
        prop_assert!(is_same(&again, &value), "{yaml}");
        let yaml_again = to_yaml(&node, &limits).expect("it was written before");
        prop_assert_eq!(yaml_again, yaml);
    }

    #[test]
    fn any_bytes_are_written_or_refused_but_nothing_breaks(bytes in any::<Vec<u8>>()) {
        if let Ok(yaml) = to_yaml(Bytes(&bytes), &Limits::default()) {
            let node = first(&yaml, &Limits::default()).expect("we read what we write");
            prop_assert!(node.is_some_and(|node| node.as_str().is_some()));
        }
    }
}
