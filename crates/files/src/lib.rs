//! The only owner of the file system: bounded reads, atomic writes, no link followed.
//!
//! A path that the operator names (free functions, [`Folder::open`]) may be a link; below an opened [`Folder`] none is
//! followed. Only regular files are read, each opened once and asked on the open handle what it is. What is written
//! appears under its final name only when it is whole: `NAME.part`, fsync, rename.
//!
//! ```
//! use sealift_files::{Folder, Mode};
//!
//! # let place = tempfile::tempdir()?;
//! let folder = Folder::open(place.path())?;
//! folder.write("certs.d/quay.io/hosts.toml", b"server = \"x\"\n", Mode::Public)?;
//! assert_eq!(folder.read("certs.d/quay.io/hosts.toml", 4096)?, b"server = \"x\"\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ambient;
mod error;
mod folder;
mod limits;
mod listing;
mod name;
mod nofollow;
mod reading;
mod tree;
mod writing;

pub use ambient::{
    Look, absolute, exists, is_folder, look, read, read_text, read_trusted_text, write,
    write_behind_link,
};
pub use error::Error;
pub use folder::{Entry, Folder, Kind, Lock};
pub use listing::{glob, manifests};
pub use reading::ReadFile;
pub use tree::{Links, Tree, TreeFile, TreeLimits};
pub use writing::{Mode, PartFile};
