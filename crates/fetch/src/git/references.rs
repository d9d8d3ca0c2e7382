//! What a server says of its branches and tags: `info/refs` of git's smart HTTP.
//!
//! Mirrors `Documentation/gitprotocol-http.adoc` and `gitprotocol-pack.adoc` of git 2.47, version 0 of the protocol, which every
//! server answers with that is not asked for another.

use super::Commit;

const SERVICE: &[u8] = b"# service=git-upload-pack";
/// Digits of the length before each line.
const LENGTH: usize = 4;
/// What stands behind the name of an annotated tag for the commit that it names.
const PEELED: &str = "^{}";

/// Branches and tags with their commits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct References(Vec<(String, Commit)>);

impl References {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(super) fn read(answer: &[u8]) -> Result<Self, &'static str> {
        let mut lines = Lines(answer);
        if lines.next()? != Some(Line::Text(SERVICE)) || lines.next()? != Some(Line::Flush) {
            return Err("it does not say that it is one");
        }
        let mut references = Vec::new();
        while let Some(line) = lines.next()? {
            match line {
                Line::Flush => return Ok(Self(references)),
                Line::Text(text) => references.extend(reference(text)?),
            }
        }
        Err("its answer is cut short")
    }

    /// Returns the commit that `git fetch` takes for a name; the default branch for an empty one.
    ///
    /// Mirrors `ref_rev_parse_rules` in `refs.c` of git 2.47.
    pub(super) fn find(&self, name: &str) -> Option<Commit> {
        if let Ok(commit) = name.parse() {
            return Some(commit);
        }
        let name = if name.is_empty() { "HEAD" } else { name };
        let rules = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
        let spellings = rules.iter().map(|rule| format!("{rule}{name}"));
        let spellings = spellings.chain([format!("refs/remotes/{name}/HEAD")]);
        spellings.into_iter().find_map(|spelling| self.commit(&spelling))
    }

    fn commit(&self, spelling: &str) -> Option<Commit> {
        let get = |wanted: &str| self.0.iter().find(|(name, _)| name == wanted);
        let found = get(&format!("{spelling}{PEELED}")).or_else(|| get(spelling));
        found.map(|(_, commit)| commit.clone())
    }
}

/// Reads `COMMIT NAME`, behind which the first line has what the server can do.
fn reference(text: &[u8]) -> Result<Option<(String, Commit)>, &'static str> {
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = std::str::from_utf8(text).map_err(|_| "a name is no UTF-8")?;
    if text.starts_with("shallow ") {
        return Ok(None);
    }
    let (commit, name) = text.split_once(' ').ok_or("a line has no name")?;
    let commit = commit.parse().map_err(|()| "a line has no commit")?;
    // What a repository without any branch says.
    let is_empty = name == format!("capabilities{PEELED}");
    Ok((!is_empty).then(|| (name.to_owned(), commit)))
}

#[derive(Debug, PartialEq, Eq)]
enum Line<'a> {
    Flush,
    Text(&'a [u8]),
}

/// The lines of an answer, each with its length before it.
struct Lines<'a>(&'a [u8]);

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<Option<Line<'a>>, &'static str> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let (digits, rest) = self.0.split_at_checked(LENGTH).ok_or("a line has no length")?;
        let length = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'));
        let length = length.and_then(|text| usize::from_str_radix(text, 16).ok());
        match length.ok_or("a line has no length")? {
            0 => {
                self.0 = rest;
                Ok(Some(Line::Flush))
            }
            length => {
                let length = length.checked_sub(LENGTH).ok_or("a line has no length")?;
                let (text, rest) =
                    rest.split_at_checked(length).ok_or("its answer is cut short")?;
                self.0 = rest;
                Ok(Some(Line::Text(text.strip_suffix(b"\n").unwrap_or(text))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        format!("{:04x}{text}", text.len() + LENGTH)
    }

    fn answer(lines: &[(&str, &str)]) -> String {
        let mut answer = line("# service=git-upload-pack\n") + "0000";
        for (place, (commit, name)) in lines.iter().enumerate() {
            let abilities = if place == 0 { "\0multi_ack agent=git/2" } else { "" };
            answer += &line(&format!("{} {name}{abilities}\n", commit.repeat(40)));
        }
        answer + "0000"
    }

    fn found(references: &References, name: &str) -> Option<char> {
        references.find(name).and_then(|commit| commit.as_str().chars().next())
    }

    #[test]
    fn a_name_is_what_git_takes_it_for() {
        let references = References::read(
            answer(&[
                ("a", "HEAD"),
                ("b", "refs/heads/both"),
                ("a", "refs/heads/main"),
                ("c", "refs/pull/1/head"),
                ("d", "refs/tags/both"),
                ("e", "refs/tags/v1"),
                ("f", "refs/tags/v1^{}"),
            ])
            .as_bytes(),
        )
        .expect("read");
        for (name, want) in [
            ("", Some('a')),
            ("main", Some('a')),
            ("both", Some('d')),
            ("heads/both", Some('b')),
            ("refs/heads/both", Some('b')),
            ("v1", Some('f')),
            ("pull/1/head", Some('c')),
            ("none", None),
            ("ea", None),
        ] {
            assert_eq!(found(&references, name), want, "{name}");
        }
        assert_eq!(found(&references, &"9".repeat(40)), Some('9'), "a commit is itself");
    }

    #[test]
    fn a_repository_without_branches_has_none() {
        let references =
            References::read(answer(&[("0", "capabilities^{}")]).as_bytes()).expect("read");
        assert_eq!(references, References(Vec::new()));
    }

    #[test]
    fn what_is_no_answer_of_git_is_refused() {
        let whole = answer(&[("a", "HEAD")]);
        for wrong in [
            String::new(),
            "<html>".to_owned(),
            whole[..whole.len() - 4].to_owned(),
            whole[..whole.len() - 6].to_owned(),
            whole.replace("service", "servile"),
            whole.replace("aaaa ", "aaa "),
            whole.replace(" HEAD", "-HEAD"),
            line("# service=git-upload-pack\n") + "0000" + "0003",
            line("# service=git-upload-pack\n") + "0000" + "+010",
        ] {
            References::read(wrong.as_bytes()).expect_err(&wrong);
        }
    }
}
