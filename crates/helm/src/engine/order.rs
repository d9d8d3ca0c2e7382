//! The order in which templates are parsed and executed.

use std::cmp::Ordering;

/// Compares two paths as Helm orders templates: the ones deeper down first, and among
/// those the later ones by name, so that what a parent chart defines wins.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let depth = |path: &str| path.matches('/').count();
    depth(b).cmp(&depth(a)).then_with(|| b.cmp(a))
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn templates_of_deeper_charts_come_first_and_later_names_before_earlier_ones() {
        let mut paths = vec![
            "c/templates/_a.tpl",
            "c/templates/z.yaml",
            "c/charts/s/templates/b.yaml",
            "c/templates/sub/a.yaml",
            "c/charts/s/templates/_a.tpl",
        ];
        paths.sort_by(|a, b| compare(a, b));
        assert_eq!(
            paths,
            [
                "c/charts/s/templates/b.yaml",
                "c/charts/s/templates/_a.tpl",
                "c/templates/sub/a.yaml",
                "c/templates/z.yaml",
                "c/templates/_a.tpl",
            ]
        );
    }
}
