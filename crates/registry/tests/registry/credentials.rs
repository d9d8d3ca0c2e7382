//! Files and helpers that hold credentials, and what `login` and `logout` make of them (security R9 to R11, S3).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sealift_oci::StoreError;
use sealift_registry::{Credential, CredentialFiles, Found, Login, Secret, login, logout};

fn write(path: &Path, text: &str) {
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, text).unwrap();
}

/// An entry for `host` whose user tells where it was found.
fn auth(host: &str, user: &str) -> String {
    format!(r#"{{"auths": {{"{host}": {{"username": "{user}", "password": "p"}}}}}}"#)
}

async fn found(files: &CredentialFiles, name: &str) -> Result<Option<Arc<Found>>, StoreError> {
    files.find(&name.parse().unwrap()).await
}

async fn user(files: &CredentialFiles, name: &str) -> Option<String> {
    match &*found(files, name).await.unwrap()?.credential {
        Credential::Basic { user, .. } => Some(user.clone()),
        other => Some(format!("{other:?}")),
    }
}

#[tokio::test]
async fn the_first_file_that_knows_the_host_wins() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut files = CredentialFiles {
        helper_patience: None,
        explicit: Some(path("explicit")),
        inline: Some(Arc::new(Secret::new(auth("r.io", "inline")))),
        containers: vec![path("run"), path("config")],
        docker: Some(path("docker")),
        dockercfg: Some(path("old")),
        helper_path: "".into(),
    };
    write(&path("explicit"), &auth("r.io", "explicit"));
    write(&path("run"), &auth("r.io", "run"));
    write(&path("config"), &auth("r.io", "config"));
    write(&path("docker"), &auth("r.io", "docker"));
    write(&path("old"), r#"{"r.io": {"username": "old", "password": "p"}}"#);
    let mut order = Vec::new();
    loop {
        let Some(name) = user(&files, "r.io/a").await else { break };
        match name.as_str() {
            "explicit" => files.explicit = None,
            "inline" => files.inline = None,
            "run" | "config" => drop(files.containers.remove(0)),
            "docker" => files.docker = None,
            _ => files.dockercfg = None,
        }
        order.push(name);
    }
    assert_eq!(order, ["explicit", "inline", "run", "config", "docker", "old"]);
}

#[tokio::test]
async fn a_missing_explicit_file_is_an_error_and_any_other_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let files = CredentialFiles {
        docker: Some(missing.clone()),
        containers: vec![missing.clone()],
        ..CredentialFiles::default()
    };
    assert!(found(&files, "r.io/a").await.unwrap().is_none());
    let files = CredentialFiles { explicit: Some(missing), ..CredentialFiles::default() };
    assert!(
        found(&files, "r.io/a").await.unwrap_err().to_string().ends_with("there is no such file")
    );
}

#[tokio::test]
async fn a_broken_file_is_an_error_even_when_a_later_one_would_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    write(&path("broken"), r#"{"auths": "canary"}"#);
    write(&path("good"), &auth("r.io", "good"));
    let files = CredentialFiles {
        containers: vec![path("broken")],
        docker: Some(path("good")),
        ..CredentialFiles::default()
    };
    let error = found(&files, "r.io/a").await.unwrap_err().to_string();
    assert!(error.contains("broken: line 1") && !error.contains("canary"), "{error}");
}

/// A folder with a helper `docker-credential-test` that runs this script, and a file that names it.
struct Helper {
    folder: tempfile::TempDir,
}

