//! One scripted answer, and the way it breaks.

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
