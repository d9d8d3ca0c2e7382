//! Helm's `repositories.yaml`.

use sealift_fetch::{Beside, ChartSource, Error, FetchSettings, Remote, Repositories};
use sealift_registry::{HostFiles, Trust};
use sealift_testkit::{Entry, Script, Server};

use crate::fixture::{a_of, archive, get, hex, index, ok, url, write};

fn read(text: &str) -> Result<Repositories, Error> {
    let place = tempfile::tempdir().expect("a folder");
    Repositories::read(&write(place.path(), "repositories.yaml", text))
}

const FILE: &str = r#"apiVersion: ""
generated: "2026-01-01T00:00:00Z"
repositories:
- caFile: /etc/ca.pem
  certFile: ""
  insecure_skip_tls_verify: false
  name: jetstack
  pass_credentials_all: false
  password: ""
  url: https://charts.jetstack.example/
  username: ""
- name: corp
  url: https://charts.corp:8443/stable
  insecure_skip_tls_verify: true
  certFile: own.pem
  keyFile: own.key
"#;

#[test]
fn repositories_are_found_by_name_and_address() {
    let repositories = read(FILE).expect("read");
    assert_eq!(repositories.named("corp").expect("known").url, "https://charts.corp:8443/stable");
    let found = repositories.at("https://charts.jetstack.example").expect("known");
    assert_eq!(found.name, "jetstack");
    assert!(repositories.at("https://charts.corp/stable").is_none());
    let error = repositories.named("jetstak").expect_err("unknown");
    let want = "no chart repository is named `jetstak`; did it mean jetstack";
    assert_eq!(error.to_string(), want);
    assert_eq!(repositories.iter().count(), 2);
}

#[test]
fn their_certificates_are_trusted_for_their_hosts_only() {
    let mut trust = Trust::default();
    read(FILE).expect("read").add_to(&mut trust);
    assert_eq!(trust.insecure, ["charts.corp:8443".to_owned()].into());
    let files = |ca: Option<&str>, certificate: Option<&str>, key: Option<&str>| HostFiles {
        ca: ca.map(Into::into),
        certificate: certificate.map(Into::into),
        key: key.map(Into::into),
    };
    let want = [
        ("charts.corp:8443".to_owned(), files(None, Some("own.pem"), Some("own.key"))),
        ("charts.jetstack.example".to_owned(), files(Some("/etc/ca.pem"), None, None)),
    ];
    assert_eq!(trust.hosts, want.into());
}

#[test]
fn there_need_not_be_a_file() {
    let nowhere = std::path::Path::new("no/such/repositories.yaml");
    assert_eq!(Repositories::read(nowhere).expect("none").iter().count(), 0);
    for text in ["", "repositories:\n", "apiVersion: v1\nrepositories: []\n"] {
        assert_eq!(read(text).expect("read").iter().count(), 0, "{text}");
    }
}

#[test]
fn a_broken_file_is_told_without_its_passwords() {
    for (text, want) in [
        ("repositories: canary", "`repositories` is no list"),
        ("repositories:\n- {name: a}", "line 2: a repository has no name or no url"),
        ("repositories:\n- {name: a, url: x, username: [canary]}", "line 2: `username` is no text"),
        ("password: @canary", "line 1 is no YAML"),
    ] {
        let error = read(text).expect_err(text);
        assert!(error.to_string().ends_with(want), "{error}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn the_password_of_a_named_repository_is_shown_to_it_and_never_printed() {
    let archive = archive("a", "1.0.0", &[]);
    let index = index(&[("a", "1.0.0", &hex(&archive), "a-1.0.0.tgz")]);
    let shown = |path: &str, body: bytes::Bytes| {
        Entry::get(path).if_header("authorization", "Basic bWU6Y2FuYXJ5").reply(ok(body))
    };
    let script = Script::new()
        .entry(shown("/charts/index.yaml", index.into()))
        .entry(shown("/charts/a-1.0.0.tgz", archive.clone()));
    let server = Server::start(script).await;
    let file = format!(
        "repositories:\n- {{name: r, url: '{}', username: me, password: canary}}\n",
        url(&server)
    );
    let repositories = read(&file).expect("read");
    assert!(!format!("{repositories:?}").contains("canary"));
    let settings = FetchSettings { repositories, ..FetchSettings::default() };
    get(settings, a_of(&format!("{}/", url(&server)), "")).await.expect("fetched");
}

/// What a source is, in a word.
fn word(source: Result<ChartSource, Error>) -> String {
    match source {
        Ok(ChartSource::Archive(path)) => format!("archive {}", path.display()),
        Ok(ChartSource::Folder(path)) => format!("folder {}", path.display()),
        Ok(ChartSource::Remote(Remote::Oci { reference, version })) => {
            format!("{reference} {version}")
        }
        Ok(ChartSource::Remote(Remote::Repository { url, chart, version, .. })) => {
            format!("{url} {chart} {version}")
        }
        Ok(ChartSource::Remote(Remote::Url { url, .. })) => format!("url {url}"),
        Ok(other) => format!("{other:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_argument_means_what_it_means_for_helm() {
    let place = tempfile::tempdir().expect("a folder");
    let repositories = read(FILE).expect("read");
    let folder =
        write(place.path(), "c/Chart.yaml", "").parent().expect("one").display().to_string();
    let archive = write(place.path(), "c.tgz", "").display().to_string();
    let none = "is no folder, no archive, no URL, and no chart of a named repository (NAME/CHART)";
    for (argument, repository, version, want) in [
        (folder.as_str(), "", "", format!("folder {folder}")),
        (&archive, "", "1", format!("archive {archive}")),
        // With a repository, what is here does not count.
        (&folder, "https://c.example", "1", format!("https://c.example {folder} 1")),
        ("a", "https://c.example", "^1", "https://c.example a ^1".to_owned()),
        ("a", "oci://r.example/charts/", "1.0.0", "oci://r.example/charts/a 1.0.0".to_owned()),
        ("oci://r.example/a:1", "", " ", "oci://r.example/a:1 ".to_owned()),
        ("https://c.example/a.tgz", "", "", "url https://c.example/a.tgz".to_owned()),
        ("corp/a", "", "2", "https://charts.corp:8443/stable a 2".to_owned()),
        ("crop/a", "", "", "no chart repository is named `crop`; did it mean corp".to_owned()),
        ("./gone", "", "", format!("`./gone` {none}")),
        ("../gone", "", "", format!("`../gone` {none}")),
        ("/gone", "", "", format!("`/gone` {none}")),
        ("gone", "", "", format!("`gone` {none}")),
    ] {
        let beside = Beside { repository, version, access: None };
        let found = word(ChartSource::locate(argument, beside, &repositories));
        assert_eq!(found, want);
    }
}
