//! What templates may cost.

/// Bounds on parsing and executing.
///
/// Templates come from strangers: each bound is checked before memory, stack or
/// time is taken, and the error names it. Go bounds only the template frames, at
/// 100,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Templates inside one another: `{{template}}`, and what functions execute
    /// through [`Context`](crate::Context). Helm stops at 1,000 `include`s.
    pub frames: usize,
    /// Actions and parentheses inside one another in a text.
    pub parse_depth: usize,
    /// Actions, loops and parentheses inside one another while executing, over all
    /// frames. Each takes stack: see [the crate's documentation](crate#stack).
    pub nesting: usize,
    /// Nodes executed and commands evaluated, nine for each template that is begun, and
    /// what functions [spend](crate::Context::spend).
    pub steps: u64,
    /// Elements of lists and maps that functions made and that are still alive.
    pub live_elements: usize,
    /// Bytes of one string.
    pub string_bytes: usize,
    /// Bytes of all outputs of one [`Budget`](crate::Budget).
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frames: 1_000,
            parse_depth: 1_000,
            nesting: 20_000,
            steps: 50_000_000,
            live_elements: 10_000_000,
            string_bytes: 64 << 20,
            output_bytes: 256 << 20,
        }
    }
}

/// How deep lists and maps may contain one another.
///
/// Deeper values are dropped safely, but neither printed nor returned by a function.
pub const VALUE_DEPTH: u32 = 1_000;

/// A bound of [`Limits`], or [`VALUE_DEPTH`], that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::frames`].
    #[error("templates are nested more than {0} deep")]
    Frames(usize),
    /// [`Limits::live_elements`].
    #[error("lists and maps have more than {0} elements")]
    LiveElements(usize),
    /// [`Limits::nesting`].
    #[error("actions are nested more than {0} deep")]
    Nesting(usize),
    /// [`Limits::output_bytes`].
    #[error("the output is larger than {0} bytes")]
    OutputBytes(usize),
    /// [`Limits::parse_depth`].
    #[error("the text is nested more than {0} deep")]
    ParseDepth(usize),
    /// [`Limits::steps`].
    #[error("templates take more than {0} steps")]
    Steps(u64),
    /// [`Limits::string_bytes`].
    #[error("a string is larger than {0} bytes")]
    StringBytes(usize),
    /// [`VALUE_DEPTH`].
    #[error("a value is nested more than {0} deep")]
    ValueDepth(u32),
}
