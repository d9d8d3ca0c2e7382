//! What hostile templates cost: each ends with the limit that stops it.

use std::thread;

use sealift_gotemplate::{
    Budget, Error, Function, FunctionError, Functions, Limit, Limits, List, Map, Output, Signature,
    Templates, Type, Value,
};

/// Runs on the stack that rendering has.
fn on_large_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(256 << 20).spawn(run);
    thread.expect("there is room for it").join().expect("it does not panic")
}

fn functions() -> Functions {
    let mut functions = Functions::new();
    let dict = Signature::variadic([], Type::Any, Type::dict());
    functions.insert(
        "dict",
        Function::new(dict, |_, arguments| {
            let pairs = arguments.chunks_exact(2);
            let key = |value: &Value| value.as_str().cloned().ok_or("the key is no string");
            let map = Map::new();
            for pair in pairs {
                map.insert(key(&pair[0])?, pair[1].clone());
            }
            Ok(map.into())
        }),
    );
    let list = Signature::variadic([], Type::Any, Type::list(Type::Any));
    functions.insert("list", Function::new(list, |_, items| Ok(List::new(items.to_vec()).into())));
    let set = Signature::new([Type::dict(), Type::String, Type::Any], Type::dict());
    functions.insert(
        "set",
        Function::new(set, |_, arguments| match arguments {
            [Value::Map(map), Value::Str(key), value] => {
                map.insert(key.clone(), value.clone());
                Ok(arguments[0].clone())
            }
            _ => Err("no map".into()),
        }),
    );
    let until = Signature::new([Type::Int], Type::list(Type::Int));
    functions.insert(
        "until",
        Function::new(until, |context, arguments| match arguments {
            [Value::Int(end)] => {
                context.budget().check_elements(usize::try_from(*end).unwrap_or(0))?;
                Ok(List::typed(Type::Int, (0..*end).map(Value::Int).collect()).into())
            }
            _ => Err(FunctionError::from("no number")),
        }),
    );
    let include = Signature::new([Type::String, Type::Any], Type::String);
    functions.insert(
        "include",
        Function::new(include, |context, arguments| {
            let name = arguments[0].as_str().ok_or("no name")?;
            Ok(context.execute(name.clone(), &arguments[1])?.into())
        }),
    );
    let tpl = Signature::new([Type::String, Type::Any], Type::String);
    functions.insert(
        "tpl",
        Function::new(tpl, |context, arguments| {
            let text = arguments[0].as_str().ok_or("no text")?;
            Ok(context.execute_text("tpl", text.clone(), &arguments[1])?.into())
        }),
    );
    functions
}

fn render(text: &str, limits: Limits) -> Result<Vec<u8>, Error> {
    let mut templates = Templates::new(functions()).limits(limits);
    templates.parse("t", text)?;
    let mut output = Output::new();
    let data = Value::from(Map::from_iter([("text", "{{tpl .text .}}")]));
    templates.execute("t", &data, &Budget::new(limits), &mut output)?;
    Ok(output.into_bytes())
}

/// Returns the limit that stops a template.
fn limit(text: &str) -> Option<Limit> {
    let text = text.to_owned();
    on_large_stack(move || render(&text, Limits::default()).expect_err("it stops").limit())
}

