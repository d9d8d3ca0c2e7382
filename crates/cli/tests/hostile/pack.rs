//! Archives that no honest program writes: the key `tar` of a case, one line for each header.

use std::collections::BTreeMap;
use std::path::Path;

use sealift_archive::gzip;

use crate::case::Packed;

const BLOCK: usize = 512;

#[derive(Default)]
struct Archive {
    tar: Vec<u8>,
    /// Empty members of gzip before the one that holds it.
    members: usize,
}

impl Archive {
    fn finished(&self) -> Vec<u8> {
        let mut tar = self.tar.clone();
        tar.extend([0; 2 * BLOCK]);
        let mut bytes = gzip(b"").repeat(self.members);
        bytes.extend(gzip(&tar));
        bytes
    }
}

/// Builds all archives of a case. Later ones may hold earlier ones.
pub(crate) fn all(lines: &[Packed], home: &Path) {
    let mut archives: BTreeMap<&str, Archive> = BTreeMap::new();
    for Packed { archive, kind, words } in lines {
        let bytes = match kind.as_str() {
            "archive" => {
                let inner = archives.get(words[1].as_str()).expect("an archive of earlier lines");
                entry(b'0', &words[0], &inner.finished())
            }
            "members" => {
                archives.entry(archive).or_default().members = number(&words[0]);
                Vec::new()
            }
            "times" => {
                let tar = &archives.get(archive.as_str()).expect("a header to repeat").tar;
                tar[tar.len() - BLOCK..].repeat(number(&words[0]) - 1)
            }
            kind => made(kind, words),
        };
        archives.entry(archive).or_default().tar.extend(bytes);
    }
    for (name, archive) in archives {
        std::fs::write(home.join(name), archive.finished()).expect("written");
    }
}

fn made(kind: &str, words: &[String]) -> Vec<u8> {
    let records = || words.iter().flat_map(|word| record(word)).collect::<Vec<_>>();
    match kind {
        "device" => entry(b'3', &words[0], b""),
        "end" => vec![0; 2 * BLOCK],
        "fifo" => entry(b'6', &words[0], b""),
        "file" => entry(b'0', &words[0], words[1].as_bytes()),
        "folder" => entry(b'5', &words[0], b""),
        "global" => entry(b'g', "pax_global_header", &records()),
        "hard-link" => header(b'1', &words[0], &words[1], 0).to_vec(),
        "large-pax" => entry(b'x', "PaxHeaders/x", &vec![b'x'; number(&words[0])]),
        "link" => header(b'2', &words[0], &words[1], 0).to_vec(),
        "long-name" => entry(b'L', "././@LongLink", format!("{}\0", words[0]).as_bytes()),
        "pax" => entry(b'x', "PaxHeaders/x", &records()),
        "sparse" => entry(b'S', &words[0], words[1].as_bytes()),
        "zeros" => entry(b'0', &words[0], &vec![0; number(&words[1])]),
        other => panic!("no kind of header: {other}"),
    }
}

fn number(word: &str) -> usize {
    word.parse().expect("a number")
}

fn entry(kind: u8, name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = header(kind, name, "", content.len()).to_vec();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

fn header(kind: u8, name: &str, target: &str, size: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut field = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    field(0, name.as_bytes());
    field(100, b"0000644\0");
    field(108, b"0000000\0");
    field(116, b"0000000\0");
    field(124, format!("{size:011o}\0").as_bytes());
    field(136, b"00000000000\0");
    field(148, b"        ");
    field(156, &[kind]);
    field(157, target.as_bytes());
    field(257, if kind == b'L' { b"ustar  \0" } else { b"ustar\x0000" });
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// `key=value` as pax has it: with its own length before it.
fn record(word: &str) -> Vec<u8> {
    let rest = format!(" {word}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}").into_bytes()
}
