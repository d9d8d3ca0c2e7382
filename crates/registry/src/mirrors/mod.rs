//! Where a source is really read: `mirrors:` of the shipment and containers' `registries.conf`. The true name stays in the lock.

mod registries_conf;

use sealift_oci::{StoreError, StoreErrorKind};
use sealift_reference::Repository;

pub use registries_conf::RegistriesFiles;

/// One entry of `mirrors:` in the shipment file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// `host`, `host/path` or `*.domain`.
    pub prefix: String,
    /// `host` or `host/path` that stands in for the prefix.
    pub location: String,
}

/// One place to read from instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// What replaces the prefix; `None` keeps the name.
    location: Option<String>,
    /// Which requests may go there.
    pulls: Pulls,
}

/// What a mirror may be asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pulls {
    #[default]
    All,
    Digests,
    Tags,
}

/// What is read: a mirror may be good for one and not for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Digest,
    Tag,
}

/// The places for all names below a prefix, tried in order.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    prefix: String,
    places: Vec<Place>,
    blocked: bool,
}

/// Decides where names are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirrors {
    /// Groups by rank: the shipment's own word before the files of the machine.
    ranks: Vec<Vec<Rule>>,
    notes: Vec<String>,
}

impl Mirrors {
    /// Joins the shipment's mirrors with the machine's `registries.conf` files.
    ///
    /// # Errors
    ///
    /// A prefix or location that is no name; a file that cannot be read or is not what it should be.
    pub fn new(shipment: &[Mirror], files: &RegistriesFiles) -> Result<Self, StoreError> {
        let mut own: Vec<Rule> = Vec::new();
        for mirror in shipment {
            let prefix = checked(&mirror.prefix, "prefix")?;
            let place =
                Place { location: Some(checked_location(&mirror.location)?), pulls: Pulls::All };
            match own.iter_mut().find(|rule| rule.prefix == prefix) {
                Some(rule) => rule.places.push(place),
                None => own.push(Rule { prefix, places: vec![place], blocked: false }),
            }
        }
        let mut notes = Vec::new();
        let machine = files.rules(&mut notes)?;
        Ok(Self { ranks: vec![own, machine], notes })
    }

    /// Returns what was found and not followed, with the reason, for `-v`.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the repositories to try in order; the error says that the name is blocked.
    pub(crate) fn of(
        &self,
        repository: &Repository,
        wanted: Wanted,
    ) -> Result<Vec<Repository>, StoreError> {
        let name = repository.to_string();
        let rule = self.ranks.iter().find_map(|rules| longest(rules, &name));
        let Some(rule) = rule else { return Ok(vec![repository.clone()]) };
        if rule.blocked {
            return Err(StoreError::new(
                StoreErrorKind::Refused,
                format!("{name}: blocked by registries.conf (`{}`)", rule.prefix),
            ));
        }
        let places = rule.places.iter().filter(|place| place.pulls.take(wanted));
        places.map(|place| moved(&name, rule, place)).collect()
    }
}

impl Pulls {
    fn take(self, wanted: Wanted) -> bool {
        match self {
            Self::All => true,
            Self::Digests => wanted == Wanted::Digest,
            Self::Tags => wanted == Wanted::Tag,
        }
    }
}

fn longest<'a>(rules: &'a [Rule], name: &str) -> Option<&'a Rule> {
    rules
        .iter()
        .filter(|rule| matched(&rule.prefix, name).is_some())
        .max_by_key(|rule| rule.prefix.len())
}

/// Returns the length of what a prefix takes of a name: whole components, or for `*.domain` the host.
fn matched(prefix: &str, name: &str) -> Option<usize> {
    if let Some(domain) = prefix.strip_prefix('*') {
        let host = name.split('/').next().unwrap_or_default();
        return (host.ends_with(domain) && host.len() > domain.len()).then_some(host.len());
    }
    let rest = name.strip_prefix(prefix)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(prefix.len())
}

fn moved(name: &str, rule: &Rule, place: &Place) -> Result<Repository, StoreError> {
    let Some(location) = &place.location else { return parsed(name) };
    let taken = matched(&rule.prefix, name).unwrap_or(name.len());
    parsed(&format!("{location}{}", &name[taken..]))
}

