//! Builds what a case needs, runs sealift in it and asks whether it ended as the case says.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use sealift_reference::Digest;
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::bounds;
use crate::case::{Answer, Case, Fault};
use crate::check::{self, Outcome};
use crate::pack;

/// What is known once a case is built, and what stands for it in arguments, inputs and replies.
struct Names {
    /// Names in braces, and their texts.
    texts: Vec<(String, String)>,
}

impl Names {
    /// The digests and sizes of the files that are there.
    fn of_files(home: &Path) -> Self {
        let files = check::snapshot(home).into_iter();
        let texts = files.flat_map(|(path, bytes)| {
            let name = path.strip_prefix(home).expect("below home").display().to_string();
            let digest = (format!("{{sha256:{name}}}"), Digest::sha256(&bytes).hex().to_owned());
            [digest, (format!("{{size:{name}}}"), bytes.len().to_string())]
        });
        Self { texts: texts.collect() }
    }

    fn add(&mut self, name: &str, text: String) {
        self.texts.push((name.to_owned(), text));
    }

    fn filled(&self, text: &str) -> String {
        let fill = |text: String, (name, to): &(String, String)| text.replace(name, to);
        self.texts.iter().fold(text.to_owned(), fill)
    }
}

/// Plays a case and returns what is wrong with the end.
pub(crate) async fn played(case: &Case) -> Vec<String> {
    let stage = tempfile::tempdir().expect("a folder to work in");
    let home = stage.path().join("home");
    std::fs::create_dir_all(&home).expect("a fresh folder");
    pack::all(&case.tar, &home);
    let mut names = Names::of_files(&home);
    // Replies may name either address, so that both are there before there are replies.
    let (server, other) = (Server::start(Script::new()).await, Server::start(Script::new()).await);
    names.add("{other}", other.address());
    names.add("{server}", server.address());
    other.play(script(case, &case.other_replies, &home, &names));
    server.play(script(case, &case.replies, &home, &names));
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
    let filled = |text: &str| names.filled(text);
    let mut wrong = broken;
    wrong.extend(check::unasked(&case.asked, &outcome.requests, filled));
    wrong.extend(check::unasked(&case.other_asked, &outcome.other_requests, filled));
    wrong.extend(check::complaints(case, &outcome, &home));
    wrong
}

/// The replies of a server; what they do not name is not found.
fn script(case: &Case, replies: &[Answer], home: &Path, names: &Names) -> Script {
    let script = replies.iter().fold(Script::new(), |script, answer| {
        let file = answer.file.as_ref().map(|file| {
            let of_case = case.folder.join("replies").join(file);
            if of_case.exists() { of_case } else { home.join(file) }
        });
        script.entry(entry(answer, file.as_deref(), names))
    });
    ["GET", "HEAD", "POST", "PUT", "PATCH"].into_iter().fold(script, |script, method| {
        script.entry(Entry::new(method, "*").reply(Reply::status(404)))
    })
}

fn entry(answer: &Answer, file: Option<&Path>, names: &Names) -> Entry {
    let mut reply = Reply::status(answer.status);
    for (name, value) in &answer.headers {
        reply = reply.header(name, names.filled(value));
    }
    if let Some(file) = file {
        let bytes = std::fs::read(file).expect("a reply that the case names");
        reply = reply.body(match String::from_utf8(bytes) {
            Ok(text) => names.filled(&text).into_bytes(),
            Err(binary) => binary.into_bytes(),
        });
    }
    let reply = answer.faults.iter().fold(reply, |reply, fault| match fault {
        Fault::Chunked => reply.chunked(),
        Fault::Endless => reply.endless(),
        Fault::Length(length) => reply.content_length(*length),
        Fault::Trickle => reply.trickling(Duration::from_millis(20)),
    });
    Entry::new(&answer.method, &names.filled(&answer.target)).reply(reply)
}

fn build(case: &Case, home: &Path, names: &Names) {
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
    for (from, to) in &case.copy {
        let bytes = std::fs::read(home.join(from)).expect("a file of the case");
        write(&home.join(names.filled(to)), &bytes);
    }
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
