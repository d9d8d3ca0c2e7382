//! What is in which repository, in memory.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use sealift_oci::{Body, Descriptor, Manifest};
use sealift_reference::{Digest, Tag};

use crate::route::{Name, Pointer};

/// All repositories.
#[derive(Debug, Default)]
pub(crate) struct Table {
    repositories: BTreeMap<Name, Repository>,
    /// What manifests say about lengths. They may err.
    sizes: BTreeMap<Digest, u64>,
}

/// One repository. It exists as long as something is in it.
#[derive(Debug, Default)]
pub(crate) struct Repository {
    tags: BTreeMap<Tag, Digest>,
    links: BTreeMap<Digest, Link>,
}

/// As what some content is in a repository.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    Blob,
    Document(Box<Descriptor>, Option<Digest>),
}

impl Link {
    /// Makes the link of a manifest, with what a list of referrers says about it.
    fn document(mut descriptor: Descriptor, manifest: &Manifest) -> Self {
        let subject = manifest.subject.as_ref().map(|subject| subject.digest.clone());
        if subject.is_some() {
            // Spec: an image manifest without an artifact type has that of its config.
            let config = || match &manifest.body {
                Body::Image { config, .. } => Some(config.media_type.clone()),
                _ => None,
            };
            descriptor.artifact_type = manifest.artifact_type.clone().or_else(config);
            descriptor.annotations.clone_from(&manifest.annotations);
        }
        Self::Document(Box::new(descriptor), subject)
    }
}

/// A page of names in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) names: Vec<String>,
    /// Whether there are more.
    pub(crate) more: bool,
}

impl Table {
    pub(crate) fn contains(&self, name: &Name) -> bool {
        self.repositories.contains_key(name)
    }

    pub(crate) fn link(&self, name: &Name, digest: &Digest) -> Option<&Link> {
        self.repositories.get(name)?.links.get(digest)
    }

    /// Returns the descriptor of a manifest. Content that was pushed as a blob is no manifest.
    pub(crate) fn document(&self, name: &Name, pointer: &Pointer) -> Option<&Descriptor> {
        let repository = self.repositories.get(name)?;
        let digest = match pointer {
            Pointer::Digest(digest) => digest,
            Pointer::Tag(tag) => repository.tags.get(tag)?,
        };
        match repository.links.get(digest)? {
            Link::Document(descriptor, _) => Some(descriptor),
            Link::Blob => None,
        }
    }

    /// Returns the tags that name a manifest.
    pub(crate) fn tags_of(&self, name: &Name, digest: &Digest) -> Vec<Tag> {
        let tags = self.repositories.get(name).into_iter().flat_map(|repository| &repository.tags);
        tags.filter(|(_, named)| *named == digest).map(|(tag, _)| tag.clone()).collect()
    }

    /// Returns the length of some content, as a manifest says it, if one does.
    pub(crate) fn size(&self, digest: &Digest) -> Option<u64> {
        self.sizes.get(digest).copied()
    }

    /// A manifest stays one when the same bytes are pushed as a blob too.
    pub(crate) fn add_blob(&mut self, name: &Name, digest: Digest) {
        self.links_of(name).entry(digest).or_insert(Link::Blob);
    }

    pub(crate) fn add_document(
        &mut self,
        name: &Name,
        descriptor: Descriptor,
        manifest: &Manifest,
    ) {
        self.sizes.insert(descriptor.digest.clone(), descriptor.size_bytes);
        for child in manifest.children() {
            self.sizes.entry(child.digest.clone()).or_insert(child.size_bytes);
        }
        let digest = descriptor.digest.clone();
        self.links_of(name).insert(digest, Link::document(descriptor, manifest));
    }

    fn links_of(&mut self, name: &Name) -> &mut BTreeMap<Digest, Link> {
        &mut self.repositories.entry(name.clone()).or_default().links
    }

    pub(crate) fn add_tag(&mut self, name: &Name, tag: Tag, digest: Digest) {
        self.repositories.entry(name.clone()).or_default().tags.insert(tag, digest);
    }

    pub(crate) fn remove_tag(&mut self, name: &Name, tag: &Tag) {
        self.change(name, |repository| drop(repository.tags.remove(tag)));
    }

    pub(crate) fn remove_link(&mut self, name: &Name, digest: &Digest) {
        self.change(name, |repository| drop(repository.links.remove(digest)));
    }

