//! The only owner of the file system: bounded reads, atomic writes, no link followed.
