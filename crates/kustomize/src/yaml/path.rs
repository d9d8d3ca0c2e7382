//! Paths such as `spec/template` and `spec.[name=a].b`, cut into their parts.

/// Cuts a path at a delimiter that no `\` stands before. `PathSplitter` of kyaml v0.21.2.
pub(crate) fn split(path: &str, delimiter: char) -> Vec<String> {
    let mut parts = path.split(delimiter).peekable();
    if path.starts_with(delimiter) {
        parts.next();
    }
    let mut result: Vec<String> = Vec::new();
    for part in parts {
        match result.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            _ => result.push(part.to_owned()),
        }
    }
    result
}

/// Cuts a path as [`split`], but not inside `[…]`; brackets without a `=` are removed. `SmarterPathSplitter` of kyaml v0.21.2.
pub(crate) fn split_brackets(path: &str) -> Vec<String> {
    let mut result = Vec::new();
    let mut parts = split(path, '.').into_iter();
    while let Some(part) = parts.next() {
        if !part.starts_with('[') || part.ends_with(']') {
            result.push(part);
            continue;
        }
        let mut whole = part;
        for next in parts.by_ref() {
            whole.push('.');
            whole.push_str(&next);
            if next.ends_with(']') {
                break;
            }
        }
        if !whole.contains('=') {
            let inner = whole.trim_matches(['[', ']']).to_owned();
            whole = inner;
        }
        result.push(whole);
    }
    result
}

/// Whether a part is an index. `IsIdxNumber` of kyaml.
pub(crate) fn index(part: &str) -> Option<usize> {
    part.parse::<i64>().ok().and_then(|index| usize::try_from(index).ok())
}

/// Whether a part is in brackets. `IsListIndex` of kyaml.
pub(crate) fn is_list_index(part: &str) -> bool {
    part.starts_with('[') && part.ends_with(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_keeps_a_delimiter() {
        assert_eq!(split("a/b\\/c/d", '/'), ["a", "b/c", "d"]);
        assert_eq!(split("/a/b", '/'), ["a", "b"]);
        assert_eq!(split("", '/'), [""]);
        assert_eq!(split("a//b", '/'), ["a", "", "b"]);
    }

    #[test]
    fn brackets_keep_what_is_between_them() {
        assert_eq!(split_brackets("a.[b=c.d].e"), ["a", "[b=c.d]", "e"]);
        assert_eq!(split_brackets("a.[b.c/d].e"), ["a", "b.c/d", "e"]);
        assert_eq!(split_brackets("a.[b]"), ["a", "[b]"]);
    }
}
