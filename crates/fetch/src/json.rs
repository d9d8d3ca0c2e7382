//! JSON as Go's `encoding/json` writes it, for hashes and bytes that must be those of Helm.

use sealift_gotemplate::Limit;
use sealift_helm::chart::{Maintainer, Metadata, dependency_json};

/// A structure while its fields are written.
#[derive(Debug, Default)]
pub(crate) struct Object(Vec<String>);

impl Object {
    /// A field with a text.
    pub(crate) fn text(mut self, name: &str, value: &str) -> Self {
        self.0.push(format!("{}:{}", string(name), string(value)));
        self
    }

    /// A field with a text, unless that is empty: `omitempty`.
    fn some(self, name: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.text(name, value) }
    }

    /// A field with a list, unless that is empty.
    fn list(self, name: &str, items: &[String]) -> Self {
        if items.is_empty() { self } else { self.raw(name, &list(items)) }
    }

    /// A field whose value is JSON already.
    pub(crate) fn raw(mut self, name: &str, json: &str) -> Self {
        self.0.push(format!("{}:{json}", string(name)));
        self
    }

    fn truth(self, name: &str, value: bool) -> Self {
        if value { self.raw(name, "true") } else { self }
    }

    pub(crate) fn end(&self) -> String {
        format!("{{{}}}", self.0.join(","))
    }
}

/// Returns a list of what is JSON already.
pub(crate) fn list(items: &[String]) -> String {
    format!("[{}]", items.join(","))
}

/// Returns a string with `<`, `>`, `&` and the separators of lines escaped, as Go does for HTML and JavaScript.
fn string(text: &str) -> String {
    let mut out = serde_json::Value::from(text).to_string();
    for (character, escaped) in [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ] {
        if out.contains(character) {
            out = out.replace(character, escaped);
        }
    }
    out
}

fn strings(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| string(text)).collect()
}

/// Returns `Chart.yaml` as `json.Marshal` writes `chart.Metadata`.
///
/// Mirrors `pkg/chart/v2/metadata.go` of Helm 4.2.4.
pub(crate) fn metadata(metadata: &Metadata) -> Result<String, Limit> {
    let dependencies: Result<Vec<_>, _> =
        metadata.dependencies.iter().map(dependency_json).collect();
    let maintainers: Vec<_> = metadata.maintainers.iter().map(maintainer).collect();
    let annotations = metadata.annotations.iter();
    let annotations =
        annotations.fold(Object::default(), |object, (name, value)| object.text(name, value));
    let annotations = Some(annotations).filter(|annotations| !annotations.0.is_empty());
    let object = Object::default()
        .some("name", &metadata.name)
        .some("home", &metadata.home)
        .list("sources", &strings(&metadata.sources))
        .some("version", &metadata.version)
        .some("description", &metadata.description)
        .list("keywords", &strings(&metadata.keywords))
        .list("maintainers", &maintainers)
        .some("icon", &metadata.icon)
        .some("apiVersion", &metadata.api_version)
        .some("condition", &metadata.condition)
        .some("tags", &metadata.tags)
        .some("appVersion", &metadata.app_version)
        .truth("deprecated", metadata.deprecated);
    let object = match annotations {
        Some(annotations) => object.raw("annotations", &annotations.end()),
        None => object,
    };
    let object = object
        .some("kubeVersion", &metadata.kube_version)
        .list("dependencies", &dependencies?)
        .some("type", &metadata.kind);
    Ok(object.end())
}

fn maintainer(maintainer: &Maintainer) -> String {
    Object::default()
        .some("name", &maintainer.name)
        .some("email", &maintainer.email)
        .some("url", &maintainer.url)
        .end()
}

#[cfg(test)]
mod tests {
    use sealift_gotemplate::Value;
    use sealift_helm::chart::Dependency;

    use super::*;

    #[test]
    fn strings_are_escaped_as_go_does() {
        for (text, want) in [
            ("a\"b\\c/\u{7f}é😀", "\"a\\\"b\\\\c/\u{7f}é😀\""),
            ("<a&b>\u{2028}", r#""\u003ca\u0026b\u003e\u2028""#),
            ("\n\t\r\u{8}\u{c}\u{1}", r#""\n\t\r\b\f\u0001""#),
        ] {
            assert_eq!(string(text), want);
        }
    }

    #[test]
    fn empty_fields_are_left_out_but_name_and_repository_of_dependencies() {
        let metadata = Metadata {
            name: "a".to_owned(),
            annotations: [("b".to_owned(), String::new()), ("a".to_owned(), "1".to_owned())].into(),
            maintainers: vec![Maintainer::default()],
            dependencies: vec![Dependency {
                tags: vec!["t".to_owned()],
                import_values: vec![Value::from("x"), Value::Float(1.5)],
                ..Dependency::default()
            }],
            deprecated: true,
            ..Metadata::default()
        };
        let want = r#"{"name":"a","maintainers":[{}],"deprecated":true,"annotations":{"a":"1","b":""},"dependencies":[{"name":"","repository":"","tags":["t"],"import-values":["x",1.5]}]}"#;
        assert_eq!(super::metadata(&metadata).expect("written"), want);
    }
}
