//! Types that comments say: what kustomize 5.8.2 makes of them, case by case.
//!
//! A case is a file below `comments/cases`: the files of a build, each behind a line `-- NAME --`, and what kustomize prints of them
//! behind `-- output --`.

use std::path::Path;

use sealift_kustomize::{MemoryFiles, Options, build};

/// Cuts a case at its separators.
fn parts(case: &str) -> Vec<(&str, String)> {
    let mut parts: Vec<(&str, String)> = Vec::new();
    for line in case.split_inclusive('\n') {
        let name = line.strip_prefix("-- ").and_then(|line| line.trim_end().strip_suffix(" --"));
        match (name, parts.last_mut()) {
            (Some(name), _) => parts.push((name, String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    parts
}

fn built(files: &[(&str, String)]) -> Result<String, String> {
    let mut memory = MemoryFiles::new();
    for (name, text) in files {
        memory.file(&format!("/app/{name}"), text.as_str());
    }
    let built = build(&memory, "/app", &Options::default()).map_err(|error| error.to_string())?;
    built.to_yaml().map_err(|error| error.to_string())
}

#[test]
fn lists_are_merged_as_comments_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/comments/cases");
    let (mut count, mut wrong) = (0, Vec::new());
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let case = fs_err::read_to_string(&path).unwrap();
        let mut files = parts(&case);
        let (last, want) = files.pop().unwrap();
        assert_eq!(last, "output", "{}", path.display());
        let got = built(&files).unwrap_or_else(|error| format!("error: {error}"));
        if got != want {
            wrong.push(format!("=== {}\n--- got\n{got}--- want\n{want}", path.display()));
        }
        count += 1;
    }
    assert!(count > 50, "{count} cases");
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
}

const OBJECT: &str = "\
apiVersion: example.com/v1
kind: Custom
metadata: {name: x}
containers:";

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: x}
";

/// Each line has what becomes of the list that stands below the comment behind it: of an object without a type, `merged` or
/// `replaced`; of a Deployment, merged as its `own` type says or replaced, as that is `hidden`.
#[test]
fn what_is_no_schema_says_nothing_and_what_is_one_hides_the_type() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/comments/schemas.txt");
    let table = fs_err::read_to_string(path).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for line in table.lines() {
        let (want, comment) = line.split_once(' ').unwrap();
        let got = outcome(matches!(want, "own" | "hidden"), comment);
        if got != Ok(matches!(want, "own" | "merged")) {
            wrong.push(format!("{line}: {got:?}"));
        }
        count += 1;
    }
    assert!(count > 100, "{count} lines");
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether the item that the patch does not have is there.
fn outcome(is_typed: bool, comment: &str) -> Result<bool, String> {
    let (object, patch) = if is_typed {
        let below = "spec:\n  template:\n    spec:\n      containers:";
        let items = "      - name: p\n        image: i\n      - name: q\n";
        (
            format!("{DEPLOYMENT}{below} # {comment}\n{items}"),
            format!("{DEPLOYMENT}{below}\n      - name: p\n"),
        )
    } else {
        (format!("{OBJECT} # {comment}\n- name: p\n- name: q\n"), format!("{OBJECT}\n- name: p\n"))
    };
    let kustomization = "resources: [r.yaml]\npatches: [{path: p.yaml}]\n".to_owned();
    let files = [("kustomization.yaml", kustomization), ("r.yaml", object), ("p.yaml", patch)];
    built(&files).map(|text| text.contains("name: q"))
}

#[test]
fn comments_without_end_are_refused() {
    let kustomization = "resources: [r.yaml]\npatches: [{path: p.yaml}]\n".to_owned();
    let comment = format!("{{\"title\":\"{}\"}}", "x".repeat(5 << 20));
    let files = [
        ("kustomization.yaml", kustomization),
        ("r.yaml", format!("{OBJECT} # {comment}\n- name: p\n")),
        ("p.yaml", format!("{OBJECT}\n- name: p\n")),
    ];
    let mut memory = MemoryFiles::new();
    for (name, text) in &files {
        memory.file(&format!("/app/{name}"), text.as_str());
    }
    let error = build(&memory, "/app", &Options::default()).unwrap_err();
    assert_eq!(error.class(), Some("limit"), "{error}");
}

/// Each bracket is the end of a collection in the line that has the comment.
#[test]
fn a_long_line_with_a_comment_is_read_once() {
    let kustomization = "resources: [r.yaml]\npatches: [{path: p.yaml}]\n".to_owned();
    let object = format!("{OBJECT} [{}] # {{\"title\":\"x\"}}\n", "{name: p}, ".repeat(50_000));
    let patch = format!("{OBJECT}\n- name: q\n");
    let files = [("kustomization.yaml", kustomization), ("r.yaml", object), ("p.yaml", patch)];
    let start = std::time::Instant::now();
    assert!(built(&files).unwrap().contains("name: q"));
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}
