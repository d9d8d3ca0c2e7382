//! Annotations set in fields, which is done as with labels.

pub(crate) use super::labels::set;
