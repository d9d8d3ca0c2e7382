//! Rows of the tables in kustomize's own tests of its parts.

use std::collections::BTreeMap;
use std::path::Path;

use sealift_kustomize::{loader::RepoSpec, raw};
use serde_json::Value;

use super::cases::Outcome;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn is_opaque(value: &Value) -> bool {
    match value {
        Value::Object(entries) => {
            entries.contains_key("__opaque") || entries.values().any(is_opaque)
        }
        Value::Array(items) => items.iter().any(is_opaque),
        _ => false,
    }
}

fn same(got: Result<String, String>, want: &str) -> Result<(), String> {
    let got = got?;
    // Comments never reach what a build prints.
    let is_text = |line: &&str| !line.trim_start().starts_with('#');
    let trim = |text: &str| text.trim().lines().filter(is_text).collect::<Vec<_>>().join("\n");
    if trim(&got) == trim(want) { Ok(()) } else { Err(format!("--- got\n{got}\n--- want\n{want}")) }
}

fn equal<T: PartialEq + std::fmt::Debug>(got: &T, want: &T) -> Result<(), String> {
    if got == want { Ok(()) } else { Err(format!("got {got:?}, want {want:?}")) }
}

/// A table: its file, its name, and what compares a row.
type Table = (&'static str, &'static str, fn(&Value) -> Result<(), String>);

const TABLES: [Table; 25] = [
    ("api_filters_annotations", "TestAnnotations_Filter.testCases", |row| {
        same(raw::filter("annotations", row), &text(&row["expectedOutput"]))
    }),
    ("api_filters_imagetag", "TestImageTagUpdater_Filter.testCases", |row| {
        same(raw::filter("image", row), &text(&row["expectedOutput"]))
    }),
    ("api_filters_imagetag", "TestLegacyImageTag_Filter.testCases", |row| {
        same(raw::filter("containers", row), &text(&row["expectedOutput"]))
    }),
    ("api_filters_labels", "TestLabels_Filter.testCases", |row| {
        same(raw::filter("labels", row), &text(&row["expectedOutput"]))
    }),
    ("api_filters_namespace", "var tests", |row| {
        same(raw::filter("namespace", row), &text(&row["expected"]))
    }),
    ("api_filters_patchjson6902", "TestSomething.testCases", |row| {
        same(raw::filter("json", row), &text(&row["expectedOutput"]))
    }),
    ("api_filters_prefix", "var tests", |row| {
        same(raw::filter("prefix", row), &text(&row["expected"]))
    }),
    ("api_filters_suffix", "var tests", |row| {
        same(raw::filter("suffix", row), &text(&row["expected"]))
    }),
    ("api_filters_replicacount", "TestFilter.testCases", |row| {
        same(raw::filter("replicas", row), &text(&row["expected"]))
    }),
    ("api_filters_valueadd", "TestValueAddFilter.testCases", |row| {
        same(raw::filter("value", row), &text(&row["expectedOutput"]))
    }),
    ("api_filters_refvar", "TestMapping.cases", |row| match &row["expected"] {
        Value::String(want) => equal(&raw::expand(&text(&row["input"]), &variables()), want),
        _ => Ok(()),
    }),
    ("api_filters_replacement", "TestFilter.testCases", replacement),
    ("api_filters_replacement", "TestValueInlineStructuredData.testCases", replacement),
    ("api_hasher", "TestConfigMapHash.cases", |row| hashed(row, "cmYaml")),
    ("api_hasher", "TestSecretHash.cases", |row| hashed(row, "secretYaml")),
    ("api_internal_git", "TestNewRepoSpecFromUrlErrors.badData", |row| {
        match RepoSpec::parse(&text(&row["url"])) {
            Ok(found) => Err(format!("{found:?}")),
            Err(error) if error.to_string().contains(&text(&row["error"])) => Ok(()),
            Err(error) => Err(format!("{error}, want {}", row["error"])),
        }
    }),
    ("api_internal_git", "TestNewRepoSpecFromUrl_Smoke.testcases", repository),
    ("api_internal_image", "TestIsImageMatched.testCases", |row| {
        let got = raw::is_image(&text(&row["value"]), &text(&row["name"]));
        equal(&Value::Bool(got), &row["isMatched"])
    }),
    ("api_internal_image", "TestSplit.testCases", |row| {
        let want = (text(&row["name"]), text(&row["tag"]), text(&row["digest"]));
        equal(&raw::image_parts(&text(&row["value"])), &want)
    }),
    ("kyaml_utils", "TestSmarterPathSplitter.testCases", |row| {
        equal(&Value::from(raw::path_parts(&text(&row["input"]), true)), &row["expected"])
    }),
    ("kyaml_yaml", "TestDeAnchorMerge.testCases", |row| {
        match (raw::read(&text(&row["input"])), row["expectedErr"].as_str()) {
            (Err(_), Some(_)) => Ok(()),
            (got, None) => same(got, &text(&row["expected"])),
            (Ok(got), Some(error)) => Err(format!("no error {error}: {got}")),
        }
    }),
    ("kyaml_yaml_merge2", "var elementTestCases", merged),
    ("kyaml_yaml_merge2", "var listTestCases", merged),
    ("kyaml_yaml_merge2", "var mapTestCases", merged),
    ("kyaml_yaml_merge2", "var scalarTestCases", merged),
];

