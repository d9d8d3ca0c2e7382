//! Digests, and the hashing that makes them.

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use sha2::{Digest as _, Sha256, Sha512};

use crate::ParseError;

/// A hash function that content is named by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// SHA-256, 64 hex digits.
    Sha256,
    /// SHA-512, 128 hex digits.
    Sha512,
}

impl Algorithm {
    /// Returns the name that stands before the `:`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// Returns the number of hex digits.
    #[must_use]
    pub fn hex_digits(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The digest of some content, such as `sha256:9f86…`.
///
/// A value of this type is always well formed: lower-case hex digits of the right number after `sha256:` or `sha512:`.
/// Other algorithms are refused rather than carried unchecked.
///
/// Grammar: <https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests>
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    text: String,
}

impl Digest {
    /// Returns the SHA-256 digest of `bytes`.
    #[must_use]
    pub fn sha256(bytes: &[u8]) -> Self {
        Self::of(Algorithm::Sha256, bytes)
    }

    /// Returns the digest of `bytes`.
    #[must_use]
    pub fn of(algorithm: Algorithm, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    /// Returns the hash function.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the hex digits after the `:`.
    #[must_use]
    pub fn hex(&self) -> &str {
        &self.text[self.algorithm.as_str().len() + 1..]
    }

    /// Returns the whole text, `algorithm:hex`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn from_hash(algorithm: Algorithm, hash: &[u8]) -> Self {
        let mut text = String::with_capacity(algorithm.as_str().len() + 1 + hash.len() * 2);
        text.push_str(algorithm.as_str());
        text.push(':');
        for byte in hash {
            write!(text, "{byte:02x}").expect("a string takes all that is written to it");
        }
        Self { algorithm, text }
    }
}

impl FromStr for Digest {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let malformed = || ParseError::DigestForm(text.to_owned());
        let (name, hex) = text.split_once(':').ok_or_else(malformed)?;
        let algorithm = match name {
            "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            _ if is_algorithm(name) => {
                return Err(ParseError::UnsupportedAlgorithm(name.to_owned()));
            }
            _ => return Err(malformed()),
        };
        if hex.contains('@') {
            return Err(ParseError::TwoDigests);
        }
        check_hex(algorithm, hex)?;
        Ok(Self { algorithm, text: text.to_owned() })
    }
}

fn check_hex(algorithm: Algorithm, hex: &str) -> Result<(), ParseError> {
    if let Some(character) = hex.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(ParseError::DigestCharacter(character));
    }
    if hex.len() != algorithm.hex_digits() {
        let (algorithm, want) = (algorithm.as_str(), algorithm.hex_digits());
        return Err(ParseError::DigestLength { algorithm, want, got: hex.len() });
    }
    if hex.contains(|c: char| c.is_ascii_uppercase()) {
        Err(ParseError::DigestCapitals)
    } else {
        Ok(())
    }
}

/// Runs of lower-case letters and digits joined by one `+`, `.`, `_` or `-`.
fn is_algorithm(name: &str) -> bool {
    name.split(['+', '.', '_', '-']).all(|run| {
        !run.is_empty() && run.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.text)
    }
}

/// Hashes content that arrives in pieces.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    /// Starts with no content.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
            Algorithm::Sha512 => State::Sha512(Sha512::new()),
        })
    }

    /// Adds the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
        }
    }

    /// Returns the digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Sha256(state) => Digest::from_hash(Algorithm::Sha256, &state.finalize()),
            State::Sha512(state) => Digest::from_hash(Algorithm::Sha512, &state.finalize()),
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Sha256(_) => "Hasher(sha256)",
            State::Sha512(_) => "Hasher(sha512)",
        })
    }
}
