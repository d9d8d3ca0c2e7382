//! The known word that a mistyped one is nearest to.

/// Returns the nearest of `words`, if one is near enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    let distances = words
        .into_iter()
        .map(|known| (distance(&word.to_lowercase(), &known.to_lowercase()), known));
    distances.filter(|(distance, _)| *distance <= limit).min().map(|(_, known)| known)
}

/// Insertions, deletions, replacements and exchanges of neighbours that turn `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<_> = a.chars().take(64).collect();
    let b: Vec<_> = b.chars().take(64).collect();
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_near_and_another_word_is_not() {
        let keys = ["naming", "nodes", "platforms", "remap"];
        assert_eq!(nearest("namming", keys), Some("naming"));
        assert_eq!(nearest("ndoes", keys), Some("nodes"));
        assert_eq!(nearest("Platform", keys), Some("platforms"));
        assert_eq!(nearest("replicas", keys), None);
        assert_eq!(nearest("", keys), None);
    }
}
