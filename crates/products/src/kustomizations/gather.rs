//! Kustomizations among the sources of a shipment.

use std::collections::BTreeMap;

use sealift_inventory::{Artifact, Finding, Input, Origin, SetBy, Step};
use sealift_kustomize::{Options, Resource};

use super::{BuildError, Kustomized, relative};
use crate::Error;
use crate::generic::Gathering;

/// An object by the kustomization, the file and the line that it was written in.
type Place = (String, String, u32);

/// The objects of kustomizations, for what set the images that they name.
#[derive(Debug, Default)]
pub(crate) struct Objects(BTreeMap<Place, Vec<(String, Resource)>>);

/// How a source is built: charts are rendered, as an image of theirs is as needed as any other.
#[must_use]
pub fn options() -> Options {
    Options { enable_helm: true, is_traced: true, ..Options::default() }
}

impl Gathering<'_> {
    /// Builds a kustomization and searches what it gave.
    pub(crate) fn kustomization(&mut self, folder: &str) -> Result<(), Error> {
        let kustomized = self.inputs.kustomization(folder, &options())?;
        let Kustomized { built, pins, digest } = kustomized;
        let name = format!("kustomization {folder}");
        self.read.push(Input { name, digest });
        self.read.extend(pins.into_iter().map(|pin| Input { name: pin.name, digest: pin.digest }));
        let warned = built.warnings.iter().map(|warning| format!("{folder}: {warning}"));
        self.warnings.extend(warned);
        let origin: Origin = [Step::Kustomization(folder.to_owned())].into_iter().collect();
        for resource in built.resources {
            let file = relative(&built.root, &resource.place().file);
            let line = Some(resource.place().line).filter(|line| *line > 0);
            let text =
                resource.to_yaml().map_err(|error| unwritten(folder, &resource, &file, error))?;
            self.scan.made(&text, &file, &|_| line, &origin)?;
            let place = (folder.to_owned(), file, line.unwrap_or_default());
            self.objects.0.entry(place).or_default().push((built.root.clone(), resource));
        }
        Ok(())
    }
}

impl Objects {
    /// Adds to a finding the patches and entries that gave the image, where a kustomization names it.
    pub(crate) fn fill(&self, finding: &mut Finding) {
        let Artifact::Image(image) = &finding.artifact else { return };
        let Some((root, resource)) = self.named_by(&finding.origin) else { return };
        let set_by = resource.set_by(image.written()).into_iter().map(|step| SetBy {
            values: relative(root, &step.place.file),
            key: format!(".{}", step.field),
            line: step.place.line,
        });
        finding.set_by.extend(set_by);
    }

    fn named_by(&self, origin: &Origin) -> Option<&(String, Resource)> {
        let [Step::Kustomization(folder), Step::File { path, line }, Step::Object(object), ..] =
            origin.steps()
        else {
            return None;
        };
        // Objects that a generator made, or that stand on one line, have one place.
        let there = self.0.get(&(folder.clone(), path.clone(), line.unwrap_or_default()))?;
        there.iter().find(|(_, resource)| is_called(resource, object))
    }
}

/// Whether an object is what a finding calls so: `Deployment namespace/name`.
fn is_called(resource: &Resource, object: &str) -> bool {
    let (kind, name) = object.split_once(' ').unwrap_or((object, ""));
    let (namespace, name) = name.rsplit_once('/').unwrap_or(("", name));
    let id = resource.id();
    id.gvk.kind == kind && id.name == name && id.namespace == namespace
}

/// Says which object cannot be written; of a Secret not what is in it.
fn unwritten(
    folder: &str,
    resource: &Resource,
    file: &str,
    error: sealift_kustomize::Error,
) -> Error {
    let id = resource.id();
    if id.gvk.kind != "Secret" {
        return failed(folder, error);
    }
    let place = format!("{file}:{}", resource.place().line);
    Error::Secret { folder: folder.to_owned(), name: id.name, place }
}

/// Says which kustomization it was.
pub(crate) fn of_folder(folder: &str, error: BuildError<Error>) -> Error {
    match error {
        BuildError::Build(error) => failed(folder, error),
        BuildError::Get { wanted, error } => {
            let (folder, wanted) = (folder.to_owned(), Box::new(wanted));
            Error::Named { folder, wanted, source: Box::new(error) }
        }
        BuildError::TooMuch(limit) => Error::NamedTooMuch { folder: folder.to_owned(), limit },
        BuildError::File(error) => Error::File(error),
    }
}

fn failed(folder: &str, source: sealift_kustomize::Error) -> Error {
    Error::Kustomization { folder: folder.to_owned(), source: Box::new(source) }
}
