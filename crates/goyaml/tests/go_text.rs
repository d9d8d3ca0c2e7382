//! Errors as Go tells them.

use sealift_goyaml::{Limits, first, to_json};

/// Texts, and what `YAMLToJSON` of sigs.k8s.io/yaml 1.6.0 says of them, as recorded.
const CASES: &[(&str, &str)] = &[
    ("a: b: c", "yaml: mapping values are not allowed in this context"),
    ("\na: b: c", "yaml: line 2: mapping values are not allowed in this context"),
    ("- a\nb", "yaml: line 3: could not find expected ':'"),
    ("a: 1\nb", "yaml: line 3: could not find expected ':'"),
    ("a: 'x", "yaml: found unexpected end of stream"),
    ("a:\n  'x\n", "yaml: line 3: found unexpected end of stream"),
    ("a:\n\tb: 1\n", "yaml: line 2: found character that cannot start any token"),
    ("a:\n  b: 1\n c: 2\n", "yaml: line 2: did not find expected key"),
    ("[a, b", "yaml: line 1: did not find expected ',' or ']'"),
    ("\n[a\nb: c", "yaml: line 2: did not find expected ',' or ']'"),
    ("{a: 1\n", "yaml: line 1: did not find expected ',' or '}'"),
    ("x: *gone", "yaml: unknown anchor 'gone' referenced"),
    ("a: &a [*a]", "yaml: anchor 'a' value contains itself"),
    ("<<: 1", "yaml: map merge requires map or sequence of maps as the value"),
    (
        "a: {{ .Values.x }}\n",
        "yaml: invalid map key: map[interface {}]interface {}{\".Values.x\":interface {}(nil)}",
    ),
    ("a:\n  {{- if .Values.x }}\n  b: 1\n", "yaml: line 1: did not find expected node content"),
    (
        "? [1, 1.5, ~, yes, \"q\\t\"]\n: b",
        "yaml: invalid map key: []interface {}{1, 1.5, interface {}(nil), true, \"q\\t\"}",
    ),
    ("~: a", "unsupported map key of type: %!s(<nil>), key: <nil>, value: \"a\""),
    ("x: {? }", "unsupported map key of type: %!s(<nil>), key: <nil>, value: <nil>"),
    ("a: !!int x", "yaml: cannot decode !!str `x` as a !!int"),
    ("a: .inf", "json: unsupported value: +Inf"),
    ("a: \"\\z\"", "yaml: found unknown escape character"),
    ("a: \"\\xZZ\"", "yaml: did not find expected hexdecimal number"),
    ("@a", "yaml: found character that cannot start any token"),
    ("a: @b", "yaml: found character that cannot start any token"),
    ("a:\n- b\n  - c\nd", "yaml: line 5: could not find expected ':'"),
    ("%YAML 1.2\n---\na", "yaml: found incompatible YAML document"),
    ("a: |x\n", "yaml: did not find expected comment or line break"),
    ("a: !<x\n", "yaml: did not find the expected '>'"),
    ("&", "yaml: did not find expected alphabetic or numeric character"),
    ("a: !!binary x", "yaml: !!binary value contains invalid base64 data"),
    ("key: [1]\n<<: 2\nb: c: d\n", "yaml: line 3: mapping values are not allowed in this context"),
    ("\u{1}a", "yaml: control characters are not allowed"),
    ("a: b\n- c\n", "yaml: line 1: did not find expected key"),
    ("{{- if true }}\na: b\n{{- end }}\n", "yaml: did not find expected node content"),
];

#[test]
fn an_error_has_the_text_and_the_line_that_go_has() {
    for (text, want) in CASES {
        let read =
            first(text, &Limits::default()).and_then(|node| node.as_ref().map(to_json).transpose());
        assert_eq!(&read.expect_err(text).go_text(), want, "{text:?}");
    }
}
