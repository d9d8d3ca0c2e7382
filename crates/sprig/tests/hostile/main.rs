//! What a template may not do to whoever executes it.

#[path = "../host/mod.rs"]
mod host;

use sealift_gotemplate::{Budget, Limit, Limits, Map, Output, Templates, Value};

fn limits() -> Limits {
    Limits::default()
}

/// Executes a template in which `.` is a map that contains itself.
fn execute(template: &str) -> Result<String, (Option<Limit>, String)> {
    execute_within(limits(), template)
}

fn execute_within(limits: Limits, template: &str) -> Result<String, (Option<Limit>, String)> {
    let data = Map::from_iter([("list", Value::from("a"))]);
    data.insert("self", data.clone());
    let mut templates = Templates::new(sealift_sprig::functions(&host::fixed()));
    let mut output = Output::new();
    let budget = Budget::new(limits);
    let done = templates
        .parse("t", template)
        .and_then(|()| templates.execute("t", &Value::from(data.clone()), &budget, &mut output));
    data.remove("self");
    match done {
        Ok(()) => Ok(String::from_utf8_lossy(output.bytes()).into_owned()),
        Err(error) => Err((error.limit(), error.to_string())),
    }
}

/// Runs on a stack as large as the limits ask for.
fn on_a_large_stack(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(test);
    thread.expect("a thread starts").join().expect("the test passes");
}

#[test]
fn sizes_that_arguments_say_are_checked_before_anything_is_made() {
    let string = Some(Limit::StringBytes(limits().string_bytes));
    let elements = Some(Limit::LiveElements(limits().live_elements));
    for (template, limit) in [
        ("{{ repeat 20000000000 `xy` }}", string),
        ("{{ repeat 9223372036854775807 `xy` }}", string),
        ("{{ nindent 500000000 `x` }}", string),
        ("{{ indent 9223372036854775807 `x` }}", string),
        ("{{ randAlphaNum 1000000000 }}", string),
        ("{{ randBytes 1000000000 }}", string),
        ("{{ until 100000000 }}", elements),
        ("{{ untilStep 0 9223372036854775807 1 }}", elements),
        ("{{ seq 9223372036854775806 }}", elements),
        ("{{ $x := repeat 1000000 `ab` }}{{ replace `a` $x $x }}", string),
        ("{{ $x := repeat 1000000 `ab` }}{{ regexReplaceAll `a` $x $x }}", string),
        ("{{ $x := repeat 1000000 `ab` }}{{ wrapWith 1 $x $x }}", string),
        ("{{ $x := repeat 1000000 `ab` }}{{ join $x (splitList `a` $x) }}", string),
        ("{{ repeat 60000000 `a` | b64enc }}", string),
        ("{{ repeat 60000000 `a` | splitList `` }}", elements),
    ] {
        let given = execute(template).expect_err(template);
        assert_eq!(given.0, limit, "{template}: {}", given.1);
    }
}

#[test]
fn negative_sizes_and_places_are_errors_as_in_go() {
    for (template, error) in [
        ("{{ substr -5 -1 `abc` }}", "runtime error: slice bounds out of range [:-1]"),
        ("{{ substr 5 9 `abc` }}", "runtime error: slice bounds out of range [5:3]"),
        ("{{ slice (list 1 2 3) 2 9 }}", "reflect.Value.Slice: slice index out of bounds"),
        ("{{ slice (list 1 2 3) -1 }}", "reflect.Value.Slice: slice index out of bounds"),
        ("{{ slice (list 1 2 3) 2 1 }}", "reflect.Value.Slice: slice index out of bounds"),
        ("{{ repeat -1 `x` }}", "strings: negative Repeat count"),
        ("{{ indent -1 `x` }}", "strings: negative Repeat count"),
        ("{{ chunk 0 (list 1) }}", "runtime error: makeslice: len out of range"),
        ("{{ randBytes -1 }}", "runtime error: makeslice: len out of range"),
        ("{{ randInt 3 3 }}", "invalid argument to Intn"),
        ("{{ div 1 0 }}", "runtime error: integer divide by zero"),
    ] {
        let given = execute(template).expect_err(template);
        assert!(given.1.ends_with(&format!(": {error}")), "{template}: {}", given.1);
        assert_eq!(given.0, None, "{template}");
    }
}

#[test]
fn what_contains_itself_ends() {
    on_a_large_stack(|| {
        for template in [
            "{{ deepCopy . }}",
            "{{ merge (deepCopy (dict)) . (dict `self` .) | printf `%v` }}",
            "{{ toRawJson . }}",
            "{{ mustToJson . }}",
            "{{ quote . }}",
            "{{ cat . }}",
            "{{ toString . }}",
        ] {
            assert!(execute(template).is_err(), "{template}");
        }
        assert_eq!(execute("{{ toJson . }}{{ toPrettyJson . }}"), Ok(String::new()));
        assert_eq!(execute("{{ deepEqual . . }}"), Ok("true".to_owned()));
    });
}

#[test]
fn what_is_doubled_again_and_again_is_copied_within_limits() {
    let doubled = "{{ $x := dict }}{{ range until 60 }}{{ $x = dict `a` $x `b` $x }}{{ end }}";
    for call in ["deepCopy $x", "toJson $x", "deepEqual $x (merge (dict) $x)", "quote $x"] {
        let few = Limits { steps: 100_000, string_bytes: 1 << 20, ..limits() };
        let given = execute_within(few, &format!("{doubled}{{{{ $y := {call} }}}}"));
        assert!(
            given.as_ref().is_ok_and(String::is_empty)
                || given.is_err_and(|(limit, _)| limit.is_some()),
            "{call}"
        );
    }
}
