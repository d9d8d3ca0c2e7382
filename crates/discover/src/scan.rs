//! The search of one file or of many that belong together.

use sealift_inventory::{Address, Finding, Origin, Unresolved};

use crate::found::{Found, Search, View};
use crate::place::Place;
use crate::{Error, Limits, object};

/// What documents name.
#[derive(Debug, Default)]
pub struct Discovery {
    /// Images, each with the place that names it, in the order of the text.
    pub findings: Vec<Finding>,
    /// Text where an image must be, that is no reference.
    pub unresolved: Vec<Unresolved>,
    /// Addresses outside the cluster.
    pub addresses: Vec<Address>,
    /// Objects looked at, those in lists and in texts counted one by one.
    pub objects: usize,
}

/// A search of files that belong together: a variable that one names may be set in another.
pub struct Scan<'a> {
    limits: &'a Limits,
    found: Found,
}

impl<'a> Scan<'a> {
    /// Starts a search.
    #[must_use]
    pub fn new(limits: &'a Limits) -> Self {
        Self { limits, found: Found::default() }
    }

    /// Searches multi-document YAML or JSON. `origin` has the steps above the file.
    ///
    /// # Errors
    ///
    /// [`Error::Yaml`] when a document does not parse, [`Error::Scalar`] when one is no object, else the limit that was
    /// exceeded. What the file gave until then stays in the scan: an error means that the scan is not whole.
    pub fn file(&mut self, text: &str, file: &str, origin: &Origin) -> Result<(), Error> {
        self.made(text, file, &Some, origin)
    }

    /// Searches a text that was made of a file, such as what a template gave. `lines` leads a line of the text back to
    /// the line of the file, where there is one; both count from 1.
    ///
    /// # Errors
    ///
    /// As [`Self::file`]; the positions are those of the text.
    pub fn made(
        &mut self,
        text: &str,
        file: &str,
        lines: &dyn Fn(u32) -> Option<u32>,
        origin: &Origin,
    ) -> Result<(), Error> {
        let (limits, found) = (self.limits, &mut self.found);
        let mut search = Search { file, lines, origin, limits, found, visits: 0 };
        for document in sealift_goyaml::documents(text, &self.limits.yaml) {
            let document = document.map_err(|wrong| Error::Yaml {
                file: file.to_owned(),
                line: wrong.line,
                column: wrong.column,
                wrong,
            })?;
            object::document(&mut search, &Place::ROOT, &document, View::DOCUMENT)?;
        }
        Ok(())
    }

    /// Returns how many objects were looked at so far, those in lists and in texts counted one by one.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.found.discovery.objects
    }

    /// Returns how many findings, unresolved places and addresses there are so far.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.found.count()
    }

    /// Decides what only all files together can tell.
    #[must_use]
    pub fn finish(self) -> Discovery {
        self.found.finish()
    }
}

/// Searches one file of multi-document YAML or JSON. `origin` has the steps above the file.
///
/// # Errors
///
/// [`Error::Yaml`] when a document does not parse, [`Error::Scalar`] when one is no object, else the limit that was
/// exceeded.
pub fn manifests(
    text: &str,
    file: &str,
    origin: &Origin,
    limits: &Limits,
) -> Result<Discovery, Error> {
    let mut scan = Scan::new(limits);
    scan.file(text, file, origin)?;
    Ok(scan.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_text_that_was_made_of_a_file_is_led_back_to_the_file() -> Result<(), Error> {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - image: nginx:1\n  - image: redis:1\n";
        let limits = Limits::default();
        let mut scan = Scan::new(&limits);
        scan.made(text, "pod.yaml", &|line| (line == 6).then_some(96), &Origin::new())?;
        let origins: Vec<_> =
            scan.finish().findings.iter().map(|found| found.origin.to_string()).collect();
        assert_eq!(
            origins,
            [
                "pod.yaml:96 > Pod a > .spec.containers[0].image",
                "pod.yaml > Pod a > .spec.containers[1].image",
            ]
        );
        Ok(())
    }
}
