//! The file `case`: one `key: value` a line, `#` starts a comment.

use std::path::{Path, PathBuf};

/// One attack and how it must end.
#[derive(Debug, Default)]
pub(crate) struct Case {
    /// Where its files are.
    pub(crate) folder: PathBuf,
    /// The arguments of sealift.
    pub(crate) argv: Vec<String>,
    /// Files to make: path, how often, which text.
    pub(crate) make: Vec<(String, usize, String)>,
    /// Headers of archives to make.
    pub(crate) tar: Vec<Packed>,
    /// Files to copy once archives are made: from, to.
    pub(crate) copy: Vec<(String, String)>,
    /// Symbolic links to make: path and where it leads.
    pub(crate) link: Vec<(String, String)>,
    /// Files to give to another user.
    pub(crate) foreign: Vec<String>,
    /// The permissions that new files lose; without it the test's own.
    pub(crate) umask: Option<String>,
    /// The file that is read as standard input.
    pub(crate) stdin: Option<String>,
    /// What the server answers: method, target, status, headers, file in `replies`.
    pub(crate) replies: Vec<Answer>,
    /// What the second server answers.
    pub(crate) other_replies: Vec<Answer>,
    /// Variables: name and text.
    pub(crate) env: Vec<(String, String)>,
    /// The exit code.
    pub(crate) exit: i32,
    /// Words that standard error must hold; the class of the refusal is one of them.
    pub(crate) stderr: Vec<String>,
    /// Words that standard output must hold.
    pub(crate) stdout: Vec<String>,
    /// Text that may stand in no output and no new file.
    pub(crate) hidden: Vec<String>,
    /// Text that may stand in no request either.
    pub(crate) secret: Vec<String>,
    /// Text that may stand in no request to the second server.
    pub(crate) other_secret: Vec<String>,
    /// Requests that the server must see without any credentials.
    pub(crate) bare: Vec<String>,
    /// Paths that may not be there afterwards.
    pub(crate) absent: Vec<String>,
    /// Input files that must be as before.
    pub(crate) same: Vec<String>,
    /// Permissions that a file must have afterwards, in octal.
    pub(crate) mode: Vec<(String, String)>,
    /// How many connections the server may see.
    pub(crate) connections: Option<usize>,
    /// How many connections the second server may see.
    pub(crate) other_connections: Option<usize>,
    /// The requests that the server must see.
    pub(crate) asked: Vec<String>,
    /// The requests that the second server must see.
    pub(crate) other_asked: Vec<String>,
    /// The requests that the server may see, in any order; others are complaints.
    pub(crate) requests: Vec<String>,
}

/// One header of an archive.
#[derive(Debug)]
pub(crate) struct Packed {
    pub(crate) archive: String,
    pub(crate) kind: String,
    pub(crate) words: Vec<String>,
}

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// Its name in `replies`, or that of an archive that the case makes.
    pub(crate) file: Option<String>,
    /// How the answer breaks HTTP.
    pub(crate) faults: Vec<Fault>,
}

/// A way to break HTTP.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The body has no length, and comes in chunks.
    Chunked,
    /// The body is followed by more without end.
    Endless,
    /// The head promises another length.
    Length(u64),
    /// A byte comes at a time.
    Trickle,
}

impl Fault {
    fn read(word: &str) -> Option<Self> {
        match word {
            "chunked" => Some(Self::Chunked),
            "endless" => Some(Self::Endless),
            "trickle" => Some(Self::Trickle),
            word => word.strip_prefix("length=")?.parse().ok().map(Self::Length),
        }
    }
}

