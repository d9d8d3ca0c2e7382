//! Arguments of the `--set` family: `a.b=1,c[0]=x`.
//!
//! Mirrors `pkg/strvals` of Helm 4.2.4 and 3.21.4.

mod fault;
mod item;
mod key;
mod runes;
mod typed;
mod value;

use sealift_gotemplate::{Limit, Map, Str, VALUE_DEPTH};

use super::integer::atoi;
use runes::{Escapes, Runes};

pub(crate) use fault::Stop;

/// The highest index of a list: `MaxIndex` in `pkg/strvals/parser.go`.
pub(super) const MAX_INDEX: i64 = 65_536;

/// As many names as a name may have before it: `MaxNestedNameLevel` in `pkg/strvals/parser.go`.
pub(super) const MAX_NESTED_NAMES: usize = 30;

/// Elements of lists that one argument may make. Helm has no bound: `a[65536][65536]…`.
const MAX_ELEMENTS: usize = 1_000_000;

/// What the values of an argument are.
pub(crate) enum Kind<'r> {
    /// What they look like.
    Typed,
    /// Strings.
    String,
    /// JSON.
    Json,
    /// Strings without lists, escapes and ends.
    Literal,
    /// What is in the files that they name.
    File(&'r mut dyn FnMut(&str) -> Result<Str, String>),
}

/// Reads an argument and sets what it says in a map.
///
/// What was read before a fault is set.
pub(crate) fn parse_into(text: &str, kind: Kind<'_>, values: &Map) -> Result<(), Stop> {
    let mut parser = Parser { runes: Runes(text), kind, elements: 0 };
    loop {
        match parser.key(values, 0, 1) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(stop) => return Err(stop),
        }
    }
}

struct Parser<'t, 'r> {
    runes: Runes<'t>,
    kind: Kind<'r>,
    /// How many elements lists got so far.
    elements: usize,
}

impl Parser<'_, '_> {
    fn escapes(&self) -> Escapes {
        match self.kind {
            Kind::Literal => Escapes::Kept,
            _ => Escapes::Read,
        }
    }

    /// Reads an index up to its `]`.
    fn index(&mut self) -> Result<i64, Stop> {
        let word = self.runes.until(&[']'], self.escapes());
        if word.end.is_none() {
            return Err(Stop::EndOfIndex);
        }
        atoi(&word.text).map_err(|error| Stop::Fault(format!("error parsing index: {error}")))
    }
}

/// Bounds recursion, which Helm bounds for names only, not for indexes.
fn check_depth(depth: u32) -> Result<(), Stop> {
    if depth > VALUE_DEPTH { Err(Limit::ValueDepth(VALUE_DEPTH).into()) } else { Ok(()) }
}
