//! What a lock says of what kustomizations name elsewhere, so that the same is got again.

use std::collections::BTreeMap;

use sealift_fetch::Identity;
use sealift_fetch::git::Commit;
use sealift_inventory::Input;
use sealift_kustomize::RemoteChart;
use sealift_reference::Digest;
use sealift_sprig::semver::{Constraints, Version};

use super::elsewhere::shown;
use super::{Pin, Wanted};

/// Stands between a repository and its commit.
const COMMIT: &str = ", commit ";

/// The inputs of a lock that kustomizations name elsewhere. One that it says two things of, as secrets that are not in a lock
/// tell them apart, is not known.
#[derive(Clone, Debug, Default)]
pub struct Locked {
    trees: BTreeMap<String, Option<(Commit, Digest)>>,
    files: BTreeMap<String, Option<Digest>>,
    charts: BTreeMap<String, Option<Identity>>,
}

impl Locked {
    /// Reads the inputs of a lock.
    #[must_use]
    pub fn of(inputs: &[Input]) -> Self {
        let mut locked = Self::default();
        for Input { name, digest } in inputs {
            if let Some((name, commit)) = tree(name) {
                note(&mut locked.trees, name, (commit, digest.clone()));
            } else if let Some(identity) = chart(name, digest) {
                note(&mut locked.charts, name, identity);
            } else {
                note(&mut locked.files, name, digest.clone());
            }
        }
        locked
    }

    /// Returns the commit of a repository, and the digest of its files.
    pub(super) fn tree(&self, wanted: &Wanted) -> Option<&(Commit, Digest)> {
        self.trees.get(&wanted.to_string())?.as_ref()
    }

    /// Returns the digest of a file.
    pub(super) fn file(&self, wanted: &Wanted) -> Option<&Digest> {
        self.files.get(&wanted.to_string())?.as_ref()
    }

    /// Returns which chart it was; none where more than one of the lock may be meant.
    pub(super) fn chart(&self, wanted: &RemoteChart) -> Option<&Identity> {
        let place = shown(&wanted.repository);
        let known = self.charts.values().flatten();
        let there: Vec<_> = known.filter(|identity| identity.is_of(&place, &wanted.name)).collect();
        let fitting = || there.iter().filter(|identity| fits(&identity.version, &wanted.version));
        match there.iter().find(|identity| identity.version == wanted.version) {
            Some(exact) => Some(exact),
            None => fitting().next().filter(|_| fitting().count() == 1).copied(),
        }
    }
}

/// Says what an input was and is, where the name of a repository or a chart is the same and what it stood for is not.
#[must_use]
pub fn moved(old: &[Input], new: &[Input]) -> Vec<String> {
    let gone: Vec<_> = old.iter().filter(|input| !new.contains(input)).collect();
    let came = new.iter().filter(|input| !old.contains(input));
    let pairs = came.filter_map(|now| {
        let then = gone.iter().find(|then| subject(&then.name) == subject(&now.name))?;
        Some((then, now))
    });
    pairs.map(|(then, now)| difference(then, now)).collect()
}

fn difference(then: &Input, now: &Input) -> String {
    match (tree(&then.name), tree(&now.name)) {
        (Some((name, was)), Some((_, is))) if was != is => {
            format!("{name} was commit {was} and is commit {is} now")
        }
        _ if then.name == now.name => {
            format!("{} was {} and is {} now", now.name, then.digest, now.digest)
        }
        _ => format!("{} is {} now", then.name, now.name),
    }
}

/// What an input is called, whatever it is now: a repository without its commit, a chart without its version.
fn subject(name: &str) -> (String, String) {
    if let Some((name, _)) = tree(name) {
        return (name.to_owned(), String::new());
    }
    match chart(name, &Digest::sha256(b"")) {
        Some(identity) => (identity.name, identity.source),
        None => (name.to_owned(), String::new()),
    }
}

fn note<T: PartialEq>(all: &mut BTreeMap<String, Option<T>>, name: &str, value: T) {
    let is_other = all.get(name).is_some_and(|known| known.as_ref() != Some(&value));
    all.insert(name.to_owned(), (!is_other).then_some(value));
}

/// Reads what [`Pin`] writes of a repository.
fn tree(name: &str) -> Option<(&str, Commit)> {
    let (name, commit) = name.rsplit_once(COMMIT)?;
    Some((name, commit.parse().ok()?))
}

