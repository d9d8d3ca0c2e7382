//! A text that was read under another name is not read again, and is as if it had been.

use sealift_gotemplate::{Budget, Functions, Map, Output, Templates, Value};

/// Returns what a template of several texts prints, or the error.
fn printed(texts: &[(&str, &str)], name: &str) -> String {
    let mut templates = Templates::new(Functions::new());
    for (name, text) in texts {
        if let Err(error) = templates.parse(*name, *text) {
            return error.to_string();
        }
    }
    let mut output = Output::new();
    let data = Value::from(Map::from_iter([("a", 1)]));
    match templates.execute(name, &data, &Budget::default(), &mut output) {
        Ok(()) => String::from_utf8_lossy(output.bytes()).into_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_error_names_the_text_that_came_last() {
    let text = "{{define \"f\"}}\n{{index .a 1}}{{end}}{{template \"f\" .}}";
    let error = printed(&[("one", text), ("two", text)], "one");
    assert!(error.starts_with("template: two:2:2: executing \"f\" at <index .a 1>"), "{error}");
    assert_eq!(error, printed(&[("one", text), ("two", &format!("{text} "))], "one"));
}

#[test]
fn what_was_defined_in_between_is_defined_anew() {
    let (mine, yours) = ("{{define \"f\"}}mine{{end}}", "{{define \"f\"}}yours{{end}}");
    let main = ("main", "{{template \"f\"}}");
    assert_eq!(printed(&[main, ("1", mine), ("2", yours), ("3", mine)], "main"), "mine");
    assert_eq!(printed(&[main, ("1", mine), ("2", mine), ("3", yours)], "main"), "yours");
}

#[test]
fn a_text_that_defines_a_template_of_its_own_name_is_read_under_that_name() {
    let text = "{{define \"two\"}}inner{{end}}outer";
    let twice = printed(&[("one", text), ("two", text)], "two");
    assert_eq!(twice, printed(&[("two", text)], "two"));
    assert!(twice.contains("multiple definition of template \"two\""), "{twice}");
    assert_eq!(printed(&[("one", text), ("three", text)], "two"), "inner");
    let blank = "{{define \"two\"}}inner{{end}} ";
    assert_eq!(printed(&[("two", blank), ("three", blank)], "two"), "inner");
    assert_eq!(printed(&[("two", blank), ("three", blank)], "three"), " ");
}

#[test]
fn other_marks_read_another_text() {
    let text = "{{.a}}{{< .a >}}";
    let mut templates = Templates::new(Functions::new());
    templates.parse("one", text).expect_err("`<` is no word");
    let mut templates = templates.delimiters("{{<", ">}}");
    templates.parse("two", text).expect("one action");
    let mut templates = templates.delimiters("{{", "}}");
    templates.parse("three", text).expect_err("`<` is no word");
}
