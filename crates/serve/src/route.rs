//! What a method and a path ask for: pure, and the only place that knows the paths of the protocol.
//!
//! Spec: <https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints>

use http::Method;
use percent_encoding::percent_decode_str;
use sealift_reference::{Digest, Repository, Tag};

use crate::Access;

/// The path of a repository on this server. Its grammar leaves no room for `..`, an absolute path, or our own `_tags`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(String);

impl Name {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // The host only fills a place: a path is the same on every host but docker.io.
        Repository::new("localhost", text).ok().map(|repository| Self(repository.path().to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a manifest is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pointer {
    Digest(Digest),
    Tag(Tag),
}

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    Blob(Name, Digest),
    Catalog,
    Manifest(Name, Pointer),
    Ping,
    Referrers(Name, Digest),
    Root,
    Tags(Name),
}

/// What is written. A server that is read-only never sees one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    Cancel(Name, String),
    DeleteBlob(Name, Digest),
    DeleteManifest(Name, Pointer),
    Finish(Name, String),
    Patch(Name, String),
    PutManifest(Name, Pointer),
    Start(Name),
    Status(Name, String),
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Read(Read),
    Write(Write),
}

/// Why a request asks for nothing that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    Digest(String),
    Method,
    Name(String),
    NotFound,
    Tag(String),
}

impl Route {
    pub(crate) fn parse(access: Access, method: &Method, path: &str) -> Result<Self, Miss> {
        let path = percent_decode_str(path).decode_utf8().map_err(|_| Miss::NotFound)?;
        let place = Place::parse(&path)?;
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let routes = match access {
            Access::ReadOnly => place.read(reads),
            Access::Writable => place.clone().read(reads).or_else(|| place.write(method)),
        };
        routes.ok_or(Miss::Method)
    }
}

/// Where something is, whatever is done there.
#[derive(Clone, Debug)]
enum Place {
    Blob(Name, Digest),
    Catalog,
    Manifest(Name, Pointer),
    Ping,
    Referrers(Name, Digest),
    Root,
    Session(Name, String),
    Tags(Name),
    Uploads(Name),
}

impl Place {
    fn parse(path: &str) -> Result<Self, Miss> {
        match path {
            "/" => return Ok(Self::Root),
            "/v2" | "/v2/" => return Ok(Self::Ping),
            "/v2/_catalog" => return Ok(Self::Catalog),
            _ => {}
        }
        let parts: Vec<&str> =
            path.strip_prefix("/v2/").ok_or(Miss::NotFound)?.split('/').collect();
        // From the right: a repository may well be called `a/blobs/uploads`.
        match parts.as_slice() {
            [name @ .., "blobs", "uploads"] | [name @ .., "blobs", "uploads", ""] => {
                Ok(Self::Uploads(name_of(name)?))
            }
            [name @ .., "blobs", "uploads", id] => {
                Ok(Self::Session(name_of(name)?, (*id).to_owned()))
            }
            [name @ .., "blobs", digest] => Ok(Self::Blob(name_of(name)?, digest_of(digest)?)),
            [name @ .., "manifests", pointer] => {
                Ok(Self::Manifest(name_of(name)?, pointer_of(pointer)?))
            }
            [name @ .., "referrers", digest] => {
                Ok(Self::Referrers(name_of(name)?, digest_of(digest)?))
            }
            [name @ .., "tags", "list"] => Ok(Self::Tags(name_of(name)?)),
            _ => Err(Miss::NotFound),
        }
    }

    fn read(self, reads: bool) -> Option<Route> {
        let read = match self {
            _ if !reads => return None,
            Self::Blob(name, digest) => Read::Blob(name, digest),
            Self::Catalog => Read::Catalog,
            Self::Manifest(name, pointer) => Read::Manifest(name, pointer),
            Self::Ping => Read::Ping,
            Self::Referrers(name, digest) => Read::Referrers(name, digest),
            Self::Root => Read::Root,
            Self::Tags(name) => Read::Tags(name),
            Self::Session(..) | Self::Uploads(_) => return None,
        };
        Some(Route::Read(read))
    }