impl Helper {
    fn new(script: &str) -> Self {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("bin/docker-credential-test");
        write(&program, &format!("#!/bin/sh\n{script}\n"));
        fs_err::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        write(
            &folder.path().join("config.json"),
            r#"{"credsStore": "test", "auths": {"other.io": {"auth": "dTpw"}}, "HttpHeaders": {"n": 1.50}}"#,
        );
        Self { folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("config.json")
    }

    fn files(&self) -> CredentialFiles {
        CredentialFiles {
            docker: Some(self.file()),
            helper_path: self.folder.path().join("bin").into(),
            ..CredentialFiles::default()
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn helpers_answer_with_a_password_a_token_or_nothing() {
    let table = [
        (
            r#"read host; echo "{\"ServerURL\":\"$host\",\"Username\":\"$1 $host\",\"Secret\":\"s\"}""#,
            Ok(Some("get r.io")),
        ),
        (
            r#"echo '{"ServerURL":"r.io","Username":"<token>","Secret":"s"}'"#,
            Ok(Some("Identity([redacted])")),
        ),
        ("echo 'credentials not found in native keychain'; exit 1", Ok(None)),
        (
            "echo 'the keychain is locked'; exit 1",
            Err("credential helper test: failed: the keychain is locked"),
        ),
        ("echo canary >&2; exit 7", Err("credential helper test: failed: ")),
        ("echo 'no json'", Err("credential helper test: its answer is not what helpers answer")),
        (
            "head -c 1000000 /dev/zero",
            Err("credential helper test: more than 65536 bytes of answer"),
        ),
    ];
    for (script, want) in table {
        let helper = Helper::new(script);
        let got = match found(&helper.files(), "r.io/a").await {
            Ok(_) => Ok(user(&helper.files(), "r.io/a").await),
            Err(error) => Err(error.to_string()),
        };
        assert_eq!(
            got,
            want.map(|user| user.map(str::to_owned)).map_err(str::to_owned),
            "{script}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_store_without_the_host_is_followed_by_the_entries_of_its_file() {
    let helper = Helper::new("echo 'credentials not found in native keychain'; exit 1");
    assert_eq!(user(&helper.files(), "other.io/a").await.as_deref(), Some("u"));
}

#[tokio::test]
async fn a_missing_helper_is_an_error_and_no_reason_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    write(&file, r#"{"credsStore": "test", "auths": {"r.io": {"auth": "dTpw"}}}"#);
    // Neither the current folder nor a relative one is searched.
    for path in ["", ".", "bin", "/nonexistent"] {
        let files = CredentialFiles {
            docker: Some(file.clone()),
            helper_path: path.into(),
            ..CredentialFiles::default()
        };
        let error = found(&files, "r.io/a").await.unwrap_err().to_string();
        assert_eq!(
            error, "credential helper test: `docker-credential-test` is not on the PATH",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_helpers_name_cannot_lead_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    for name in ["../x", "-x", "a b", "a/b", "a;b", "$(x)", "a\\u0000b"] {
        write(&file, &format!(r#"{{"credsStore": "{name}"}}"#));
        let files = CredentialFiles {
            docker: Some(file.clone()),
            helper_path: folder.path().into(),
            ..CredentialFiles::default()
        };
        let error = found(&files, "r.io/a").await.unwrap_err().to_string();
        assert!(error.ends_with("is no name of a credential helper"), "{name}: {error}");
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn docker(file: &Path) -> CredentialFiles {
    CredentialFiles { docker: Some(file.to_owned()), ..CredentialFiles::default() }
}

#[cfg(unix)]
#[tokio::test]
async fn login_writes_for_its_owner_only_and_keeps_what_else_is_there() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/config.json");
    let files = docker(&file);
    assert_eq!(
        login(&files, "r.io", "me", &secret("pass:word")).await.unwrap(),
        Login::File(file.clone())
    );
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    assert_eq!(user(&files, "r.io/a").await.as_deref(), Some("me"));

    write(
        &file,
        r#"{"HttpHeaders":{"x":1.50,"y":[ 1 ]},"auths":{"other.io":{"auth":"dTpw","email":"x"}},"currentContext":"c"}"#,
    );
    login(&files, "docker.io", "me", &secret("p")).await.unwrap();
    let text = fs_err::read_to_string(&file).unwrap();
    let want = concat!(
        r#"{"HttpHeaders":{"x":1.50,"y":[ 1 ]},"auths":{"https://index.docker.io/v1/":{"auth":"bWU6cA=="},"other.io":{"auth":"dTpw","email":"x"}},"currentContext":"c"}"#,
        "\n"
    );
    assert_eq!((text.as_str(), mode(&file)), (want, 0o600));

    assert!(logout(&files, "docker.io").await.unwrap());
    assert!(!logout(&files, "docker.io").await.unwrap());
    let text = fs_err::read_to_string(&file).unwrap();
    assert_eq!(
        text,
        concat!(
            r#"{"HttpHeaders":{"x":1.50,"y":[ 1 ]},"auths":{"other.io":{"auth":"dTpw","email":"x"}},"currentContext":"c"}"#,
            "\n"
        )
    );
}

#[cfg(unix)]
#[tokio::test]
async fn login_and_logout_use_the_helper_that_the_file_names() {
    let helper = Helper::new(concat!(
        "cd \"$(dirname \"$0\")\"\n",
        "case $1 in store) cat > stored;; erase) cat > erased;; ",
        "get) if test -e stored; then cat stored; else echo 'credentials not found in native keychain'; exit 1; fi;; esac"
    ));
    let before = fs_err::read_to_string(helper.file()).unwrap();
    assert_eq!(
        login(&helper.files(), "docker.io", "me", &secret("p\"w")).await.unwrap(),
        Login::Helper("test".to_owned())
    );
    let stored = fs_err::read_to_string(helper.folder.path().join("bin/stored")).unwrap();
    assert_eq!(
        stored,
        r#"{"ServerURL":"https://index.docker.io/v1/","Username":"me","Secret":"p\"w"}"#
    );
    assert_eq!(user(&helper.files(), "docker.io/library/x").await.as_deref(), Some("me"));
    assert!(logout(&helper.files(), "docker.io").await.unwrap());
    assert_eq!(
        fs_err::read_to_string(helper.folder.path().join("bin/erased")).unwrap(),
        "https://index.docker.io/v1/"
    );
    assert_eq!(fs_err::read_to_string(helper.file()).unwrap(), before);
}

#[cfg(unix)]
#[tokio::test]
async fn login_keeps_a_link_of_ours_and_writes_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("dotfiles/docker.json");
    write(&real, "{}");
    let link = folder.path().join("config.json");
    std::os::unix::fs::symlink("dotfiles/docker.json", &link).unwrap();
    login(&docker(&link), "r.io", "me", &secret("p")).await.unwrap();
    assert!(link.is_symlink());
    assert!(fs_err::read_to_string(&real).unwrap().contains("bWU6cA=="));

    let looped = folder.path().join("loop");
    std::os::unix::fs::symlink("loop", &looped).unwrap();
    assert!(login(&docker(&looped), "r.io", "me", &secret("p")).await.is_err());
}

#[tokio::test]
async fn login_refuses_hosts_that_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    for host in ["r.io\nevil.io", "r.io/org", "https://r.io", "", "a b", "r.io."] {
        let error = login(&docker(&file), host, "me", &secret("p")).await.unwrap_err().to_string();
        assert!(error.ends_with("is no registry host"), "{host}: {error}");
    }
    assert!(!file.exists());
}

#[tokio::test]
async fn login_leaves_a_broken_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    for text in ["{", "[]", r#"{"auths": []}"#] {
        write(&file, text);
        assert!(login(&docker(&file), "r.io", "me", &secret("p")).await.is_err());
        assert_eq!(fs_err::read_to_string(&file).unwrap(), text);
    }
}
