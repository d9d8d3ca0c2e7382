//! Tables of names.

use std::collections::HashMap;

/// What stands under names: of functions, templates and variables, a few thousand times for each chart. The hash has a seed of the
/// process, so that nobody can choose names that all fall together.
pub(crate) type Names<K, V> = HashMap<K, V, foldhash::fast::RandomState>;
