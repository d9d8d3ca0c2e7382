//! Our events against those of libyaml 0.2.5, on texts that are a little wrong.
//!
//! `YAML_MUTATIONS=1000000 YAML_SEED=7 cargo test --release --test differential`
//! tries more, and others.

#![expect(clippy::print_stdout, reason = "the score")]

mod libyaml;
mod mutation;
#[path = "../support/mod.rs"]
mod support;

use std::fmt::Write as _;

use mutation::{Random, mutate, soup};
use sealift_goyaml::events::{Dialect, Event, events};

/// Mutations of an ordinary run.
const MUTATIONS: u64 = 20_000;

#[test]
fn the_texts_of_the_oracles_have_the_events_of_libyaml() {
    let texts = texts();
    let failures: Vec<_> = texts.iter().filter_map(|text| difference(text)).collect();
    println!("{}/{} texts have equal events", texts.len() - failures.len(), texts.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn mutated_texts_have_the_events_of_libyaml() {
    let texts = texts();
    let mutations = number("YAML_MUTATIONS").unwrap_or(MUTATIONS);
    let seed = number("YAML_SEED").unwrap_or(1);
    let (mut differ, mut valid, mut shown) = (0, 0, String::new());
    for number in 0..mutations {
        let mut random = Random::new(seed.wrapping_mul(1 << 40).wrapping_add(number));
        let text = if number % 4 == 0 || texts.is_empty() {
            soup(&mut random)
        } else {
            let (one, other) = (random.below(texts.len()), random.below(texts.len()));
            mutate(&texts[one], &texts[other], &mut random)
        };
        valid += u64::from(events(&text, Dialect::Libyaml).1.is_none());
        if let Some(difference) = difference(&text) {
            differ += 1;
            if differ <= 5 {
                writeln!(shown, "{difference}").unwrap();
            }
        }
    }
    println!("{mutations} mutations with seed {seed}, {valid} of them valid: {differ} differ");
    assert_eq!(differ, 0, "\n{shown}");
}

/// A number given by a variable.
#[expect(clippy::disallowed_methods, reason = "a longer run than the ordinary one is asked for so")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// The texts of all sets, or a few of our own where there are no oracles.
fn texts() -> Vec<String> {
    let cases = support::SETS.iter().filter_map(|set| support::cases(set)).flatten();
    let texts: Vec<String> =
        cases.filter_map(|case| case["text"].as_str().map(str::to_owned)).collect();
    if texts.is_empty() {
        println!("no oracles: mutating without their texts; set SEALIFT_ORACLES");
    }
    texts
}

/// How our events differ from libyaml's, if they do.
///
/// Before an error both must have seen the same, but one may have seen more of
/// it: libyaml's reader finds a forbidden character before its scanner gets there.
fn difference(text: &str) -> Option<String> {
    let (ours, our_error) = events(text, Dialect::Libyaml);
    let (theirs, their_error) = libyaml::events(text);
    let seen = ours.len().min(theirs.len());
    let is_same = match (&our_error, &their_error) {
        (None, None) => ours == theirs,
        (Some(_), Some(_)) => ours[..seen] == theirs[..seen],
        _ => false,
    };
    (!is_same).then(|| {
        let at = ours.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs).count();
        let show = |events: &[Event]| {
            events.get(at).map_or("nothing".to_owned(), |event| format!("{event:?}"))
        };
        format!(
            "{text:?}\n    ours   {} {our_error:?}\n    theirs {} {their_error:?}",
            show(&ours),
            show(&theirs)
        )
    })
}
