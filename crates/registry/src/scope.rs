//! What a token must allow.

use std::fmt;

use crate::limits::SCOPES;

/// A right to one repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Scope {
    /// The path of the repository.
    pub(crate) repository: String,
    /// Whether writing is part of it.
    pub(crate) push: bool,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "repository:{}:{}", self.repository, if self.push { "pull,push" } else { "pull" })
    }
}

/// Rights in the order in which they are asked for: some servers honour only the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scopes(Vec<Scope>);

impl Scopes {
    pub(crate) fn pull(repository: &str) -> Self {
        Self(vec![Scope { repository: repository.to_owned(), push: false }])
    }

    pub(crate) fn push(repository: &str) -> Self {
        Self(vec![Scope { repository: repository.to_owned(), push: true }])
    }

    /// Adds the right to read another repository, up to the number that one token may have.
    #[must_use]
    pub(crate) fn and_pull(mut self, repository: &str) -> Self {
        let known = self.0.iter().any(|scope| scope.repository == repository);
        if !known && self.0.len() < SCOPES {
            self.0.push(Scope { repository: repository.to_owned(), push: false });
        }
        self
    }

    /// Returns whether these rights hold all of `others`.
    pub(crate) fn cover(&self, others: &Self) -> bool {
        others.0.iter().all(|wanted| {
            self.0
                .iter()
                .any(|scope| scope.repository == wanted.repository && (scope.push || !wanted.push))
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// Drops the last right; `false` when the first one would go.
    pub(crate) fn shorten(&mut self) -> bool {
        self.0.len() > 1 && self.0.pop().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_right_covers_a_narrower_one() {
        let wide = Scopes::push("a/b").and_pull("c/d").and_pull("c/d");
        assert_eq!(
            wide.iter().map(Scope::to_string).collect::<Vec<_>>(),
            ["repository:a/b:pull,push", "repository:c/d:pull"]
        );
        for narrow in
            [Scopes::pull("a/b"), Scopes::push("a/b"), Scopes::pull("c/d"), Scopes::default()]
        {
            assert!(wide.cover(&narrow), "{narrow:?}");
        }
        for other in [Scopes::push("c/d"), Scopes::pull("a")] {
            assert!(!wide.cover(&other), "{other:?}");
        }
    }

    #[test]
    fn a_token_has_at_most_sixteen_rights() {
        let scopes = (0..40)
            .fold(Scopes::push("t"), |scopes, number| scopes.and_pull(&format!("s{number}")));
        assert_eq!(scopes.iter().count(), 16);
    }
}
