//! The requests of the distribution API as values, without sending them.
//!
//! Spec: <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md>

use http::header::{ACCEPT, CONTENT_RANGE, CONTENT_TYPE, IF_NONE_MATCH, RANGE};
use http::{HeaderName, Method};
use sealift_oci::StoreErrorKind;
use sealift_reference::{Digest, MediaType, media_type};
use url::Url;

use crate::counts::RequestKind;
use crate::failure::Failure;
use crate::scope::Scopes;

/// All types of manifests: one that lacks makes distribution answer 404, or turn a list into one image.
pub(crate) const MANIFEST_TYPES: [&str; 7] = [
    media_type::OCI_INDEX,
    media_type::OCI_MANIFEST,
    media_type::DOCKER_LIST,
    media_type::DOCKER_MANIFEST,
    media_type::OCI_ARTIFACT,
    media_type::DOCKER_SCHEMA1_SIGNED,
    media_type::DOCKER_SCHEMA1,
];

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A path, with its query, at the registry.
    Path(String),
    /// An address that the registry gave.
    Url(Url),
}

impl Place {
    /// Returns the address for a registry at `base`.
    pub(crate) fn url(&self, base: &Url) -> Result<Url, Failure> {
        match self {
            Self::Url(url) => Ok(url.clone()),
            Self::Path(path) => {
                let joined = base.join(path);
                joined.map_err(|_| Failure::new(StoreErrorKind::Refused, "no path of a registry"))
            }
        }
    }
}

/// A request without its body and its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) place: Place,
    pub(crate) kind: RequestKind,
    pub(crate) headers: Vec<(HeaderName, String)>,
    /// The rights that it needs.
    pub(crate) scopes: Scopes,
    /// What it is about, for messages: `manifest 1.27 of library/nginx`.
    pub(crate) subject: String,
}

impl Request {
    fn new(
        method: Method,
        kind: RequestKind,
        place: Place,
        scopes: Scopes,
        subject: String,
    ) -> Self {
        Self { method, place, kind, headers: Vec::new(), scopes, subject }
    }

    fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns whether the request changes something.
    pub(crate) fn writes(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD)
    }
}

/// Asks whether there is a registry, and how it wants to be asked.
pub(crate) fn ping() -> Request {
    Request::new(
        Method::GET,
        RequestKind::Ping,
        Place::Path("/v2/".to_owned()),
        Scopes::default(),
        "ping".to_owned(),
    )
}

/// Reads a file of a web server, unless it is the one that is known.
pub(crate) fn download(url: &Url, etag: Option<&str>) -> Request {
    let subject = crate::text::shown(url.path());
    let place = Place::Url(url.clone());
    let request =
        Request::new(Method::GET, RequestKind::Download, place, Scopes::default(), subject);
    match etag {
        Some(etag) => request.header(IF_NONE_MATCH, etag),
        None => request,
    }
}

/// Reads a manifest by tag or digest, or asks for its head.
pub(crate) fn manifest(method: Method, repository: &str, reference: &str) -> Request {
    let kind =
        if method == Method::HEAD { RequestKind::ManifestHead } else { RequestKind::ManifestGet };
    let place = Place::Path(format!("/v2/{repository}/manifests/{reference}"));
    let subject = format!("manifest {reference} of {repository}");
    Request::new(method, kind, place, Scopes::pull(repository), subject)
        .header(ACCEPT, MANIFEST_TYPES.join(", "))
}

/// Writes a manifest by tag or digest.
pub(crate) fn put_manifest(repository: &str, reference: &str, media_type: &MediaType) -> Request {
    let place = Place::Path(format!("/v2/{repository}/manifests/{reference}"));
    let subject = format!("manifest {reference} of {repository}");
    Request::new(Method::PUT, RequestKind::ManifestPut, place, Scopes::push(repository), subject)
        .header(CONTENT_TYPE, media_type.as_str())
}

/// Asks for the length of a blob.
pub(crate) fn blob_head(repository: &str, digest: &Digest) -> Request {
    Request { method: Method::HEAD, kind: RequestKind::BlobHead, ..blob(repository, digest, 0) }
}

