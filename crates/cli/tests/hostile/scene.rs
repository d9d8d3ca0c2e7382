//! Builds what a case needs, runs sealift in it and asks whether it ended as the case says.

use std::path::Path;
use std::process::{Command, Stdio};

use sealift_testkit::{Entry, Reply, Script, Server};

use crate::bounds;
use crate::case::{Answer, Case};
use crate::check::{self, Outcome};
use crate::pack;

/// Addresses, and what stands for them in arguments, inputs and replies.
struct Names {
    server: String,
    other: String,
}

impl Names {
    fn filled(&self, text: &str) -> String {
        text.replace("{server}", &self.server).replace("{other}", &self.other)
    }
}

/// Plays a case and returns what is wrong with the end.
pub(crate) async fn played(case: &Case) -> Vec<String> {
    let stage = tempfile::tempdir().expect("a folder to work in");
    let home = stage.path().join("home");
    // What stands for an address in replies is the other server, which starts first.
    let other = Server::start(script(&case.other_replies, "")).await;
    let server = Server::start(script(&case.replies, &other.address())).await;
    let names = Names { server: server.address(), other: other.address() };
    build(case, &home, &names);
    if !case.foreign.is_empty() && !given_away(case, &home) {
        assert!(std::env::var_os("CI").is_none(), "CI can give files away");
        eprintln!("{}: skipped, only root can give files away", case.folder.display());
        return Vec::new();
    }
    let before = check::snapshot(&home);
    let (status, broken) = bounds::run(command(case, &home, stage.path(), &names));
    let text = |name: &str| {
        String::from_utf8_lossy(&std::fs::read(stage.path().join(name)).unwrap_or_default())
            .into_owned()
    };
    let outcome = Outcome {
        code: status.code(),
        stdout: text("stdout"),
        stderr: text("stderr"),
        before,
        after: check::snapshot(&home),
        requests: server.requests(),
        connections: server.connections(),
        other_requests: other.requests(),
        other_connections: other.connections(),
    };
    broken.into_iter().chain(check::complaints(case, &outcome, &home)).collect()
}

/// The replies of a server; what they do not name is not found.
fn script(replies: &[Answer], other: &str) -> Script {
    let script =
        replies.iter().fold(Script::new(), |script, answer| script.entry(entry(answer, other)));
    ["GET", "HEAD", "POST", "PUT", "PATCH"].into_iter().fold(script, |script, method| {
        script.entry(Entry::new(method, "*").reply(Reply::status(404)))
    })
}

fn entry(answer: &Answer, other: &str) -> Entry {
    let mut reply = Reply::status(answer.status);
    for (name, value) in &answer.headers {
        reply = reply.header(name, value.replace("{other}", other));
    }
    if let Some(file) = &answer.file {
        let bytes = std::fs::read(file).expect("a reply that the case names");
        reply = reply.body(match String::from_utf8(bytes) {
            Ok(text) => text.replace("{other}", other).into_bytes(),
            Err(binary) => binary.into_bytes(),
        });
    }
    Entry::new(&answer.method, &answer.target).reply(reply)
}

fn build(case: &Case, home: &Path, names: &Names) {
    std::fs::create_dir_all(home).expect("a fresh folder");
    let inputs = case.folder.join("in");
    if inputs.is_dir() {
        copy(&inputs, home, names);
    }
    for (name, count, text) in &case.make {
        let path = home.join(name);
        let mut bytes = std::fs::read(&path).unwrap_or_default();
        bytes.extend(names.filled(text).repeat(*count).into_bytes());
        write(&path, &bytes);
    }
    pack::all(&case.tar, home);
    for (name, to) in &case.link {
        let path = home.join(name);
        std::fs::create_dir_all(path.parent().expect("below home")).expect("a folder");
        std::os::unix::fs::symlink(to, path).expect("a link");
    }
}

fn copy(from: &Path, to: &Path, names: &Names) {
    for entry in std::fs::read_dir(from).expect("a folder of the case") {
        let entry = entry.expect("a readable folder");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target, names);
            continue;
        }
        let bytes = std::fs::read(entry.path()).expect("a file of the case");
        match String::from_utf8(bytes) {
            Ok(text) => write(&target, names.filled(&text).as_bytes()),
            Err(binary) => write(&target, binary.as_bytes()),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().expect("below home")).expect("a folder");
    std::fs::write(path, bytes).expect("a file");
}

/// Gives files to another user, which only root may.
fn given_away(case: &Case, home: &Path) -> bool {
    case.foreign
        .iter()
        .all(|name| std::os::unix::fs::lchown(home.join(name), Some(65534), Some(65534)).is_ok())
}

fn command(case: &Case, home: &Path, stage: &Path, names: &Names) -> Command {
    let mut command = Command::new("/bin/sh");
    let umask = case.umask.as_deref().unwrap_or("022");
    command.args([
        "-c",
        &format!("umask {umask}; exec \"$@\""),
        "sh",
        env!("CARGO_BIN_EXE_sealift"),
    ]);
    command.args(case.argv.iter().map(|argument| names.filled(argument)));
    command.current_dir(home).env_clear().env("HOME", home).env("PATH", home);
    command.envs(case.env.iter().map(|(name, text)| (name, names.filled(text))));
    let file = |name: &str| std::fs::File::create(stage.join(name)).expect("a file for output");
    let stdin = case
        .stdin
        .as_ref()
        .map(|name| std::fs::File::open(home.join(name)).expect("standard input"));
    command
        .stdin(stdin.map_or_else(Stdio::null, Stdio::from))
        .stdout(file("stdout"))
        .stderr(file("stderr"));
    command
}
