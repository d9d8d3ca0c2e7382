//! Where objects and changes were written.

use std::collections::BTreeMap;
use std::rc::Rc;

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, absolute; empty where there is none.
    pub file: Rc<str>,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u32,
}

/// Lines of texts, by the hashes of these.
pub(crate) type Texts = BTreeMap<u64, u32>;

/// Something that changed an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The field of the kustomization: `patches`, `images`, `replacements`.
    pub field: &'static str,
    /// The entry of the field, or the patch; of a text that a patch gave, the text in it.
    pub place: Place,
    /// Of a patch: where its texts stand, if that is traced.
    pub(crate) texts: Option<Rc<Texts>>,
}

impl Step {
    pub(crate) fn new(field: &'static str, place: Place) -> Self {
        Self { field, place, texts: None }
    }

    /// Returns the step at the first of these texts that it has.
    pub(crate) fn at(&self, mut texts: impl Iterator<Item = u64>) -> Self {
        let known = self.texts.as_ref();
        let found = known.and_then(|known| texts.find_map(|text| known.get(&text)));
        let line = found.copied().unwrap_or(self.place.line);
        Self { place: Place { line, ..self.place.clone() }, ..self.clone() }
    }
}
