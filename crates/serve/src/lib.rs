//! The embedded registry over a folder, read-only or writable.
