//! A text read from left to right, with the pieces that versions are made of.

/// What is left of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan<'t>(pub(super) &'t str);

impl<'t> Scan<'t> {
    /// Reads the longest run of bytes, which must be ASCII.
    pub(super) fn run(&mut self, belongs: impl Fn(u8) -> bool) -> &'t str {
        let length = self.0.bytes().take_while(|&byte| belongs(byte)).count();
        let (run, rest) = self.0.split_at(length);
        self.0 = rest;
        run
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let rest = self.0.strip_prefix(text);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Reads `mark` and a run, if both come next.
    pub(super) fn marked(&mut self, mark: &str, belongs: impl Fn(u8) -> bool) -> Option<&'t str> {
        let mut ahead = *self;
        let run = ahead.eat(mark).then(|| ahead.run(belongs)).filter(|run| !run.is_empty())?;
        *self = ahead;
        Some(run)
    }

    /// Reads `mark` and identifiers with dots between them, if they come next.
    pub(super) fn identifiers(&mut self, mark: &str) -> Option<&'t str> {
        let start = self.0;
        self.marked(mark, is_identifier)?;
        while self.marked(".", is_identifier).is_some() {}
        Some(&start[mark.len()..start.len() - self.0.len()])
    }

    /// Skips what Go's `\s` is. Returns whether there was any.
    pub(super) fn spaces(&mut self) -> bool {
        !self.run(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\x0C' | b'\r')).is_empty()
    }
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