/// The variables of the test of the same name.
fn variables() -> BTreeMap<String, String> {
    let pairs = [
        ("VAR_A", "A"),
        ("VAR_B", "B"),
        ("VAR_C", "C"),
        ("VAR_REF", "$(VAR_A)"),
        ("VAR_EMPTY", ""),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn replacement(row: &Value) -> Result<(), String> {
    let got = raw::replace(&text(&row["input"]), &text(&row["replacements"]));
    match (got, text(&row["expectedErr"]).as_str()) {
        (got, "") => same(got, &text(&row["expected"])),
        (Err(error), want) => {
            let lacking = super::needed::missing(want, &error);
            if lacking.is_empty() {
                Ok(())
            } else {
                Err(format!("{error}, want {want}: lacks {lacking:?}"))
            }
        }
        (Ok(got), want) => Err(format!("no error {want}: {got}")),
    }
}

fn hashed(row: &Value, field: &str) -> Result<(), String> {
    if !text(&row["err"]).is_empty() {
        return Ok(());
    }
    same(raw::suffix(&text(&row[field])), &text(&row["hash"]))
}

fn repository(row: &Value) -> Result<(), String> {
    let found = RepoSpec::parse(&text(&row["input"])).map_err(|error| error.to_string())?;
    let want = &row["repoSpec"];
    let part = |name: &str| text(&want[name]);
    let got = (found.host, found.repo_path, found.folder, found.reference);
    equal(&got, &(part("Host"), part("RepoPath"), part("KustRootPath"), part("Ref")))
}

/// Values are compared: a build appends no items, so that the order of lists counts only where they are put first.
fn merged(row: &Value) -> Result<(), String> {
    let got = raw::merge(&text(&row["source"]), &text(&row["dest"]), row["infer"] == true)?;
    let value = |text: &str| -> Result<Value, String> {
        serde_json::from_str(&raw::json(text)?).map_err(|error| error.to_string())
    };
    let is_append = row["mergeOptions"]["ListIncreaseDirection"] == "MergeOptionsListAppend";
    let (mut got, mut want) = (value(&got)?, value(&text(&row["expected"]))?);
    if is_append {
        sort(&mut got);
        sort(&mut want);
    }
    equal(&got, &want)
}

fn sort(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(sort);
            items.sort_by_key(ToString::to_string);
        }
        Value::Object(entries) => entries.values_mut().for_each(sort),
        _ => {}
    }
}

/// Runs all tables.
pub(crate) fn tables(top: &Path) -> std::io::Result<Outcome> {
    let mut outcome = Outcome::default();
    for (file, table, compare) in TABLES {
        let read = fs_err::read_to_string(top.join(format!("{file}.json")))?;
        let all: Value = serde_json::from_str(&read)?;
        let rows: Vec<(String, &Value)> = match &all[table] {
            Value::Array(rows) => {
                rows.iter().enumerate().map(|(at, row)| (at.to_string(), row)).collect()
            }
            Value::Object(rows) => rows.iter().map(|(name, row)| (name.clone(), row)).collect(),
            _ => Vec::new(),
        };
        for (name, row) in rows {
            if table.contains("Smoke") || !is_opaque(row) {
                outcome.note(&format!("{file} {table} {name}"), compare(row));
            }
        }
    }
    Ok(outcome)
}
