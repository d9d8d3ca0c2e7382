//! Names, tags and digests of images.

use std::cell::OnceCell;

use sealift_goregex::Regex;

use super::field::{FieldError, apply};
use crate::config::FieldSpecs;
use crate::kustomization::Image;
use crate::limits::Copied;
use crate::resource::meta;
use crate::yaml::edit::{check_kind, set_scalar};
use crate::yaml::{Data, Kind, Node};

/// An entry of `images`, ready to be applied.
pub(crate) struct ImageRule<'i> {
    image: &'i Image,
    /// Counts what is put into objects.
    copied: &'i Copied,
    /// `None` where the name is no regular expression, so that it fits nothing.
    pattern: OnceCell<Option<Regex>>,
}

/// The lists below which every object, of whatever kind, may have images.
const LISTS: [&str; 2] = ["containers", "initContainers"];

impl<'i> ImageRule<'i> {
    pub(crate) fn new(image: &'i Image, copied: &'i Copied) -> Self {
        Self { image, copied, pattern: OnceCell::new() }
    }

    /// Changes the images of an object; returns whether one was changed.
    ///
    /// Mirrors `filters/imagetag` of kustomize api v0.21.2: first all containers, wherever they are, then the fields.
    pub(crate) fn apply_containers(&self, object: &mut Node) -> Result<bool, FieldError> {
        if meta::kind(object) == "CustomResourceDefinition" {
            return Ok(false);
        }
        self.walk(object)
    }

    /// Changes the images in fields.
    pub(crate) fn apply_fields(
        &self,
        object: &mut Node,
        specs: &FieldSpecs,
    ) -> Result<bool, FieldError> {
        if meta::kind(object) == "CustomResourceDefinition" {
            return Ok(false);
        }
        let mut changed = false;
        for spec in &specs.0 {
            apply(spec, &None, object, &mut |field| {
                changed |= self.set(field)?;
                Ok(())
            })?;
        }
        Ok(changed)
    }

    /// Recursion is as deep as the document.
    fn walk(&self, node: &mut Node) -> Result<bool, FieldError> {
        let mut changed = false;
        match &mut node.data {
            Data::Map(entries) => {
                for (key, value) in entries {
                    changed |= self.walk(value)?;
                    if LISTS.contains(&key.text()) {
                        changed |= self.containers(value)?;
                    }
                }
            }
            Data::Seq(items) => {
                for item in items {
                    changed |= self.walk(item)?;
                }
            }
            Data::Scalar(_) | Data::Alias(_) => {}
        }
        Ok(changed)
    }

    fn containers(&self, list: &mut Node) -> Result<bool, FieldError> {
        let mut changed = false;
        for container in list.items_mut() {
            check_kind(container, Kind::Map)?;
            if let Some(image) = container.get_mut("image") {
                changed |= self.set(image)?;
            }
        }
        Ok(changed)
    }

    fn set(&self, field: &mut Node) -> Result<bool, FieldError> {
        check_kind(field, Kind::Scalar)?;
        if !self.fits(field.text()) {
            return Ok(false);
        }
        let Image { new_name, new_tag, tag_suffix, digest, .. } = self.image;
        self.copied.add(new_name.len() + new_tag.len() + tag_suffix.len() + digest.len())?;
        let changed = self.changed(field.text());
        set_scalar(field, Node::scalar(changed))?;
        Ok(true)
    }

    /// Whether a reference has the name of this entry, which is a regular expression.
    ///
    /// Mirrors `IsImageMatched` in `internal/image/image.go` of kustomize api v0.21.2.
    pub(crate) fn fits(&self, reference: &str) -> bool {
        const END: &str =
            "(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$";
        let name = &self.image.name;
        let pattern = self.pattern.get_or_init(|| Regex::new(&format!("^{name}{END}")).ok());
        pattern.as_ref().is_some_and(|pattern| pattern.is_match(reference.as_bytes()))
    }

    /// Mirrors `SetImageValue` in `filters/imagetag/updater.go` of kustomize api v0.21.2.
    fn changed(&self, reference: &str) -> String {
        let image = self.image;
        let (name, tag, digest) = split(reference);
        let name = if image.new_name.is_empty() { name } else { &image.new_name };
        let (tag, digest) = match (image.new_tag.as_str(), image.digest.as_str()) {
            ("", "") if image.tag_suffix.is_empty() => (tag.to_owned(), digest),
            ("", "") => (format!("{tag}{}", image.tag_suffix), ""),
            (new_tag, digest) => (new_tag.to_owned(), digest),
        };
        let mut changed = name.to_owned();
        if !tag.is_empty() {
            changed.push(':');
            changed.push_str(&tag);
        }
        if !digest.is_empty() {
            changed.push('@');
            changed.push_str(digest);
        }
        changed
    }
}

/// Cuts a reference into name, tag and digest. `Split` in `internal/image/image.go` of kustomize api v0.21.2.
pub(crate) fn split(reference: &str) -> (&str, &str, &str) {
    let start = reference.find('/').unwrap_or(0);
    let at = reference[start..].find('@').map(|at| start + at);
    let colon = reference[start..].find(':').map(|at| start + at);
    match (colon, at) {
        (None, None) => (reference, "", ""),
        (Some(colon), None) => (&reference[..colon], &reference[colon + 1..], ""),
        (Some(colon), Some(at)) if colon < at => {
            (&reference[..colon], &reference[colon + 1..at], &reference[at + 1..])
        }
        (_, Some(at)) => (&reference[..at], "", &reference[at + 1..]),
    }
}
