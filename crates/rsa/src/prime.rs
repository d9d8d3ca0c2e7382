//! The search for a prime.

use crypto_bigint::{BoxedUint, Limb, NonZero};

use crate::key::EXPONENT;
use crate::proof::is_prime;
use crate::sieve::Sieve;
use crate::window::Window;
use crate::{RsaError, Size, fermat};

/// Windows that are searched before the random bytes are said to be none. Of 100,000 one is in vain.
const WINDOWS: usize = 1000;

/// One of the two primes of a key. Whoever has it has the key.
#[derive(Clone)]
pub struct Prime(pub(crate) BoxedUint);

/// Shows nothing of the number.
impl std::fmt::Debug for Prime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Prime({} bits)", self.0.bits_precision())
    }
}

/// Finds the primes of keys of one size. Several threads may use one.
#[derive(Debug)]
pub struct Search {
    bits: u32,
    sieve: Sieve,
}

impl Search {
    /// Prepares the search.
    #[must_use]
    pub fn new(size: Size) -> Self {
        let bits = size.prime_bits();
        // To test a number of twice the bits takes eight times as long, to divide it by all primes twice: more is sieved.
        let limit = if bits > 1024 { 1 << 18 } else { 1 << 16 };
        Self { bits, sieve: Sieve::below(limit, bits) }
    }

    /// Returns a prime of which the predecessor has no factor in common with the public exponent. `random` fills bytes that
    /// nobody can guess.
    ///
    /// # Errors
    ///
    /// [`RsaError::NotRandom`] where none can be found.
    pub fn prime(&self, random: &mut dyn FnMut(&mut [u8])) -> Result<Prime, RsaError> {
        for _ in 0..WINDOWS {
            let window = Window::random(self.bits, random);
            for offsets in self.sieve.survivors(&window).chunks(fermat::TOGETHER) {
                for offset in fermat::survivors(&window, offsets) {
                    let number = window.at(offset);
                    if leaves_an_inverse(&number) && is_prime(&number, random) {
                        return Ok(Prime(number));
                    }
                }
            }
        }
        Err(RsaError::NotRandom)
    }
}

/// Whether the public exponent, which is prime, has an inverse modulo the predecessor of a number.
fn leaves_an_inverse(number: &BoxedUint) -> bool {
    number.rem_limb(NonZero::<Limb>::new_unwrap(Limb(EXPONENT))) != Limb::ONE
}
