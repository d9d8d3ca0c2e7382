//! Values against `values.schema.json`.
//!
//! Mirrors `pkg/chart/common/util/jsonschema.go` of Helm 4.2.4 and santhosh-tekuri/jsonschema
//! 6.0.2, which does the work there: drafts 4, 6, 7, 2019-09 and 2020-12.
//!
//! The work is bounded, and a schema that refers to another document is refused: Helm opens
//! files and connections for one.

mod compile;
mod decimal;
mod document;
mod draft;
mod english;
mod equality;
mod fault;
mod format;
mod limits;
mod location;
mod pattern;
mod place;
mod root;
mod rules;
mod validate;

use std::fmt::Write as _;

use sealift_gotemplate::{Map, Str, Value};

use super::Error;
use crate::Chart;
use compile::Compiler;
use fault::listed;
use limits::{Limits, Stop};
pub use limits::{SchemaLimit, SchemaLimits};
use validate::Validator;

/// The URL that Helm gives a schema.
const SCHEMA_URL: &str = "file:///values.schema.json";

/// Bytes of a schema that are read for the price of a step: the usual steps are used up by 20 MB, which take less than half a
/// GiB of memory. The largest schema of the charts of the oracles has 154 KB.
const BYTES_PER_STEP: usize = 2;

/// Checks values against the schemas of a chart and of the charts inside, and returns warnings.
///
/// Recursion is as deep as the limits allow: for the default an optimized program takes less than 2 MiB of stack.
///
/// # Errors
///
/// [`Error::Schema`] with all that is wrong, [`Error::RemoteSchema`], [`Error::SchemaLimit`] or [`Error::Limit`].
pub fn validate(chart: &Chart, values: &Map, limits: &SchemaLimits) -> Result<Vec<String>, Error> {
    let mut limits = Limits::new(*limits);
    let mut run = Run { compiler: Compiler::new(&mut limits), text: String::new() };
    run.chart(chart, values)?;
    if run.text.is_empty() { Ok(run.compiler.warnings) } else { Err(Error::Schema(run.text)) }
}

struct Run<'l> {
    compiler: Compiler<'l>,
    text: String,
}

impl Run<'_> {
    /// Recursion is as deep as the charts, which were processed with a bound.
    fn chart(&mut self, chart: &Chart, values: &Map) -> Result<(), Error> {
        if let Some(schema) = &chart.schema {
            self.single(chart.name(), schema, values)?;
        }
        for inner in &chart.dependencies {
            match values.get(inner.name()) {
                None | Some(Value::Nil) => {}
                Some(Value::Map(values)) => self.chart(inner, &values)?,
                Some(other) => {
                    let (name, kind) = (inner.name(), other.kind());
                    // Writing to a string does not fail.
                    let _written = writeln!(
                        self.text,
                        "{name}:\ninvalid type for values: expected object (map), got {kind}"
                    );
                }
            }
        }
        Ok(())
    }

    fn single(&mut self, name: &str, schema: &Str, values: &Map) -> Result<(), Error> {
        match check(&mut self.compiler, schema, values) {
            Ok(text) if text.is_empty() => {}
            Ok(text) | Err(Stop::Invalid(text)) => {
                self.text.push_str(name);
                self.text.push_str(":\n");
                self.text.push_str(&text);
            }
            Err(Stop::Limit(limit)) => return Err(limit.into()),
            Err(Stop::Over(limit)) => return Err(limit.into()),
            Err(Stop::Remote(url)) => {
                let (chart, url) = (name.to_owned(), url.to_string());
                return Err(Error::RemoteSchema { chart, url });
            }
        }
        Ok(())
    }
}

