//! Resources and components of a kustomization.

use std::collections::BTreeMap;

use super::{Accumulator, ORIGIN, Target};
use crate::config::{FieldSpec, FieldSpecs};
use crate::error::Error;
use crate::filters::annotations;
use crate::kustomization::COMPONENT;
use crate::loader::{RepoSpec, Root, is_remote, path};
use crate::resource::{Resource, read};

impl<'b> Target<'b> {
    /// Gathers entries of `resources`: each is tried as a file, then as a folder.
    ///
    /// Mirrors `accumulateResources` in `internal/target/kusttarget.go` of kustomize api v0.21.2.
    pub(super) fn accumulate_resources(
        &mut self,
        gathered: &mut Accumulator,
        paths: &[String],
    ) -> Result<(), Error> {
        for path in paths {
            let Err(no_file) = self.accumulate_file(gathered, path) else { continue };
            let about = |error: Error, no_file: Error| Error::Entry {
                path: path.clone(),
                file: Box::new(no_file),
                source: Box::new(error),
            };
            // What is not here yet may be a file.
            if self.root.is_unfetched() || is_only_file(path) {
                return Err(no_file);
            }
            let root = match self.root.child(path) {
                Ok(root) => root,
                Err(_) if no_file.is_malformed() => return Err(no_file),
                Err(error) => return Err(about(error.into(), no_file)),
            };
            let taken = std::mem::take(gathered);
            *gathered = self
                .accumulate_folder(taken, root, path, false)
                .map_err(|error| about(error, no_file))?;
        }
        Ok(())
    }

    /// Runs components on what has been gathered.
    pub(super) fn accumulate_components(
        &mut self,
        gathered: Accumulator,
        paths: &[String],
    ) -> Result<Accumulator, Error> {
        let mut gathered = gathered;
        for path in paths {
            let root = self.root.child(path)?;
            gathered = self
                .accumulate_folder(gathered, root, path, true)
                .map_err(|error| error.during(format!("component '{path}'")))?;
        }
        Ok(gathered)
    }

    fn accumulate_folder(
        &mut self,
        gathered: Accumulator,
        root: Root<'b>,
        entry: &str,
        is_component: bool,
    ) -> Result<Accumulator, Error> {
        let folder = root.path().to_owned();
        let mut inner = Self::load(root, self.shared)
            .map_err(|error| error.during(format!("couldn't make target for path '{folder}'")))?;
        inner.kustomization.build_metadata.clone_from(&self.kustomization.build_metadata);
        inner.origin = self.origin.as_ref().map(|origin| origin.append(entry));
        inner.chart_namespace = match self.kustomization.namespace.as_str() {
            "" => self.chart_namespace.clone(),
            namespace => namespace.to_owned(),
        };
        inner.set_schema()?;
        check_kind(&folder, &inner.kustomization.kind, is_component)?;
        let recursed =
            |error: Error| error.during(format!("recursed accumulation of path '{folder}'"));
        if is_component {
            return inner.accumulate(gathered).map_err(recursed);
        }
        let mut gathered = gathered;
        let own = inner.accumulate(Accumulator::default()).map_err(recursed)?;
        gathered
            .merge(own)
            .map_err(|error| error.during(format!("recursed merging from path '{folder}'")))?;
        Ok(gathered)
    }

    fn accumulate_file(&self, gathered: &mut Accumulator, path: &str) -> Result<(), Error> {
        let from = |error: Error| error.during(format!("accumulating resources from '{path}'"));
        let mut resources = self.resources_of_file(path).map_err(from)?;
        if let Some(own) = &self.origin {
            // As an annotation that is set: the others stay as they are written.
            let pair = BTreeMap::from([(ORIGIN.to_owned(), own.append(path).text())]);
            let specs = FieldSpecs(vec![FieldSpec::of_all("metadata/annotations", true)]);
            for resource in &mut resources {
                annotations::set(&mut resource.node, &pair, &specs, &self.shared.copied)?;
            }
        }
        gathered
            .append(resources)
            .map_err(|error| Error::from(error).during(format!("merging resources from '{path}'")))
    }

    /// Reads the objects of a file.
    pub(super) fn resources_of_file(&self, path: &str) -> Result<Vec<Resource>, Error> {
        let text = self.root.load_text(path)?;
        let file = path::join(self.root.path(), path).into();
        let resources = read(&text, &file)?;
        crate::resmap::check_unique(&resources)?;
        Ok(resources)
    }
}

/// Whether an entry is a file of a web server that cannot be a folder of a repository.
fn is_only_file(entry: &str) -> bool {
    is_remote(entry) && RepoSpec::parse(entry).is_err()
}

fn check_kind(folder: &str, kind: &str, is_component: bool) -> Result<(), Error> {
    let expected = match (is_component, kind == COMPONENT) {
        (true, false) => "'Component'",
        (false, true) => "!= 'Component'",
        _ => return Ok(()),
    };
    Err(Error::Kind { path: folder.to_owned(), expected, found: kind.to_owned() })
}
