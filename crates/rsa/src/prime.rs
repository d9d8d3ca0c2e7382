//! The search for a prime.

use crypto_bigint::{BoxedUint, Limb, NonZero};
use crypto_primes::{Flavor, is_prime};

use crate::RsaError;
use crate::fermat::{self, TOGETHER};
use crate::key::EXPONENT;
use crate::sieve::Sieve;
use crate::window::Window;

/// Windows that are searched before the random bytes are said to be none. Of 100,000 one is in vain.
const WINDOWS: usize = 1000;

/// Finds primes of one size.
#[derive(Debug)]
pub(crate) struct Search {
    bits: u32,
    sieve: Sieve,
}

impl Search {
    /// Prepares the search for primes of so many bits.
    pub(crate) fn new(bits: u32) -> Self {
        // To test a number of twice the bits takes eight times as long, to divide it by all primes twice: more is sieved.
        let limit = if bits > 1024 { 1 << 18 } else { 1 << 16 };
        Self { bits, sieve: Sieve::below(limit) }
    }

    /// Returns a prime of which the predecessor has no factor in common with the public exponent.
    pub(crate) fn prime(&self, random: &mut dyn FnMut(&mut [u8])) -> Result<BoxedUint, RsaError> {
        for _ in 0..WINDOWS {
            let window = Window::random(self.bits, random);
            for offsets in self.sieve.survivors(&window).chunks(TOGETHER) {
                for offset in fermat::survivors(&window, offsets) {
                    let number = window.at(offset);
                    if leaves_an_inverse(&number) && is_prime(Flavor::Any, &number) {
                        return Ok(number);
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
