//! A compiled pattern and the searches for a first match.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind};
use regex_syntax::hir::Hir;

use crate::spelled::spelled;
use crate::text::Text;
use crate::{Error, ErrorKind, MAX_PROGRAM_BYTES, parser};

/// A pattern of Go's `regexp`, compiled as `regexp.Compile` does: leftmost match, first
/// alternative.
#[derive(Debug, Clone)]
pub struct Regex {
    program: meta::Regex,
    /// The same for long texts, once one is searched; none where that would be too large.
    long_program: OnceLock<Option<meta::Regex>>,
    hir: Hir,
    pattern: Box<[u8]>,
    names: Vec<Option<String>>,
    may_be_empty: bool,
}

/// Bytes of a text from which on tables repay that are made while it is searched: they need a second program, which runs
/// backwards, and each program takes a third of a megabyte while it is made when a class is beyond ASCII.
const LONG_BYTES: usize = 4 << 10;

/// Where the groups of a match are, the whole match first.
pub(crate) type Groups = Vec<Option<Range<usize>>>;

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// Go's, word for word, and [`ErrorKind::Large`] and [`ErrorKind::NestingDepth`] earlier
    /// than Go's.
    pub fn new(pattern: &str) -> Result<Self, Error> {
        Self::from_bytes(pattern.as_bytes())
    }

    /// Compiles a pattern that may not be UTF-8; that is an error, too.
    ///
    /// # Errors
    ///
    /// As [`Regex::new`], and [`ErrorKind::InvalidUtf8`].
    pub fn from_bytes(pattern: &[u8]) -> Result<Self, Error> {
        let parsed = parser::parse(pattern)?;
        let may_be_empty = parsed.hir.properties().minimum_len().is_none_or(|bytes| bytes == 0);
        // Repeated many times, what is spelled may be too large where what is not would do.
        let mut tries = [spelled(&parsed.hir), parsed.hir].into_iter();
        let compiled = tries.find_map(|hir| Some((compile(&hir, false)?, hir)));
        let (program, hir) = compiled.ok_or_else(|| Error::new(ErrorKind::Large, pattern))?;
        Ok(Self {
            program,
            long_program: OnceLock::new(),
            hir,
            pattern: pattern.into(),
            names: parsed.names,
            may_be_empty,
        })
    }

    /// Bytes of the program and of the two that a long text asks for, without what searching takes.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.program.memory_usage().saturating_mul(3)
    }

    /// Returns the program for a text.
    fn program(&self, text: &[u8]) -> &meta::Regex {
        if text.len() < LONG_BYTES {
            return &self.program;
        }
        let long = self.long_program.get_or_init(|| compile(&self.hir, true));
        long.as_ref().unwrap_or(&self.program)
    }

    /// The pattern as it was given.
    #[must_use]
    pub fn pattern(&self) -> &[u8] {
        &self.pattern
    }

    /// The number of groups, without the whole match: Go's `NumSubexp`.
    #[must_use]
    pub fn captures(&self) -> usize {
        self.names.len() - 1
    }

    /// The name of each group, the whole match first: Go's `SubexpNames`. As in Go, two
    /// groups may have one name.
    pub fn capture_names(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        self.names.iter().map(Option::as_deref)
    }

    /// Whether the text holds a match: Go's `Match`.
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        let text = Text::new(text);
        if self.may_be_empty {
            // The engine stops at the earliest end, which an empty match inside a
            // character may have: it then forgets what started before.
            return self.locate(&text, 0).is_some();
        }
        self.program(text.valid()).is_match(text.valid())
    }

    /// The first match: Go's `FindString`, which returns "" for `None`.
    #[must_use]
    pub fn find<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        self.find_index(text).map(|range| &text[range])
    }

    /// Where the first match is: Go's `FindIndex`.
    #[must_use]
    pub fn find_index(&self, text: &[u8]) -> Option<Range<usize>> {
        let text = Text::new(text);
        self.locate(&text, 0).map(|found| text.original_range(&found))
    }

    /// The first match and its groups: Go's `FindSubmatch`.
    #[must_use]
    pub fn find_submatch<'t>(&self, text: &'t [u8]) -> Option<Vec<Option<&'t [u8]>>> {
        let groups = self.find_submatch_index(text)?;
        Some(groups.into_iter().map(|group| group.map(|range| &text[range])).collect())
    }

    /// Where the first match and its groups are: Go's `FindSubmatchIndex`, which has -1 for
    /// `None`.
    #[must_use]
    pub fn find_submatch_index(&self, text: &[u8]) -> Option<Vec<Option<Range<usize>>>> {
        let text = Text::new(text);
        self.locate_groups(&text, 0).map(|groups| original(&text, groups))
    }

    pub(crate) fn locate(&self, text: &Text<'_>, from: usize) -> Option<Range<usize>> {
        let input = Input::new(text.valid()).range(from..);
        self.program(text.valid()).search(&input).map(|found| found.range())
    }

    pub(crate) fn locate_groups(&self, text: &Text<'_>, from: usize) -> Option<Groups> {
        let program = self.program(text.valid());
        let mut captures = program.create_captures();
        program.search_captures(&Input::new(text.valid()).range(from..), &mut captures);
        if !captures.is_match() {
            return None;
        }
        // A group that is repeated no times is not in the program.
        let group = |index| captures.get_group(index).map(|span| span.range());
        Some((0..self.names.len()).map(group).collect())
    }
}

/// Compiles a pattern; `None` where that takes too much memory. Most patterns are searched for once, in a short text: tables that only many
/// searches repay are not made.
fn compile(hir: &Hir, is_for_long: bool) -> Option<meta::Regex> {
    let config = meta::Config::new()
        .match_kind(MatchKind::LeftmostFirst)
        .utf8_empty(true)
        .dfa(false)
        .onepass(false)
        .hybrid(is_for_long)
        .nfa_size_limit(Some(MAX_PROGRAM_BYTES));
    let mut builder = meta::Builder::new();
    builder.configure(config).syntax(syntax::Config::new()).build_from_hir(hir).ok()
}

pub(crate) fn original(text: &Text<'_>, groups: Groups) -> Groups {
    groups.into_iter().map(|group| group.map(|range| text.original_range(&range))).collect()
}
