//! Templates with values to texts.
