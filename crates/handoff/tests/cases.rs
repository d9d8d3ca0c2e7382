//! Every folder under `tests/cases` is one test: `lock.yaml` and the first line of `to` give the files under `want`, and
//! nothing else. `UPDATE=1 cargo test -p sealift-handoff --test cases` rewrites them; read the diff.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fs_err as fs;
use sealift_goyaml::{Limits, first};
use sealift_handoff::{Handoff, Login, Scheme, Settings, handoff};
use sealift_inventory::Lock;

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(root)
        .unwrap_or_else(|error| panic!("{error}"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn make(case: &Path) -> Handoff {
    let text = fs::read_to_string(case.join("lock.yaml")).expect("a lock");
    let lock = Lock::read("lock.yaml", &text)
        .unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let to = fs::read_to_string(case.join("to")).expect("a target");
    let (scheme, registry) = match to.trim().split_once("http://") {
        Some(("", registry)) => (Scheme::Http, registry),
        _ => (Scheme::Https, to.trim()),
    };
    let to = registry.parse().expect("a registry");
    handoff(&Settings { lock: &lock, to: &to, scheme }).expect("a handoff")
}

/// Files below a folder, by path.
fn read(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut left = vec![folder.to_owned()];
    while let Some(here) = left.pop() {
        for entry in fs::read_dir(here).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .expect("below")
                    .to_str()
                    .expect("UTF-8")
                    .replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    files
}

#[expect(clippy::disallowed_methods, reason = "the one switch of snapshot tests")]
fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

#[test]
fn every_case_gives_the_files_that_it_wants() {
    for case in cases() {
        let got: BTreeMap<String, String> =
            make(&case).files.into_iter().map(|(path, text)| (path.to_string(), text)).collect();
        let want = case.join("want");
        if is_update() {
            drop(fs::remove_dir_all(&want));
            for (name, text) in &got {
                let path = want.join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("made");
                fs::write(path, text).expect("written");
            }
        }
        assert_eq!(got, read(&want), "{}", case.display());
    }
}

#[test]
fn every_file_is_what_its_name_says_and_the_same_each_time() {
    for case in cases() {
        let made = make(&case);
        assert_eq!(made, make(&case));
        for (path, text) in &made.files {
            match path.as_str().rsplit_once('.').map(|(_, extension)| extension) {
                Some("toml") => {
                    let document: toml_edit::DocumentMut = text.parse().expect("TOML");
                    let server = document["server"].as_str().expect("a server");
                    assert!(
                        !server.contains("docker.io/") && server.starts_with("http"),
                        "{server}"
                    );
                    let has_path = server.contains("/v2/");
                    assert_eq!(document.get("override_path").is_some(), has_path, "{server}");
                }
                Some("yaml") => {
                    let secret =
                        first(text, &Limits::default()).expect("YAML").expect("a document");
                    let data = secret
                        .at(&["stringData", ".dockerconfigjson"])
                        .and_then(|data| data.as_str());
                    let config: serde_json::Value =
                        serde_json::from_str(data.expect("data")).expect("JSON");
                    assert!(config["auths"].as_object().is_some_and(|auths| !auths.is_empty()));
                }
                _ => assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{path}"),
            }
        }
    }
}

/// A handoff is made without a login; the one text that takes one gives it back exactly.
#[test]
fn a_real_login_is_read_back_exactly_and_for_the_private_registry_alone() {
    let made = make(&cases()[0]);
    let login = Login { username: "an'a: #\u{e9}", password: "ca\"n\\ary\n\u{7f}\u{85}" };
    let text = made.pull_secret(&login);
    let secret = first(&text, &Limits::default()).expect("YAML").expect("a document");
    let data = secret
        .at(&["stringData", ".dockerconfigjson"])
        .and_then(|data| data.as_str())
        .expect("data");
    let config: serde_json::Value = serde_json::from_str(data).expect("JSON");
    let (_, entry) = config["auths"].as_object().expect("entries").iter().next().expect("one");
    assert_eq!(
        (entry["username"].as_str(), entry["password"].as_str()),
        (Some(login.username), Some(login.password))
    );
    assert_eq!(
        config["auths"].as_object().map(serde_json::Map::len),
        Some(1),
        "no other host gets it"
    );
}
