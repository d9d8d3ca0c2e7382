//! The name that somebody may have meant.

/// Returns the name that is spelled most like a text, if it is like it at all.
pub(crate) fn nearest(text: &str, names: &[&'static str]) -> Option<&'static str> {
    let far = |name: &str| distance(&text.to_ascii_lowercase(), &name.to_ascii_lowercase());
    let best = names.iter().map(|name| (far(name), *name)).min()?;
    (best.0 <= 1 + best.1.len() / 4).then_some(best.1)
}

/// How many characters must be put in, taken away or changed.
fn distance(one: &str, other: &str) -> usize {
    /// A longer text is like no field.
    const LONGEST: usize = 100;
    if one.len() > LONGEST {
        return one.len();
    }
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (at, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, right) in other.chars().enumerate() {
            let change = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = change.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_name_is_found_and_a_foreign_one_is_not() {
        let names = ["resources", "patches", "images", "namespace"];
        assert_eq!(nearest("resource", &names), Some("resources"));
        assert_eq!(nearest("pathces", &names), Some("patches"));
        assert_eq!(nearest("foo", &names), None);
    }
}