impl Case {
    /// Reads the case of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let text =
            std::fs::read_to_string(folder.join("case")).map_err(|error| error.to_string())?;
        let mut case = Self { folder: folder.to_owned(), exit: -1, ..Self::default() };
        for (number, line) in (1..).zip(text.lines()) {
            if !line.is_empty() && !line.starts_with('#') {
                case.take(line).ok_or_else(|| format!("case:{number}: cannot read {line:?}"))?;
            }
        }
        if case.exit < 0 || case.argv.is_empty() {
            return Err("case: `exit` and `argv` are needed".to_owned());
        }
        Ok(case)
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let (key, value) = line.split_once(": ")?;
        let text = unescaped(value);
        match key {
            "argv" => self.argv.extend(text.split(' ').map(str::to_owned)),
            "arg" => self.argv.push(text),
            "make" => self.make.push(made(value)?),
            "tar" => self.tar.push(packed(value)?),
            "copy" => self.copy.push(pair(&text)?),
            "link" => self.link.push(pair(&text)?),
            "foreign" => self.foreign.push(text),
            "umask" => self.umask = Some(text),
            "stdin" => self.stdin = Some(text),
            "reply" => self.replies.push(Self::answer(value)?),
            "other" => self.other_replies.push(Self::answer(value)?),
            "env" => self.env.push(pair(&text)?),
            "exit" => self.exit = text.parse().ok()?,
            "class" => self.stderr.push(format!("[{text}]")),
            "stderr" => self.stderr.push(text),
            "stdout" => self.stdout.push(text),
            "hidden" => self.hidden.push(text),
            "secret" => {
                self.hidden.push(text.clone());
                self.secret.push(text);
            }
            "other-secret" => {
                self.hidden.push(text.clone());
                self.other_secret.push(text);
            }
            "bare" => self.bare.push(text),
            "absent" => self.absent.push(text),
            "same" => self.same.push(text),
            "mode" => self.mode.push(pair(&text)?),
            "connections" => self.connections = Some(text.parse().ok()?),
            "other-connections" => self.other_connections = Some(text.parse().ok()?),
            "asked" => self.asked.push(text),
            "other-asked" => self.other_asked.push(text),
            "request" => self.requests.push(text),
            _ => return None,
        }
        Some(())
    }

    /// Reads `METHOD TARGET STATUS [NAME=VALUE…] [+FAULT…] [FILE]`.
    fn answer(text: &str) -> Option<Answer> {
        let mut words = text.split(' ').map(unescaped);
        let mut answer = Answer {
            method: words.next()?,
            target: words.next()?,
            status: words.next()?.parse().ok()?,
            headers: Vec::new(),
            file: None,
            faults: Vec::new(),
        };
        for word in words {
            if let Some(fault) = word.strip_prefix('+') {
                answer.faults.push(Fault::read(fault)?);
                continue;
            }
            match word.split_once('=') {
                Some((name, value)) => answer.headers.push((name.to_owned(), value.to_owned())),
                None => answer.file = Some(word),
            }
        }
        Some(answer)
    }
}

/// Reads `FILE COUNT TEXT`.
fn made(value: &str) -> Option<(String, usize, String)> {
    let mut words = value.splitn(3, ' ');
    Some((unescaped(words.next()?), words.next()?.parse().ok()?, unescaped(words.next()?)))
}

/// Reads `FILE KIND WORDS…`.
fn packed(value: &str) -> Option<Packed> {
    let mut words = value.split(' ').map(unescaped);
    Some(Packed { archive: words.next()?, kind: words.next()?, words: words.collect() })
}

fn pair(text: &str) -> Option<(String, String)> {
    let (first, second) = text.split_once(' ')?;
    Some((first.to_owned(), second.to_owned()))
}

/// Replaces `\n`, `\r`, `\e` (escape), `\b` (BEL), `\0`, `\s` (space), `\\` and `\u{…}`.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('e') => out.push('\u{1b}'),
            Some('b') => out.push('\u{7}'),
            Some('0') => out.push('\0'),
            Some('s') => out.push(' '),
            Some('u') => {
                let digits: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            other => out.extend(other),
        }
    }
    out
}

#[test]
fn escapes_stand_for_what_an_editor_would_hide() {
    assert_eq!(unescaped(r"a\e[2J\u{202e}\n\\b"), "a\u{1b}[2J\u{202e}\n\\b");
}
