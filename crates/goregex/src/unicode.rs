//! Sets of characters as Go has them: Unicode 15.0, simple case folding.
//!
//! `regex-syntax` may know a later Unicode; what that added is taken out again, since
//! for Go it is unassigned and folds to nothing.

mod names;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// The one character whose category changed: from Mn to Mc in Unicode 16.0.
const REMARKED: char = '\u{1171E}';

const SURROGATES: std::ops::RangeInclusive<u32> = 0xD800..=0xDFFF;

/// The characters of a range of code points; surrogates are in no text.
pub(crate) fn range(low: u32, high: u32) -> Option<ClassUnicodeRange> {
    let low = if SURROGATES.contains(&low) { SURROGATES.end() + 1 } else { low };
    let high = if SURROGATES.contains(&high) { SURROGATES.start() - 1 } else { high };
    let ends = (low <= high).then_some((char::from_u32(low)?, char::from_u32(high)?));
    ends.map(|(low, high)| ClassUnicodeRange::new(low, high))
}

pub(crate) fn class(ranges: &[(u32, u32)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().filter_map(|&(low, high)| range(low, high)))
}

pub(crate) fn any() -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new('\0', char::MAX)])
}

/// Adds what equals a member but for its case.
pub(crate) fn fold(class: &mut ClassUnicode) {
    let is_ascii = class.ranges().last().is_none_or(|last| last.end().is_ascii());
    if is_ascii {
        fold_ascii(class);
        return;
    }
    let mut folded = class.clone();
    folded.intersect(foldable());
    folded.case_fold_simple();
    folded.intersect(foldable());
    class.union(&folded);
}

/// The same for ASCII, where two letters have an equal outside: `ſ` and the Kelvin sign.
fn fold_ascii(class: &mut ClassUnicode) {
    let mut folded = Vec::new();
    for letter in class.ranges().iter().flat_map(|range| range.start()..=range.end()) {
        let other = match letter {
            'a'..='z' => letter.to_ascii_uppercase(),
            'A'..='Z' => letter.to_ascii_lowercase(),
            _ => continue,
        };
        folded.push(ClassUnicodeRange::new(other, other));
        match letter.to_ascii_lowercase() {
            'k' => folded.push(ClassUnicodeRange::new('\u{212A}', '\u{212A}')),
            's' => folded.push(ClassUnicodeRange::new('\u{17F}', '\u{17F}')),
            _ => {}
        }
    }
    class.union(&ClassUnicode::new(folded));
}

/// Whether `(?i)` adds nothing to the class of a name. Only in cased letters (LC) would
/// it: U+0345, which is a mark.
pub(crate) fn never_folds(name: &str) -> bool {
    matches!(canonical(name).as_str(), "Lc" | "Casedletter")
}

/// The class of a name as it stands in `\p{…}`: case, spaces, `_` and `-` do not matter.
pub(crate) fn named(name: &str) -> Option<ClassUnicode> {
    let name = canonical(name);
    let category = |short: &str| lookup(&format!("gc={short}"));
    match name.as_str() {
        "Any" => return Some(any()),
        "Ascii" => return Some(class(&[(0x00, 0x7F)])),
        "Assigned" => return Some(assigned().clone()),
        "Lc" => return category("LC"),
        _ => {}
    }
    if names::CATEGORIES.contains(&name.as_str()) {
        return category(&name);
    }
    if names::SCRIPTS.contains(&name.as_str()) {
        return lookup(&format!("sc={name}"));
    }
    let alias = names::CATEGORY_ALIASES.binary_search_by_key(&name.as_str(), |alias| alias.0);
    alias.ok().and_then(|found| category(names::CATEGORY_ALIASES[found].1))
}

/// Whether Go's `unicode.IsLetter` or `unicode.IsDigit` holds.
pub(crate) fn is_letter_or_digit(letter: char) -> bool {
    static LETTERS: OnceLock<ClassUnicode> = OnceLock::new();
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    let letters = LETTERS.get_or_init(|| {
        let [mut letters, digits] =
            ["L", "Nd"].map(|name| named(name).expect("regex-syntax has categories"));
        letters.union(&digits);
        letters
    });
    let ranges = letters.ranges();
    let next = ranges.partition_point(|range| range.end() < letter);
    ranges.get(next).is_some_and(|range| range.start() <= letter)
}

/// An upper case letter first, then lower case ones, without separators.
fn canonical(name: &str) -> String {
    let mut canonical = String::with_capacity(name.len());
    for letter in name.chars().filter(|letter| !matches!(letter, '_' | '-' | ' ')) {
        let is_first = canonical.is_empty();
        canonical.push(if is_first {
            letter.to_ascii_uppercase()
        } else {
            letter.to_ascii_lowercase()
        });
    }
    canonical
}

/// A property's characters in Unicode 15.0. Surrogates are no characters.
fn lookup(property: &str) -> Option<ClassUnicode> {
    if property == "gc=Cs" {
        return Some(ClassUnicode::empty());
    }
    let mut class = table(property)?;
    let remarked = ClassUnicode::new([ClassUnicodeRange::new(REMARKED, REMARKED)]);
    match property {
        // What came later is unassigned here.
        "gc=Cn" | "gc=C" => {
            let mut later = any();
            later.difference(assigned());
            class.union(&later);
            return Some(class);
        }
        "gc=Mc" => class.difference(&remarked),
        "gc=Mn" => class.union(&remarked),
        _ => {}
    }
    class.intersect(assigned());
    Some(class)
}

/// The characters that Unicode 15.0 has.
fn assigned() -> &'static ClassUnicode {
    static ASSIGNED: OnceLock<ClassUnicode> = OnceLock::new();
    ASSIGNED.get_or_init(|| {
        let mut assigned = table("age=15.0").expect("regex-syntax has ages");
        // Noncharacters have an age, and no assignment.
        assigned.difference(&table("gc=Cn").expect("regex-syntax has categories"));
        assigned
    })
}

/// The characters of which Unicode 15.0 may say that they fold. Three pairs came in 15.1.
fn foldable() -> &'static ClassUnicode {
    static FOLDABLE: OnceLock<ClassUnicode> = OnceLock::new();
    FOLDABLE.get_or_init(|| {
        let mut foldable = assigned().clone();
        for later in ['\u{390}', '\u{3B0}', '\u{1FD3}', '\u{1FE3}', '\u{FB05}', '\u{FB06}'] {
            foldable.difference(&class(&[(later.into(), later.into())]));
        }
        foldable
    })
}

fn table(property: &str) -> Option<ClassUnicode> {
    let hir = regex_syntax::parse(&format!(r"\p{{{property}}}")).ok()?;
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        HirKind::Literal(literal) => {
            let text = String::from_utf8(literal.0.into_vec()).ok()?;
            let ranges = text.chars().map(|only| ClassUnicodeRange::new(only, only));
            Some(ClassUnicode::new(ranges))
        }
        _ => None,
    }
}