/// Reads a blob from an offset on.
pub(crate) fn blob(repository: &str, digest: &Digest, offset: u64) -> Request {
    let place = Place::Path(format!("/v2/{repository}/blobs/{digest}"));
    let subject = format!("blob {digest} of {repository}");
    let request =
        Request::new(Method::GET, RequestKind::BlobGet, place, Scopes::pull(repository), subject);
    if offset == 0 { request } else { request.header(RANGE, format!("bytes={offset}-")) }
}

/// Reads the first byte of a blob, where its head cannot be asked for.
pub(crate) fn blob_start(repository: &str, digest: &Digest) -> Request {
    blob(repository, digest, 0).header(RANGE, "bytes=0-0")
}

/// Opens an upload session.
pub(crate) fn upload(repository: &str, digest: &Digest) -> Request {
    let place = Place::Path(format!("/v2/{repository}/blobs/uploads/"));
    let subject = format!("blob {digest} of {repository}");
    Request::new(Method::POST, RequestKind::UploadPost, place, Scopes::push(repository), subject)
}

/// Opens an upload session for whatever comes.
pub(crate) fn upload_of_any(repository: &str) -> Request {
    let place = Place::Path(format!("/v2/{repository}/blobs/uploads/"));
    let subject = format!("uploads to {repository}");
    Request::new(Method::POST, RequestKind::UploadPost, place, Scopes::push(repository), subject)
}

/// Asks for a blob to be linked from another repository of the same registry; else it opens a session.
pub(crate) fn mount(repository: &str, digest: &Digest, from: &str) -> Request {
    let place = Place::Path(format!("/v2/{repository}/blobs/uploads/?mount={digest}&from={from}"));
    let scopes = Scopes::push(repository).and_pull(from);
    Request { place, scopes, ..upload(repository, digest) }
}

/// Sends all the rest of a blob and closes its session.
pub(crate) fn upload_put(repository: &str, digest: &Digest, session: &Url) -> Request {
    let place = Place::Url(crate::redirect::with_digest(session, digest.as_str()));
    let request = Request {
        method: Method::PUT,
        place,
        kind: RequestKind::UploadPut,
        ..upload(repository, digest)
    };
    request.header(CONTENT_TYPE, "application/octet-stream")
}

/// Sends the bytes from `first` to `last` of a blob.
pub(crate) fn upload_patch(
    repository: &str,
    digest: &Digest,
    session: &Url,
    (first, last): (u64, u64),
) -> Request {
    let place = Place::Url(session.clone());
    let request = Request {
        method: Method::PATCH,
        place,
        kind: RequestKind::UploadPatch,
        ..upload(repository, digest)
    };
    request
        .header(CONTENT_TYPE, "application/octet-stream")
        .header(CONTENT_RANGE, format!("{first}-{last}"))
}

/// Asks how much of a blob a session has.
pub(crate) fn upload_status(repository: &str, digest: &Digest, session: &Url) -> Request {
    let place = Place::Url(session.clone());
    Request {
        method: Method::GET,
        place,
        kind: RequestKind::UploadStatus,
        ..upload(repository, digest)
    }
}

/// Asks Harbor for what a project holds and may hold.
pub(crate) fn quota(project: &str) -> Request {
    let place = Place::Path(format!("/api/v2.0/projects/{project}/summary"));
    let subject = format!("quota of {project}");
    Request::new(Method::GET, RequestKind::Quota, place, Scopes::default(), subject)
}

/// Reads the first page of the tags.
pub(crate) fn tags(repository: &str, count: usize) -> Request {
    let place = Place::Path(format!("/v2/{repository}/tags/list?n={count}"));
    Request::new(
        Method::GET,
        RequestKind::Tags,
        place,
        Scopes::pull(repository),
        format!("tags of {repository}"),
    )
}

/// Reads the documents that name a subject.
pub(crate) fn referrers(repository: &str, digest: &Digest) -> Request {
    let place = Place::Path(format!("/v2/{repository}/referrers/{digest}"));
    let subject = format!("referrers of {digest} in {repository}");
    Request::new(Method::GET, RequestKind::Referrers, place, Scopes::pull(repository), subject)
        .header(ACCEPT, media_type::OCI_INDEX)
}

