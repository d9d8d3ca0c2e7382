//! Limits, and one more than each.

use std::io::{self, Read};

use sealift_archive::{Gunzip, GzipLimits, TarLimits, TarReadError, TarReader, gzip};

use crate::raw::{Raw, archive};
use crate::{LIMITS, read};

#[test]
fn a_limit_itself_is_allowed_and_one_more_is_not() {
    let bytes = archive(vec![Raw::file("a"), Raw::file("b")]);
    let limits = TarLimits { entries: 2, file_bytes: 7, total_bytes: 14 };
    assert_eq!(read(TarReader::new(&bytes[..], limits)).expect("read").len(), 2);
    for (limits, text) in [
        (TarLimits { entries: 1, ..limits }, "archive of more than 1 entries: entry \"b\""),
        (TarLimits { file_bytes: 6, ..limits }, "file of more than 6 bytes: entry \"a\""),
        (TarLimits { total_bytes: 13, ..limits }, "archive of more than 13 bytes: entry \"b\""),
    ] {
        let error = read(TarReader::new(&bytes[..], limits)).expect_err("a limit");
        assert_eq!((error.to_string().as_str(), error.class()), (text, Some("limit")));
    }
}

#[test]
fn an_extension_of_two_mebibytes_is_refused_before_it_is_read() {
    let longest = "x".repeat((64 << 10) - "65536 comment=\n".len());
    let raws = vec![Raw::pax(&[("comment", &longest)]), Raw::file("a")];
    assert_eq!(read(TarReader::new(&archive(raws)[..], LIMITS)).expect("read").len(), 1);
    let header = Raw::new(b'x', b"PaxHeaders/x", b"").field(124, b"00010000000\0").bytes();
    let mut input = header.chain(io::repeat(b'x'));
    let error = read(TarReader::new(&mut input, LIMITS)).expect_err("a limit");
    assert_eq!(error.class(), Some("limit"));
}

/// A9.
#[test]
fn a_million_entries_end_at_the_limit() {
    let one = Raw::new(b'5', b"d/", b"").bytes();
    let million = one.iter().copied().cycle().take(one.len() * 1_000_000);
    let error = read(TarReader::new(Bytes(million), LIMITS)).expect_err("a limit");
    assert!(matches!(error, TarReadError::Limit { limit: 10_000, unit: "entries", .. }), "{error}");
}

#[test]
fn global_headers_count_as_entries() {
    let raws = (0..3).map(|_| Raw::new(b'g', b"pax_global_header", b"")).collect();
    let limits = TarLimits { entries: 2, ..LIMITS };
    let error = read(TarReader::new(&archive(raws)[..], limits)).expect_err("a limit");
    assert_eq!(error.class(), Some("limit"));
}

#[test]
fn a_bomb_inside_gzip_is_a_limit_too() {
    let packed = gzip(&archive(vec![Raw::new(b'0', b"a", &vec![0; 15 << 20])]));
    let input = Gunzip::new(&packed[..], GzipLimits::output(100 << 20));
    let error = read(TarReader::new(input, LIMITS)).expect_err("a bomb");
    assert_eq!(error.class(), Some("limit"), "{error}");
    let input = Gunzip::new(&packed[..100], GzipLimits::output(100 << 20));
    let error = read(TarReader::new(input, LIMITS)).expect_err("cut");
    assert!(matches!(error, TarReadError::Read(_)) && error.class().is_none(), "{error}");
}

/// Bytes of an iterator.
struct Bytes<I>(I);

impl<I: Iterator<Item = u8>> Read for Bytes<I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = 0;
        for (to, from) in buffer.iter_mut().zip(&mut self.0) {
            *to = from;
            read += 1;
        }
        Ok(read)
    }
}
