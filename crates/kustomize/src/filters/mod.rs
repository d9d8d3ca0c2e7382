//! What changes one object, a file for each kind of change.

pub(crate) mod annotations;
pub(crate) mod field;
pub(crate) mod hash;
pub(crate) mod images;
pub(crate) mod json_patch;
pub(crate) mod labels;
mod lookup;
pub(crate) mod names;
pub(crate) mod namespace;
pub(crate) mod prefix;
pub(crate) mod replacement;
pub(crate) mod replicas;
pub(crate) mod strategic_merge;
pub(crate) mod value_add;
pub(crate) mod vars;

pub(crate) use lookup::lookup;
mod associative;
mod match_path;
mod structured;
