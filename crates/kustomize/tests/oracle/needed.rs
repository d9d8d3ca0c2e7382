//! What of a message of kustomize must stand in ours: every path, field, value and id, not its words.

use std::collections::BTreeSet;

/// Returns what a message of ours lacks.
pub(crate) fn missing(theirs: &str, ours: &str) -> Vec<String> {
    needed(theirs).into_iter().filter(|part| !ours.contains(part.as_str())).collect()
}

/// Takes paths, fields, values and ids out of a message.
///
/// These are: what stands in quotes of any kind, unless there is a blank in it (then its words that qualify); words with a `/`, a
/// `.` inside, a digit, or a capital letter inside; and the text of values in Go's syntax.
pub(crate) fn needed(message: &str) -> BTreeSet<String> {
    let separators = |character: char| {
        character.is_whitespace()
            || matches!(
                character,
                '\'' | '"' | '`' | ',' | ';' | '(' | ')' | '{' | '}' | '\\' | '=' | '<' | '>'
            )
    };
    let mut parts = BTreeSet::new();
    for word in message.split(separators) {
        let word = word.trim_matches([':', '.', '!', '?']).trim_matches(['[', ']']);
        let word = word.trim_end_matches(['.', ':']);
        if is_telling(word) {
            parts.insert(word.to_owned());
        }
    }
    for quote in ['\'', '"', '`'] {
        let mut pieces = message.split(quote);
        pieces.next();
        while let (Some(inside), Some(_)) = (pieces.next(), pieces.next()) {
            let is_word = !inside.is_empty() && !inside.contains(separators) && inside.len() < 80;
            if is_word && !is_prose(inside) {
                parts.insert(inside.trim_end_matches([':', '.']).to_owned());
            }
        }
    }
    parts
}

/// Whether a word is a path, a field, a value or an id.
fn is_telling(word: &str) -> bool {
    let inner = word.get(1..).unwrap_or_default();
    let has_letters = word.chars().any(char::is_alphabetic);
    let has_capital_inside = inner.chars().any(char::is_uppercase);
    let is_path = word.contains('/') && word.len() > 1;
    let has_point = inner.contains('.') && !inner.ends_with('.');
    (is_path || has_point || has_capital_inside && has_letters) && !is_prose(word)
}

/// Words of the real program that say nothing of the input: names of Go types and of its own functions.
fn is_prose(word: &str) -> bool {
    const PROSE: [&str; 35] = [
        "MalformedYAMLError",
        "YAML",
        "JSON",
        "OpenAPI",
        "KV",
        "GVK",
        "CRDs",
        "ID",
        "resId",
        "fieldSpec",
        "SM",
        "resid.ResId",
        "Gvk:resid.Gvk",
        "isClusterScoped:false",
        "0xADDR",
        "accumulateDirectory",
        "yaml",
        "time.Date",
        "time.January",
        "time.UTC",
        "JsonOp",
        "jsonpatch",
        "err",
        "ResourceList",
        "NewResMapFromBytes",
        "evalsymlink",
        "loader.New",
        "types.Patch",
        "newTag:",
        "fieldName",
        "MappingNode",
        "SequenceNode",
        "ScalarNode",
        "nil",
        "and/or",
    ];
    PROSE.contains(&word) || word.starts_with("interface") || word.starts_with("map[")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(message: &str) -> Vec<String> {
        needed(message).into_iter().collect()
    }

    #[test]
    fn paths_and_ids_are_needed_and_words_are_not() {
        let message =
            "accumulating resources from 'd.yaml': open /a/d.yaml: no such file or directory";
        assert_eq!(parts(message), ["/a/d.yaml", "d.yaml"]);
        let message =
            "no matches for Id Deployment.v1.apps/web.[noNs]; failed to find unique target";
        assert_eq!(parts(message), ["Deployment.v1.apps/web.[noNs"]);
        let message = "unknown field \"foo\"";
        assert_eq!(parts(message), ["foo"]);
        assert_eq!(
            parts("resource with name nope"),
            [""; 0],
            "a bare word cannot be told from prose"
        );
    }
}
