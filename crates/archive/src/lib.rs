//! Archive paths, a strict tar reader and writer, and bounded gzip: bytes in, bytes out, no file system.
//!
//! ```
//! use sealift_archive::{ArchivePath, Mode, TarWriter};
//!
//! let path: ArchivePath = "chart/Chart.yaml".parse()?;
//! let mut tar = TarWriter::new(Vec::new());
//! tar.file(&path, Mode::File, b"name: x\n")?;
//! let bytes = tar.finish()?;
//! assert_eq!(bytes.len(), 512 + 512 + 1024);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod gzip;
pub mod limits;
mod path;
mod portable;
mod reader;
mod tar;

pub use gzip::{Gunzip, GzipError, GzipLimits, gunzip_bounded, gzip};
pub use path::{ArchivePath, PathError};
pub use portable::{PortableError, check_portable};
pub use reader::{Ambiguity, EntryKind, Key, TarEntry, TarLimits, TarReadError, TarReader};
pub use tar::{END, Mode, TarError, TarWriter, header, padding_bytes};
