//! What must hold at the end of every case, and what the case itself says.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use sealift_testkit::Recorded;

use crate::case::Case;

/// What a run left behind.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) before: BTreeMap<PathBuf, Vec<u8>>,
    pub(crate) after: BTreeMap<PathBuf, Vec<u8>>,
    pub(crate) requests: Vec<Recorded>,
    pub(crate) connections: usize,
    pub(crate) other_requests: Vec<Recorded>,
    pub(crate) other_connections: usize,
}

/// Reads every file below a folder; a link counts as the text that it holds.
pub(crate) fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the test") {
            let path = entry.expect("a readable folder").path();
            if let Ok(to) = std::fs::read_link(&path) {
                files.insert(path, to.into_os_string().into_encoded_bytes());
            } else if path.is_dir() {
                open.push(path);
            } else {
                files.insert(path.clone(), std::fs::read(&path).expect("a file of the test"));
            }
        }
    }
    files
}

/// Returns everything that is not as it must be.
pub(crate) fn complaints(case: &Case, outcome: &Outcome, home: &Path) -> Vec<String> {
    let mut wrong: Vec<_> = ended(case, outcome).into_iter().collect();
    wrong.extend(printed(case, outcome));
    wrong.extend(left(case, outcome, home));
    wrong.extend(asked(case, outcome));
    if !wrong.is_empty() {
        wrong.push(format!("it printed:\n{}{}", outcome.stdout.escape_debug(), outcome.stderr));
    }
    wrong
}

fn ended(case: &Case, outcome: &Outcome) -> Option<String> {
    let code = outcome.code.map_or("a signal".to_owned(), |code| code.to_string());
    (outcome.code != Some(case.exit)).then(|| format!("ended with {code} instead of {}", case.exit))
}

fn printed(case: &Case, outcome: &Outcome) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, text, wanted) in
        [("stdout", &outcome.stdout, &case.stdout), ("stderr", &outcome.stderr, &case.stderr)]
    {
        wrong.extend(
            wanted
                .iter()
                .filter(|word| !text.contains(*word))
                .map(|word| format!("{name} does not say {word:?}")),
        );
        if let Some(active) = text.chars().find(|c| is_active(*c)) {
            wrong.push(format!("{name} holds the active character {active:?}"));
        }
        wrong.extend(
            case.hidden
                .iter()
                .filter(|secret| text.contains(*secret))
                .map(|_| format!("{name} holds the secret")),
        );
    }
    if case.exit != 0 && outcome.stderr.is_empty() {
        wrong.push("it failed in silence".to_owned());
    }
    wrong
}

/// Control characters that are no line break, and those that turn or hide text.
fn is_active(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn left(case: &Case, outcome: &Outcome, home: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for name in &case.absent {
        if home.join(name).symlink_metadata().is_ok() {
            wrong.push(format!("{name} is there"));
        }
    }
    for name in &case.same {
        let path = home.join(name);
        if outcome.before.get(&path) != outcome.after.get(&path) {
            wrong.push(format!("{name} was changed"));
        }
    }
    for (name, mode) in &case.mode {
        let found = home
            .join(name)
            .metadata()
            .map(|metadata| format!("{:04o}", metadata.permissions().mode() & 0o7777));
        if found.as_ref().ok() != Some(mode) {
            wrong.push(format!("{name} has the mode {found:?} instead of {mode}"));
        }
    }
    for (path, bytes) in
        outcome.after.iter().filter(|(path, bytes)| outcome.before.get(*path) != Some(bytes))
    {
        let text = String::from_utf8_lossy(bytes);
        if case.hidden.iter().any(|secret| text.contains(secret)) {
            wrong.push(format!("{} holds the secret", path.display()));
        }
        if path.extension().is_some_and(|extension| extension == "part") {
            wrong.push(format!("{} was left", path.display()));
        }
    }
    wrong
}

/// Returns what was not asked for that had to be.
pub(crate) fn unasked(
    wanted: &[String],
    seen: &[Recorded],
    filled: impl Fn(&str) -> String,
) -> Vec<String> {
    let lines: Vec<_> = seen.iter().map(Recorded::line).collect();
    let wanted = wanted.iter().map(|line| filled(line));
    wanted
        .filter(|line| !lines.contains(line))
        .map(|line| format!("it did not ask for {line}, but for {lines:?}"))
        .collect()
}

fn asked(case: &Case, outcome: &Outcome) -> Vec<String> {
    let mut wrong = Vec::new();
    for (found, most) in [
        (outcome.connections, case.connections),
        (outcome.other_connections, case.other_connections),
    ] {
        if let Some(most) = most.filter(|most| found > *most) {
            wrong.push(format!("{found} connections instead of at most {most}"));
        }
    }
    let lines = outcome.requests.iter().map(Recorded::line);
    wrong.extend(
        lines
            .filter(|line| !case.requests.is_empty() && !case.requests.contains(line))
            .map(|line| format!("it asked for {line}")),
    );
    for secret in &case.other_secret {
        let seen = outcome.other_requests.iter().filter(|request| request.holds(secret));
        wrong.extend(seen.map(|request| format!("the secret was sent with {}", request.line())));
    }
    for line in &case.bare {
        let mut seen = outcome.requests.iter().filter(|request| request.line() == *line).peekable();
        if seen.peek().is_none() || seen.any(|request| request.header("authorization").is_some()) {
            wrong.push(format!("it did not ask for {line} without credentials"));
        }
    }
    for request in outcome.requests.iter().chain(&outcome.other_requests) {
        let line = request.line();
        if case.secret.iter().any(|secret| request.holds(secret)) {
            wrong.push(format!("the secret was sent with {line}"));
        }
    }
    wrong
}
