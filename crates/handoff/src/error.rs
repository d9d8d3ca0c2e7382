//! Why no handoff was made.

/// Why no handoff was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name of the lock makes no path.
    #[error("a file of the handoff has no usable name")]
    Path(#[from] sealift_archive::PathError),
    /// Two names of the lock would be one file, or one that some system cannot write.
    #[error("the files of the handoff cannot be written on every system")]
    Portable(#[from] sealift_archive::PortableError),
}
