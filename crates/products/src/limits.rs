//! Budgets for what a shipment names, each with its source.
//!
//! Those of a file of YAML are [`sealift_discover::Limits`]; a shipment may set the ones in [`SETTABLE`].

/// Lines of one image list.
///
/// The largest lists that vendors publish, one line for each image of a release, have some thousands; a million lines of
/// the usual length are as many bytes as a file may have ([`sealift_goyaml`'s 64 MiB](sealift_discover::Limits::yaml)).
pub const LIST_LINES: usize = 1_000_000;

/// Wrong lines of one image list that are told. Go's compiler stops at 10 mistakes, clang at 20; whoever gets 100 has
/// given the wrong file.
pub const LIST_MISTAKES: usize = 100;

/// Characters of a wrong line that an error shows: as many as `discover` keeps of an unresolved text. The longest
/// reference of the platforms that sealift is scored by has 167.
pub const SHOWN_CHARACTERS: usize = 300;

/// The budgets that a shipment may set under `limits`: those that a real file has exceeded or may.
pub const SETTABLE: [&str; 3] = ["yaml-bytes", "yaml-depth", "yaml-nodes"];
