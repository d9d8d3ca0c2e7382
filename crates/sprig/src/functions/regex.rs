//! Regular expressions.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use sealift_goregex::{Regex, quote_meta};
use sealift_gotemplate::{Context, FunctionError, Limit, Str};

use crate::table::{Result, Table, Texts};
use crate::values;

/// The most patterns that are kept: a chart has few, and asks for each often.
const MOST_KEPT: usize = 16;

/// Patterns that were compiled. A clone of a `Regex` would begin with empty caches.
#[derive(Clone, Default)]
struct Patterns(Rc<RefCell<BTreeMap<Str, Rc<Regex>>>>);

pub(super) fn insert(table: &mut Table<'_>) {
    let patterns = Patterns::default();
    insert_matches(table, &patterns);
    insert_lists(table, &patterns);
    insert_replacements(table, &patterns);
}

fn insert_matches(table: &mut Table<'_>, patterns: &Patterns) {
    let known = patterns.clone();
    table.two("regexMatch", move |context, pattern: Str, text: Str| {
        let regex = known.compile(context, &pattern, &text)?;
        Ok(regex.is_ok_and(|regex| regex.is_match(text.as_bytes())))
    });
    let known = patterns.clone();
    table.two("mustRegexMatch", move |context, pattern: Str, text: Str| {
        let regex = known.compile(context, &pattern, &text)?.map_err(plain)?;
        Ok(regex.is_match(text.as_bytes()))
    });
    table.one("regexQuoteMeta", |context, text: Str| {
        context.budget().check_string(text.len().saturating_mul(2))?;
        Ok(text.derive(quote_meta(text.as_bytes())))
    });
    for (name, is_must) in [("regexFind", false), ("mustRegexFind", true)] {
        let known = patterns.clone();
        table.two(name, move |context, pattern: Str, text: Str| {
            let regex = known.regex(context, &pattern, &text, is_must)?;
            let found = regex.find_index(text.as_bytes());
            Ok(found.map_or_else(|| Str::from(""), |range| text.part(range)))
        });
    }
}

fn insert_lists(table: &mut Table<'_>, patterns: &Patterns) {
    for (name, is_must) in [("regexFindAll", false), ("mustRegexFindAll", true)] {
        let known = patterns.clone();
        table.three(name, move |context, pattern: Str, text: Str, most: i64| {
            let regex = known.regex(context, &pattern, &text, is_must)?;
            let most = bounded(context, most);
            let found = regex.find_all_index(text.as_bytes(), most);
            context.budget().check_elements(found.len())?;
            let found: Vec<Str> = found.into_iter().map(|range| text.part(range)).collect();
            Ok(Texts((!found.is_empty()).then_some(found)))
        });
    }
    for (name, is_must) in [("regexSplit", false), ("mustRegexSplit", true)] {
        let known = patterns.clone();
        table.three(name, move |context, pattern: Str, text: Str, most: i64| {
            let regex = known.regex(context, &pattern, &text, is_must)?;
            let parts = regex.split(text.as_bytes(), bounded(context, most));
            context.budget().check_elements(parts.len())?;
            let start = |part: &[u8]| part.as_ptr().addr() - text.as_bytes().as_ptr().addr();
            let parts = parts.iter().map(|part| text.part(start(part)..start(part) + part.len()));
            Ok(Texts((most != 0).then(|| parts.collect())))
        });
    }
}

fn insert_replacements(table: &mut Table<'_>, patterns: &Patterns) {
    for (name, is_must) in [("regexReplaceAll", false), ("mustRegexReplaceAll", true)] {
        let known = patterns.clone();
        table.three(name, move |context, pattern: Str, text: Str, template: Str| {
            let regex = known.regex(context, &pattern, &text, is_must)?;
            let most = context.budget().limits().string_bytes;
            let replaced = regex.replace_all(text.as_bytes(), template.as_bytes(), most);
            Ok(text.derive(replaced.map_err(|_| Limit::StringBytes(most))?))
        });
    }
    for (name, is_must) in [("regexReplaceAllLiteral", false), ("mustRegexReplaceAllLiteral", true)]
    {
        let known = patterns.clone();
        table.three(name, move |context, pattern: Str, text: Str, template: Str| {
            let regex = known.regex(context, &pattern, &text, is_must)?;
            let most = context.budget().limits().string_bytes;
            let replaced = regex.replace_all_literal(text.as_bytes(), template.as_bytes(), most);
            Ok(text.derive(replaced.map_err(|_| Limit::StringBytes(most))?))
        });
    }
}

/// Returns how many matches are looked for: one more than there may be, at most.
fn bounded(context: &Context<'_>, most: i64) -> i64 {
    let elements = context.budget().limits().live_elements;
    let bound = i64::try_from(elements).unwrap_or(i64::MAX).saturating_add(1);
    if most < 0 { bound } else { most.min(bound) }
}

impl Patterns {
    /// Compiles a pattern, and takes steps for the search of a text.
    fn compile(
        &self,
        context: &Context<'_>,
        pattern: &Str,
        text: &Str,
    ) -> Result<std::result::Result<Rc<Regex>, sealift_goregex::Error>> {
        context.spend((pattern.len() as u64).saturating_mul(8) + text.len() as u64 / 64)?;
        let mut known = self.0.borrow_mut();
        if let Some(regex) = known.get(pattern) {
            return Ok(Ok(Rc::clone(regex)));
        }
        let compiled = Regex::from_bytes(pattern.as_bytes()).map(Rc::new);
        if let Ok(regex) = &compiled {
            if known.len() >= MOST_KEPT {
                known.clear();
            }
            known.insert(pattern.clone(), Rc::clone(regex));
        }
        Ok(compiled)
    }

    /// Compiles a pattern; what is wrong is said as `regexp.Compile` or `MustCompile` says it.
    fn regex(
        &self,
        context: &Context<'_>,
        pattern: &Str,
        text: &Str,
        is_must: bool,
    ) -> Result<Rc<Regex>> {
        self.compile(context, pattern, text)?.or_else(|error| {
            if is_must {
                return Err(plain(error));
            }
            let shown = if can_be_raw(pattern) {
                format!("`{pattern}`")
            } else {
                values::quoted(pattern, context.budget())?.to_string()
            };
            Err(format!("regexp: Compile({shown}): {error}").into())
        })
    }
}

fn plain(error: sealift_goregex::Error) -> FunctionError {
    error.to_string().into()
}

/// Returns whether Go would quote a text with backquotes.
fn can_be_raw(text: &Str) -> bool {
    let is_raw = |c: char| (c >= ' ' || c == '\t') && !matches!(c, '`' | '\x7f' | '\u{feff}');
    std::str::from_utf8(text.as_bytes()).is_ok_and(|text| text.chars().all(is_raw))
}
