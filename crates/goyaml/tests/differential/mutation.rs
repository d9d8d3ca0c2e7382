//! Texts a little wrong.

/// Bytes that mean something to YAML.
const PIECES: [&str; 60] = [
    "\n",
    "\n\n",
    " ",
    "  ",
    "\t",
    ":",
    ": ",
    "- ",
    "-",
    "? ",
    "?",
    ",",
    "[",
    "]",
    "{",
    "}",
    "#",
    " #",
    "&a ",
    "*a",
    "*a ",
    "!",
    "! ",
    "!!str ",
    "!<x> ",
    "!e!x ",
    "|",
    "|\n",
    "|-\n",
    "|+2\n",
    ">",
    ">\n",
    ">1-\n",
    "'",
    "''",
    "\"",
    "\\",
    "\\n",
    "\\x41",
    "\\\n",
    "%",
    "%YAML 1.1\n",
    "%TAG !e! x:\n",
    "@",
    "`",
    "---",
    "\n---\n",
    "\n--- ",
    "...",
    "\n...\n",
    "\r\n",
    "\r",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{e9}",
    "\u{1F600}",
    "<<",
    "~",
    "\u{1}",
];

/// A generator of numbers that look random: the same seed, the same numbers (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits fit") % limit
    }
}

/// A piece of a text, and one to eight changes in it.
pub(crate) fn mutate(text: &str, other: &str, random: &mut Random) -> String {
    let mut mutant = window(text, random).to_owned();
    for _ in 0..=random.below(8) {
        change(&mut mutant, other, random);
    }
    mutant
}

/// Up to 400 bytes of the text, so that most of the time goes to what was changed.
fn window<'t>(text: &'t str, random: &mut Random) -> &'t str {
    let start = text.floor_char_boundary(random.below(text.len() + 1));
    // Half of the windows begin with a line.
    let start =
        if random.below(2) == 0 { text[..start].rfind('\n').map_or(0, |at| at + 1) } else { start };
    let end = text.floor_char_boundary((start + 8 + random.below(400)).min(text.len()));
    &text[start..end.max(start)]
}

fn change(text: &mut String, other: &str, random: &mut Random) {
    let at = text.floor_char_boundary(random.below(text.len() + 1));
    let end = text.floor_char_boundary((at + random.below(8)).min(text.len())).max(at);
    match random.below(6) {
        0 => text.replace_range(at..end, ""),
        1 => {
            let copy = text[at..end].to_owned();
            let to = text.floor_char_boundary(random.below(text.len() + 1));
            text.insert_str(to, &copy);
        }
        2 => text.truncate(at),
        3 => {
            let piece = window(other, random).to_owned();
            text.insert_str(at, &piece[..piece.floor_char_boundary(random.below(24))]);
        }
        _ => text.insert_str(at, PIECES[random.below(PIECES.len())]),
    }
}

/// A text of nothing but pieces.
pub(crate) fn soup(random: &mut Random) -> String {
    const WORDS: [&str; 6] = ["a", "b", "key", "a: b\n", "- a\n", "  "];
    let length = 1 + random.below(24);
    (0..length)
        .map(|_| match random.below(3) {
            0 => WORDS[random.below(WORDS.len())],
            _ => PIECES[random.below(PIECES.len())],
        })
        .collect()
}
