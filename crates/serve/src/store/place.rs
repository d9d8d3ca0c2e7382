//! Where things lie in the folder.

use sealift_reference::Digest;

use crate::route::Name;

pub(crate) const LAYOUT: &str = "oci-layout";
pub(crate) const LAYOUT_TEXT: &str = "{\"imageLayoutVersion\":\"1.0.0\"}";
pub(crate) const INDEX: &str = "index.json";
pub(crate) const LOCK: &str = "sealift/lock";
pub(crate) const REPOSITORIES: &str = "sealift/repositories";
pub(crate) const UPLOADS: &str = "sealift/uploads";
/// Path components start with a letter or a digit, so these are never a part of a repository's name.
pub(crate) const LINKS: &str = "_links";
pub(crate) const TAGS: &str = "_tags";

pub(crate) fn blob(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm().as_str(), digest.hex())
}

pub(crate) fn tag(name: &Name, tag: &str) -> String {
    format!("{REPOSITORIES}/{}/{TAGS}/{tag}", name.as_str())
}

pub(crate) fn link(name: &Name, digest: &Digest) -> String {
    format!(
        "{REPOSITORIES}/{}/{LINKS}/{}-{}",
        name.as_str(),
        digest.algorithm().as_str(),
        digest.hex()
    )
}

pub(crate) fn digest_of_link(file_name: &str) -> Option<Digest> {
    file_name.replacen('-', ":", 1).parse().ok()
}
