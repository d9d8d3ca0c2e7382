//! Charts on this machine.

use std::path::Path;
use std::sync::Arc;

use sealift_fetch::{ChartFolder, Limits, Package};
use sealift_files::{Folder, Links, Tree};
use sealift_helm::chart::LoadOptions;

use super::{ChartBytes, GotChart};
use crate::Error;

/// Reads a chart that is a folder or an archive. `name` is what it is called in messages and in a lock.
///
/// # Errors
///
/// [`Error::File`], [`Error::Fetch`], [`Error::Chart`].
pub fn local(path: &Path, name: &str, links: Links) -> Result<GotChart, Error> {
    let limits = Limits::default();
    let name = name.to_owned();
    if !sealift_files::is_folder(path)? {
        let package = Package::read(path, &limits)?;
        let bytes = ChartBytes::Archive(package.bytes.to_vec());
        return Ok(GotChart { name, digest: package.digest, repository: None, bytes });
    }
    let tree = Tree::new(Folder::open(path)?, links);
    let read = ChartFolder::new(Arc::new(tree), "", LoadOptions::default()).files()?;
    Ok(GotChart {
        name,
        digest: read.digest,
        repository: None,
        bytes: ChartBytes::Files(read.files),
    })
}
