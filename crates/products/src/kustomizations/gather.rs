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
pub(crate) struct Objects(BTreeMap<Place, (String, Resource)>);

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
            let text = resource.to_yaml().map_err(|error| failed(folder, error))?;
            let file = relative(&built.root, &resource.place().file);
            let line = Some(resource.place().line).filter(|line| *line > 0);
            self.scan.made(&text, &file, &|_| line, &origin)?;
            let place = (folder.to_owned(), file, line.unwrap_or_default());
            self.objects.0.insert(place, (built.root.clone(), resource));
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
        let [Step::Kustomization(folder), Step::File { path, line }, ..] = origin.steps() else {
            return None;
        };
        self.0.get(&(folder.clone(), path.clone(), line.unwrap_or_default()))
    }
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
