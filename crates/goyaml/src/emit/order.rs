//! The order of keys, as go-yaml v2's `sorter.go` has it.

use std::cmp::Ordering;

use super::unicode::{is_digit, is_letter};

/// Where letters come among other characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// Before all else behind a digit, after all else elsewhere: go-yaml v3.
    FirstBehindDigits,
    /// After all else: go-yaml v2.
    Last,
}

/// Sorts entries by key as go-yaml does: `a2` before `a10`, letters after all else.
///
/// That is no order: `x1a` < `x3` < `x12` < `x1a`. What Go writes for such keys
/// changes from run to run, and the sorts of Rust may panic over them. So this is
/// a plain merge sort, and keys that come in the same order leave in the same.
pub(super) fn sort_by_key<T>(
    mut entries: Vec<T>,
    key: impl Fn(&T) -> &str,
    letters: Letters,
) -> Vec<T> {
    let precedes = |one: &T, other: &T| compare(key(one), key(other), letters).is_lt();
    if entries.is_sorted_by(|one, other| !precedes(other, one)) {
        return entries;
    }
    let mut runs: Vec<Vec<T>> = Vec::new();
    // The runs get shorter towards the end, as the digits of a binary number.
    for (number, entry) in (1_usize..).zip(entries.drain(..)) {
        let mut run = vec![entry];
        for _ in 0..number.trailing_zeros() {
            run = merge(runs.pop().unwrap_or_default(), run, precedes);
        }
        runs.push(run);
    }
    let mut sorted = Vec::new();
    while let Some(run) = runs.pop() {
        sorted = merge(run, sorted, precedes);
    }
    sorted
}

fn merge<T>(left: Vec<T>, right: Vec<T>, precedes: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let mut right = right.into_iter().peekable();
    for entry in left {
        while let Some(earlier) = right.next_if(|other| precedes(other, &entry)) {
            merged.push(earlier);
        }
        merged.push(entry);
    }
    merged.extend(right);
    merged
}

/// Compares from the first character on that differs.
fn compare(one: &str, other: &str, letters: Letters) -> Ordering {
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let start = one.floor_char_boundary(same).min(other.floor_char_boundary(same));
    let (common, one) = one.split_at(start);
    let other = &other[start..];
    let (Some(left), Some(right)) = (one.chars().next(), other.chars().next()) else {
        return one.len().cmp(&other.len());
    };
    let come_first =
        letters == Letters::FirstBehindDigits && common.chars().next_back().is_some_and(is_digit);
    match (is_letter(left), is_letter(right)) {
        (true, true) => left.cmp(&right),
        (true, false) if come_first => Ordering::Less,
        (false, true) if come_first => Ordering::Greater,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            // A zero inside a number is not one before it.
            let inside = (left == '0' || right == '0') && ends_in_number(common);
            number(one, inside).cmp(&number(other, inside)).then(left.cmp(&right))
        }
    }
}

/// Whether the text ends in digits that are not all zeros.
fn ends_in_number(text: &str) -> bool {
    text.chars().rev().take_while(|&digit| is_digit(digit)).any(|digit| digit != '0')
}

/// The number at the start of a text and how many digits it has; none is 0. Go lets it overflow.
fn number(text: &str, inside: bool) -> (i64, usize) {
    text.chars().take_while(|&digit| is_digit(digit)).fold(
        (i64::from(inside), 0),
        |(value, count), digit| {
            let digit = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
            (value.wrapping_mul(10).wrapping_add(digit), count + 1)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(keys: &[&str]) -> String {
        sort_by_key(keys.to_vec(), |key| key, Letters::Last).join(" ")
    }

    #[test]
    fn numbers_in_keys_are_in_their_natural_order_and_letters_come_last() {
        assert_eq!(sorted(&["b", "a10", "B", "_", "a2"]), "_ B a2 a10 b");
        assert_eq!(sorted(&["a10", "a1", "a01", "a", "a-1", "a0"]), "a a-1 a0 a1 a01 a10");
        assert_eq!(sorted(&["100", "12", "110", "10", "1!"]), "1! 10 12 100 110");
        assert_eq!(sorted(&["é", "z", "中", "~", "Ⅷ"]), "~ Ⅷ z é 中");
    }

    #[test]
    fn characters_that_differ_in_their_last_byte_only_are_compared_whole() {
        assert_eq!(compare("xé", "xè", Letters::Last), Ordering::Greater);
        assert_eq!(compare("é", "\u{a9}", Letters::Last), Ordering::Greater);
    }

    #[test]
    fn keys_without_an_order_are_sorted_nevertheless() {
        let keys: Vec<String> = (0..3000)
            .map(|number| match number % 3 {
                0 => format!("x{number}"),
                1 => format!("x{}a", number % 50),
                _ => format!("x{}{}", number % 7, "9".repeat(number % 40)),
            })
            .collect();
        let mut result = sort_by_key(keys.clone(), |key| key, Letters::Last);
        assert_eq!(result, sort_by_key(keys.clone(), |key| key, Letters::Last));
        result.sort();
        let mut keys = keys;
        keys.sort();
        assert_eq!(result, keys);
    }
}
