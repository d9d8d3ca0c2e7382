//! Kustomizations among the sources of a shipment.

use std::collections::BTreeMap;

use sealift_inventory::{Artifact, Finding, Input, Origin, SetBy, Step};
use sealift_kustomize::{Options, Resource};

use super::{BuildError, Kustomized, relative};
use crate::Error;
use crate::generic::Gathering;

/// An object by the kustomization, the file that it was written in, and what a finding calls it.
type Name = (String, String, String);

/// The objects of kustomizations with their folders, for what set the images that they name.
#[derive(Debug, Default)]
pub(crate) struct Objects(BTreeMap<Name, Vec<(String, Resource)>>);

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
            let text =
                resource.to_yaml().map_err(|error| unwritten(folder, &resource, &file, error))?;
            let lines = resource.lines(&text);
            self.scan.made(&text, &file, &|line| line_of(&lines, line), &origin)?;
            let name = (folder.to_owned(), file, called(&resource));
            self.objects.0.entry(name).or_default().push((built.root.clone(), resource));
        }
        Ok(())
    }
}

impl Objects {
    /// Adds to a finding the patches and entries that gave the image, where a kustomization names it.
    pub(crate) fn fill(&self, finding: &mut Finding) {
        let Artifact::Image(image) = &finding.artifact else { return };
        let steps = self.named_by(&finding.origin).iter().find_map(|(root, resource)| {
            let steps = resource.set_by(image.written());
            (!steps.is_empty()).then_some((root, steps))
        });
        let Some((root, steps)) = steps else { return };
        finding.set_by.extend(steps.into_iter().map(|step| SetBy {
            values: relative(root, &step.place.file),
            key: format!(".{}", step.field),
            line: step.place.line,
        }));
    }

    /// Objects of one kind and name may be of two groups.
    fn named_by(&self, origin: &Origin) -> &[(String, Resource)] {
        let [Step::Kustomization(folder), Step::File { path, .. }, Step::Object(object), ..] =
            origin.steps()
        else {
            return &[];
        };
        let name = (folder.clone(), path.clone(), object.clone());
        self.0.get(&name).map_or(&[], Vec::as_slice)
    }
}

/// What a finding calls an object: `Deployment namespace/name`.
fn called(resource: &Resource) -> String {
    let id = resource.id();
    let (kind, name) = (&id.gvk.kind, &id.name);
    match id.namespace.as_str() {
        "" => format!("{kind} {name}"),
        namespace => format!("{kind} {namespace}/{name}"),
    }
}

/// Both count from 1.
fn line_of(lines: &[u32], line: u32) -> Option<u32> {
    let index = usize::try_from(line.checked_sub(1)?).ok()?;
    lines.get(index).copied().filter(|line| *line > 0)
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
