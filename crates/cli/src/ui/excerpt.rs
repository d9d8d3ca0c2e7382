//! A line of a file with a mark below the part that matters.

/// A line and the part that matters.
pub(crate) struct Excerpt<'a> {
    pub(crate) path: &'a str,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) text: &'a str,
    /// The byte of the line where the part begins, when that is known.
    pub(crate) column: Option<usize>,
    /// Characters of the part.
    pub(crate) width: usize,
}

/// Characters of a line that are shown before and after the mark.
const AROUND: usize = 80;

/// Draws it as compilers do.
pub(crate) fn excerpt(excerpt: &Excerpt<'_>) -> String {
    let Excerpt { path, line, text, .. } = excerpt;
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let at = excerpt.column.map(|column| characters_before(text, column));
    let place = match excerpt.column {
        Some(column) => format!("{path}:{line}:{column}"),
        None => format!("{path}:{line}"),
    };
    let (shown, skipped) = around(text, at.unwrap_or(0));
    let drawn = format!("{margin}--> {place}\n{margin} |\n{number} | {shown}");
    if let Some(at) = at {
        let width = excerpt.width.min(AROUND);
        let blank: String =
            shown.chars().take(at - skipped).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let mark = "^".repeat(width);
        return format!("{drawn}\n{margin} | {blank}{mark}");
    }
    drawn
}

fn characters_before(text: &str, column: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < column).count()
}

/// The part of a long line around a character, and how many characters are skipped before it.
fn around(text: &str, at: usize) -> (String, usize) {
    let skipped = at.saturating_sub(AROUND);
    let shown = text.chars().skip(skipped).take(2 * AROUND).collect();
    (shown, skipped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stands_below_the_part_that_matters() {
        let drawn = excerpt(&Excerpt {
            path: "a/templates/b.yaml",
            line: 14,
            text: "  x: {{ .Values.x | toYml }}",
            column: Some(20),
            width: 5,
        });
        assert_eq!(
            drawn,
            "  --> a/templates/b.yaml:14:20\n   |\n14 |   x: {{ .Values.x | toYml }}\n   |                     ^^^^^"
        );
    }

    #[test]
    fn a_long_line_is_shown_around_the_mark() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let drawn =
            excerpt(&Excerpt { path: "f", line: 1, text: &text, column: Some(500), width: 1 });
        let lines: Vec<_> = drawn.lines().collect();
        assert_eq!(lines[2].len(), "1 | ".len() + 160);
        assert_eq!(lines[2].find('X'), lines[3].find('^'));
    }
}
