//! RSA keys, of which the primes are found eight candidates at a time.
//!
//! Charts ask for keys (`genCA`, `genSignedCert`, `genPrivateKey "rsa"`), and a key takes longer than everything else that
//! is rendered: nearly all of the time is spent on showing that candidates are no primes. Here that is done for eight of
//! them at once where the processor multiplies 52-bit digits in lanes of eight (AVX-512 IFMA), and one by one elsewhere.
//! That filter only ever drops candidates: what passes it is tested as a prime of a key has to be, by eight rounds of Miller and
//! Rabin's test at once, and elsewhere by `crypto-primes` (Baillie-PSW).
//!
//! ```
//! use sealift_rsa::{Size, generate};
//!
//! let mut state = 0x9e37_79b9_7f4a_7c15_u64; // in earnest: bytes that nobody can guess
//! let mut random = |bytes: &mut [u8]| {
//!     for byte in bytes {
//!         state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
//!         *byte = state.to_be_bytes()[0];
//!     }
//! };
//! let der = generate(Size::Bits2048, &mut random)?; // an `RSAPrivateKey` of PKCS #1
//! assert!(der.starts_with(&[0x30, 0x82]));
//! # Ok::<(), sealift_rsa::RsaError>(())
//! ```
//!
//! The search takes longer or shorter with the numbers that it meets, and nothing is wiped from memory: somebody who can measure
//! or read the process may learn of its keys. They are made for values of a chart, which are printed.

mod divisors;
#[cfg(target_arch = "x86_64")]
#[expect(clippy::inline_always, reason = "what is not inlined is compiled for every processor")]
mod eight;
mod fermat;
#[cfg(target_arch = "x86_64")]
#[expect(clippy::inline_always, reason = "what is not inlined is compiled for every processor")]
mod field;
mod key;
mod prime;
mod proof;
mod sieve;
mod window;

pub use key::{Size, generate, key};
pub use prime::{Prime, Search};

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RsaError {
    /// A thousand random numbers led to no prime, which does not happen by chance.
    #[error("no prime was found: the random bytes are not random")]
    NotRandom,
    /// The key cannot be written as DER.
    #[error("the key cannot be encoded")]
    Encoding,
}
