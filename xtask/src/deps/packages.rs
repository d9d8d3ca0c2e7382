//! What comes from outside: how many, from where, under which licence, in how many versions.

use std::collections::{BTreeMap, BTreeSet};

use super::licence;
use super::outside::Package;
use super::policy::Policy;

/// The most packages that the binary may be built from; a new one needs its reason in review before this number moves.
const CEILING: usize = 265;

/// Returns each package that the policy refuses.
pub(super) fn breaches(packages: &BTreeSet<Package>, policy: &Policy) -> Vec<String> {
    let mut breaches = Vec::new();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Package { name, version, source, licence } in packages {
        versions.entry(name).or_default().insert(version);
        if let Some(source) = source {
            breaches.push(format!("sources: `{name}` comes from {source}"));
        }
        if !licence::allowed(licence, &policy.licences) {
            breaches.push(format!("licences: `{name}` is under `{licence}`"));
        }
        if let Some((_, reason)) = policy.banned.iter().find(|(banned, _)| banned == name) {
            breaches.push(format!("bans: `{name}` {version}: {reason}"));
        }
    }
    breaches.extend(duplicates(&versions, policy));
    breaches
}

fn duplicates(versions: &BTreeMap<&str, BTreeSet<&str>>, policy: &Policy) -> Vec<String> {
    let mut breaches = Vec::new();
    for (name, versions) in versions {
        if versions.len() > 1 && !policy.duplicates.iter().any(|skipped| skipped == name) {
            breaches.push(format!("duplicates: `{name}` is there as {versions:?}"));
        }
    }
    for skipped in &policy.duplicates {
        if versions.get(skipped.as_str()).is_none_or(|versions| versions.len() < 2) {
            breaches.push(format!(
                "duplicates: `{skipped}` is excepted in deny.toml, but there is only one"
            ));
        }
    }
    breaches
}

/// Returns the breach of the ceiling, if it is one.
pub(super) fn above_ceiling(count: usize) -> Option<String> {
    (count > CEILING)
        .then(|| format!("count: {count} packages in the binary, the ceiling is {CEILING}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, licence: &str, source: Option<&str>) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            source: source.map(str::to_owned),
            licence: licence.to_owned(),
        }
    }

    fn policy() -> Policy {
        Policy::parse(
            r#"
            [licenses]
            allow = ["MIT"]
            [bans]
            deny = [{ crate = "ring", reason = "why" }]
            skip = [{ crate = "base64@0.21", reason = "why" }]
            "#,
        )
        .unwrap()
    }

    #[test]
    fn what_the_policy_refuses_is_named() {
        let packages = [
            package("ring", "1.0.0", "MIT", None),
            package("copyleft", "1.0.0", "GPL-3.0", None),
            package("fork", "1.0.0", "MIT", Some("https://example.com/fork")),
            package("twice", "1.0.0", "MIT", None),
            package("twice", "2.0.0", "MIT", None),
        ];
        let found = breaches(&packages.into(), &policy()).join("\n");
        for word in [
            "bans: `ring`",
            "licences: `copyleft`",
            "sources: `fork`",
            "`twice`",
            "`base64` is excepted",
        ] {
            assert!(found.contains(word), "{word} in\n{found}");
        }
        assert_eq!(found.lines().count(), 5, "{found}");
    }

    #[test]
    fn a_package_above_the_ceiling_is_a_breach() {
        assert!(above_ceiling(CEILING).is_none());
        assert!(above_ceiling(CEILING + 1).is_some());
    }
}