    fn write(self, method: &Method) -> Option<Route> {
        let write = match (self, method) {
            (Self::Blob(name, digest), &Method::DELETE) => Write::DeleteBlob(name, digest),
            (Self::Manifest(name, pointer), &Method::DELETE) => {
                Write::DeleteManifest(name, pointer)
            }
            (Self::Manifest(name, pointer), &Method::PUT) => Write::PutManifest(name, pointer),
            (Self::Session(name, id), &Method::DELETE) => Write::Cancel(name, id),
            (Self::Session(name, id), &(Method::GET | Method::HEAD)) => Write::Status(name, id),
            (Self::Session(name, id), &Method::PATCH) => Write::Patch(name, id),
            (Self::Session(name, id), &Method::PUT) => Write::Finish(name, id),
            (Self::Uploads(name), &Method::POST) => Write::Start(name),
            _ => return None,
        };
        Some(Route::Write(write))
    }
}

fn name_of(parts: &[&str]) -> Result<Name, Miss> {
    let text = parts.join("/");
    Name::parse(&text).ok_or(Miss::Name(text))
}

fn digest_of(text: &str) -> Result<Digest, Miss> {
    text.parse().map_err(|_| Miss::Digest(text.to_owned()))
}

fn pointer_of(text: &str) -> Result<Pointer, Miss> {
    if text.contains(':') {
        return digest_of(text).map(Pointer::Digest);
    }
    text.parse().map(Pointer::Tag).map_err(|_| Miss::Tag(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const D: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const METHODS: [&str; 10] =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "MKCOL"];

    fn parse(access: Access, method: &str, path: &str) -> Result<Route, Miss> {
        Route::parse(access, &method.parse().unwrap(), path)
    }

    fn places() -> [String; 11] {
        [
            "/".into(),
            "/v2".into(),
            "/v2/".into(),
            "/v2/_catalog".into(),
            "/v2/a/b/tags/list".into(),
            format!("/v2/a/blobs/{D}"),
            "/v2/a/blobs/uploads/".into(),
            "/v2/a/blobs/uploads/x".into(),
            "/v2/a/manifests/latest".into(),
            format!("/v2/a/manifests/{D}"),
            format!("/v2/a/referrers/{D}"),
        ]
    }

    #[test]
    fn every_method_and_place_has_the_route_of_the_protocol() {
        let name = || Name::parse("a/b").unwrap();
        let digest = || D.parse::<Digest>().unwrap();
        let tag = || Pointer::Tag("v1".parse().unwrap());
        let table = [
            ("GET", "/".to_owned(), Route::Read(Read::Root)),
            ("HEAD", "/v2/".to_owned(), Route::Read(Read::Ping)),
            ("GET", "/v2/_catalog".to_owned(), Route::Read(Read::Catalog)),
            ("GET", "/v2/a/b/tags/list".to_owned(), Route::Read(Read::Tags(name()))),
            ("GET", format!("/v2/a/b/blobs/{D}"), Route::Read(Read::Blob(name(), digest()))),
            (
                "GET",
                format!("/v2/a/b/blobs/{}", D.replace(':', "%3A")),
                Route::Read(Read::Blob(name(), digest())),
            ),
            ("HEAD", "/v2/a/b/manifests/v1".to_owned(), Route::Read(Read::Manifest(name(), tag()))),
            (
                "GET",
                format!("/v2/a/b/manifests/{D}"),
                Route::Read(Read::Manifest(name(), Pointer::Digest(digest()))),
            ),
            (
                "GET",
                format!("/v2/a/b/referrers/{D}"),
                Route::Read(Read::Referrers(name(), digest())),
            ),
            ("POST", "/v2/a/b/blobs/uploads/".to_owned(), Route::Write(Write::Start(name()))),
            ("POST", "/v2/a/b/blobs/uploads".to_owned(), Route::Write(Write::Start(name()))),
            (
                "GET",
                "/v2/a/b/blobs/uploads/1".to_owned(),
                Route::Write(Write::Status(name(), "1".into())),
            ),
            (
                "PATCH",
                "/v2/a/b/blobs/uploads/1".to_owned(),
                Route::Write(Write::Patch(name(), "1".into())),
            ),
            (
                "PUT",
                "/v2/a/b/blobs/uploads/1".to_owned(),
                Route::Write(Write::Finish(name(), "1".into())),
            ),
            (
                "DELETE",
                "/v2/a/b/blobs/uploads/1".to_owned(),
                Route::Write(Write::Cancel(name(), "1".into())),
            ),
            (
                "PUT",
                "/v2/a/b/manifests/v1".to_owned(),
                Route::Write(Write::PutManifest(name(), tag())),
            ),
            (
                "DELETE",
                "/v2/a/b/manifests/v1".to_owned(),
                Route::Write(Write::DeleteManifest(name(), tag())),
            ),
            (
                "DELETE",
                format!("/v2/a/b/blobs/{D}"),
                Route::Write(Write::DeleteBlob(name(), digest())),
            ),
            (
                "GET",
                "/v2/a/blobs/uploads/tags/list".to_owned(),
                Route::Read(Read::Tags(Name::parse("a/blobs/uploads").unwrap())),
            ),
        ];
        for (method, path, want) in table {
            assert_eq!(parse(Access::Writable, method, &path), Ok(want), "{method} {path}");
        }
    }

    #[test]
    fn a_read_only_server_has_no_route_for_any_other_method() {
        for place in places() {
            for method in METHODS {
                let route = parse(Access::ReadOnly, method, &place);
                let uploads = place.contains("uploads");
                if matches!(method, "GET" | "HEAD") && !uploads {
                    assert!(matches!(route, Ok(Route::Read(_))), "{method} {place}");
                } else {
                    assert_eq!(route, Err(Miss::Method), "{method} {place}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_place_is_told_apart() {
        let long = "x".repeat(300);
        for (path, want) in [
            ("/v1/", Miss::NotFound),
            ("/v2/a", Miss::NotFound),
            ("/v2/a/tags", Miss::NotFound),
            ("/v2/a/%ff/tags/list", Miss::NotFound),
            ("/v2/../x/tags/list", Miss::Name("../x".into())),
            ("/v2/%2e%2e/x/tags/list", Miss::Name("../x".into())),
            ("/v2/a%2f..%2fb/tags/list", Miss::Name("a/../b".into())),
            ("/v2//tags/list", Miss::Name(String::new())),
            ("/v2/tags/list", Miss::Name(String::new())),
            ("/v2/A/tags/list", Miss::Name("A".into())),
            ("/v2/_tags/tags/list", Miss::Name("_tags".into())),
            ("/v2/a/blobs/sha256:ab", Miss::Digest("sha256:ab".into())),
            ("/v2/a/blobs/sha256:..%2f..", Miss::NotFound),
            (
                "/v2/a/blobs/md5:d41d8cd98f00b204e9800998ecf8427e",
                Miss::Digest("md5:d41d8cd98f00b204e9800998ecf8427e".into()),
            ),
            ("/v2/a/manifests/sha256:x", Miss::Digest("sha256:x".into())),
            ("/v2/a/manifests/.x", Miss::Tag(".x".into())),
            ("/v2/a/manifests/..", Miss::Tag("..".into())),
        ] {
            assert_eq!(parse(Access::Writable, "GET", path), Err(want), "{path}");
        }
        assert!(matches!(
            parse(Access::Writable, "GET", &format!("/v2/{long}/tags/list")),
            Err(Miss::Name(_))
        ));
    }
}
