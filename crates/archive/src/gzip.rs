//! Gzip with a bound on what comes out, and deterministic gzip.

use std::io::{self, BufRead, Read, Write};

use flate2::bufread::MultiGzDecoder;
use flate2::{Compression, GzBuilder};

use crate::limits::{RATIO, RATIO_FREE_BYTES};

const PIECE_BYTES: usize = 64 << 10;

/// How much may come out of a gzip stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GzipLimits {
    /// Bytes in all members together.
    pub output_bytes: u64,
    /// Output bytes for each input byte, once more than `ratio_free_bytes` came out.
    pub ratio: u64,
    /// Output up to which no ratio is asked.
    pub ratio_free_bytes: u64,
}

impl GzipLimits {
    /// The usual ratio (200:1 after 10 MiB) with a bound on the output.
    #[must_use]
    pub fn output(output_bytes: u64) -> Self {
        Self { output_bytes, ratio: RATIO, ratio_free_bytes: RATIO_FREE_BYTES }
    }

    /// Returns how many bytes may come out of so many.
    fn most_bytes(&self, input_bytes: u64) -> u64 {
        self.output_bytes.min(self.ratio_free_bytes.max(input_bytes.saturating_mul(self.ratio)))
    }
}

/// Why a gzip stream was not unpacked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GzipError {
    /// Not gzip, cut short, or with a wrong check sum.
    #[error("not valid gzip")]
    Invalid(#[source] io::Error),
    /// More came out than may.
    #[error("gzip unpacks to more than {limit_bytes} bytes")]
    Output {
        /// The bound.
        limit_bytes: u64,
    },
    /// So much came out of so little that it can only be a bomb.
    #[error("gzip unpacks to {output_bytes} bytes from {input_bytes}, more than {limit} to 1")]
    Ratio {
        /// Bytes read so far.
        input_bytes: u64,
        /// Bytes unpacked so far.
        output_bytes: u64,
        /// The bound.
        limit: u64,
    },
}

impl GzipError {
    /// Returns whether a bound was reached, rather than the bytes being wrong.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        !matches!(self, Self::Invalid(_))
    }

    /// Takes the error of a [`Gunzip`] for what it is.
    fn of(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::Invalid)
    }
}

/// Unpacks a whole gzip stream, all of its members. Bytes are counted before they are stored.
///
/// # Errors
///
/// [`GzipError::Invalid`] when it is no gzip, else the bound that was reached.
pub fn gunzip_bounded(input: &[u8], limits: GzipLimits) -> Result<Vec<u8>, GzipError> {
    let mut out = vec![0; promised_bytes(input, limits)];
    let mut gunzip = Gunzip::new(input, limits);
    let mut filled = 0;
    while filled < out.len() {
        match gunzip.read(&mut out[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) => return Err(GzipError::of(error)),
        }
    }
    out.truncate(filled);
    gunzip.read_to_end(&mut out).map_err(GzipError::of)?;
    Ok(out)
}

/// Returns how many bytes the last member says that it holds (RFC 1952, section 2.3.1), if so many may come out of this input: only
/// an estimate, for which memory is set aside.
fn promised_bytes(input: &[u8], limits: GzipLimits) -> usize {
    let promised = input.last_chunk().map_or(0, |last| u64::from(u32::from_le_bytes(*last)));
    let most = limits.most_bytes(input.len() as u64);
    usize::try_from(promised.min(most)).unwrap_or(0)
}

/// A reader of the unpacked bytes that fails at a bound. The inner error of that [`io::Error`] is a [`GzipError`].
#[derive(Debug)]
pub struct Gunzip<R> {
    inner: MultiGzDecoder<Counted<R>>,
    limits: GzipLimits,
    output_bytes: u64,
}

impl<R: BufRead> Gunzip<R> {
    /// Starts to unpack; nothing is read yet.
    pub fn new(input: R, limits: GzipLimits) -> Self {
        Self {
            inner: MultiGzDecoder::new(Counted { inner: input, bytes: 0 }),
            limits,
            output_bytes: 0,
        }
    }