/// Returns what is wrong with values.
fn check(compiler: &mut Compiler<'_>, schema: &Str, values: &Map) -> Result<String, Stop> {
    compiler.limits.spend(schema.len() / BYTES_PER_STEP)?;
    compiler.forget(SCHEMA_URL);
    let document = document::read(schema)?;
    let schema = compiler.compile(SCHEMA_URL, document)?;
    let faults = Validator::new(compiler, None).check(schema, &values.clone().into())?;
    let text = listed(&faults);
    Ok(text.strip_prefix('\n').map(|text| format!("{text}\n")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::chart::Metadata;

    fn chart(name: &str, schema: &str) -> Chart {
        Chart {
            metadata: Rc::new(Metadata { name: name.to_owned(), ..Metadata::default() }),
            lock: None,
            templates: Rc::new([]),
            files: Rc::new([]),
            raw: Rc::new([]),
            values: Map::new(),
            schema: Some(schema.into()),
            dependencies: Vec::new(),
            full_path: None,
        }
    }

    fn values(yaml: &str) -> Map {
        super::super::values(yaml.as_bytes(), crate::Profile::default()).expect("values")
    }

    fn check_all(chart: &Chart, values: &Map) -> Result<Vec<String>, Error> {
        validate(chart, values, &SchemaLimits::default())
    }

    fn outcome(schema: &str, yaml: &str) -> String {
        match check_all(&chart("c", schema), &values(yaml)) {
            Ok(_) => String::new(),
            Err(Error::Schema(text)) => text.strip_prefix("c:\n").expect("the chart").to_owned(),
            Err(other) => other.to_string(),
        }
    }

    /// Each outcome printed by Helm 4.2.4.
    #[test]
    fn values_are_refused_in_helms_words() {
        let table = [
            ("{}", "a: 1", ""),
            (
                r#"{"properties": {"x": {"type": "integer"}}}"#,
                "x: a",
                "- at '/x': got string, want integer\n",
            ),
            (r#"{"properties": {"x": {"type": "integer"}}}"#, "x: 1.0", ""),
            (
                r#"{"required": ["a", "b'"], "additionalProperties": false}"#,
                "c: 1\nd: 2",
                "- at '': missing properties 'a', 'b\\''\n\
                 - at '': additional properties 'c', 'd' not allowed\n",
            ),
            (
                r##"{"$ref": "#/definitions/x", "definitions": {"x": {"anyOf": [{"required": ["a"]}, {"maxProperties": 0}]}}}"##,
                "b: 1",
                "- at '': 'anyOf' failed\n  - at '': missing property 'a'\n  \
                 - at '': maxProperties: got 1, want 0\n",
            ),
            (
                r#"{"properties": {"p": {"maximum": 65535}, "q": {"multipleOf": 0.01}}}"#,
                "p: 70000\nq: 4.35",
                "- at '/p': maximum: got 70,000, want 65,535\n",
            ),
            (
                r#"{"properties": {"l": {"items": {"enum": [1.0, "x", null]}}}}"#,
                "l: [1, x, null, y]",
                "- at '/l/3': value must be one of 1.0, 'x', <nil>\n",
            ),
            (
                r#"{"unevaluatedProperties": false, "anyOf": [{"properties": {"a": true}}]}"#,
                "{a: 1, b: 2}",
                "- at '/b': false schema\n",
            ),
            (
                r##"{"$ref": "#"}"##,
                "a: 1",
                "- at '': both /$ref and  resolve to \"file:///values.schema.json#\" causing reference cycle\n",
            ),
            ("{", "a: 1", "unexpected EOF"),
            (
                r#"{"$schema": "http://json-schema.org/draft-07/schema#", "type": "int"}"#,
                "a: 1",
                "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema \
                 validation failed with 'http://json-schema.org/draft-07/schema#'\n\
                 - at '/type': 'anyOf' failed\n  \
                 - at '/type': value must be one of 'array', 'boolean', 'integer', 'null', \
                 'number', 'object', 'string'\n  - at '/type': got string, want array",
            ),
        ];
        for (schema, yaml, wanted) in table {
            assert_eq!(outcome(schema, yaml), wanted, "{schema} {yaml}");
        }
    }

    #[test]
    fn charts_inside_are_checked_with_their_part_of_the_values() {
        let mut outer = chart("outer", r#"{"required": ["a"]}"#);
        outer.dependencies = ["inner", "list", "none"]
            .map(|name| chart(name, r#"{"properties": {"x": {"type": "string"}}}"#))
            .into();
        let error = check_all(&outer, &values("inner: {x: 1}\nlist: [1]\n")).expect_err("faults");
        assert_eq!(
            error.to_string(),
            "values don't meet the specifications of the schema(s) in the following chart(s):\n\
             outer:\n- at '': missing property 'a'\n\
             inner:\n- at '/x': got number, want string\n\
             list:\ninvalid type for values: expected object (map), got []interface {}\n"
        );
    }

    #[test]
    fn what_the_schema_of_another_chart_says_is_forgotten() {
        let named = |name: &str, schema: &str| chart(name, schema);
        let reference =
            r##"{"$ref": "#/definitions/d", "definitions": {"d": {"required": ["x"]}}}"##;
        let mut outer = named("outer", reference);
        outer.dependencies = vec![
            named("broken", r#"{"type": 1}"#),
            named(
                "one",
                r##"{"$ref": "#/definitions/d", "definitions": {"d": {"required": ["u"]}}}"##,
            ),
            named("two", reference),
        ];
        let all = values("x: 1\nbroken: {}\none: {u: 1}\ntwo: {u: 1}\n");
        let error = check_all(&outer, &all).expect_err("faults").to_string();
        assert!(error.contains("broken:\n") && !error.contains("one:\n"), "{error}");
        assert!(error.ends_with("two:\n- at '': missing property 'x'\n"), "{error}");
    }

    #[test]
    fn other_documents_are_not_opened() {
        for url in ["file:///etc/passwd", "http://127.0.0.1:1/x", "other.json", "ftp://x/y"] {
            let schema = format!(r#"{{"properties": {{"a": {{"$ref": "{url}"}}}}}}"#);
            let error = check_all(&chart("c", &schema), &values("a: 1")).expect_err("refused");
            assert!(matches!(error, Error::RemoteSchema { .. }), "{url}: {error}");
        }
        let schema = r#"{"$schema": "http://127.0.0.1:1/x"}"#;
        let error = check_all(&chart("c", schema), &values("a: 1")).expect_err("refused");
        assert!(matches!(error, Error::RemoteSchema { .. }), "{error}");
        let warnings = check_all(&chart("c", r#"{"$ref": "urn:x"}"#), &values("a: 1"));
        assert_eq!(warnings.expect("taken for true").len(), 1);
    }

    #[test]
    fn metaschemas_are_at_hand() {
        let schema =
            r#"{"properties": {"a": {"$ref": "http://json-schema.org/draft-07/schema#"}}}"#;
        assert_eq!(outcome(schema, "a: {type: string}"), "");
        assert_eq!(outcome(schema, "a: 1"), "- at '/a': got number, want boolean or object\n");
    }

    /// Returns a schema in which each of 40 levels refers to the next one twice.
    fn doubled(last: &str) -> String {
        let mut schema = r##"{"$ref": "#/$defs/d0", "$defs": {"##.to_owned();
        for level in 0..40 {
            let next = format!(r##"{{"$ref": "#/$defs/d{}"}}"##, level + 1);
            write!(schema, r#""d{level}": {{"allOf": [{next}, {next}]}}, "#).expect("a string");
        }
        schema + &format!(r#""d40": {last}}}}}"#)
    }

    #[test]
    fn work_is_bounded() {
        // Without optimization, all levels take more than the stack of a test.
        let thread = std::thread::Builder::new().stack_size(16 << 20).spawn(reach_bounds);
        thread.expect("a thread").join().expect("limits");
    }

    fn reach_bounds() {
        let recursive = r##"{"properties": {"a": {"$ref": "#"}}}"##.to_owned();
        let mut patterns = r#"{"patternProperties": {"#.to_owned();
        for number in 0..200 {
            write!(patterns, r#""\\pL{{1,50}}{number}": {{}}, "#).expect("a string");
        }
        patterns += r#""x": {}}}"#;
        let deep = format!("{}1{}", "{a: ".repeat(600), "}".repeat(600));
        let in_a = |schema: &str| format!(r#"{{"properties": {{"a": {schema}}}}}"#);
        let numbers = (0..20_000).fold("a: [".to_owned(), |all, number| format!("{all}{number},"));
        let table = [
            (in_a(r#"{"multipleOf": 7777777777e-999000}"#), "a: 1"),
            (in_a(r#"{"pattern": "^(?:[ab]?){900}$"}"#), &format!("a: {}", "ab".repeat(50_000))),
            (in_a(r#"{"uniqueItems": true}"#), &format!("{numbers}]")),
            (format!(r#"{{"default": "{}"}}"#, "x".repeat(2_000_000)), "a: 1"),
            (doubled(r#"{"type": "object"}"#), "a: 1"),
            (doubled(r#"{"type": "string"}"#), "a: 1"),
            (recursive, &deep),
            (patterns, "a: 1"),
        ];
        for (schema, yaml) in table {
            let limits = SchemaLimits { steps: 200_000, ..SchemaLimits::default() };
            let outcome = validate(&chart("c", &schema), &values(yaml), &limits);
            let error = outcome.expect_err("a limit");
            assert!(error.is_limit(), "{error}");
        }
    }
}
