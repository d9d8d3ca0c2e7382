//! From a kustomization to its objects, with whatever it names elsewhere.

use sealift_kustomize::{Built, Options, RepoSpec};
use sealift_reference::Digest;

use super::{BuildFiles, Elsewhere, Pin, Wanted};

/// Charts, repositories and files of web servers that one build may name.
const ELSEWHERE: usize = 256;

/// Why a kustomization gives nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError<E> {
    /// It cannot be built.
    Build(sealift_kustomize::Error),
    /// What it names elsewhere cannot be had.
    Get {
        /// What it is.
        wanted: Wanted,
        /// Why not.
        error: E,
    },
    /// It names more than so many charts, repositories and files of web servers.
    TooMuch(usize),
    /// The folder cannot be named.
    File(sealift_files::Error),
}

/// What a kustomization gives, and what it was made of.
#[derive(Debug)]
pub struct Kustomized {
    /// Its objects.
    pub built: Built,
    /// What it named elsewhere.
    pub pins: Vec<Pin>,
    /// Of all files of this machine that were read: the SHA-256 of a line for each, sorted by path, `SHA-256 PATH`, where the
    /// path is written from the folder of the kustomization.
    pub digest: Digest,
}

/// Builds a folder of this machine, or one of a git repository by its address. `get` is asked for what the build names elsewhere,
/// one after the other.
///
/// # Errors
///
/// [`BuildError`].
pub fn build<E>(
    folder: &str,
    options: &Options,
    get: &mut dyn FnMut(&Wanted) -> Result<Elsewhere, E>,
) -> Result<Kustomized, BuildError<E>> {
    let at = match RepoSpec::parse(folder) {
        Ok(_) => folder.to_owned(),
        Err(_) => sealift_files::absolute(folder).map_err(BuildError::File)?.display().to_string(),
    };
    let mut files = BuildFiles::default();
    let mut pins = Vec::new();
    for _ in 0..=ELSEWHERE {
        let built = sealift_kustomize::build(&files, &at, options);
        // A build that lacks something fails for that reason, whatever it says.
        let Some(wanted) = files.take_wanted() else {
            let built = built.map_err(BuildError::Build)?;
            let digest = files.digest(&built.root);
            return Ok(Kustomized { built, pins, digest });
        };
        let got = match get(&wanted) {
            Ok(got) => got,
            Err(error) => return Err(BuildError::Get { wanted, error }),
        };
        pins.extend(wanted.pin(&got));
        files.add(&wanted, got);
    }
    Err(BuildError::TooMuch(ELSEWHERE))
}
