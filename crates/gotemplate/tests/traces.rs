//! Every folder of `tests/traces` is a template, `in`, with its values: `want` has for each
//! line of the output the line of the template and what was read for it. A template
//! `before` is executed first.
//!
//! `UPDATE=1` writes `want` again.
#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

#[path = "oracle/run.rs"]
#[expect(dead_code, reason = "others use all of it")]
mod run;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sealift_gotemplate::{
    Budget, Context, Function, FunctionError, Functions, Map, Output, Read, Record, Signature,
    Step, Templates, Trace, Type, Value,
};
use serde_json::Value as Json;

type Body = fn(&mut Context<'_>, &[Value]) -> Result<Value, FunctionError>;

fn functions() -> Functions {
    let mut functions = Functions::new();
    let mut insert = |name, signature, body: Body| {
        functions.insert(name, Function::new(signature, body));
    };
    insert("dict", Signature::variadic([], Type::Any, Type::dict()), |_, pairs| {
        let pairs = pairs.chunks(2).map(|pair| (text(&pair[0]), pair[1].clone()));
        Ok(pairs.collect::<Map>().into())
    });
    let three = [Type::dict(), Type::String, Type::Any];
    insert("set", Signature::new(three, Type::dict()), |_, arguments| {
        arguments[0].as_map().unwrap().insert(text(&arguments[1]), arguments[2].clone());
        Ok(arguments[0].clone())
    });
    let two = || [Type::String, Type::Any];
    insert("include", Signature::new(two(), Type::String), |context, arguments| {
        Ok(context.execute(text(&arguments[0]), &arguments[1])?.into())
    });
    insert("tpl", Signature::new(two(), Type::String), |context, arguments| {
        Ok(context.execute_text("tpl", text(&arguments[0]), &arguments[1])?.into())
    });
    insert("default", Signature::new([Type::Any, Type::Any], Type::Any), |_, arguments| {
        let [other, value] = arguments else { return Err("two".into()) };
        Ok(if value.is_true() { value } else { other }.clone())
    });
    insert("copy", Signature::new([Type::dict()], Type::dict()), |_, arguments| {
        Ok(copy(arguments[0].as_map().unwrap()).into())
    });
    functions
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_text().into_owned()
}

fn copy(map: &Map) -> Map {
    let copy = Map::new();
    for (key, value) in &*map.entries_unread() {
        let value = value.as_map().map_or_else(|| value.clone(), |map| self::copy(map).into());
        copy.insert(key.clone(), value);
    }
    copy.follow(map);
    copy
}

/// What a case gives with some values.
struct Given {
    output: String,
    record: Record,
    trace: Trace,
}

fn render(case: &Path, values: &Json) -> Given {
    let read = |file| fs_err::read_to_string(case.join(file)).unwrap_or_default();
    let mut templates = Templates::new(functions());
    templates.parse("before", read("before")).unwrap();
    templates.parse("in", read("in")).unwrap();
    let data = run::value(values);
    let mut trace = Trace::new();
    trace.watch("v", data.as_map().unwrap());
    let budget = Budget::default();
    let mut outputs = ["before", "in"]
        .map(|name| templates.execute_traced(name, &data, &budget, &mut trace).unwrap());
    let (output, record) = std::mem::take(&mut outputs[1]);
    let output = String::from_utf8(output.into_bytes()).unwrap();
    assert_eq!(output, plain(&templates, values), "{}", case.display());
    Given { output, record, trace }
}

/// Returns the output without a trace.
fn plain(templates: &Templates, values: &Json) -> String {
    let data = run::value(values);
    let budget = Budget::default();
    templates.execute("before", &data, &budget, &mut Output::new()).unwrap();
    let mut output = Output::new();
    templates.execute("in", &data, &budget, &mut output).unwrap();
    String::from_utf8(output.into_bytes()).unwrap()
}

impl Given {
    /// Returns the lines, and where in the output they are.
    fn lines(&self) -> impl Iterator<Item = (std::ops::Range<usize>, &str)> {
        let mut start = 0;
        self.output.split_inclusive('\n').map(move |line| {
            start += line.len();
            (start - line.len()..start, line)
        })
    }

    /// Returns the paths of what was read for a part of the output.
    fn reads(&self, output: std::ops::Range<usize>) -> BTreeSet<String> {
        let reads = self.record.reads_at(output);
        let path = |read| shown(&self.trace.path(read));
        let whole = |read: &Read| if read.is_whole() { ".*" } else { "" };
        reads.iter().map(|read| path(read) + whole(read)).collect()
    }

    fn shown(&self) -> String {
        let mut shown = String::new();
        for (range, line) in self.lines() {
            let at = self.record.line_at(range.start).unwrap();
            let reads = Vec::from_iter(self.reads(range)).join(" ");
            let line = format!("{at}: {:?}", line.trim_end_matches('\n'));
            writeln!(shown, "{line:<24}{reads}").unwrap();
        }
        writeln!(shown, "changed: {}", self.trace.has_changes()).unwrap();
        shown
    }
}

fn shown(path: &[Step]) -> String {
    let mut shown = String::new();
    for step in path.iter().skip(1) {
        match step {
            Step::Item(place) => write!(shown, "[{place}]").unwrap(),
            Step::Key(key) => write!(shown, ".{key}").unwrap(),
        }
    }
    shown
}

/// Returns the paths of all leaves with other values than they have, and the values then;
/// a path ends at the list that the leaf is in.
fn changed(values: &Json) -> Vec<(String, Json)> {
    fn visit(at: &Json, path: &str, put: &dyn Fn(Json) -> Json) -> Vec<(String, Json)> {
        match at {
            Json::Object(map) => map
                .iter()
                .flat_map(|(key, value)| {
                    let put = |value| {
                        let mut map = map.clone();
                        map.insert(key.clone(), value);
                        put(Json::Object(map))
                    };
                    visit(value, &format!("{path}.{key}"), &put)
                })
                .collect(),
            Json::Array(items) => items
                .iter()
                .enumerate()
                .flat_map(|(at, value)| {
                    let put = |value| {
                        let mut items = items.clone();
                        items[at] = value;
                        put(Json::Array(items))
                    };
                    let path =
                        if value.is_object() { format!("{path}[{at}]") } else { path.to_owned() };
                    visit(value, &path, &put)
                })
                .collect(),
            Json::Bool(truth) => vec![(path.to_owned(), put(Json::Bool(!truth)))],
            Json::Number(number) => {
                vec![(path.to_owned(), put((number.as_f64().unwrap() + 1.0).into()))]
            }
            Json::String(text) => vec![(path.to_owned(), put(format!("{text}x").into()))],
            Json::Null => vec![],
        }
    }
    visit(values, "", &|value| value)
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let mut cases: Vec<_> =
        fs_err::read_dir(root).unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn values(case: &Path) -> Json {
    serde_json::from_str(&fs_err::read_to_string(case.join("values.json")).unwrap()).unwrap()
}

#[test]
fn lines_and_reads_are_those_of_the_cases() {
    #[expect(clippy::disallowed_methods, reason = "the switch that rewrites the outcomes")]
    let update = std::env::var_os("UPDATE").is_some();
    let mut failures = Vec::new();
    for case in cases() {
        let shown = render(&case, &values(&case)).shown();
        let want = case.join("want");
        if update {
            fs_err::write(&want, &shown).unwrap();
        }
        if fs_err::read_to_string(want).unwrap_or_default() != shown {
            failures.push(format!("{}:\n{shown}", case.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_leaf_that_moves_a_line_was_read_for_it() {
    let mut moved = 0;
    for case in cases() {
        let before = render(&case, &values(&case));
        for (leaf, values) in changed(&values(&case)) {
            let after = render(&case, &values);
            if before.lines().count() != after.lines().count() {
                continue;
            }
            for ((range, line), (_, other)) in before.lines().zip(after.lines()) {
                if line != other {
                    let reads = before.reads(range);
                    assert!(reads.contains(&leaf), "{}: {leaf} of {line}", case.display());
                    moved += 1;
                }
            }
        }
    }
    assert!(moved > 20, "{moved}");
}