    /// Returns how much may be unpacked at once: up to a bound, or a small piece, so that little is unpacked beyond it.
    fn piece_bytes(&self) -> usize {
        let most = self.limits.most_bytes(self.inner.get_ref().bytes);
        let left = most.saturating_sub(self.output_bytes);
        usize::try_from(left).unwrap_or(usize::MAX).max(PIECE_BYTES)
    }

    fn check(&self) -> Result<(), GzipError> {
        let GzipLimits { output_bytes: limit_bytes, ratio, ratio_free_bytes } = self.limits;
        let (input_bytes, output_bytes) = (self.inner.get_ref().bytes, self.output_bytes);
        if output_bytes > limit_bytes {
            return Err(GzipError::Output { limit_bytes });
        }
        if output_bytes > ratio_free_bytes && output_bytes > input_bytes.saturating_mul(ratio) {
            return Err(GzipError::Ratio { input_bytes, output_bytes, limit: ratio });
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = buffer.len().min(self.piece_bytes());
        let read = self.inner.read(&mut buffer[..piece])?;
        self.output_bytes += read as u64;
        self.check().map_err(io::Error::other)?;
        Ok(read)
    }
}

#[derive(Debug)]
struct Counted<R> {
    inner: R,
    bytes: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.bytes += amount as u64;
        self.inner.consume(amount);
    }
}

/// Packs bytes with gzip at level 6: no time, no name, an unknown system, so that the same bytes come out everywhere.
#[must_use]
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out =
        GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::new(6));
    out.write_all(content).and_then(|()| out.finish()).expect("a vector takes every byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_and_unpacking_is_the_identity_and_the_same_bytes_each_time() {
        let content = b"name: x\n".repeat(1000);
        let packed = gzip(&content);
        assert_eq!(packed, gzip(&content));
        assert_eq!(packed[4..10], [0, 0, 0, 0, 0, 255], "no time, no level hint, unknown system");
        assert_eq!(gunzip_bounded(&packed[..], GzipLimits::output(8000)).expect("gzip"), content);
    }

    #[test]
    fn one_byte_more_than_the_limit_is_refused() {
        let packed = gzip(&[7; 1001]);
        let error = gunzip_bounded(&packed[..], GzipLimits::output(1000)).expect_err("a limit");
        assert!(matches!(error, GzipError::Output { limit_bytes: 1000 }) && error.is_limit());
        assert_eq!(
            gunzip_bounded(&packed[..], GzipLimits::output(1001)).expect("gzip").len(),
            1001
        );
    }

    /// Helm CVE-2025-32386: 0.5 MiB that unpacks to 512 MiB.
    #[test]
    fn a_bomb_is_refused_by_its_ratio() {
        let packed = gzip(&vec![0; 64 << 20]);
        let error = gunzip_bounded(&packed[..], GzipLimits::output(1 << 40)).expect_err("a limit");
        assert!(
            matches!(error, GzipError::Ratio { output_bytes, .. } if output_bytes <= (10 << 20) + (64 << 10)),
            "{error}"
        );
    }

    /// CVE-2022-30631.
    #[test]
    fn a_million_empty_members_end_without_a_deep_stack() {
        let packed = gzip(b"").repeat(1_000_000);
        assert_eq!(gunzip_bounded(&packed[..], GzipLimits::output(10)).expect("gzip"), b"");
    }

    #[test]
    fn bytes_that_are_cut_or_changed_are_invalid() {
        let packed = gzip(b"some content");
        assert!(matches!(
            gunzip_bounded(&packed[..packed.len() - 1], GzipLimits::output(99)),
            Err(GzipError::Invalid(_))
        ));
        let mut wrong = packed.clone();
        let last = wrong.len() - 5;
        wrong[last] ^= 1;
        assert!(matches!(
            gunzip_bounded(&wrong[..], GzipLimits::output(99)),
            Err(GzipError::Invalid(_))
        ));
        assert!(matches!(
            gunzip_bounded(&b"plain"[..], GzipLimits::output(99)),
            Err(GzipError::Invalid(_))
        ));
    }
}