fn parsed(name: &str) -> Result<Repository, StoreError> {
    name.parse().map_err(|error| {
        StoreError::new(StoreErrorKind::Refused, format!("mirror `{}`", crate::text::shown(name)))
            .because(error)
    })
}

/// Checks a prefix: a host, a host with a path, or `*.domain`.
fn checked(prefix: &str, what: &str) -> Result<String, StoreError> {
    let prefix = prefix.trim_end_matches('/');
    let name = prefix.strip_prefix("*.").unwrap_or(prefix);
    let whole = if name.contains('/') { name.to_owned() } else { format!("{name}/a/b") };
    let wildcard_path = name != prefix && name.contains('/');
    match whole.parse::<Repository>() {
        Ok(_) if !wildcard_path && !prefix.contains('@') => Ok(lower_host(prefix)),
        _ => Err(StoreError::new(
            StoreErrorKind::Refused,
            format!("`{}` is no {what} of a mirror", crate::text::shown(prefix)),
        )),
    }
}

fn checked_location(location: &str) -> Result<String, StoreError> {
    if location.starts_with('*') {
        return Err(StoreError::new(
            StoreErrorKind::Refused,
            format!("`{}` is no location of a mirror", crate::text::shown(location)),
        ));
    }
    checked(location, "location")
}

fn lower_host(name: &str) -> String {
    match name.split_once('/') {
        Some((host, path)) => format!("{}/{path}", host.to_ascii_lowercase()),
        None => name.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mirrors(pairs: &[(&str, &str)]) -> Mirrors {
        let list: Vec<_> = pairs
            .iter()
            .map(|(prefix, location)| Mirror {
                prefix: (*prefix).to_owned(),
                location: (*location).to_owned(),
            })
            .collect();
        Mirrors::new(&list, &RegistriesFiles::default()).unwrap()
    }

    fn of(mirrors: &Mirrors, name: &str) -> Vec<String> {
        let places = mirrors.of(&name.parse().unwrap(), Wanted::Tag).unwrap();
        places.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_longest_prefix_on_a_slash_wins_and_several_are_tried_in_order() {
        let mirrors = mirrors(&[
            ("docker.io", "cache.corp:5000/hub"),
            ("docker.io/bitnami", "other.corp/bn"),
            ("docker.io", "second.corp"),
            ("*.example.com", "wild.corp/w"),
        ]);
        let table: &[(&str, &[&str])] = &[
            (
                "docker.io/library/nginx",
                &["cache.corp:5000/hub/library/nginx", "second.corp/library/nginx"],
            ),
            ("docker.io/bitnami/redis", &["other.corp/bn/redis"]),
            (
                "docker.io/bitnamilegacy/redis",
                &["cache.corp:5000/hub/bitnamilegacy/redis", "second.corp/bitnamilegacy/redis"],
            ),
            ("quay.io/a/b", &["quay.io/a/b"]),
            ("docker.io.evil.test/a/b", &["docker.io.evil.test/a/b"]),
            ("a.example.com/x", &["wild.corp/w/x"]),
            ("a.b.example.com:5000/x", &["a.b.example.com:5000/x"]),
            ("example.com/x", &["example.com/x"]),
            ("evilexample.com/x", &["evilexample.com/x"]),
        ];
        for (name, want) in table {
            assert_eq!(of(&mirrors, name), *want, "{name}");
        }
    }

    #[test]
    fn names_that_are_none_are_refused() {
        for (prefix, location) in [
            ("https://r.io", "a.corp"),
            ("r.io", "https://a.corp"),
            ("r.io", "u:p@a.corp"),
            ("*.r.io/a", "a.corp"),
            ("r.io", "*.corp"),
            ("", "a.corp"),
            ("r.io", "a.corp/UPPER"),
        ] {
            let list = [Mirror { prefix: prefix.to_owned(), location: location.to_owned() }];
            assert!(
                Mirrors::new(&list, &RegistriesFiles::default()).is_err(),
                "{prefix} → {location}"
            );
        }
    }
}