#[test]
fn templates_that_call_themselves_stop_whichever_way_they_do() {
    let frames = Some(Limit::Frames(1_000));
    assert_eq!(limit(r#"{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}"#), frames);
    assert_eq!(limit(r#"{{define "a"}}{{include "a" .}}{{end}}{{include "a" .}}"#), frames);
    assert_eq!(limit("{{tpl .text .}}"), frames);
    let mixed = r#"{{define "a"}}{{tpl "{{include \"a\" .}}" .}}{{end}}{{template "a" .}}"#;
    assert_eq!(limit(mixed), frames);
}

#[test]
fn frames_full_of_nested_actions_stop_before_the_stack_ends() {
    let (open, close) = ("{{if .}}".repeat(900), "{{end}}".repeat(900));
    let text = format!(
        r#"{{{{define "a"}}}}{open}{{{{template "a" .}}}}{close}{{{{end}}}}{{{{template "a" .}}}}"#
    );
    assert_eq!(limit(&text), Some(Limit::Nesting(20_000)));
    let (open, close) = ("(print ".repeat(900), ")".repeat(900));
    let text = format!(
        r#"{{{{define "a"}}}}{{{{{open}(include "a" .){close}}}}}{{{{end}}}}{{{{template "a" .}}}}"#
    );
    assert_eq!(limit(&text), Some(Limit::Nesting(20_000)));
}

#[test]
fn a_text_that_is_nested_too_deep_is_not_parsed() {
    let depth = Some(Limit::ParseDepth(1_000));
    assert_eq!(limit(&"{{if .}}".repeat(100_000)), depth);
    assert_eq!(limit(&format!("{{{{{}", "(".repeat(100_000))), depth);
    assert_eq!(limit(&format!("{{{{if .}}}}{}", "{{else if .}}".repeat(100_000))), depth);
}

#[test]
fn a_value_that_is_wrapped_in_a_loop_stops() {
    let depth = Some(Limit::ValueDepth(1_000));
    assert_eq!(limit(r#"{{$d := dict}}{{range 200000}}{{$d = dict "k" $d}}{{end}}"#), depth);
    assert_eq!(limit("{{$d := list}}{{range 200000}}{{$d = list $d}}{{end}}"), depth);
    assert_eq!(limit(r#"{{$d := dict}}{{range 200000}}{{$d = set (dict) "k" $d}}{{end}}"#), depth);
}

#[test]
fn a_value_that_grows_downwards_is_dropped_and_not_printed() {
    let grow = r#"{{$root := dict}}{{$d := $root}}{{range 200000}}{{$n := dict}}{{$_ := set $d "k" $n}}{{$d = $n}}{{end}}"#;
    assert_eq!(render(grow, Limits::default()).unwrap(), b"");
    assert_eq!(limit(&format!("{grow}{{{{$root}}}}")), Some(Limit::ValueDepth(1_000)));
}

#[test]
fn a_map_that_contains_itself_is_not_printed() {
    let text = r#"{{$d := dict}}{{$_ := set $d "k" $d}}{{$d}}"#;
    assert_eq!(limit(text), Some(Limit::ValueDepth(1_000)));
}

#[test]
fn a_small_value_that_prints_large_stops() {
    let limits = Limits { string_bytes: 1 << 20, output_bytes: 1 << 20, ..Limits::default() };
    let stop = |text: &str| render(text, limits).unwrap_err().limit();
    let grow = "{{$d := list 1}}{{range 40}}{{$d = list $d $d}}{{end}}";
    assert_eq!(stop(&format!("{grow}{{{{$d | print}}}}")), Some(Limit::StringBytes(1 << 20)));
    assert_eq!(stop(&format!("{grow}{{{{$d}}}}")), Some(Limit::OutputBytes(1 << 20)));
    let include = format!(r#"{{{{define "a"}}}}{{{{.}}}}{{{{end}}}}{grow}{{{{include "a" $d}}}}"#);
    assert_eq!(stop(&include), Some(Limit::StringBytes(1 << 20)));
}

#[test]
fn a_string_that_doubles_stops() {
    let text = r#"{{$s := "a"}}{{range 40}}{{$s = print $s $s}}{{end}}"#;
    assert_eq!(limit(text), Some(Limit::StringBytes(64 << 20)));
    let text =
        r#"{{define "a"}}{{.}}{{.}}{{end}}{{$s := "a"}}{{range 40}}{{$s = include "a" $s}}{{end}}"#;
    assert_eq!(limit(text), Some(Limit::StringBytes(64 << 20)));
}

#[test]
fn loops_stop_after_so_many_steps() {
    let limits = Limits { steps: 10_000, ..Limits::default() };
    let stop = |text| render(text, limits).unwrap_err().limit();
    assert_eq!(stop("{{range 1000000000}}{{end}}"), Some(Limit::Steps(10_000)));
    assert_eq!(stop("{{range 1000}}{{range 1000}}x{{end}}{{end}}"), Some(Limit::Steps(10_000)));
}

#[test]
fn elements_count_while_they_live() {
    let limits = Limits { live_elements: 1_000, ..Limits::default() };
    let kept =
        "{{$d := dict}}{{range $i := until 30}}{{$_ := set $d (print $i) (until 100)}}{{end}}";
    assert_eq!(render(kept, limits).unwrap_err().limit(), Some(Limit::LiveElements(1_000)));
    let dropped = "{{range 30}}{{$_ := until 100}}{{end}}";
    assert!(render(dropped, limits).is_ok());
    let asked = "{{until 1000000000}}";
    assert_eq!(render(asked, limits).unwrap_err().limit(), Some(Limit::LiveElements(1_000)));
}

#[test]
fn the_stack_of_an_ordinary_thread_is_enough_for_the_nesting_that_the_readme_says() {
    let limits = Limits { nesting: 300, ..Limits::default() };
    let text = r#"{{define "a"}}{{(print (include "a" .))}}{{end}}{{template "a" .}}"#.to_owned();
    let stopped = thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || render(&text, limits).unwrap_err().limit())
        .unwrap()
        .join()
        .unwrap();
    assert_eq!(stopped, Some(Limit::Nesting(300)));
}
