//! No text makes it panic: templates of the cases, changed at random from a seed.

mod host;
use std::path::Path;

use sealift_gotemplate::{Budget, Limits, Output, Str, Templates};

/// A small generator of numbers; the same seed gives the same ones.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % end.max(1)
    }
}

const PIECES: [&[u8]; 24] = [
    b"{{",
    b"}}",
    b"{{-",
    b" -}}",
    b"(",
    b")",
    b"|",
    b"$x",
    b":=",
    b".",
    b"\"",
    b"`",
    b"'",
    b"\\",
    b"\xff",
    "é".as_bytes(),
    b"%[3]*.*d",
    b"1e400",
    b"0x1p-9999",
    b"{{end}}",
    b"{{else}}",
    b"{{range $i, $x := .any}}",
    b"/*",
    b"\n",
];

fn mutate(text: &mut Vec<u8>, others: &[Vec<u8>], random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(text.len() + 1);
        match random.below(4) {
            0 => {
                let end = (at + 1 + random.below(6)).min(text.len());
                text.drain(at.min(end)..end);
            }
            1 => {
                let piece = PIECES[random.below(PIECES.len())];
                text.splice(at..at, piece.iter().copied());
            }
            2 => {
                let other = &others[random.below(others.len())];
                let from = random.below(other.len());
                let end = (from + random.below(24)).min(other.len());
                text.splice(at..at, other[from..end].iter().copied());
            }
            _ => {
                if let Some(byte) = text.get_mut(at) {
                    *byte = u8::try_from(random.below(256)).unwrap_or(0);
                }
            }
        }
    }
}

#[test]
fn a_changed_template_gives_output_or_an_error() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut texts: Vec<Vec<u8>> = Vec::new();
    for case in fs_err::read_dir(cases).unwrap() {
        texts.push(fs_err::read(case.unwrap().path().join("in")).unwrap());
    }
    texts.sort();
    assert!(!texts.is_empty());
    let limits = Limits {
        steps: 5_000,
        nesting: 200,
        string_bytes: 1 << 20,
        output_bytes: 1 << 20,
        ..Limits::default()
    };
    let (data, functions) = (host::data(), host::functions());
    let mut random = Random(20_261_125);
    let mut executed = 0;
    for _ in 0..6_000 {
        let mut text = texts[random.below(texts.len())].clone();
        mutate(&mut text, &texts, &mut random);
        let mut templates = Templates::new(functions.clone()).limits(limits);
        if let Err(error) = templates.parse("t", Str::from(text)) {
            assert!(error.to_string().starts_with("template: t"), "{error}");
            continue;
        }
        executed += 1;
        let mut output = Output::new();
        let done = templates.execute("t", &data, &Budget::new(limits), &mut output);
        if let Err(error) = done {
            assert!(error.to_string().starts_with("template: t"), "{error}");
        }
    }
    assert!(executed > 500, "only {executed} could be parsed");
}
