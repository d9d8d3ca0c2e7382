//! The functions that Helm's templates call, as Sprig 3.3.0 has them.
//!
//! [`functions()`] are those of Go's `text/template` and Sprig's, for
//! [`sealift_gotemplate`]; [`semver`] are versions as the same templates compare them.
//!
//! ```
//! use std::rc::Rc;
//!
//! use sealift_gotemplate::{Budget, Output, Templates, Value};
//! use sealift_sprig::{Certificate, CertificateRequest, Host, KeyKind, Moment};
//!
//! struct Fixed;
//!
//! impl Host for Fixed {
//!     fn now(&self) -> Moment {
//!         Moment::default()
//!     }
//!     fn random(&self, bytes: &mut [u8]) {
//!         bytes.fill(7);
//!     }
//!     fn private_key(&self, _: KeyKind) -> Result<String, String> {
//!         Err("no keys here".to_owned())
//!     }
//!     fn certificate(&self, _: &CertificateRequest) -> Result<Certificate, String> {
//!         Err("no keys here".to_owned())
//!     }
//! }
//!
//! let host: Rc<dyn Host> = Rc::new(Fixed);
//! let mut templates = Templates::new(sealift_sprig::functions(&host));
//! templates.parse("name", r#"{{ "a long name-" | trunc 12 | trimSuffix "-" | quote | indent 2 }}"#)?;
//! let mut output = Output::new();
//! templates.execute("name", &Value::Nil, &Budget::default(), &mut output)?;
//! assert_eq!(output.bytes(), b"  \"a long name\"");
//! # Ok::<(), sealift_gotemplate::Error>(())
//! ```
//!
//! The crate is pure: the clock, randomness and keys are the [`Host`]'s. What reads the
//! environment or the network is not there, nor is all of [`MISSING`]; a template that
//! calls such a function fails as it does in Go: `function "env" not defined`.

//!
//! # Where it differs from Sprig
//!
//! - Sizes that arguments say are checked first: `repeat`, `until`, `indent` and their kin
//!   give a [`Limit`](sealift_gotemplate::Limit). What contains itself gives one where
//!   Sprig never ends: `deepCopy`, `merge`, `deepEqual`.
//! - `keys` and `values` are in the order of keys, where Go's order is random.
//! - `slice` ends at the last element, where Go goes on to the end of the array behind it.
//! - Dates are those of UTC, which is also what `Local` is; other zones are an error.
//! - `deepCopy` of a `semver` is that version, where it is 0.0.0 in Go.

mod address;
mod base;
mod cast;
mod copy;
mod decimal;
mod equality;
mod functions;
mod host;
pub mod json;
mod missing;
mod pem;
pub mod semver;
mod table;
mod text;
mod time;
pub mod url;
mod values;

pub use address::{Address, parse_address};
pub use host::{Certificate, CertificateRequest, Host, KeyKind, Moment};
pub use missing::MISSING;
pub use time::parse as parse_time;

use std::rc::Rc;

use sealift_gotemplate::Functions;

/// Checks that a text is a time as RFC 3339 has it.
///
/// # Errors
///
/// What Go's `time.Parse` says of it.
pub fn check_rfc3339(text: &str) -> Result<(), String> {
    time::parse(b"2006-01-02T15:04:05Z07:00", text.as_bytes()).map(drop)
}

/// Returns Go's own functions and Sprig's.
#[must_use]
pub fn functions(host: &Rc<dyn Host>) -> Functions {
    let mut functions = Functions::new();
    functions::insert(&mut functions, host);
    functions
}

/// Returns bytes in base 64, padded.
#[must_use]
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    base::BASE64.encode(bytes)
}
