//! What is in a git repository, over https and without git: which commit a name means, and the files of that commit.
//!
//! The commit is looked up as `git fetch` does, in what the server says of its branches and tags; its files come as the archive
//! that the hosts of repositories offer. No program is run, and nothing is spoken but https.

mod error;
mod get;
mod hosts;
mod references;
mod source;
mod tree;

pub use error::GitError;
pub use source::{Commit, GitSource};
pub use tree::{GitEntry, GitTree};
