//! Everything that is printed goes through here: stdout is data, stderr is for people.

pub(crate) mod alike;
mod document;
pub(crate) mod excerpt;
pub(crate) mod gate;
mod place;
pub(crate) mod progress;
pub(crate) mod resolving;
mod size;
mod table;
pub(crate) mod trace;
pub(crate) mod waits;

use std::borrow::Cow;
use std::io::{BufWriter, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

pub(crate) use document::document;
pub(crate) use place::place;
pub(crate) use size::{bytes, plural, seconds};
pub(crate) use table::Table;

use crate::failure::{Failure, FailureKind};

/// Bytes of manifests that are printed at once.
const PIECES_BYTES: usize = 64 << 10;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Loudness {
    /// Errors only.
    Quiet,
    /// One line a stage, and a summary.
    Normal,
    /// Decisions too: which file, which mirror.
    Verbose,
}

/// The one place that prints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ui {
    pub(crate) loudness: Loudness,
}

#[expect(clippy::unused_self, reason = "whoever prints holds the one printer")]
impl Ui {
    /// Prints data: lines of our own making, whose outside parts have passed the gate or pass it here.
    pub(crate) fn data(self, text: &str) -> Result<(), Failure> {
        self.write_data(&gate::block(text))
    }

    /// Prints JSON.
    pub(crate) fn json(self, text: &str) -> Result<(), Failure> {
        self.write_data(&gate::json(text))
    }

    /// Prints a program of our own making, byte for byte.
    pub(crate) fn script(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| unprintable(&error))
    }

    /// Prints the pieces of manifests, the bytes as they are; for eyes, what would move a cursor is made visible.
    pub(crate) fn manifests(self, pieces: &[Cow<'_, [u8]>]) -> Result<(), Failure> {
        if std::io::stdout().is_terminal() {
            return self.data(&String::from_utf8_lossy(&pieces.concat()));
        }
        // What is printed may be large: it is never all in one place.
        let mut out = BufWriter::with_capacity(PIECES_BYTES, std::io::stdout().lock());
        let written = pieces.iter().try_for_each(|piece| out.write_all(piece));
        written.and_then(|()| out.flush()).map_err(|error| unprintable(&error))
    }

    fn write_data(self, text: &str) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        let end = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
        out.write_all(text.as_bytes())
            .and_then(|()| out.write_all(end.as_bytes()))
            .and_then(|()| out.flush())
            .map_err(|error| unprintable(&error))
    }

    /// Says what happened, unless quiet.
    pub(crate) fn note(self, text: &str) {
        if self.loudness >= Loudness::Normal {
            say(None, text);
        }
    }

    /// Says how a decision was made, when asked.
    pub(crate) fn detail(self, text: &str) {
        if self.loudness >= Loudness::Verbose {
            say(None, text);
        }
    }

    /// Warns, unless quiet. What fails the run is an error, never a warning.
    pub(crate) fn warn(self, text: &str) {
        if self.loudness >= Loudness::Normal {
            say(Some(("warning", WARNING)), text);
        }
    }

    /// Asks for something to be typed, whatever the loudness.
    pub(crate) fn prompt(self, text: &str) {
        let _gone = anstream::stderr().lock().write_all(gate::block(text).as_bytes());
    }

    /// Says an error that does not end the run at once.
    pub(crate) fn error(self, text: &str) {
        say(Some(("error", ERROR)), text);
    }

    /// Says what to do next.
    pub(crate) fn hint(self, text: &str) {
        say(Some(("hint", HINT)), text);
    }

    /// Says why the run ended.
    pub(crate) fn failure(self, failure: &Failure) {
        if matches!(failure.kind, FailureKind::Reported | FailureKind::ClosedPipe) {
            return;
        }
        let label = failure.class.map_or("error".to_owned(), |class| format!("error[{class}]"));
        say(Some((&label, ERROR)), &failure.message);
        for cause in &failure.causes {
            say(None, &format!("  caused by: {cause}"));
        }
        for note in &failure.notes {
            say(None, &format!("  {note}"));
        }
        for hint in &failure.hints {
            self.hint(hint);
        }
    }

    /// Names one more thing that failed for the reason just said.
    pub(crate) fn also(self, name: &str) {
        say(None, &format!("  and for the same reason: {name}"));
    }

    /// Whether people watch stderr.
    pub(crate) fn is_interactive(self) -> bool {
        self.loudness == Loudness::Normal && std::io::stderr().is_terminal()
    }
}

/// A closed pipe ends the run in silence, all else that keeps data from stdout ends it aloud.
fn unprintable(error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::new(FailureKind::ClosedPipe, ""),
        _ => Failure::environment(format!("cannot write to stdout: {error}")),
    }
}

/// Prints a line to stderr. A closed stderr is nobody's loss.
fn say(label: Option<(&str, Style)>, text: &str) {
    let mut err = anstream::stderr().lock();
    let text = gate::block(text);
    let _gone = match label {
        Some((label, style)) => writeln!(err, "{style}{label}{style:#}: {text}"),
        None => writeln!(err, "{text}"),
    };
}
