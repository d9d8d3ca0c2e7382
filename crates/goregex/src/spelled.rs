//! Classes of characters as the bytes that spell them.

use regex_syntax::hir::{
    Capture, Class, ClassBytes, ClassBytesRange, ClassUnicode, Hir, HirKind, Repetition,
};
use regex_syntax::utf8::{Utf8Sequence, Utf8Sequences};

/// The most spellings that a class may have: `[^a]` has 10. More are shared better by the compiler, which takes a table of
/// 400 KB for the first class that it meets.
const MOST: usize = 24;

/// Returns the same pattern, in which classes beyond ASCII that have few spellings are alternatives of bytes.
///
/// Recursion is as deep as the pattern, which the parser bounds.
pub(crate) fn spelled(hir: &Hir) -> Hir {
    let each = |hirs: &[Hir]| hirs.iter().map(spelled).collect();
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) if !class.is_ascii() => {
            spellings(class).unwrap_or_else(|| hir.clone())
        }
        HirKind::Repetition(Repetition { min, max, greedy, sub }) => {
            let (min, max, greedy, sub) = (*min, *max, *greedy, Box::new(spelled(sub)));
            Hir::repetition(Repetition { min, max, greedy, sub })
        }
        HirKind::Capture(Capture { index, name, sub }) => {
            let (index, name, sub) = (*index, name.clone(), Box::new(spelled(sub)));
            Hir::capture(Capture { index, name, sub })
        }
        HirKind::Concat(hirs) => Hir::concat(each(hirs)),
        HirKind::Alternation(hirs) => Hir::alternation(each(hirs)),
        _ => hir.clone(),
    }
}

/// Returns the alternatives of a class; `None` where there are too many.
fn spellings(class: &ClassUnicode) -> Option<Hir> {
    let mut ascii = Vec::new();
    let mut longer = Vec::new();
    let ranges = class.ranges().iter();
    for sequence in ranges.flat_map(|range| Utf8Sequences::new(range.start(), range.end())) {
        match sequence {
            Utf8Sequence::One(range) => ascii.push(ClassBytesRange::new(range.start, range.end)),
            sequence => longer.push(sequence),
        }
        if longer.len() > MOST {
            return None;
        }
    }
    let bytes = |ranges: Vec<_>| Hir::class(Class::Bytes(ClassBytes::new(ranges)));
    let mut all = Vec::with_capacity(longer.len() + 1);
    if !ascii.is_empty() {
        all.push(bytes(ascii));
    }
    all.extend(longer.iter().map(|sequence| {
        let ranges = sequence.as_slice().iter();
        Hir::concat(
            ranges.map(|range| bytes(vec![ClassBytesRange::new(range.start, range.end)])).collect(),
        )
    }));
    Some(Hir::alternation(all))
}
