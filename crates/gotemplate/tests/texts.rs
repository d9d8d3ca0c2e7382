//! Texts that functions execute as templates.

use sealift_gotemplate::{
    Budget, Function, Functions, Map, Output, Signature, Str, Templates, Type, Value,
};

fn rendered(text: &str) -> String {
    let mut functions = Functions::new();
    let signature = Signature::new([Type::String, Type::Any], Type::String);
    let tpl = Function::new(signature, |context, arguments| {
        let text = arguments[0].as_str().cloned().unwrap_or_else(|| Str::from(""));
        Ok(context.execute_text("set", text, &arguments[1])?.into())
    });
    functions.insert("tpl", tpl);
    let mut templates = Templates::new(functions);
    templates.parse("file", text).expect("it parses");
    let data = Value::from(Map::new());
    let mut output = Output::new();
    templates.execute("file", &data, &Budget::default(), &mut output).expect("it executes");
    String::from_utf8(output.into_bytes()).expect("text")
}

#[test]
fn a_text_of_white_space_inside_another_text_is_itself() {
    assert_eq!(rendered(r#"{{tpl "a{{tpl \" \" .}}b" .}}"#), "a b");
    assert_eq!(rendered(r#"{{tpl "a{{tpl \"\" .}}b" .}}"#), "ab");
}

#[test]
fn a_text_that_only_defines_is_white_space_and_seen_inside() {
    assert_eq!(rendered(r#"{{tpl "[{{define \"x\"}}y{{end}}{{template \"x\"}}]" .}}"#), "[y]");
}
