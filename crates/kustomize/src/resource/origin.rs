//! Where objects and changes were written.

use std::rc::Rc;

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, absolute; empty where there is none.
    pub file: Rc<str>,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u32,
}

/// Something that changed an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The field of the kustomization: `patches`, `images`, `replacements`.
    pub field: &'static str,
    /// The entry of the field, or the patch.
    pub place: Place,
}
