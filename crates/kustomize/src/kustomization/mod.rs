//! The file `kustomization.yaml`: its fields, old ones brought up to date, mistakes refused.

pub(crate) mod decode;
mod fields;
mod fix;
pub(crate) mod generator;
pub(crate) mod helm;
mod lined;
mod nearest;
pub(crate) mod patch;
pub(crate) mod replacement;
pub(crate) mod variable;

pub use decode::DecodeError;
pub use fix::KustomizationError;

pub(crate) use decode::{Decode, Decoder, Mode, decode, decode_fields};
pub(crate) use fields::{Image, Kustomization, Label, ObjectMeta, Replica, SortOptions};
pub(crate) use fix::{COMPONENT, read};
pub(crate) use lined::{Lined, TextLines};

/// The names that the file may have; there must be exactly one of them in a folder.
pub(crate) const FILE_NAMES: [&str; 3] =
    ["kustomization.yaml", "kustomization.yml", "Kustomization"];
