//! Answers that were packed for the way, or say so.

use bytes::Bytes;
use sealift_archive::{GzipError, GzipLimits, gunzip_bounded};
use sealift_reference::Digest;
use sealift_registry::Downloaded;

use crate::{Error, Limits};

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Unpacks what a server packed although nobody asked for it. `limit` is the name of the limit of the bytes, where that can be
/// set.
pub(crate) fn decode(
    found: Downloaded,
    what: &str,
    limits: GzipLimits,
    limit: Option<&'static str>,
) -> Result<Bytes, Error> {
    if !says_gzip(&found, what)? || !found.bytes.starts_with(&GZIP_MAGIC) {
        return Ok(found.bytes);
    }
    gunzip(&found.bytes, what, limits, limit)
}

/// Unpacks an index.
pub(crate) fn decode_index(found: Downloaded, what: &str, limits: &Limits) -> Result<Bytes, Error> {
    decode(found, what, limits.packed_index(), Some("repository-index-bytes"))
}

/// Unpacks an archive that a server packed once more. Many servers say `gzip` of the archive itself, which then is what was
/// asked for: its digest decides, and without one whether there are two layers.
pub(crate) fn decode_package(
    found: Downloaded,
    digest: Option<&Digest>,
    what: &str,
    limits: &Limits,
) -> Result<Bytes, Error> {
    let is_it = |bytes: &[u8]| digest.is_some_and(|digest| Digest::sha256(bytes) == *digest);
    if !says_gzip(&found, what)? || !found.bytes.starts_with(&GZIP_MAGIC) || is_it(&found.bytes) {
        return Ok(found.bytes);
    }
    let inner = gunzip(&found.bytes, what, limits.packed_package(), Some("chart-bytes"))?;
    let unpacked = match digest {
        Some(_) => is_it(&inner),
        None => inner.starts_with(&GZIP_MAGIC),
    };
    Ok(if unpacked { inner } else { found.bytes })
}

fn says_gzip(found: &Downloaded, what: &str) -> Result<bool, Error> {
    match found.encoding.as_deref().map(str::trim) {
        None | Some("" | "identity") => Ok(false),
        Some("gzip" | "x-gzip") => Ok(true),
        Some(encoding) => Err(Error::Encoding {
            what: what.to_owned(),
            encoding: encoding.escape_debug().to_string(),
        }),
    }
}

fn gunzip(
    bytes: &[u8],
    what: &str,
    limits: GzipLimits,
    limit: Option<&'static str>,
) -> Result<Bytes, Error> {
    let unpacked = gunzip_bounded(bytes, limits);
    unpacked.map(Bytes::from).map_err(|source| {
        let is_ratio = matches!(source, GzipError::Ratio { .. });
        let limit = limit.map(|bytes| if is_ratio { "chart-ratio" } else { bytes });
        Error::Gzip { what: what.to_owned(), source, limit }
    })
}

#[cfg(test)]
mod tests {
    use sealift_archive::gzip;

    use super::*;

    fn at_most(bytes: u32) -> Limits {
        let mut limits = Limits { index_bytes: bytes as usize, ..Limits::default() };
        limits.chart.total_bytes = bytes.into();
        limits
    }

    fn found(bytes: &[u8], encoding: Option<&str>) -> Downloaded {
        let bytes = Bytes::copy_from_slice(bytes);
        Downloaded { bytes, encoding: encoding.map(str::to_owned), etag: None }
    }

    #[test]
    fn an_index_is_unpacked_when_it_is_said_to_be_packed_and_is() {
        let packed = gzip(b"a: 1");
        for (bytes, encoding) in [
            (&packed[..], Some("gzip")),
            (b"a: 1", Some("gzip")),
            (b"a: 1", Some("identity")),
            (b"a: 1", None),
        ] {
            let index = decode_index(found(bytes, encoding), "x", &at_most(4)).expect("read");
            assert_eq!(&index[..], b"a: 1");
        }
        let error =
            decode_index(found(&packed, Some("gzip")), "x", &at_most(3)).expect_err("a limit");
        assert_eq!(error.class(), Some("limit"));
        assert_eq!(error.limit(), Some("repository-index-bytes"));
        let error =
            decode_index(found(b"a: 1", Some("br")), "x", &at_most(9)).expect_err("refused");
        assert_eq!(error.to_string(), "x came encoded as `br`, which nobody asked for");
    }

    #[test]
    fn of_two_layers_of_gzip_the_inner_one_is_the_archive() {
        let archive = gzip(b"tar");
        let twice = gzip(&archive);
        let digest = Digest::sha256(&archive);
        for digest in [None, Some(&digest)] {
            for (bytes, encoding) in
                [(&archive, None), (&archive, Some("gzip")), (&twice, Some("gzip"))]
            {
                let bytes = decode_package(found(bytes, encoding), digest, "x", &at_most(99))
                    .expect("read");
                assert_eq!(bytes, archive);
            }
        }
        // What nobody calls packed is not touched.
        let bytes = decode_package(found(&twice, None), None, "x", &at_most(99)).expect("read");
        assert_eq!(bytes, twice);
    }
}
