//! Charts on this machine.

use std::path::Path;
use std::sync::Arc;

use sealift_fetch::{ChartFolder, Limits, Package};
use sealift_files::{Folder, Links, Tree};
use sealift_helm::chart::LoadOptions;
use sealift_reference::Digest;

use super::{ChartBytes, GotChart};
use crate::Error;

/// Reads a chart that is a folder or an archive, as it is: what it needs and has not is missing. `name` is what it is
/// called in messages and in a lock.
///
/// # Errors
///
/// [`Error::File`], [`Error::Fetch`].
pub fn local(path: &Path, name: &str, links: Links, limits: &Limits) -> Result<GotChart, Error> {
    let name = name.to_owned();
    if !sealift_files::is_folder(path)? {
        let package = Package::read(path, limits)?;
        let bytes = ChartBytes::Archive(package.bytes);
        let digest = package.digest;
        return Ok(GotChart { name, digest, repository: None, manifest: None, bytes });
    }
    let read = folder(path, links, limits)?.files()?;
    let bytes = ChartBytes::Files(read.files);
    Ok(GotChart { name, digest: read.digest, repository: None, manifest: None, bytes })
}

/// Returns what a lock pins a chart with that is a folder.
///
/// # Errors
///
/// [`Error::File`], [`Error::Fetch`].
pub fn folder_digest(path: &Path, limits: &Limits) -> Result<Digest, Error> {
    Ok(folder(path, Links::Inside, limits)?.files()?.digest)
}

fn folder(path: &Path, links: Links, limits: &Limits) -> Result<ChartFolder, Error> {
    let tree = Tree::new(Folder::open(path)?, links);
    let options = LoadOptions { limits: limits.chart, ..LoadOptions::default() };
    Ok(ChartFolder::new(Arc::new(tree), "", options))
}
