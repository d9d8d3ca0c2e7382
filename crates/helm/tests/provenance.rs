//! Lines of manifests are led back to the lines and values that gave them.
#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::rc::Rc;

use sealift_gotemplate::Step;
use sealift_helm::assembly::{self, Document};
use sealift_helm::chart::{File, Metadata};
use sealift_helm::engine::{Engine, Rendered, Traced};
use sealift_helm::provenance::{Leaf, ValuesFiles};
use sealift_helm::values::{UserValues, ValuesFile};
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Release};

fn chart(templates: &[(&str, &str)], values: &str) -> Chart {
    named("c", templates, values)
}

fn named(name: &str, templates: &[(&str, &str)], values: &str) -> Chart {
    let file = |&(name, data): &(&str, &str)| File { name: name.into(), data: data.into() };
    Chart {
        metadata: Rc::new(Metadata { name: name.to_owned(), ..Metadata::default() }),
        lock: None,
        templates: templates.iter().map(file).collect(),
        files: Rc::default(),
        raw: Rc::new([file(&("values.yaml", values))]),
        values: sealift_helm::values::values(values.as_bytes(), Profile::default()).unwrap(),
        schema: None,
        dependencies: Vec::new(),
        full_path: None,
    }
}

fn traced(chart: &Chart) -> Traced {
    let profile = Profile::default();
    let engine = Engine::new(profile, Rc::new(FixedHost::default()));
    let capabilities = Capabilities::new(profile, None, &[]).unwrap();
    let traced =
        engine.render_traced(chart, &chart.values, &Release::default(), &capabilities).unwrap();
    let plain = engine.render(chart, &chart.values, &Release::default(), &capabilities).unwrap();
    let texts = |rendered: &[Rendered]| {
        rendered.iter().map(|file| file.text.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&traced.rendered), texts(&plain));
    traced
}

/// Returns the lines of a document, each with its line of the template and the keys read.
fn shown(document: &Document, traced: &Traced) -> Vec<String> {
    let trail = document.source().trail.as_ref().unwrap();
    let text = std::str::from_utf8(document.bytes()).unwrap();
    let mut start = document.range().start;
    let lines = text.lines().zip(document.template_lines()).map(|(line, number)| {
        let reads = trail.reads_at(start..start + line.len());
        start += line.len() + 1;
        let keys = |path: Vec<Step>| {
            path.iter().fold(String::new(), |keys, step| match step {
                Step::Item(place) => format!("{keys}[{place}]"),
                Step::Key(key) => format!("{keys}.{key}"),
            })
        };
        let reads: Vec<_> = reads.iter().map(|read| keys(traced.trace.path(read))).collect();
        format!("{}: {line} < {}", number.unwrap_or_default(), reads.join(" "))
    });
    lines.collect()
}

#[test]
fn lines_have_the_line_of_their_template_and_the_keys_that_were_read() {
    let deployment = "\
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
spec:
  containers:
  {{- if .Values.enabled }}
  - name: a
    image: {{ .Values.absent }}{{ .Values.image.name }}:{{ .Values.image.tag | default \"1\" }}{{ .Values.nothing }}
    args: {{ toYaml .Values.args | nindent 4 }}
  {{- end }}
---
{{ include \"second\" . }}
";
    let helper = "{{ define \"second\" }}kind: Pod\nmetadata:\n  name: b{{ end }}";
    let templates = [("templates/a.yaml", deployment), ("templates/_b.tpl", helper)];
    let chart = chart(&templates, "enabled: true\nargs: [x]\nimage:\n  name: nginx\n");
    let traced = traced(&chart);
    let manifests =
        assembly::manifests(&traced.rendered, Profile::default(), &FixedHost::default()).unwrap();
    let shown = |at: usize| shown(&manifests.objects[at], &traced);
    assert_eq!(
        shown(0),
        [
            "1: apiVersion: v1 < ",
            "2: kind: Pod < ",
            "3: metadata: < ",
            "4:   name: release-name < ",
            "5: spec: < ",
            "6:   containers: < .Values.enabled",
            "8:   - name: a < .Values.enabled",
            "9:     image: nginx:1 < .Values.absent .Values.enabled .Values.nothing .Values.image.name .Values.image.tag",
            "10:     args:  < .Values.enabled",
            "10:     - x < .Values.args .Values.enabled",
        ]
    );
    assert_eq!(shown(1), ["13: kind: Pod < ", "13: metadata: < ", "13:   name: b < "]);
    assert!(!traced.trace.has_changes());
}

#[test]
fn changed_values_are_told() {
    let template = "{{ $_ := set .Values.image \"tag\" \"2\" }}kind: Pod\n";
    let chart = chart(&[("templates/a.yaml", template)], "image: {name: nginx}\n");
    assert!(traced(&chart).trace.has_changes());
}

#[test]
fn a_value_is_written_where_the_file_that_wins_has_it() {
    let sub = named(
        "sub",
        &[],
        "a: 1\nb: 2\nglobal:\n  hub: inner\n  own: x\n  late: y\nlist:\n- p\n- q: r\n",
    );
    let mut root =
        named("c", &[], "# first\nsub:\n  b: 3\nglobal: {hub: outer, late: }\nnothing:\n");
    root.dependencies.push(sub);
    let file = |name: &str, text: &str| ValuesFile { name: name.to_owned(), bytes: text.into() };
    let files = vec![file("one.yaml", "top: 1\nsub:\n  a: 4\n"), file("two.yaml", "---\ntop: 2\n")];
    let user = UserValues { files, ..UserValues::default() };
    let files = ValuesFiles::read(&root, &user, Profile::default());
    let written = |keys: &[&str]| {
        let steps = keys.iter().map(|&key| Step::Key(key.into()));
        let written = files.written(&Leaf::new(steps.collect()));
        let shown = written.iter().map(|at| format!("{} {}:{}", at.leaf, at.file, at.line));
        shown.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(written(&["top"]), ".top two.yaml:2");
    assert_eq!(written(&["sub", "a"]), ".sub.a one.yaml:3");
    assert_eq!(written(&["sub", "b"]), ".sub.b values.yaml:3");
    assert_eq!(written(&["sub", "list"]), ".sub.list[0] charts/sub/values.yaml:8");
    assert_eq!(written(&["nothing"]), ".nothing values.yaml:5");
    assert_eq!(written(&["sub", "global", "hub"]), ".global.hub values.yaml:4");
    assert_eq!(written(&["sub", "global", "own"]), ".sub.global.own charts/sub/values.yaml:5");
    assert_eq!(
        written(&["sub", "global", "late"]),
        ".global.late values.yaml:4, .sub.global.late charts/sub/values.yaml:6"
    );
    assert_eq!(written(&["sub", "absent"]), "");
    assert_eq!(written(&["sub"]), "");
}
