//! The chart that the expressions are about.

use std::path::Path;
use std::rc::Rc;

use fs_err as fs;
use sealift_gotemplate::{Map, Str, Value};
use sealift_goyaml::{Limits, Node, first};
use sealift_helm::chart::{Dependency, File, Maintainer, Metadata};
use sealift_helm::{Chart, Profile, values};

/// Reads the chart of a folder, with as much of `Chart.yaml` as the chart has.
pub(crate) fn read(folder: &Path) -> Chart {
    let text = fs::read_to_string(folder.join("Chart.yaml")).expect("the chart can be read");
    let node = first(&text, &Limits::default()).expect("YAML").expect("a document");
    let values = match fs::read(folder.join("values.yaml")) {
        Ok(bytes) => values::values(&bytes, Profile::default()).expect("the chart can be read"),
        Err(_) => Map::new(),
    };
    let mut files = Vec::new();
    collect(folder, "", &mut files);
    let (templates, files): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| file.name.starts_with("templates/"));
    let known = ["Chart.yaml", "values.yaml"];
    let mut dependencies: Vec<Chart> = Vec::new();
    if let Ok(entries) = fs::read_dir(folder.join("charts")) {
        let mut folders: Vec<_> =
            entries.map(|entry| entry.expect("the chart can be read").path()).collect();
        folders.sort();
        dependencies.extend(folders.iter().map(|folder| read(folder)));
    }
    Chart {
        metadata: Rc::new(metadata(&node)),
        lock: None,
        templates: templates.into(),
        files: files.into_iter().filter(|file| !known.contains(&&*file.name)).collect(),
        raw: Rc::new([]),
        values,
        schema: None,
        dependencies,
        full_path: None,
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .expect("the chart can be read")
        .map(|entry| entry.expect("an entry"))
        .collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if !entry.path().is_dir() {
            let data = Str::from(fs::read(entry.path()).expect("the chart can be read"));
            files.push(File { name: name.into(), data });
        } else if name != "charts" {
            collect(&entry.path(), &format!("{name}/"), files);
        }
    }
}

fn metadata(node: &Node<'_>) -> Metadata {
    let text = |name: &str| text(node, name);
    let list = |name: &str| node.get(name).map(Node::items).unwrap_or_default();
    let entries = node.get("annotations").map(Node::entries).unwrap_or_default();
    Metadata {
        name: text("name"),
        home: text("home"),
        version: text("version"),
        description: text("description"),
        keywords: list("keywords").iter().map(|node| text_of(node).to_owned()).collect(),
        maintainers: list("maintainers").iter().map(maintainer).collect(),
        api_version: text("apiVersion"),
        app_version: text("appVersion"),
        annotations: entries
            .iter()
            .map(|(key, value)| (text_of(key).to_owned(), text_of(value).to_owned()))
            .collect(),
        dependencies: list("dependencies").iter().map(dependency).collect(),
        kind: text("type"),
        ..Metadata::default()
    }
}

fn maintainer(node: &Node<'_>) -> Maintainer {
    Maintainer { name: text(node, "name"), email: text(node, "email"), url: text(node, "url") }
}

fn dependency(node: &Node<'_>) -> Dependency {
    let imports = node.get("import-values").map(Node::items).unwrap_or_default();
    Dependency {
        name: text(node, "name"),
        version: text(node, "version"),
        condition: text(node, "condition"),
        alias: text(node, "alias"),
        import_values: imports.iter().map(|node| Value::from(text_of(node))).collect(),
        ..Dependency::default()
    }
}

fn text(node: &Node<'_>, name: &str) -> String {
    node.get(name).and_then(Node::as_str).unwrap_or_default().to_owned()
}

fn text_of<'n>(node: &'n Node<'_>) -> &'n str {
    node.as_str().expect("a string")
}
