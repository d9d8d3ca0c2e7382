//! The documents: for each keyword whose work grows faster than the text that asks for it, one that asks for the most.

use std::fmt::Write as _;
use std::ops::Range;

/// A chart's file may have 5 MiB; this is a little less.
const FILE_BYTES: usize = 5_000_000;

/// A schema, and values for it.
pub(super) struct Document {
    pub(super) name: &'static str,
    pub(super) schema: String,
    pub(super) values: String,
    /// Charts that have them: one, and others inside.
    pub(super) charts: usize,
}

/// Returns all documents.
pub(super) fn all() -> Vec<Document> {
    [combined(), lists(), maps(), texts(), numbers(), many()].into_iter().flatten().collect()
}

fn document(name: &'static str, schema: String, values: String) -> Document {
    Document { name, schema, values, charts: 1 }
}

/// Joins what is made of each number.
fn each(numbers: Range<usize>, between: &str, text: impl Fn(usize) -> String) -> String {
    numbers.map(text).collect::<Vec<_>>().join(between)
}

/// `{"allOf": [SCHEMA, …]}`.
fn all_of(times: usize, schema: &str) -> String {
    format!(r#"{{"allOf": [{}]}}"#, each(0..times, ",", |_| schema.to_owned()))
}

/// A chain of references, each to the next one, so many at the end twice.
fn chain(length: usize, doubled: usize, last: &str) -> String {
    let mut text = r##"{"$ref": "#/$defs/d0", "$defs": {"##.to_owned();
    for level in 0..length {
        let next = format!(r##"{{"$ref": "#/$defs/d{}"}}"##, level + 1);
        let twice = if level + doubled >= length { format!("{next}, {next}") } else { next };
        let _always_ok = write!(text, r#""d{level}": {{"allOf": [{twice}]}}, "#);
    }
    text + &format!(r#""d{length}": {last}}}}}"#)
}

fn combined() -> Vec<Document> {
    let one = || "a: 1".to_owned();
    let dynamic = chain(200, 40, r##"{"$dynamicRef": "#x", "$dynamicAnchor": "x"}"##);
    vec![
        document("doubled", chain(40, 40, r#"{"type": "object"}"#), one()),
        document("doubled, wrong", chain(40, 40, r#"{"type": "string"}"#), one()),
        document("doubled, deep", chain(240, 40, r#"{"type": "object"}"#), one()),
        document("doubled, deep, wrong", chain(240, 40, r#"{"type": "string"}"#), one()),
        document("doubled, deep, dynamic", dynamic, one()),
        document(
            "not, doubled",
            chain(40, 40, r#"{"not": {"anyOf": [false, false, false]}}"#),
            one(),
        ),
    ]
}

/// Values that are a list as long as a file may hold.
fn list(item: impl Fn(usize) -> String) -> String {
    let mut text = "l: [".to_owned();
    let mut number = 0;
    while text.len() < FILE_BYTES {
        text += &item(number);
        text.push(',');
        number += 1;
    }
    text + "]"
}

fn of_list(schema: &str) -> String {
    format!(r#"{{"properties": {{"l": {schema}}}}}"#)
}

fn lists() -> Vec<Document> {
    let unique = of_list(&all_of(500, r#"{"uniqueItems": true}"#));
    let zeros = || list(|_| "0".to_owned());
    let nested = list(|_| "[0,0,0,0]".to_owned());
    let prefix = "x".repeat(1000);
    let nested_false = r#"{"not": {"items": {"items": false}}}"#;
    vec![
        document("unique numbers", unique.clone(), list(|number| number.to_string())),
        document("unique fractions", unique.clone(), list(|number| format!("{number}.5"))),
        document(
            "unique and unordered",
            unique.clone(),
            list(|number| format!("{}.5", number.wrapping_mul(2_654_435_761) % 1_000_000)),
        ),
        document("unique long texts", unique.clone(), list(|number| format!("{prefix}{number}"))),
        document("unique lists", unique, list(|number| format!("[1,2,[{number}]]"))),
        document("contains nothing", of_list(r#"{"contains": {"type": "string"}}"#), zeros()),
        document(
            "contains too much",
            of_list(&all_of(500, r#"{"contains": true, "maxContains": 0}"#)),
            zeros(),
        ),
        document("items, wrong", of_list(r#"{"items": {"type": "string"}}"#), zeros()),
        document(
            "items, wrong, unread",
            of_list(r#"{"not": {"items": {"type": "string"}}}"#),
            zeros(),
        ),
        document("items of items, wrong, unread", of_list(nested_false), nested),
        document(
            "unevaluated items",
            of_list(&format!(
                r#"{{"unevaluatedItems": false, "allOf": [{}]}}"#,
                each(0..500, ",", |_| r#"{"contains": {"const": 0}}"#.to_owned())
            )),
            zeros(),
        ),
    ]
}

/// Values that are a map with so many keys.
fn map(keys: usize, key: impl Fn(usize) -> String) -> String {
    each(0..keys, "\n", |number| format!("{}: 1", key(number))) + "\n"
}

fn keys() -> String {
    map(300_000, |number| format!("k{number}"))
}

fn maps() -> Vec<Document> {
    let patterns = |count: usize, pattern: &str| {
        let entries = each(0..count, ",", |number| format!(r#""{pattern}{number}": true"#));
        format!(r#"{{"patternProperties": {{{entries}}}}}"#)
    };
    let wrong = r#"{"additionalProperties": {"type": "string"}}"#;
    let without_x = r#"{"propertyNames": {"pattern": "^x"}}"#;
    let long = map(40_000, |number| format!("{}{number}", "k".repeat(100)));
    vec![
        document("patterns, kept", patterns(60, "^[a-z]+x"), keys()),
        document("patterns, not kept", patterns(100, "^[a-z]+x"), keys()),
        document("patterns, large", patterns(100, r"\\pL{1,50}"), keys()),
        document("unevaluated", unevaluated(r#"{"patternProperties": {"^k": true}}"#), keys()),
        document("unevaluated, long names", unevaluated("true"), long),
        document("required", format!(r#"{{"required": [{}]}}"#, names(300_000)), keys()),
        document("dependents", dependents(), keys()),
        document("names, wrong", without_x.to_owned(), keys()),
        document("properties, wrong", wrong.to_owned(), keys()),
    ]
}

fn unevaluated(schema: &str) -> String {
    let schemas = each(0..500, ",", |_| schema.to_owned());
    format!(r#"{{"unevaluatedProperties": false, "allOf": [{schemas}]}}"#)
}

fn names(count: usize) -> String {
    each(0..count, ",", |number| format!(r#""r{number}""#))
}

fn dependents() -> String {
    let each_key = each(0..500, ",", |number| format!(r#""k{number}": [{}]"#, names(500)));
    format!(r#"{{"dependentRequired": {{{each_key}}}}}"#)
}

fn texts() -> Vec<Document> {
    let of_text = |pattern: &str| {
        let schema = all_of(500, &format!(r#"{{"pattern": "{pattern}"}}"#));
        format!(r#"{{"properties": {{"a": {schema}}}}}"#)
    };
    let ab = |at: usize| if at.wrapping_mul(at) % 7 > 2 { 'a' } else { 'b' };
    let text = || format!("a: {}", (0..FILE_BYTES - 10).map(ab).collect::<String>());
    let short = list(|_| "ab".repeat(400));
    let pattern = r#"{"items": {"pattern": "^(?:[ab]?){900}[ab]*a[ab]{90}c"}}"#;
    let long = "x".repeat(FILE_BYTES / 2);
    let large = || format!("a: {long}y");
    let constant = format!(r#"{{"const": "{long}z"}}"#);
    let choice = format!(r#"{{"enum": ["{long}z"]}}"#);
    let groups = format!("a: {}", "(x{1,9})".repeat(7000));
    let lengths = r#"{"minLength": 1, "maxLength": 10000000}"#;
    vec![
        document("pattern on a long text", of_text("(a|b)*c"), text()),
        document("pattern of many states", of_text("^(?:[ab]?){900}$"), text()),
        document("pattern that remembers", of_text("[ab]*a[ab]{900}c"), text()),
        document("pattern of many states, short texts", of_list(pattern), short),
        document("const", uses(&constant, false), large()),
        document("const, unread", uses(&constant, true), large()),
        document("enum, unread", uses(&choice, true), large()),
        document("format, unread", uses(r#"{"format": "uri"}"#, true), large()),
        document("format regex, unread", uses(r#"{"format": "regex"}"#, true), groups),
        document("length", uses(lengths, false), large()),
    ]
}

/// A schema that is used often for one value, by draft 7, which checks formats.
fn uses(schema: &str, is_unread: bool) -> String {
    let once = r##"{"$ref": "#/definitions/x"}"##;
    let once = if is_unread { format!(r#"{{"not": {once}}}"#) } else { once.to_owned() };
    let all = all_of(2000, &once);
    let draft = r#""$schema": "http://json-schema.org/draft-07/schema#""#;
    format!(r#"{{{draft}, "definitions": {{"x": {schema}}}, "properties": {{"a": {all}}}}}"#)
}

fn numbers() -> Vec<Document> {
    let number = |schema: &str| format!(r#"{{"additionalProperties": {schema}}}"#);
    let nines = "7".repeat(4000);
    let values = || map(1000, |number| format!("k{number}"));
    let huge = |value: &str| each(0..1000, "\n", |number| format!("k{number}: {value}")) + "\n";
    let choices = each(0..400_000, ",", |number| format!("{number}.5"));
    vec![
        document(
            "multiple of much",
            number(&format!(r#"{{"multipleOf": {nines}e-999000}}"#)),
            huge("1.7976931348623157e308"),
        ),
        document("multiple of little", number(r#"{"multipleOf": 7e-1000000}"#), values()),
        document("integers", number(&all_of(9000, r#"{"type": "integer"}"#)), huge("1.5")),
        document(
            "minimum",
            number(&format!(r#"{{"minimum": {}}}"#, "9".repeat(FILE_BYTES / 2))),
            values(),
        ),
        document(
            "enum of numbers",
            format!(r#"{{"additionalProperties": {{"enum": [{choices}]}}}}"#),
            values(),
        ),
        document(
            "enum of lists",
            format!(r#"{{"additionalProperties": {{"enum": [[{choices}]]}}}}"#),
            each(0..300, "\n", |number| format!("k{number}: [0.5]")) + "\n",
        ),
        document(
            "number that is no number",
            format!(r#"{{"const": {}e1}}"#, "1".repeat(FILE_BYTES / 2)),
            values(),
        ),
    ]
}

fn many() -> Vec<Document> {
    let one = || "a: 1".to_owned();
    let deep = |levels: usize, last: &str| {
        format!("{}{last}{}", r#"{"not":"#.repeat(levels), "}".repeat(levels))
    };
    let wide = all_of(230_000, "true");
    let ids =
        each(0..20_000, ",", |number| format!(r#""d{number}": {{"$id": "http://x/{number}"}}"#));
    let odd = each(0..20_000, ",", |number| format!(r##"{{"$ref": "#/odd/o{number}"}}"##));
    let odd_ones = each(0..20_000, ",", |number| format!(r#""o{number}": {{"type": "object"}}"#));
    let odd = format!(r#"{{"$defs": {{{ids}}}, "odd": {{{odd_ones}}}, "allOf": [{odd}]}}"#);
    let ones = format!(r#"{{"default": [{}1]}}"#, "1,".repeat(FILE_BYTES / 2 - 100));
    let maps = format!(r#"{{"default": [{}1]}}"#, "{},".repeat(FILE_BYTES / 3 - 100));
    let anchors = each(0..100_000, ",", |number| format!(r#"{{"$anchor": "a{number}"}}"#));
    vec![
        document("many schemas", wide.clone(), one()),
        document("many schemas, deep", deep(480, &wide), one()),
        document("many parts, many odd references", odd, one()),
        document("many anchors", format!(r#"{{"allOf": [{anchors}]}}"#), one()),
        document("text of ones", ones.clone(), one()),
        Document { charts: 19, ..document("charts with texts of ones", ones, one()) },
        Document { charts: 19, ..document("charts with texts of maps", maps, one()) },
    ]
}