/// The same request for the next page.
pub(crate) fn next_page(request: &Request, url: Url) -> Request {
    Request { place: Place::Url(url), ..request.clone() }
}

/// Returns the tag under which registries without the referrers API keep the referrers of a digest.
///
/// Spec: distribution-spec, "Referrers Tag Schema": algorithm up to 32 characters, `-`, hex up to 64.
pub(crate) fn fallback_tag(digest: &Digest) -> String {
    format!("{}-{}", digest.algorithm(), &digest.hex()[..64])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest() -> Digest {
        Digest::sha256(b"")
    }

    const E3: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn line(request: &Request) -> String {
        let place = match &request.place {
            Place::Path(path) => path.clone(),
            Place::Url(url) => url.to_string(),
        };
        let headers: Vec<String> =
            request.headers.iter().map(|(name, value)| format!(" {name}: {value}")).collect();
        let headers = headers.concat();
        let scopes: Vec<String> = request.scopes.iter().map(ToString::to_string).collect();
        format!("{} {place}{headers} [{}]", request.method, scopes.join(" ")).replace(E3, "D")
    }

    #[test]
    fn requests_by_the_specification() {
        let session = Url::parse("https://r.example/u/1?_state=x%3D").unwrap();
        let types = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
            application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json, \
            application/vnd.oci.artifact.manifest.v1+json, application/vnd.docker.distribution.manifest.v1+prettyjws, \
            application/vnd.docker.distribution.manifest.v1+json";
        let index = MediaType::from(media_type::OCI_INDEX);
        let table = [
            (ping(), "GET /v2/ []".to_owned()),
            (manifest(Method::HEAD, "a/b", "1.0"), format!("HEAD /v2/a/b/manifests/1.0 accept: {types} [repository:a/b:pull]")),
            (manifest(Method::GET, "a/b", E3), format!("GET /v2/a/b/manifests/D accept: {types} [repository:a/b:pull]")),
            (put_manifest("a/b", "1.0", &index), "PUT /v2/a/b/manifests/1.0 content-type: application/vnd.oci.image.index.v1+json [repository:a/b:pull,push]".to_owned()),
            (blob_head("a/b", &digest()), "HEAD /v2/a/b/blobs/D [repository:a/b:pull]".to_owned()),
            (blob("a/b", &digest(), 0), "GET /v2/a/b/blobs/D [repository:a/b:pull]".to_owned()),
            (blob("a/b", &digest(), 7), "GET /v2/a/b/blobs/D range: bytes=7- [repository:a/b:pull]".to_owned()),
            (upload("a/b", &digest()), "POST /v2/a/b/blobs/uploads/ [repository:a/b:pull,push]".to_owned()),
            (mount("a/b", &digest(), "c/d"), "POST /v2/a/b/blobs/uploads/?mount=D&from=c/d [repository:a/b:pull,push repository:c/d:pull]".to_owned()),
            (upload_put("a/b", &digest(), &session), "PUT https://r.example/u/1?_state=x%3D&digest=D content-type: application/octet-stream [repository:a/b:pull,push]".to_owned()),
            (upload_patch("a/b", &digest(), &session, (0, 9)), "PATCH https://r.example/u/1?_state=x%3D content-type: application/octet-stream content-range: 0-9 [repository:a/b:pull,push]".to_owned()),
            (upload_status("a/b", &digest(), &session), "GET https://r.example/u/1?_state=x%3D [repository:a/b:pull,push]".to_owned()),
            (tags("a/b", 1), "GET /v2/a/b/tags/list?n=1 [repository:a/b:pull]".to_owned()),
            (referrers("a/b", &digest()), "GET /v2/a/b/referrers/D accept: application/vnd.oci.image.index.v1+json [repository:a/b:pull]".to_owned()),
        ];
        for (request, want) in table {
            assert_eq!(line(&request), want);
        }
    }

    #[test]
    fn the_fallback_tag_cuts_a_long_digest() {
        assert_eq!(fallback_tag(&digest()), E3.replace(':', "-"));
        let long = Digest::of(sealift_reference::Algorithm::Sha512, b"");
        assert_eq!(fallback_tag(&long), format!("sha512-{}", &long.hex()[..64]));
    }
}