/// Reads what [`Identity`] writes.
fn chart(name: &str, digest: &Digest) -> Option<Identity> {
    let (chart, source) = name.strip_prefix("chart ")?.split_once(" from ")?;
    let (name, version) = chart.split_once(' ')?;
    Some(Identity {
        source: source.to_owned(),
        name: name.to_owned(),
        version: version.to_owned(),
        digest: digest.clone(),
    })
}

/// Whether a version is one that a constraint means; none means any.
fn fits(version: &str, constraint: &str) -> bool {
    if constraint.is_empty() {
        return true;
    }
    match (constraint.parse::<Constraints>(), version.parse::<Version>()) {
        (Ok(constraint), Ok(version)) => constraint.check(&version),
        _ => false,
    }
}

/// What a lock calls a repository at a commit.
pub(super) fn pin(name: &str, commit: &Commit, digest: &Digest) -> Pin {
    Pin { name: format!("{name}{COMMIT}{commit}"), digest: digest.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "1111111111111111111111111111111111111111";
    const NEW: &str = "2222222222222222222222222222222222222222";

    fn input(name: &str, content: &str) -> Input {
        Input { name: name.to_owned(), digest: Digest::sha256(content.as_bytes()) }
    }

    fn wanted(version: &str) -> RemoteChart {
        RemoteChart {
            repository: "https://u:canary@c.example/x/".to_owned(),
            name: "app".to_owned(),
            version: version.to_owned(),
            is_devel: false,
            folder: String::new(),
        }
    }

    #[test]
    fn a_chart_is_the_one_of_the_lock_whose_version_is_meant() {
        let charts = [
            input("chart app 1.0.0 from https://c.example/x", "1"),
            input("chart app 2.0.0 from https://c.example/x", "2"),
            input("chart app 2.0.0 from https://other.example/x", "3"),
            input("chart web 1.0.0 from https://c.example/x", "4"),
        ];
        let locked = Locked::of(&charts);
        let version =
            |version: &str| locked.chart(&wanted(version)).map(|identity| identity.version.clone());
        assert_eq!(version("2.0.0").as_deref(), Some("2.0.0"));
        assert_eq!(version("~1.0").as_deref(), Some("1.0.0"));
        assert_eq!(version(""), None, "either may be meant");
        assert_eq!(version("3.0.0"), None);
        let one = Locked::of(&charts[..1]);
        assert!(one.chart(&wanted("")).is_some());
    }

    #[test]
    fn a_registry_is_the_same_however_its_name_is_spelled() {
        let locked = Locked::of(&[input("chart app 1.0.0 from oci://r.example.com/charts", "1")]);
        for (place, is_known) in [
            ("oci://R.example.com/charts/", true),
            ("oci://r.example.com/Charts", false),
            ("https://r.example.com/charts", false),
        ] {
            let wanted = RemoteChart { repository: place.to_owned(), ..wanted("1.0.0") };
            assert_eq!(locked.chart(&wanted).is_some(), is_known, "{place}");
        }
    }

    #[test]
    fn a_chart_of_two_digests_is_not_known() {
        let name = "chart app 1.0.0 from https://c.example/x";
        let locked = Locked::of(&[input(name, "1"), input(name, "2")]);
        assert!(locked.chart(&wanted("1.0.0")).is_none());
    }

    #[test]
    fn what_secrets_tell_apart_is_not_known() {
        let file = || Wanted::WebFile("https://u:canary@c.example/a?canary".to_owned());
        let name = file().to_string();
        let same = [input(&name, "1"), input(&name, "1")];
        assert_eq!(Locked::of(&same).file(&file()), Some(&Digest::sha256(b"1")));
        let other = [input(&name, "1"), input(&name, "2"), input(&name, "1")];
        assert_eq!(Locked::of(&other).file(&file()), None);
    }

    #[test]
    fn a_branch_that_moved_is_said_with_both_commits() {
        let name = |commit: &str| format!("https://h.example/o/r at main, commit {commit}");
        let (then, now) = ([input(&name(OLD), "1")], [input(&name(NEW), "2")]);
        assert_eq!(
            moved(&then, &now),
            [format!("https://h.example/o/r at main was commit {OLD} and is commit {NEW} now")]
        );
        assert!(moved(&now, &now).is_empty());
        let then = [input("chart app 1.0.0 from https://c.example", "1")];
        let now = [input("chart app 1.1.0 from https://c.example", "1"), input("other", "3")];
        assert_eq!(
            moved(&then, &now),
            [
                "chart app 1.0.0 from https://c.example is chart app 1.1.0 from https://c.example now"
            ]
        );
    }
}
