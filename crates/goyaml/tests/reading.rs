//! What a reader sees: values, places, documents.

use sealift_goyaml::{
    ErrorKind, Limits, Node, Style, Value, documents, first, first_strict, to_json,
};

fn read(text: &str) -> Node<'_> {
    first(text, &Limits::default()).expect("the text is YAML").expect("it has a document")
}

fn json(text: &str) -> String {
    first(text, &Limits::default())
        .and_then(|node| to_json(&node.expect("it has a document")))
        .unwrap_or_else(|error| error.to_string())
}

#[test]
fn a_node_knows_its_line_and_column() {
    let node = read("# é\na:\n  - b: &x é\n    'c d': [1, *x]\n");
    let item = &node.at(&["a"]).unwrap().items()[0];
    let place = |node: &Node<'_>| (node.line(), node.column());
    assert_eq!(place(&node), (2, 1));
    assert_eq!(place(item), (3, 5));
    assert_eq!(place(item.get("b").unwrap()), (3, 8));
    assert_eq!(place(&item.entries()[1].0), (4, 5));
    assert_eq!(place(&item.get("c d").unwrap().items()[0]), (4, 13));
    let alias = &item.get("c d").unwrap().items()[1];
    assert_eq!((place(alias), alias.content_line(), alias.as_str()), ((4, 16), 3, Some("é")));
    assert!(alias.is_alias());
}

#[test]
fn a_line_of_a_literal_scalar_has_a_line_of_the_text() {
    let node = read("a:\n  b: |\n\n    one\n    two\n");
    let scalar = node.at(&["a", "b"]).unwrap();
    assert_eq!((scalar.line(), scalar.content_line()), (2, 3));
    assert_eq!(scalar.as_str(), Some("\none\ntwo\n"));
    assert_eq!([0, 1, 2].map(|line| scalar.line_of(line)), [Some(3), Some(4), Some(5)]);
}

#[test]
fn behind_an_alias_the_lines_are_those_of_the_anchor() {
    let node = read("a: &a |\n  one\n  two\nb: *a\n");
    let alias = node.get("b").unwrap();
    assert_eq!((alias.line(), alias.content_line(), alias.line_of(1)), (4, 2, Some(3)));
}

#[test]
fn all_lines_of_a_scalar_on_one_line_are_that_line_and_folded_lines_are_unknown() {
    let node = read("a: \"x\\ny\"\nb: >\n  x\n  y\nc: 'x\n\n  y'\n");
    assert_eq!(node.get("a").unwrap().line_of(1), Some(1));
    assert_eq!(node.get("b").unwrap().line_of(0), Some(3));
    assert_eq!(node.get("b").unwrap().line_of(1), None);
    assert_eq!(node.get("c").unwrap().line_of(1), None);
}

#[test]
fn a_node_knows_how_it_was_written() {
    let node = read("[a, 'b', \"c\", {}, []]");
    let styles: Vec<_> = node.items().iter().map(Node::style).collect();
    assert_eq!(
        styles,
        [Style::Plain, Style::SingleQuoted, Style::DoubleQuoted, Style::Flow, Style::Flow]
    );
    assert_eq!(read("a: b").style(), Style::Block);
    assert_eq!(read("a: |\n b").get("a").unwrap().style(), Style::Literal);
    assert_eq!(read("a: >\n b").get("a").unwrap().style(), Style::Folded);
    assert!(read("a").is_plain());
}

#[test]
fn a_key_is_a_string_and_remembers_its_quotes() {
    let node = read("yes: 1\n8080: 2\n1.50: 3\n'no': 4\n");
    let keys: Vec<_> =
        node.entries().iter().map(|(key, _)| (key.as_str().unwrap(), key.is_plain())).collect();
    assert_eq!(keys, [("true", true), ("8080", true), ("1.5", true), ("no", false)]);
}

