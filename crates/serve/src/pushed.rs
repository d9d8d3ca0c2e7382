//! A manifest that came in.

use sealift_oci::{Body, Hint, Manifest};
use sealift_reference::{Algorithm, Digest, Tag};

use crate::fault::Fault;
use crate::limits::PUSHED_TAGS;
use crate::query;
use crate::route::Pointer;

/// The type that [`Manifest::parse`] gives to a document without one and without a known shape.
const UNTYPED: &str = "application/json";

/// A manifest that is what its digest says, and that every reader reads in the same way.
#[derive(Debug)]
pub(crate) struct Pushed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) manifest: Manifest,
    pub(crate) digest: Digest,
    pub(crate) tags: Vec<Tag>,
}

/// What a push is called: its digest where it was given, and its tags.
#[derive(Debug)]
pub(crate) struct Names {
    digest: Option<Digest>,
    pub(crate) tags: Vec<Tag>,
}

impl Names {
    /// A push by tag has that tag; one by digest may bring several, as `?tag=a&tag=b`.
    pub(crate) fn of(pointer: Pointer, query: &str) -> Result<Self, Fault> {
        let digest = match pointer {
            Pointer::Tag(tag) => return Ok(Self { digest: None, tags: vec![tag] }),
            Pointer::Digest(digest) => Some(digest),
        };
        let tags = query::all(query, "tag").take(PUSHED_TAGS + 1).map(|tag| tag.parse());
        match tags.collect::<Result<Vec<Tag>, _>>() {
            Ok(tags) if tags.len() <= PUSHED_TAGS => Ok(Self { digest, tags }),
            _ => {
                let message =
                    format!("`tag` in the query is no tag, or there are more than {PUSHED_TAGS}");
                Err(Fault::new(http::StatusCode::BAD_REQUEST, "TAG_INVALID", message))
            }
        }
    }
}

impl Pushed {
    pub(crate) fn parse(
        bytes: Vec<u8>,
        content_type: Option<&str>,
        names: Names,
    ) -> Result<Self, Fault> {
        let algorithm = names.digest.as_ref().map_or(Algorithm::Sha256, Digest::algorithm);
        let digest = Digest::of(algorithm, &bytes);
        if let Some(wanted) = names.digest.filter(|wanted| *wanted != digest) {
            return Err(Fault::digest_invalid(format!("the manifest is {digest}, not {wanted}")));
        }
        let hint = Hint { descriptor: None, content_type };
        let manifest = Manifest::parse(&bytes, hint)
            .map_err(|error| Fault::manifest_invalid(error.to_string()))?;
        if manifest.body == Body::Opaque && manifest.media_type == UNTYPED {
            return Err(Fault::manifest_invalid(
                "neither the document nor its Content-Type says that it is a manifest",
            ));
        }
        Ok(Self { bytes, manifest, digest, tags: names.tags })
    }

    pub(crate) fn subject(&self) -> Option<&Digest> {
        self.manifest.subject.as_ref().map(|subject| &subject.digest)
    }
}
