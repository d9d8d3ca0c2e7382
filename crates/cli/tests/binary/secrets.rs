//! A canary as password: through every verb with all words on, it stands nowhere but where it belongs.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::scene::{PLATFORM, Scene, files, images};

const USER: &str = "canary-user";
const PASSWORD: &str = "canary?pass/word";

/// What the registries know: the password's bcrypt hash of the lowest cost.
const HTPASSWD: &str = "canary-user:$2b$04$abcdefghijklmnopqrstuuX65OcWEtCxFiMEuRye9JEkcduhHaPRu\n";

/// `user:password` in Base64, as credential files have it.
const AUTH: &str = "Y2FuYXJ5LXVzZXI6Y2FuYXJ5P3Bhc3Mvd29yZA";

/// The password plain, as part of a query, in Base64, and with its user in Base64.
const SPELLINGS: [&str; 4] = [PASSWORD, "canary%3Fpass%2Fword", "Y2FuYXJ5P3Bhc3Mvd29yZA", AUTH];

/// Files in which the password may be: the user's own, and the one that is asked for.
const ALLOWED: [&str; 3] = [".docker/config.json", "pull-secret.yaml", "platform.yaml"];

/// A Secret of the platform: what it holds is nobody's business either.
const SECRET: &str = "\
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: demo}
data: {password: Y2FuYXJ5P3Bhc3Mvd29yZA==}
stringData: {config: \"password: canary?pass/word\\nimage: web:1.27\\n\"}
";

fn spelled(text: &str) -> Option<&'static str> {
    SPELLINGS.into_iter().find(|spelling| text.contains(spelling))
}

/// Runs the binary as a shell without umask does, with the password as standard input.
fn run(scene: &Scene, arguments: &[&str]) -> Output {
    scene.env.write("password", PASSWORD);
    let file = std::fs::File::open(scene.env.folder().join("password")).expect("it was written");
    std::fs::remove_file(scene.env.folder().join("password")).expect("it was written");
    Command::new("/bin/sh")
        .args(["-c", "umask 000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_sealift")])
        .args(arguments)
        .arg("-vv")
        .current_dir(scene.env.folder())
        .env_clear()
        .env("HOME", scene.env.folder())
        .stdin(Stdio::from(file))
        .output()
        .expect("sealift was built with this test")
}

/// Runs a command line, which must end so, and returns all that it printed.
#[track_caller]
fn printed(scene: &Scene, arguments: &[&str], code: i32) -> String {
    let output = run(scene, arguments);
    let text =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    let text = text.concat();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    assert_eq!(spelled(&text), None, "{arguments:?}: {text}");
    text
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("it is there").permissions().mode() & 0o777
}

#[test]
fn a_password_goes_through_every_verb_and_stays_where_it_belongs() {
    let mut scene = Scene::new();
    scene.env.write("htpasswd", HTPASSWD);
    let options = ["--writable", "--htpasswd", "htpasswd", "-vv"];
    let (near, far) = (scene.serve("internet", &options), scene.serve("far-side", &options));
    scene.publish_as((USER, PASSWORD), &images(), &near.address);
    scene.write_shipment(&near.address);
    scene.env.write("platform.yaml", [PLATFORM, SECRET].concat());

    let login =
        |host: &str| printed(&scene, &["login", host, "--username", USER, "--password-stdin"], 0);
    let words = [login(&near.address), login(&far.address)].concat();
    assert!(scene.env.read(".docker/config.json").contains(AUTH), "the test knows its spelling");
    let to = far.address.as_str();
    let handoff = ["handoff", "--to", to, "--out", "out", "--write-secrets", "pull-secret.yaml"];
    let lines: [(&[&str], i32); 13] = [
        (&["init"], 2),
        (&["scan"], 0),
        (&["scan", "--json"], 0),
        (&["why", "web:1.27"], 0),
        (&["lock"], 0),
        (&["lock", "--check"], 0),
        (&["diff", "sealift.lock", "sealift.lock"], 0),
        (&["verify", "--to", to], 1),
        (&["mirror", "--to", to], 0),
        (&["mirror", "--to", to, "--json"], 0),
        (&["verify", "--to", to], 0),
        (&handoff, 0),
        (&["logout", to], 0),
    ];
    let words =
        lines.iter().fold(words, |words, (line, code)| words + &printed(&scene, line, *code));
    let refused = printed(&scene, &["verify", "--to", to], 3);
    assert!(words.contains("credentials"), "-vv says whose credentials are used:\n{words}");
    assert!(refused.contains("401"), "without credentials there is no way in:\n{refused}");

    let folder = scene.env.folder();
    assert!(spelled(&scene.env.read("pull-secret.yaml")).is_some(), "it was asked for");
    assert_eq!(mode(&folder.join("pull-secret.yaml")), 0o600);
    assert_eq!(mode(&folder.join(".docker/config.json")), 0o600);
    for served in [scene.stop(near), scene.stop(far)] {
        assert_eq!(spelled(&served), None, "{served}");
    }
    for (path, bytes) in files(folder) {
        let name = path.strip_prefix(folder).expect("it is below").to_string_lossy();
        let found = spelled(&String::from_utf8_lossy(&bytes));
        assert!(found.is_none() || ALLOWED.contains(&&*name), "{name} holds {found:?}");
        assert!(!name.contains("canary"), "{name}");
    }
}
