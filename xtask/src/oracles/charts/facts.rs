//! What a message says that is more than words: paths, positions, fields, values, names.

use std::collections::BTreeSet;

/// What stands around a fact and is no part of it.
const AROUND: &[char] =
    &['"', '\'', '`', '<', '>', '(', ')', '[', ']', '{', '}', ',', ';', ':', '.', '!', '|'];

/// Lines of Helm that are no part of what is wrong.
const ADVICE: [&str; 1] = ["Use --debug flag to render out invalid YAML"];

/// Returns each word of a message that is not plain lower-case English: what another message about the same
/// mistake has to contain.
pub(super) fn facts(message: &str) -> BTreeSet<&str> {
    let lines = message.lines().filter(|line| !ADVICE.contains(&line.trim()));
    let lines = lines.map(|line| line.strip_prefix("Error: ").unwrap_or(line));
    let words = lines.flat_map(|line| without_source(line).split(' '));
    words.map(|word| word.trim().trim_matches(AROUND)).filter(|word| is_fact(word)).collect()
}

/// Takes away where in its own sources Helm prints a warning: `coalesce.go:237: `.
fn without_source(line: &str) -> &str {
    let rest = line.split_once(".go:").filter(|(file, _)| !file.contains([' ', '/']));
    rest.and_then(|(_, rest)| rest.split_once(": ")).map_or(line, |(_, rest)| rest)
}

fn is_fact(word: &str) -> bool {
    word.chars().any(|c| !c.is_ascii_lowercase() && c != '\'') && word != "-"
}

/// Returns the facts of a message that another one does not contain.
pub(super) fn missing<'a>(message: &'a str, other: &str) -> Vec<&'a str> {
    facts(message).into_iter().filter(|fact| !other.contains(fact)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_positions_fields_and_values_are_facts() {
        let message = "Error: a/templates/b.yaml:225:72\n  executing \"a/templates/b.yaml\" at <.Values.x>:\n    \
            can't evaluate field configMapName in type interface {}\n\nUse --debug flag to render out invalid YAML\n";
        let expected =
            ["Values.x", "a/templates/b.yaml", "a/templates/b.yaml:225:72", "configMapName"];
        assert_eq!(facts(message), BTreeSet::from(expected));
    }

    #[test]
    fn a_place_in_the_sources_of_helm_is_no_fact() {
        let message = "coalesce.go:237: warning: skipped value for a.b: Not a table.";
        assert_eq!(facts(message), BTreeSet::from(["Not", "a.b"]));
    }

    #[test]
    fn a_message_without_a_position_lacks_it() {
        let real = "execution error at (a/b.yaml:1:2): Please set 3";
        assert_eq!(missing(real, "a/b.yaml: Please set 3"), ["a/b.yaml:1:2"]);
        assert!(missing(real, "a/b.yaml:1:2: Please set 3").is_empty());
    }
}
