//! Documents in, findings out: one file per kind of place where an image hides.
