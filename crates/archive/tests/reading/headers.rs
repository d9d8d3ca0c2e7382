//! Headers that readers of tar read differently.

use sealift_archive::{Ambiguity, Key, TarReadError, TarReader};

use crate::raw::{Raw, archive};
use crate::{LIMITS, read};

fn names(raws: Vec<Raw>) -> Result<Vec<String>, TarReadError> {
    let bytes = archive(raws);
    let members = read(TarReader::new(&bytes[..], LIMITS))?;
    Ok(members.into_iter().map(|member| member.0).collect())
}

fn ambiguity(raws: Vec<Raw>) -> Ambiguity {
    match names(raws) {
        Err(TarReadError::Ambiguous { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_name_stands_in_the_header_with_a_prefix_or_in_one_extension() {
    let with_prefix = || Raw::file("b").field(345, b"a");
    assert_eq!(names(vec![with_prefix()]).expect("read"), ["a/b"]);
    assert_eq!(names(vec![Raw::file("b").gnu()]).expect("read"), ["b"]);
    let long = "d/".repeat(60) + "f";
    assert_eq!(names(vec![Raw::long_name(&long), Raw::file("x").gnu()]).expect("read"), [&*long]);
    let pax = Raw::pax(&[("mtime", "1.5"), ("path", &long), ("SCHILY.xattr.a", "b")]);
    assert_eq!(names(vec![pax, with_prefix()]).expect("read"), [&*long]);
}

/// A5: Go takes GNU's name, GNU tar takes the pax one; of two records, some take the first.
#[test]
fn two_names_for_one_entry_are_refused() {
    let pax = || Raw::pax(&[("path", "a")]);
    assert_eq!(ambiguity(vec![pax(), Raw::long_name("b"), Raw::file("x")]), Ambiguity::Extensions);
    assert_eq!(ambiguity(vec![Raw::long_name("b"), pax(), Raw::file("x")]), Ambiguity::Extensions);
    assert_eq!(ambiguity(vec![pax(), pax(), Raw::file("x")]), Ambiguity::Extensions);
    let twice = Raw::pax(&[("path", "a"), ("path", "b")]);
    assert_eq!(ambiguity(vec![twice, Raw::file("x")]), Ambiguity::Refused(Key::Path));
    let empty = Raw::pax(&[("path", "")]);
    assert_eq!(ambiguity(vec![empty, Raw::file("x")]), Ambiguity::Refused(Key::Path));
    let nul = Raw::pax(&[("path", "a\0b")]);
    assert_eq!(ambiguity(vec![nul, Raw::file("x")]), Ambiguity::Nul);
    for name in ["a\0b", "a\0"] {
        assert_eq!(ambiguity(vec![Raw::long_name(name), Raw::file("x")]), Ambiguity::Nul);
    }
}

#[test]
fn a_global_header_holds_a_comment_only() {
    let global = |records: &[u8]| Raw::new(b'g', b"pax_global_header", records);
    let comment = || global(b"19 comment=0123abc\n");
    assert_eq!(names(vec![comment(), Raw::file("a")]).expect("read"), ["a"]);
    let path = global(b"9 path=b\n");
    assert_eq!(ambiguity(vec![path, Raw::file("a")]), Ambiguity::Global(Key::Path));
    let between = vec![Raw::pax(&[("path", "b")]), comment(), Raw::file("a")];
    assert_eq!(ambiguity(between), Ambiguity::Extensions);
}

/// A4: CVE-2025-62518, where the file of another size hides entries.
#[test]
fn a_second_size_is_refused_unless_the_header_has_no_room_for_it() {
    for (size, ustar) in [("1024", 7), ("0", 7), ("8589934592", 7)] {
        let raws = vec![Raw::pax(&[("size", size)]), Raw::file("a")];
        let pax_bytes = size.parse().expect("a number");
        assert_eq!(ambiguity(raws), Ambiguity::Size { ustar_bytes: ustar, pax_bytes });
    }
    assert_eq!(names(vec![Raw::pax(&[("size", "7")]), Raw::file("a")]).expect("read"), ["a"]);
    let limits = sealift_archive::TarLimits { file_bytes: 1 << 40, total_bytes: 1 << 40, ..LIMITS };
    let bytes = archive(vec![Raw::pax(&[("size", "8589934592")]), Raw::new(b'0', b"a", b"")]);
    let mut reader = TarReader::new(&bytes[..], limits);
    let entry = reader.next_entry().expect("read").expect("an entry");
    assert_eq!(entry.size_bytes, 8 << 30);
    assert!(matches!(entry.content(), Err(TarReadError::Broken { .. })));
}

/// A6.
#[test]
fn an_extension_belongs_to_an_entry_and_is_whole() {
    assert_eq!(ambiguity(vec![Raw::file("a"), Raw::pax(&[("path", "b")])]), Ambiguity::Dangling);
    assert_eq!(ambiguity(vec![Raw::long_name("b")]), Ambiguity::Dangling);
    let cut = Raw::pax(&[("path", "b")]).bytes();
    let error = read(TarReader::new(&cut[..600], LIMITS)).expect_err("cut");
    assert_eq!(error.class(), Some("ambiguous"));
    let unterminated = Raw::new(b'x', b"PaxHeaders/x", b"9 path=a");
    assert_eq!(ambiguity(vec![unterminated, Raw::file("a")]), Ambiguity::Records);
    for key in ["GNU.sparse.major", "GNU.sparse.map"] {
        assert_eq!(ambiguity(vec![Raw::pax(&[(key, "1")]), Raw::file("a")]), Ambiguity::Sparse);
    }
    for (key, known) in
        [("linkpath", Key::LinkPath), ("hdrcharset", Key::Charset), ("new", Key::Other)]
    {
        let raws = vec![Raw::pax(&[(key, "x")]), Raw::file("a")];
        assert_eq!(ambiguity(raws), Ambiguity::Refused(known));
    }
}

#[test]
fn nothing_but_zeros_follows_the_end() {
    let mut bytes = archive(vec![Raw::file("a")]);
    bytes.resize(20 * 512, 0);
    assert_eq!(read(TarReader::new(&bytes[..], LIMITS)).expect("read").len(), 1);
    for at in [1024 + 512, 1024 + 1024, 19 * 512 + 511] {
        let mut bytes = bytes.clone();
        bytes[at] = 1;
        let error = read(TarReader::new(&bytes[..], LIMITS)).expect_err("bytes after the end");
        assert_eq!(error.class(), Some("ambiguous"), "{at}");
    }
}

/// A7, and one name for a file and a folder.
#[test]
fn a_name_stands_once() {
    let folder = |name: &str| Raw::new(b'5', name.as_bytes(), b"");
    let duplicates = [
        vec![Raw::file("a/b"), Raw::file("a/b")],
        vec![Raw::file("a/b"), Raw::file("a\\b")],
        vec![folder("a/"), Raw::file("a")],
        vec![Raw::file("a"), folder("a/")],
        vec![Raw::file("a"), Raw::file("a/b")],
        vec![Raw::file("a/b/c"), Raw::file("a/b")],
        vec![Raw::file("a/b"), Raw::file("a/b.c"), Raw::file("a/b/c")],
    ];
    for raws in duplicates {
        assert_eq!(ambiguity(raws), Ambiguity::Duplicate);
    }
    let fine =
        vec![folder("a/"), folder("a"), Raw::file("a/b"), Raw::file("a-b"), Raw::file("a.b")];
    assert_eq!(names(fine).expect("read"), ["a", "a", "a/b", "a-b", "a.b"]);
}

#[test]
fn two_roots_that_hold_one_name_are_refused_once_they_are_stripped() {
    let bytes = archive(vec![Raw::file("a/x"), Raw::file("b/y"), Raw::file("b/x")]);
    let error = read(TarReader::new(&bytes[..], LIMITS).without_root()).expect_err("a duplicate");
    assert!(
        matches!(error, TarReadError::Ambiguous { reason: Ambiguity::Duplicate, entry } if entry == "b/x")
    );
    let bytes = archive(vec![Raw::file("x")]);
    let error = read(TarReader::new(&bytes[..], LIMITS).without_root()).expect_err("no root");
    assert_eq!(error.class(), Some("path"));
    // Helm takes `a/b` for the root.
    let bytes = archive(vec![Raw::file("a/b\\c")]);
    let error =
        read(TarReader::new(&bytes[..], LIMITS).without_root()).expect_err("two separators");
    assert_eq!(error.class(), Some("ambiguous"));
}

/// Found by fuzzing: a reader that looks at the format first takes each for a file.
#[test]
fn an_extension_is_one_only_in_a_header_of_its_format() {
    let v7 = |raw: Raw| raw.field(257, b"\0\0\0\0\0\0\0\0");
    let refused = [
        v7(Raw::long_name("b")),
        Raw::long_name("b").field(257, b"ustar\x0000"),
        v7(Raw::pax(&[("path", "b")])),
        v7(Raw::new(b'g', b"pax_global_header", b"14 comment=ab\n")),
    ];
    for raw in refused {
        assert_eq!(ambiguity(vec![raw, Raw::file("a")]), Ambiguity::Type);
    }
}

#[test]
fn a_header_has_bytes_only_where_its_format_has_them() {
    let refused = [
        (Raw::file("a").field(508, b"tar\0"), Ambiguity::Header),
        (Raw::file("a").gnu().field(400, b"x"), Ambiguity::Header),
        (Raw::file("a").gnu().field(345, b"prefix"), Ambiguity::Number),
        (Raw::file("a").field(257, b"\0\0\0\0\0\0\0\0").field(345, b"prefix"), Ambiguity::Header),
        (Raw::file("a").field(257, b"ustar\0\0\0"), Ambiguity::Header),
        (Raw::file("a").field(124, b"0000000000x\0"), Ambiguity::Number),
        (Raw::file("a").field(124, b"07\x000000000"), Ambiguity::Number),
        (Raw::file("a").field(124, &[0xff; 12]), Ambiguity::Number),
        (Raw::file("a").field(124, b"           \0"), Ambiguity::Number),
        (Raw::file("a").field(124, &[0; 12]), Ambiguity::Number),
        (Raw::file("a").field(108, b"x"), Ambiguity::Number),
        (Raw::file("a").field(100, b"0040644\0"), Ambiguity::Mode),
        (Raw::new(b'5', b"a/", b"").field(100, b"0100755\0"), Ambiguity::Mode),
        (Raw::new(b'5', b"a/", b"content"), Ambiguity::DirectorySize),
        (Raw::new(b'S', b"a", b"content").gnu(), Ambiguity::Sparse),
    ];
    for (raw, want) in refused {
        assert_eq!(ambiguity(vec![raw]), want);
    }
    assert_eq!(names(vec![Raw::file("a").field(100, b"0100644\0")]).expect("read"), ["a"]);
}

/// A1, A2, A3.
#[test]
fn only_files_and_folders_with_harmless_names_are_read() {
    for (kind, class) in [
        (b'1', "link"),
        (b'2', "link"),
        (b'K', "link"),
        (b'3', "type"),
        (b'4', "type"),
        (b'6', "type"),
        (b'7', "type"),
        (b'M', "type"),
        (b'V', "type"),
    ] {
        let error = names(vec![Raw::new(kind, b"a", b"")]).expect_err("refused");
        assert_eq!(error.class(), Some(class), "{}: {error}", char::from(kind));
    }
    let long = "x".repeat(256);
    for name in [
        "../x",
        "/x",
        "a/../../x",
        "..\\x",
        "c:/x",
        "a//x",
        ".",
        "./x",
        "a\u{1b}b",
        "",
        "a/",
        &long,
    ] {
        let raws = vec![Raw::pax(&[("mtime", "1")]), Raw::file("x")];
        assert!(names(raws).is_ok());
        let raws = if name.len() <= 100 {
            vec![Raw::file(name)]
        } else {
            vec![Raw::long_name(name), Raw::file("x")]
        };
        let error = names(raws).expect_err(name);
        assert_eq!(error.class(), Some("path"), "{name:?}: {error}");
    }
}

#[test]
fn bytes_that_are_no_archive_are_said_to_be_none() {
    for bytes in [&b"no tar"[..], &[b'x'; 512], &Raw::file("a").bytes()[..520]] {
        let error = read(TarReader::new(bytes, LIMITS)).expect_err("no archive");
        assert_eq!(error.class(), Some("type"), "{error}");
    }
    let mut bytes = archive(vec![Raw::file("a")]);
    bytes[0] = b'b';
    assert!(matches!(
        read(TarReader::new(&bytes[..], LIMITS)),
        Err(TarReadError::Broken { reason: "wrong checksum", offset_bytes: 0 })
    ));
}