    fn change(&mut self, name: &Name, change: impl FnOnce(&mut Repository)) {
        if let Some(repository) = self.repositories.get_mut(name) {
            change(repository);
            if repository.tags.is_empty() && repository.links.is_empty() {
                self.repositories.remove(name);
            }
        }
    }

    /// Returns all tags with what they name, ordered.
    pub(crate) fn tagged(&self) -> impl Iterator<Item = (&Name, &Tag, &Descriptor)> {
        self.repositories.iter().flat_map(|(name, repository)| {
            repository.tags.iter().filter_map(move |(tag, digest)| {
                match repository.links.get(digest) {
                    Some(Link::Document(descriptor, _)) => Some((name, tag, &**descriptor)),
                    _ => None,
                }
            })
        })
    }

    /// Returns what names `subject`, in the order of digests.
    pub(crate) fn referrers(&self, name: &Name, subject: &Digest) -> Vec<&Descriptor> {
        let links = self
            .repositories
            .get(name)
            .into_iter()
            .flat_map(|repository| repository.links.values());
        links
            .filter_map(|link| match link {
                Link::Document(descriptor, Some(of)) if of == subject => Some(&**descriptor),
                _ => None,
            })
            .collect()
    }

    /// Returns the tags of a repository after `last`, which need not exist; `None` where there is no such repository.
    pub(crate) fn tags(&self, name: &Name, last: &str, limit: usize) -> Option<Page> {
        let tags = &self.repositories.get(name)?.tags;
        Some(page(
            tags.keys().map(Tag::as_str).skip_while(|tag| !last.is_empty() && *tag <= last),
            limit,
        ))
    }

    /// Returns the names of repositories after `last`.
    pub(crate) fn names(&self, last: &str, limit: usize) -> Page {
        match Name::parse(last) {
            Some(last) => page(
                self.repositories.range((Excluded(last), Unbounded)).map(|(name, _)| name.as_str()),
                limit,
            ),
            None => page(
                self.repositories
                    .keys()
                    .map(Name::as_str)
                    .skip_while(|name| !last.is_empty() && *name <= last),
                limit,
            ),
        }
    }
}

fn page<'a>(mut names: impl Iterator<Item = &'a str>, limit: usize) -> Page {
    let taken: Vec<String> = names.by_ref().take(limit).map(str::to_owned).collect();
    Page { names: taken, more: limit > 0 && names.next().is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> (Table, Name) {
        let mut table = Table::default();
        let name = Name::parse("a/b").unwrap();
        for tag in ["v2", "v1", "latest"] {
            table.add_tag(&name, tag.parse().unwrap(), Digest::sha256(tag.as_bytes()));
        }
        (table, name)
    }

    #[test]
    fn pages_are_in_order_and_start_after_a_name_that_need_not_exist() {
        let (table, name) = table();
        let tags = |last, limit| table.tags(&name, last, limit).unwrap();
        let page = |names: &[&str], more| Page {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            more,
        };
        assert_eq!(tags("", 10), page(&["latest", "v1", "v2"], false));
        assert_eq!(tags("", 2), page(&["latest", "v1"], true));
        assert_eq!(tags("v1", 2), page(&["v2"], false));
        assert_eq!(tags("m", 1), page(&["v1"], true));
        assert_eq!(tags("", 0), page(&[], false));
        assert_eq!(table.names("", 5), page(&["a/b"], false));
        assert_eq!(table.names("a/b", 5), page(&[], false));
        assert_eq!(table.names("!", 5), page(&["a/b"], false));
        assert_eq!(table.tags(&Name::parse("x").unwrap(), "", 1), None);
    }

    #[test]
    fn a_manifest_pushed_as_a_blob_too_stays_a_manifest() {
        let (mut table, name) = table();
        let bytes = br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
        let manifest = Manifest::parse(bytes, sealift_oci::Hint::default()).unwrap();
        let digest = Digest::sha256(bytes);
        let media_type = manifest.media_type.clone();
        let descriptor = Descriptor::new(media_type, digest.clone(), bytes.len() as u64);
        table.add_document(&name, descriptor, &manifest);
        table.add_blob(&name, digest.clone());
        assert!(table.document(&name, &Pointer::Digest(digest)).is_some());
    }

    #[test]
    fn a_repository_is_gone_with_the_last_thing_in_it() {
        let (mut table, name) = table();
        for tag in ["v2", "v1", "latest"] {
            assert!(table.contains(&name));
            table.remove_tag(&name, &tag.parse().unwrap());
        }
        assert!(!table.contains(&name));
    }
}
