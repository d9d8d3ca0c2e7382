//! One scripted answer, and the way it breaks.

use std::time::Duration;

use bytes::Bytes;

/// How the bytes of an answer end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As promised by the head.
    #[default]
    Whole,
    /// After this many bytes of the body the connection is closed in order.
    Cut(usize),
    /// After this many bytes of the body the connection is reset.
    Reset(usize),
    /// After this many bytes of the body nothing more comes, and the connection stays open.
    Stall(usize),
    /// The body is followed by more bytes without end.
    Endless,
    /// Each byte of the body waits so long for the next.
    Trickle(Duration),
}

/// What the server answers.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
pub struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    pub(crate) ending: Ending,
    pub(crate) content_length: Option<u64>,
    pub(crate) chunked: bool,
    pub(crate) close: bool,
    pub(crate) silent: bool,
    pub(crate) early: Option<usize>,
    pub(crate) echo_range: bool,
    /// The origin at which the same target has the answer.
    pub(crate) elsewhere: Option<String>,
    /// What is done with the answer of the server behind.
    pub(crate) passed: Option<Passed>,
}

/// Changes to the answer of the server behind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Passed {
    status: Option<u16>,
    without: Vec<String>,
    flipped: Option<usize>,
    more: usize,
    lost: bool,
    /// What is asked of the server behind instead.
    pub(crate) asking: Option<String>,
    /// Stands before and behind the `Location`.
    located: (String, String),
    /// Bytes of the request after which both ends break.
    pub(crate) broken_off: Option<usize>,
}

impl Reply {
    /// Makes an answer with an empty body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            ending: Ending::Whole,
            content_length: None,
            chunked: false,
            close: false,
            silent: false,
            early: None,
            echo_range: false,
            elsewhere: None,
            passed: None,
        }
    }

    /// Gives the answer of the server behind, with the headers and faults that are added to this one.
    #[must_use]
    pub fn passed() -> Self {
        Self { passed: Some(Passed::default()), ..Self::status(0) }
    }

    /// Sends the reader to the same target at another origin.
    #[must_use]
    pub fn elsewhere(origin: &str) -> Self {
        Self { elsewhere: Some(origin.to_owned()), ..Self::status(307) }
    }

    /// Lets the server behind answer, and closes the connection without telling.
    #[must_use]
    pub fn lost() -> Self {
        Self::passed().change(|passed| passed.lost = true)
    }

    /// Passes on so many bytes of the request's body, and breaks both connections.
    #[must_use]
    pub fn broken_off(bytes: usize) -> Self {
        Self::passed().change(|passed| passed.broken_off = Some(bytes))
    }

    /// Gives another status than the server behind.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        self.change(|passed| passed.status = Some(status))
    }

    /// Leaves out a header of the server behind; the name is in lower case.
    #[must_use]
    pub fn without(self, name: &str) -> Self {
        self.change(|passed| passed.without.push(name.to_owned()))
    }

    /// Changes one byte of the body that the server behind sends.
    #[must_use]
    pub fn flipped(self, at: usize) -> Self {
        self.change(|passed| passed.flipped = Some(at))
    }

    /// Adds so many bytes to the body that the server behind sends.
    #[must_use]
    pub fn longer_by(self, bytes: usize) -> Self {
        self.change(|passed| passed.more = bytes)
    }

    /// Asks the server behind for another target than the request.
    #[must_use]
    pub fn asking(self, target: &str) -> Self {
        self.change(|passed| passed.asking = Some(target.to_owned()))
    }

    /// Puts an origin before the path that the server behind sends as `Location`, and a query behind it.
    #[must_use]
    pub fn located(self, origin: &str, query: &str) -> Self {
        self.change(|passed| passed.located = (origin.to_owned(), query.to_owned()))
    }

    fn change(mut self, change: impl FnOnce(&mut Passed)) -> Self {
        change(self.passed.get_or_insert_default());
        self
    }

    /// Puts the faults of this reply upon the answer of the server behind.
    pub(crate) fn upon(&self, answer: Self) -> Self {
        let Some(passed) = self.passed.as_ref().filter(|passed| !passed.lost) else {
            return Self::none();
        };
        let own = |name: &str| self.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        let mut headers = answer.headers;
        headers.retain(|(name, _)| !own(name) && !passed.without.contains(name));
        headers.extend(self.headers.iter().cloned());
        for (_, value) in headers.iter_mut().filter(|(name, _)| name == "location") {
            *value = format!("{}{value}{}", passed.located.0, passed.located.1);
        }
        let mut body = answer.body.to_vec();
        if let Some(byte) = passed.flipped.and_then(|at| body.get_mut(at)) {
            *byte ^= 1;
        }
        body.resize(body.len() + passed.more, b'x');
        let no_length = passed.without.iter().any(|name| name == "content-length");
        Self {
            status: passed.status.unwrap_or(answer.status),
            headers,
            body: body.into(),
            content_length: self.content_length.or(answer.content_length),
            chunked: self.chunked || no_length,
            ..self.clone()
        }
    }

    /// Makes an error answer in the registry's JSON form.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let quoted = message.replace('\\', "\\\\").replace('"', "\\\"");
        Self::status(status)
            .header("Content-Type", "application/json")
            .body(format!(r#"{{"errors":[{{"code":"{code}","message":"{quoted}"}}]}}"#))
    }

    /// Closes the connection without any answer.
    #[must_use]
    pub fn none() -> Self {
        Self { silent: true, close: true, ..Self::status(0) }
    }

    /// Reads the request and never answers; the connection stays open.
    #[must_use]
    pub fn hang() -> Self {
        Self { silent: true, ..Self::status(0) }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the body; its length is the `Content-Length` unless told otherwise.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Promises another length than the body has.
    #[must_use]
    pub fn content_length(mut self, length: u64) -> Self {
        self.content_length = Some(length);
        self
    }

    /// Sends the body in chunks, without a length.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// Closes the connection in order after `bytes` of the body.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.ending = Ending::Cut(bytes);
        self
    }

    /// Resets the connection after `bytes` of the body.
    #[must_use]
    pub fn reset_after(mut self, bytes: usize) -> Self {
        self.ending = Ending::Reset(bytes);
        self
    }

    /// Sends nothing more after `bytes` of the body.
    #[must_use]
    pub fn stall_after(mut self, bytes: usize) -> Self {
        self.ending = Ending::Stall(bytes);
        self
    }

    /// Sends a byte of the body after each pause.
    #[must_use]
    pub fn trickling(mut self, pause: Duration) -> Self {
        self.ending = Ending::Trickle(pause);
        self
    }

    /// Goes on with filler after the body until the client hangs up.
    #[must_use]
    pub fn endless(mut self) -> Self {
        self.ending = Ending::Endless;
        self.chunked = true;
        self
    }

    /// Closes the connection after a whole answer.
    #[must_use]
    pub fn close(mut self) -> Self {
        self.close = true;
        self
    }

    /// Answers after `bytes` of the request body, without reading the rest.
    #[must_use]
    pub fn early_after(mut self, bytes: usize) -> Self {
        self.early = Some(bytes);
        self.close = true;
        self
    }

    /// Serves the body as a registry serves a blob: a `Range: bytes=N-` request gets 206 and the rest.
    #[must_use]
    pub fn ranged(mut self) -> Self {
        self.echo_range = true;
        self
    }
}
