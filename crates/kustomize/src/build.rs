//! A build, from a folder to a text.

use std::collections::BTreeMap;

use sealift_goyaml::{Limits, to_yaml};

use crate::accumulate::{ORIGIN, Shared, Target};
use crate::config::{FieldSpec, FieldSpecs};
use crate::error::Error;
use crate::filters::labels;
use crate::kustomization::Kustomization;
use crate::loader::{Files, LoadRestrictions, Root};
use crate::order::{Reorder, sort};
use crate::resource::{REMOVED, Resource, meta};
use crate::yaml::{go_syntax, to_lossy_value};

const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

/// What the command line of `kustomize build` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which files a kustomization may read.
    pub load_restrictions: LoadRestrictions,
    /// The order of objects, unless the kustomization says.
    pub reorder: Reorder,
    /// Whether charts may be rendered.
    pub enable_helm: bool,
    /// Whether every object gets the label `app.kubernetes.io/managed-by`.
    pub add_managed_by_label: bool,
    /// The release that the label names.
    pub release: String,
    /// Whether objects know what gave their texts: see [`Resource::set_by`].
    pub is_traced: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            load_restrictions: LoadRestrictions::default(),
            reorder: Reorder::default(),
            enable_helm: false,
            add_managed_by_label: false,
            release: "v5.8.2".to_owned(),
            is_traced: false,
        }
    }
}

/// What a build gives.
#[derive(Debug)]
pub struct Built {
    /// The objects, in the order in which they are written.
    pub resources: Vec<Resource>,
    /// What is old or odd in the kustomizations.
    pub warnings: Vec<String>,
    /// The folder that was built: absolute, without links.
    pub root: String,
}

/// Builds the kustomization in a folder, given by its absolute path.
///
/// Mirrors `Run` in `krusty/kustomizer.go` of kustomize api v0.21.2.
///
/// # Errors
///
/// [`Error`] for whatever the kustomization, or one that it names, does wrong.
pub fn build(files: &dyn Files, folder: &str, options: &Options) -> Result<Built, Error> {
    let shared = Shared::new(options);
    let root = Root::open(files, options.load_restrictions, folder)?;
    let path = root.path().to_owned();
    let target = Target::load(root, &shared)?;
    target.set_schema()?;
    let (gathered, kustomization) = target.build()?;
    let mut resources = gathered.resources;
    sort(&mut resources, kustomization.sort_options.as_ref(), options.reorder)?;
    let metadata = |option: &str| is_asked(&kustomization, option);
    if options.add_managed_by_label || metadata("managedByLabel") {
        let value = format!("kustomize-{}", options.release);
        let pairs = BTreeMap::from([(MANAGED_BY.to_owned(), value)]);
        let specs = FieldSpecs(vec![FieldSpec::of_all("metadata/labels", true)]);
        resources
            .iter_mut()
            .try_for_each(|one| labels::set(&mut one.node, &pairs, &specs, &shared.copied))?;
    }
    let removed = [
        (ORIGIN, !metadata("originAnnotations")),
        (TRANSFORMATIONS, !metadata("transformerAnnotations")),
    ];
    resources.iter_mut().try_for_each(|one| clean(one, &removed))?;
    Ok(Built { resources, warnings: shared.warnings.take(), root: path })
}

/// Builds as [`build`] does up to where names are finished, and shows what kustomize keeps in annotations till then if that is
/// wanted. For comparison with kustomize's tests of single transformers.
///
/// # Errors
///
/// As [`build`].
#[doc(hidden)]
pub fn accumulate(
    files: &dyn Files,
    folder: &str,
    options: &Options,
    shows_history: bool,
) -> Result<Built, Error> {
    let shared = Shared::new(options);
    let root = Root::open(files, options.load_restrictions, folder)?;
    let path = root.path().to_owned();
    let mut resources = Target::load(root, &shared)?.transformed()?.resources;
    if shows_history {
        resources.iter_mut().try_for_each(show_history)?;
    }
    Ok(Built { resources, warnings: shared.warnings.take(), root: path })
}

fn is_asked(kustomization: &Kustomization, option: &str) -> bool {
    kustomization.build_metadata.iter().flatten().any(|asked| asked == option)
}

fn show_history(resource: &mut Resource) -> Result<(), Error> {
    let history = resource.history.annotations();
    if history.is_empty() {
        return Ok(());
    }
    let mut annotations = meta::annotations(&resource.node);
    annotations.extend(history);
    Ok(meta::set_annotations(&mut resource.node, &annotations)?)
}

/// Removes annotations that are not for the cluster; the others become strings.
fn clean(resource: &mut Resource, removed: &[(&str, bool)]) -> Result<(), Error> {
    let mut annotations = meta::annotations(&resource.node);
    let has_history = !resource.history.is_empty();
    if annotations.is_empty() && !has_history && removed.iter().all(|(_, is_removed)| !is_removed) {
        return Ok(());
    }
    for key in REMOVED {
        annotations.remove(key);
    }
    for (key, _) in removed.iter().filter(|(_, is_removed)| *is_removed) {
        annotations.remove(*key);
    }
    Ok(meta::set_annotations(&mut resource.node, &annotations)?)
}

impl Built {
    /// Writes the objects as `kustomize build` prints them.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] and [`Error::Emit`], for the first object that YAML or JSON cannot hold.
    pub fn to_yaml(&self) -> Result<String, Error> {
        let mut text = String::new();
        for (number, resource) in self.resources.iter().enumerate() {
            if number > 0 {
                text.push_str("---\n");
            }
            text.push_str(&object_text(resource)?);
        }
        Ok(text)
    }
}

/// Mirrors `AsYAML` in `resource/resource.go` of kustomize api v0.21.2.
pub(crate) fn object_text(resource: &Resource) -> Result<String, Error> {
    let value =
        resource.value().map_err(|source| Error::Write { object: about(resource), source })?;
    to_yaml(&value, &Limits::default())
        .map_err(|error| Error::Emit { object: go_syntax(&value), reason: error.to_string() })
}

/// Characters of an object that a message shows.
const SHOWN: usize = 4_000;

fn about(resource: &Resource) -> String {
    let place = resource.place();
    let place = if place.file.is_empty() {
        String::new()
    } else {
        format!(" of '{}' line {}", place.file, place.line)
    };
    let content =
        to_lossy_value(resource.node()).map(|value| go_syntax(&value)).unwrap_or_default();
    let content: String = content.chars().take(SHOWN).collect();
    format!("cannot write {}{place}: {content}", resource.id())
}
