//! Lines of manifests are led back to the lines and values that gave them.
#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::rc::Rc;

use sealift_gotemplate::Step;
use sealift_helm::assembly::{self, Document};
use sealift_helm::chart::{File, Metadata};
use sealift_helm::engine::{Engine, Rendered, Traced};
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Release};

fn chart(templates: &[(&str, &str)], values: &str) -> Chart {
    let file = |&(name, data): &(&str, &str)| File { name: name.into(), data: data.into() };
    Chart {
        metadata: Rc::new(Metadata { name: "c".to_owned(), ..Metadata::default() }),
        lock: None,
        templates: templates.iter().map(file).collect(),
        files: Rc::default(),
        raw: Rc::default(),
        values: sealift_helm::values::values(values.as_bytes(), Profile::default()).unwrap(),
        schema: None,
        dependencies: Vec::new(),
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
    let manifests = assembly::manifests(&traced.rendered, Profile::default()).unwrap();
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
