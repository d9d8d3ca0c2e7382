//! YAML read and written exactly as Go's sigs.k8s.io/yaml does.
//!
//! Kubernetes, Helm and kustomize read YAML through sigs.k8s.io/yaml, which is
//! go-yaml v2, which is libyaml in Go: YAML 1.1 with `yes` and `0777`, tabs and
//! tags and aliases just so. What such a tool reads, this crate reads; what it
//! refuses, this crate refuses, with the place; and every node knows its line. What
//! they write, [`to_yaml`] writes, byte for byte: the order of keys, quotes, folding.
//!
//! ```
//! use sealift_goyaml::{Limits, Value, documents};
//!
//! let text = "kind: Pod\n---\nspec:\n  image: nginx:1.27\n  tty: yes\n";
//! let documents: Result<Vec<_>, _> = documents(text, &Limits::default()).collect();
//! let documents = documents?;
//! let image = documents[1].at(&["spec", "image"]).expect("it is there");
//! assert_eq!(image.value(), Value::Str("nginx:1.27"));
//! assert_eq!((image.line(), image.column()), (4, 10));
//! assert_eq!(documents[1].at(&["spec", "tty"]).map(|tty| tty.value()), Some(Value::Bool(true)));
//! # Ok::<(), sealift_goyaml::Error>(())
//! ```
//!
//! # Where it differs from Go
//!
//! - Text is UTF-8; Go reads UTF-16 with a byte order mark, too.
//! - [`Limits`]: 1,000 levels where Go has 10,000; nodes, and bytes behind
//!   aliases, which Go does not bound.
//! - Two byte order marks at the start are refused. Go then loses the first
//!   character of each line; it can also lose one after a mark inside the text.
//! - Of two keys that only become equal as strings, `1` and `'1'`, the last value
//!   stays; in Go, chance decides.
//! - [`first`] refuses a forbidden character anywhere; Go, near the first document.
//! - Infinities and NaN are values here; [`to_json`] and [`to_yaml`] refuse them, as
//!   Go does.
//! - Keys of which each stands before the next in a circle, as `x1a`, `x3` and `x12`
//!   do: in Go, chance decides what is written; here, the same keys are written the same.
#![forbid(unsafe_code)]

mod base64;
mod budget;
mod charset;
mod composer;
mod cursor;
mod dialect;
mod emit;
mod error;
mod event;
mod float;
mod gosyntax;
mod json;
mod key;
mod limits;
mod mapping;
mod node;
mod number;
mod parser;
mod resolve;
mod scanner;
mod timestamp;
mod token;
pub mod v3;

#[doc(hidden)]
pub mod events;

pub use emit::{Emit, EmitError, View, to_yaml, to_yaml_v3};
pub use error::{Error, ErrorKind};
pub use json::to_json;
pub use limits::Limits;
pub use node::{Node, Style, Value};

use composer::Composer;
use dialect::Dialect;

/// Reads a text document by document.
///
/// One document is in memory at a time. After an error the iterator ends, since
/// nobody can say where the next document begins.
#[must_use]
pub fn documents<'t>(text: &'t str, limits: &Limits) -> Documents<'t> {
    Documents { composer: Some(Composer::new(text, *limits, Dialect::Go)) }
}

/// Reads the first document, as Go's `yaml.Unmarshal` does: what follows it need
/// not be YAML. `None` where there is no document, which Go takes for null.
///
/// # Errors
///
/// The first [`Error`] of the text up to the document's end, and a character
/// that YAML forbids anywhere. (Go sees those in the 512 bytes that it reads at a time.)
pub fn first<'t>(text: &'t str, limits: &Limits) -> Result<Option<Node<'t>>, Error> {
    let mut composer = Composer::new(text, *limits, Dialect::Go);
    let document = composer.document()?;
    composer.check_rest()?;
    Ok(document)
}

/// Reads the first document as [`first`] does, but for a key that stands twice in a mapping: Go's `yaml.UnmarshalStrict`.
///
/// # Errors
///
/// As [`first`], and [`ErrorKind::RepeatedKey`].
pub fn first_strict<'t>(text: &'t str, limits: &Limits) -> Result<Option<Node<'t>>, Error> {
    let mut composer = Composer::new(text, *limits, Dialect::Go).refusing_repeated_keys();
    let document = composer.document()?;
    composer.check_rest()?;
    Ok(document)
}

/// Iterates over the documents of a text; see [`documents`].
pub struct Documents<'t> {
    /// `None` after the end or an error.
    composer: Option<Composer<'t>>,
}

impl<'t> Iterator for Documents<'t> {
    type Item = Result<Node<'t>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let document = self.composer.as_mut()?.document().transpose();
        if !matches!(document, Some(Ok(_))) {
            self.composer = None;
        }
        document
    }
}

impl std::iter::FusedIterator for Documents<'_> {}
