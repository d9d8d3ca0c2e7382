//! Where hosts of repositories offer the files of a commit.

use url::Url;

use super::{Commit, GitSource};

/// Returns the addresses at which an archive may be, the likeliest first: GitHub, Gitea and Forgejo have one form, GitLab and
/// Bitbucket have others, and the name of a host may not tell what it runs.
pub(super) fn archives(source: &GitSource, commit: &Commit) -> Vec<Url> {
    let repository = &source.repository;
    let path = repository.path().trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let name = source.name();
    let usual = format!("{path}/archive/{commit}.tar.gz");
    let gitlab = format!("{path}/-/archive/{commit}/{name}-{commit}.tar.gz");
    let host = repository.host_str().unwrap_or_default();
    let paths = match host {
        "bitbucket.org" => vec![format!("{path}/get/{commit}.tar.gz")],
        "github.com" | "codeberg.org" => vec![usual],
        "gitlab.com" => vec![gitlab],
        _ if host.contains("gitlab") => vec![gitlab, usual],
        _ => vec![usual, gitlab],
    };
    let address = |path: String| {
        let mut url = repository.clone();
        url.set_path(&path);
        url
    };
    paths.into_iter().map(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_host_has_its_form() {
        let commit: Commit = "a".repeat(40).parse().expect("a commit");
        for (repository, wanted) in [
            ("https://github.com/o/r.git", "https://github.com/o/r/archive/A.tar.gz"),
            ("https://gitlab.com/g/s/r", "https://gitlab.com/g/s/r/-/archive/A/r-A.tar.gz"),
            ("https://bitbucket.org/o/r/", "https://bitbucket.org/o/r/get/A.tar.gz"),
            (
                "https://git.example/o/r",
                "https://git.example/o/r/archive/A.tar.gz https://git.example/o/r/-/archive/A/r-A.tar.gz",
            ),
            (
                "https://gitlab.example/o/r",
                "https://gitlab.example/o/r/-/archive/A/r-A.tar.gz https://gitlab.example/o/r/archive/A.tar.gz",
            ),
        ] {
            let source = GitSource::new(repository, "").expect(repository);
            let found: Vec<_> = archives(&source, &commit).iter().map(Url::to_string).collect();
            assert_eq!(found.join(" "), wanted.replace('A', commit.as_str()));
        }
    }
}
