//! The functions that Helm's templates call, as Sprig 3.3.0 has them.
//!
//! [`functions`] are those of Go's `text/template` and Sprig's, for
//! [`sealift_gotemplate`]; [`semver`] are versions as the same templates compare them.
//!
//! ```
//! use sealift_gotemplate::{Budget, Output, Templates, Value};
//!
//! let mut templates = Templates::new(sealift_sprig::functions());
//! templates.parse("name", r#"{{ "a long name-" | trunc 12 | trimSuffix "-" | quote | indent 2 }}"#)?;
//! let mut output = Output::new();
//! templates.execute("name", &Value::Nil, &Budget::default(), &mut output)?;
//! assert_eq!(output.bytes(), b"  \"a long name\"");
//! # Ok::<(), sealift_gotemplate::Error>(())
//! ```
//!
//! The crate is pure: no clock, no environment, no network. What needs one of these is not
//! there, see [`MISSING`]; a template that calls such a function fails as it does in Go
//! when there is none: `function "env" not defined`.

//!
//! # Where it differs from Sprig
//!
//! - Sizes that arguments say are checked first: `repeat`, `until`, `indent` and their kin
//!   give a [`Limit`](sealift_gotemplate::Limit). What contains itself gives one where
//!   Sprig never ends: `deepCopy`, `merge`, `deepEqual`.
//! - `keys` and `values` are in the order of keys, where Go's order is random.
//! - `slice` ends at the last element, where Go goes on to the end of the array behind it.
//! - `deepCopy` of a `semver` is that version, where it is 0.0.0 in Go.

mod base;
mod cast;
mod copy;
mod decimal;
mod equality;
mod functions;
mod json;
mod missing;
pub mod semver;
mod sha1;
mod table;
mod text;
mod values;

pub use missing::MISSING;

/// Returns Go's own functions and Sprig's.
#[must_use]
pub fn functions() -> sealift_gotemplate::Functions {
    let mut functions = sealift_gotemplate::Functions::new();
    functions::insert(&mut functions);
    functions
}
