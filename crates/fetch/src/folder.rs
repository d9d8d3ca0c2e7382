//! Charts that are folders.

use sealift_archive::ArchivePath;
use sealift_files::Tree;
use sealift_reference::{Algorithm, Digest, Hasher};

use crate::{Error, Limits};

const CHART_FILE: &str = "Chart.yaml";
const IGNORE_FILE: &str = ".helmignore";

/// The files of a chart, as loading wants them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartFiles {
    /// Path below the chart, and all bytes; in the order in which Helm walks a folder, which is that of its templates.
    pub files: Vec<(String, Vec<u8>)>,
    /// Of names and bytes; times, modes and the order do not count.
    pub digest: Digest,
}

/// Returns the bytes of a chart's `.helmignore`, if it has one.
///
/// # Errors
///
/// [`Error::File`].
pub fn ignore_file(tree: &Tree, below: &str, limits: &Limits) -> Result<Option<Vec<u8>>, Error> {
    let path = join(below, IGNORE_FILE);
    match tree.is_folder(&path)? {
        Some(false) => Ok(Some(tree.read(&path, limits.chart_file_bytes)?)),
        _ => Ok(None),
    }
}

/// Reads the chart in a folder of a tree (the empty path: the tree itself). Links are followed as the tree says; what
/// `ignores` (path, whether it is a folder) says yes to is left out.
///
/// Mirrors `LoadDir` in `pkg/chart/v2/loader/directory.go` of Helm 4.2.4, which follows links to wherever they lead.
///
/// # Errors
///
/// [`Error::File`], [`Error::NoChart`], [`Error::Path`].
pub fn folder(
    tree: &Tree,
    below: &str,
    limits: &Limits,
    ignores: &mut dyn FnMut(&str, bool) -> bool,
) -> Result<ChartFiles, Error> {
    let found = tree.files(below, &limits.tree(), ignores)?;
    for file in &found {
        let named: Result<ArchivePath, _> = file.path.parse();
        named.map_err(|source| Error::Path { folder: tree.path_of(below), source })?;
    }
    if !found.iter().any(|file| file.path == CHART_FILE) {
        return Err(Error::NoChart { folder: tree.path_of(below) });
    }
    let files: Vec<_> = found.into_iter().map(|file| (file.path, file.bytes)).collect();
    let digest = digest(&files);
    Ok(ChartFiles { files, digest })
}

/// Hashes `path NUL length NUL bytes` of all files, sorted by path: what a lock pins a folder with.
fn digest(files: &[(String, Vec<u8>)]) -> Digest {
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort();
    let mut hasher = Hasher::new(Algorithm::Sha256);
    for (path, bytes) in sorted {
        hasher.update(format!("{path}\0{}\0", bytes.len()).as_bytes());
        hasher.update(bytes);
    }
    hasher.finish()
}

pub(crate) fn join(below: &str, name: &str) -> String {
    if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") }
}
