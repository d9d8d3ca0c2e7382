//! Which request of a node reaches which name in the private registry.
//!
//! It is read off the lock, not computed again from the naming rule: a mirror works for an image exactly when the target name
//! is something fixed before the source path, with the same tag.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sealift_inventory::{IndexChoice, Lock, LockedArtifact, LockedImage, Prefix};
use sealift_reference::Reference;

/// What a handoff is made from.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// What was carried.
    pub lock: &'a Lock,
    /// The private registry, with a path below it or without.
    pub to: &'a Prefix,
    /// How the registry is spoken to.
    pub scheme: Scheme,
}

/// How a registry is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// Without TLS: for tests, and for networks that are one machine.
    Http,
    /// With TLS.
    #[default]
    Https,
}

impl Scheme {
    /// Returns `http` or `https`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// A place below the private registry that answers for the paths of one source host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mirror {
    /// What stands before the source path: empty, or components that each end with `/`.
    pub prefix: String,
    /// How many images of the host are there.
    pub images: usize,
}

/// An image that no mirror leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uncovered {
    /// As the manifests name it.
    pub image: String,
    /// As it is called in the private registry.
    pub target: String,
    /// Why.
    pub reason: Reason,
}

/// Why no mirror leads to an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// containerd has no folder name for such a host that every system can write.
    Host,
    /// The digest is that of an index, and the private registry has one platform's manifest instead.
    Index,
    /// The path in the private registry does not end with the source path (`maxDepth` folded it).
    Path,
    /// The tag in the private registry is another one.
    Tag,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Host => "its host is an IPv6 address, for which containerd has no portable folder name",
            Self::Index => "it is named by the digest of an index, and only one platform's manifest was carried",
            Self::Path => "its path was folded, so that no prefix leads to it",
            Self::Tag => "its tag was taken by other content, so that it has another one there",
        })
    }
}

/// What all writers work from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The name of the shipment.
    pub shipment: String,
    /// The private registry's host with its port.
    pub host: String,
    /// The path below it; empty, or ends with `/`.
    pub path: String,
    /// How it is spoken to.
    pub scheme: Scheme,
    /// For each source host the places that answer for it, the one with most images first. Hosts that need no change are left out.
    pub mirrors: BTreeMap<String, Vec<Mirror>>,
    /// A reference that the first mirror of a host answers, for a trial.
    pub samples: BTreeMap<String, String>,
    /// What no mirror leads to, sorted.
    pub uncovered: Vec<Uncovered>,
    /// Charts in the private registry, as `path:version`, sorted.
    pub charts: Vec<String>,
    /// How many images there are.
    pub images: usize,
}

impl Plan {
    /// Works out what the far side needs.
    #[must_use]
    pub fn of(settings: &Settings<'_>) -> Self {
        let Settings { lock, to, scheme } = *settings;
        let path = if to.path().is_empty() { String::new() } else { format!("{}/", to.path()) };
        let mut plan = Self {
            shipment: lock.shipment.clone(),
            host: to.host().to_owned(),
            path,
            scheme,
            mirrors: BTreeMap::new(),
            samples: BTreeMap::new(),
            uncovered: Vec::new(),
            charts: charts(lock),
            images: lock.images().count(),
        };
        let mut found: BTreeMap<(String, String), BTreeSet<&Reference>> = BTreeMap::new();
        for image in lock.images() {
            match prefix(image) {
                Ok(prefix) => {
                    found
                        .entry((image.image.host().to_owned(), prefix))
                        .or_default()
                        .insert(&image.image);
                }
                Err(reason) => plan.uncovered.push(uncovered(image, reason)),
            }
        }
        for ((host, prefix), images) in found {
            plan.add(host, prefix, &images);
        }
        plan.uncovered.sort();
        plan
    }

    fn add(&mut self, host: String, prefix: String, images: &BTreeSet<&Reference>) {
        if host == self.host && self.path.is_empty() && prefix.is_empty() {
            return; // the private registry itself, under its own names
        }
        let mirrors = self.mirrors.entry(host.clone()).or_default();
        let most = mirrors.first().is_none_or(|first| images.len() > first.images);
        mirrors.push(Mirror { prefix, images: images.len() });
        mirrors.sort_by(|a, b| b.images.cmp(&a.images).then_with(|| a.prefix.cmp(&b.prefix)));
        if let (true, Some(sample)) = (most, images.first()) {
            self.samples.insert(host, sample.to_string());
        }
    }

    /// Returns the API root of a mirror, and whether containerd must be told that it is one: without a path it adds `/v2` itself.
    #[must_use]
    pub fn endpoint(&self, mirror: &Mirror) -> (String, bool) {
        let below = format!("{}{}", self.path, mirror.prefix);
        let root = format!("{}://{}", self.scheme.as_str(), self.host);
        match below.trim_end_matches('/') {
            "" => (root, false),
            below => (format!("{root}/v2/{below}"), true),
        }
    }

    /// Returns the private registry as it is typed: host and path.
    #[must_use]
    pub fn registry(&self) -> String {
        format!("{}/{}", self.host, self.path).trim_end_matches('/').to_owned()
    }
}

/// What stands before the source path in the target path.
fn prefix(image: &LockedImage) -> Result<String, Reason> {
    let (source, target) = (&image.image, &image.target);
    if source.host().starts_with('[') {
        return Err(Reason::Host);
    }
    if source.digest().is_some() && image.index == Some(IndexChoice::Child) {
        return Err(Reason::Index);
    }
    // A node that has a digest asks by it, whatever the tag.
    if source.digest().is_none() && source.tag() != Some(target.tag()) {
        return Err(Reason::Tag);
    }
    match target.path().strip_suffix(source.path()) {
        Some(prefix) if prefix.is_empty() || prefix.ends_with('/') => Ok(prefix.to_owned()),
        _ => Err(Reason::Path),
    }
}

fn uncovered(image: &LockedImage, reason: Reason) -> Uncovered {
    Uncovered { image: image.image.to_string(), target: image.target.to_string(), reason }
}

fn charts(lock: &Lock) -> Vec<String> {
    let charts = lock.artifacts.iter().filter_map(|artifact| match artifact {
        LockedArtifact::Chart(chart) => Some(chart.target.to_string()),
        _ => None,
    });
    charts.collect::<BTreeSet<_>>().into_iter().collect()
}
