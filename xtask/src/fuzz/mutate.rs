//! Small damage to known inputs.

use std::ops::Range;

use crate::noise::Noise;

/// Bytes and words that parsers stumble over.
const TOKENS: [&[u8]; 40] = [
    b"",
    b"\0",
    b"\n",
    b"\r\n",
    b"\t",
    b" ",
    b"  ",
    b":",
    b": ",
    b"::",
    b"/",
    b"//",
    b"../",
    b"\\",
    b"@",
    b"@sha256:",
    b"-",
    b"- ",
    b"---\n",
    b"...\n",
    b"[",
    b"]",
    b"{",
    b"}",
    b"\"",
    b"'",
    b",",
    b"&a ",
    b"*a",
    b"<<: ",
    b"!!int ",
    b"|\n",
    b">-\n",
    b"#",
    b"%",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xc5\xbf",
    b"9223372036854775808",
    b"1e999999999",
];

/// Words of charts with values.
const OF_CHARTS: &[&str] = &[
    "\n== args\n",
    "\n== values.yaml\n",
    "\n== user/v.yaml\n",
    "\n== charts/a/values.yaml\n",
    "global: ",
    "tags: ",
    "condition: ",
    "alias: ",
    "import-values: ",
    "exports: ",
    "null",
    "--set\n",
    "--set-json\n",
    "{a: {b: 1}}",
    "enabled: false",
];

/// Words of schemas.
const OF_SCHEMAS: &[&str] = &[
    r##"{"$ref": "#"}"##,
    r#""$ref": "#,
    r##""#/definitions/a""##,
    r#""not": "#,
    r#""$id": "#,
    r#""pattern": "^a*$""#,
    r#""format": "uri""#,
    "1e400",
    "0.1",
    "true",
    "false",
    r"\u0000",
    "\n== values\n",
];

/// Words of the `--set` family.
const OF_ARGUMENTS: &[&str] = &[
    "\n--set\n",
    "\n--set-json\n",
    "\n--set-string\n",
    "\n--set-file\n",
    "\n--set-literal\n",
    "=",
    ".",
    ",",
    "[0]",
    "[65536]",
    "[-1]",
    "{",
    "}",
    "{}",
    "\\,",
    "\\",
    "null",
    "true",
    "0",
    "a=",
    "a.b=",
    "a[0].b=",
    "[0][0]",
];

/// Words of what servers of git say.
const OF_REFERENCES: &[&str] = &[
    "0000",
    "0004",
    "0003",
    "ffff",
    "0032",
    "001e# service=git-upload-pack\n",
    "refs/heads/main\n",
    "refs/tags/v1^{}\n",
    " HEAD\0multi_ack",
    " capabilities^{}",
    "shallow ",
];

/// Returns words of what a target reads.
fn words(target: &str) -> &'static [&'static str] {
    match target {
        "coalesce" => OF_CHARTS,
        "git_refs" => OF_REFERENCES,
        "schema" => OF_SCHEMAS,
        "strvals" => OF_ARGUMENTS,
        _ => &[],
    }
}

/// The longest input that mutations grow to.
const LONGEST: usize = 1 << 16;

/// Returns one of the seeds with one to eight changes.
pub(super) fn mutated(target: &str, seeds: &[Vec<u8>], noise: &mut Noise) -> Vec<u8> {
    let mut bytes = seeds[noise.below(seeds.len())].clone();
    let words = words(target);
    for _ in 0..=noise.below(8) {
        if !words.is_empty() && noise.below(3) == 0 {
            let at = noise.below(bytes.len() + 1);
            insert(&mut bytes, at, words[noise.below(words.len())].as_bytes());
        } else {
            change(&mut bytes, seeds, noise);
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], noise: &mut Noise) {
    let at = noise.below(bytes.len() + 1);
    let end = at + noise.below((bytes.len() - at).min(32) + 1);
    match noise.below(6) {
        0 => drop(bytes.drain(at..end)),
        1 => insert(bytes, at, TOKENS[noise.below(TOKENS.len())]),
        2 => repeat(bytes, at..end, 1 + noise.below(4)),
        3 => drop(bytes.splice(at..end, TOKENS[noise.below(TOKENS.len())].iter().copied())),
        4 => splice(bytes, at, &seeds[noise.below(seeds.len())], noise),
        _ => flip(bytes, at, noise),
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, new: &[u8]) {
    bytes.splice(at..at, new.iter().copied());
}

fn repeat(bytes: &mut Vec<u8>, part: Range<usize>, times: usize) {
    let copies = bytes[part.clone()].repeat(times);
    insert(bytes, part.start, &copies);
}

fn splice(bytes: &mut Vec<u8>, at: usize, other: &[u8], noise: &mut Noise) {
    bytes.truncate(at);
    bytes.extend_from_slice(&other[noise.below(other.len() + 1)..]);
}

fn flip(bytes: &mut [u8], at: usize, noise: &mut Noise) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << noise.below(8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_inputs() {
        let seeds = [b"docker.io/library/nginx:1.27".to_vec(), Vec::new()];
        let inputs = |seed| {
            let mut noise = Noise::new(seed);
            (0..1000).map(|_| mutated("strvals", &seeds, &mut noise)).collect::<Vec<_>>()
        };
        assert_eq!(inputs(7), inputs(7));
        assert_ne!(inputs(7), inputs(8));
    }
}