#[test]
fn of_a_repeated_key_the_last_value_stays_at_the_first_place() {
    assert_eq!(json("a: 1\nb: 2\na: 3\n"), r#"{"a":3,"b":2}"#);
    let lines: Vec<String> = (0..40).map(|key| format!("k{}: {key}\n", key % 20)).collect();
    let many = lines.concat();
    let node = read(&many);
    let entries: Vec<_> = node
        .entries()
        .iter()
        .map(|(key, value)| (key.as_str().unwrap(), value.value(), key.line()))
        .collect();
    assert_eq!(entries.len(), 20);
    assert_eq!(entries[0], ("k0", Value::Int(20), 21));
    assert_eq!(entries[19], ("k19", Value::Int(39), 40));
}

#[test]
fn a_merge_key_sets_its_keys_where_it_stands() {
    assert_eq!(
        json("a: &a {x: 1, z: 1}\nb: {x: 2, <<: *a, z: 2}\n"),
        r#"{"a":{"x":1,"z":1},"b":{"x":1,"z":2}}"#
    );
    assert_eq!(
        json("- &a {x: 1}\n- &b {x: 2, z: 2}\n- {<<: [*a, *b]}\n"),
        r#"[{"x":1},{"x":2,"z":2},{"x":1,"z":2}]"#
    );
    assert_eq!(json("<<: {<<: {x: 1}, z: 2}\n"), r#"{"x":1,"z":2}"#);
    assert_eq!(json("'<<': {x: 1}\n"), r#"{"\u003c\u003c":{"x":1}}"#);
    assert_eq!(json("! '<<': {x: 1}\n"), r#"{"x":1}"#);
    assert_eq!(json("&m <<: {x: 1}\nm: *m\n"), r#"{"m":"\u003c\u003c","x":1}"#);
}

#[test]
fn only_mappings_can_be_merged() {
    for text in
        ["<<: 1", "<<:", "<<: [a]", "<<: [[{a: b}]]", "a: &a [{x: 1}]\n<<: *a", "a: &a 1\n<<: [*a]"]
    {
        assert_eq!(first(text, &Limits::default()).unwrap_err().kind, ErrorKind::Merge, "{text:?}");
    }
}

fn key_error(key: &str, kind: &'static str) -> ErrorKind {
    ErrorKind::Key { key: key.into(), kind, value: "\"a\"".into() }
}

#[test]
fn keys_that_json_cannot_have_are_refused() {
    let collection = |text: &str| ErrorKind::CollectionKey(text.to_owned());
    for (text, kind) in [
        ("~: a", key_error("<nil>", "null")),
        ("? [a]\n: b", collection("[]interface {}{\"a\"}")),
        ("{{a: b}: c}", collection("map[interface {}]interface {}{\"a\":\"b\"}")),
        ("9223372036854775808: a", key_error("0x8000000000000000", "uint64")),
        ("a: &a [b]\n*a : c", collection("[]interface {}{\"b\"}")),
    ] {
        assert_eq!(first(text, &Limits::default()).unwrap_err().kind, kind, "{text:?}");
    }
}

#[test]
fn a_tag_decides_and_must_fit() {
    assert_eq!(
        json("[!!int '3', !!float 3, !!str 3, ! 3, !x 3, !!bool yes, !!null '', !!binary aGk=]"),
        r#"[3,3,"3","3","3",true,null,"hi"]"#
    );
    assert_eq!(json("%TAG !y! tag:yaml.org,2002:\n---\n!y!int '3'"), "3");
    assert_eq!(json("[!!timestamp 2001-12-14, 2001-12-14]"), r#"["2001-12-14","2001-12-14"]"#);
    for text in [
        "!!int x",
        "!!int 1.5",
        "!!bool 1",
        "!!null x",
        "!!float 9223372036854775808",
        "!!timestamp 1",
    ] {
        let kind = first(text, &Limits::default()).unwrap_err().kind;
        assert!(matches!(kind, ErrorKind::Tag { .. }), "{text}: {kind}");
    }
    assert_eq!(first("!!binary a", &Limits::default()).unwrap_err().kind, ErrorKind::Base64);
}

#[test]
fn documents_are_read_one_by_one_until_an_error() {
    let read = |text: &str| -> Vec<String> {
        documents(text, &Limits::default())
            .map(|document| {
                document.and_then(|node| to_json(&node)).unwrap_or_else(|error| error.to_string())
            })
            .collect()
    };
    assert_eq!(read(""), [""; 0]);
    assert_eq!(read("# nothing\n"), [""; 0]);
    assert_eq!(read("a\n---\nb\n...\n---\n---\n{}"), [r#""a""#, r#""b""#, "null", "{}"]);
    assert_eq!(read("a: 1\n---\n- [\n---\nb: 2\n")[0], r#"{"a":1}"#);
    assert_eq!(read("a: 1\n---\n- [\n---\nb: 2\n").len(), 2);
    assert_eq!(read("  a: 1\n b: 2\n")[1], "line 2:2: did not find expected <document start>");
}

#[test]
fn anchors_end_with_their_document() {
    let mut documents = documents("a: &a 1\n---\nb: *a\n", &Limits::default());
    assert!(documents.next().unwrap().is_ok());
    assert_eq!(documents.next().unwrap().unwrap_err().kind, ErrorKind::UnknownAnchor("a".into()));
    assert!(documents.next().is_none());
}

#[test]
fn go_reads_an_empty_collection_before_a_colon_as_the_whole_document() {
    assert_eq!(json("[]: x\n"), "[]");
    assert_eq!(json("{}: x\n"), "{}");
}

#[test]
fn where_go_and_libyaml_differ_go_is_followed() {
    assert_eq!(json("[a?b]"), "line 1:3: did not find expected ',' or ']'");
    assert_eq!(json("[a:,b]"), r#"["a:","b"]"#);
    assert_eq!(json(r#""a\/b""#), "line 1:3: found unknown escape character");
    assert_eq!(json(r#""a\'b""#), r#""a'b""#);
    assert_eq!(json("%YAML 1.2\n---\na"), "line 1:1: found incompatible YAML document");
    assert_eq!(json("[!a,b c]"), r#"["c"]"#);
}

#[test]
fn a_byte_order_mark_is_passed_over_at_the_start_only() {
    assert_eq!(json("\u{feff}a: 1\nb: 2\n"), r#"{"a":1,"b":2}"#);
    assert_eq!(json("a: 1\n\u{feff}b: 2\n"), "{\"a\":1,\"\u{feff}b\":2}");
    assert_eq!(json("\u{feff}\u{feff}a: 1\n"), "line 1:1: found a second byte order mark");
}

#[test]
fn a_forbidden_character_after_the_first_document_is_refused() {
    assert_eq!(json("a\n---\n[\n"), r#""a""#);
    assert_eq!(json("a\n---\n\n  \u{1}"), "line 4:3: control characters are not allowed: U+0001");
}

#[test]
fn json_is_written_as_go_writes_it() {
    assert_eq!(
        json("b: <a&b>\na: \"\\u2028\\x01\\b\\f\""),
        r#"{"a":"\u2028\u0001\b\f","b":"\u003ca\u0026b\u003e"}"#
    );
    assert_eq!(
        json("[1.0, 1e20, 1e21, 1e-6, 1e-7, -0.0, 0.1, 1.5e300]"),
        "[1,100000000000000000000,1e+21,0.000001,1e-7,-0,0.1,1.5e+300]"
    );
    assert_eq!(json("a: .inf"), "line 1:4: json: unsupported value: +Inf");
    assert_eq!(json("- .nan"), "line 1:3: json: unsupported value: NaN");
}

#[test]
fn a_scalar_that_stands_in_the_text_is_not_copied() {
    let text = String::from("image: nginx:1.27\ncommand: [\"sh\", '-c']\n");
    let node = first(&text, &Limits::default()).unwrap().unwrap();
    let command = node.get("command").unwrap().items();
    for value in [node.get("image").unwrap(), &command[0], &command[1]] {
        assert!(text.as_bytes().as_ptr_range().contains(&value.as_str().unwrap().as_ptr()));
    }
}

#[test]
fn an_error_reads_with_line_and_column() {
    let error = first("a: b\nc: d: e\n", &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "line 2:5: mapping values are not allowed in this context");
    let error = first("a: !!int 3.5\n", &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "line 1:4: cannot decode !!float `3.5` as a !!int");
}

#[test]
fn a_key_that_stands_twice_is_refused_where_that_is_asked() {
    let text = "a:\n- b: 1\n  c: {}\n  b: 2\n";
    let error = first_strict(text, &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "line 4:6: key \"b\" already set in map");
    let go = "yaml: unmarshal errors:\n  line 4: key \"b\" already set in map";
    assert_eq!(error.go_text(), go);
    assert!(first(text, &Limits::default()).is_ok());
    for text in ["1: a\n'1': b", "<<: {a: 1}\na: 2", "{a: 1, a: 1}"] {
        assert!(first_strict(text, &Limits::default()).is_err(), "{text}");
    }
    assert!(first_strict("a: 1\nb: {a: 1}\nA: 2", &Limits::default()).is_ok());
}
