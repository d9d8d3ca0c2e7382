//! Fermat's test to the base 2, which drops nearly every number that is not prime.

use crypto_bigint::BoxedUint;
use crypto_primes::hazmat::MillerRabin;

use crate::window::Window;

/// Numbers that are tested together.
pub(crate) const TOGETHER: usize = 8;

/// Returns those of at most [`TOGETHER`] odd offsets at which 2 is a witness for no number: each prime is among them.
pub(crate) fn survivors(window: &Window, offsets: &[u32]) -> Vec<u32> {
    #[cfg(target_arch = "x86_64")]
    if let Some(survivors) = crate::eight::survivors(window, offsets) {
        return survivors;
    }
    one_by_one(window, offsets)
}

pub(crate) fn one_by_one(window: &Window, offsets: &[u32]) -> Vec<u32> {
    offsets.iter().copied().filter(|&offset| passes(window.at(offset))).collect()
}

fn passes(number: BoxedUint) -> bool {
    number
        .into_odd()
        .into_option()
        .is_some_and(|odd| MillerRabin::new(odd).test_base_two().is_probably_prime())
}
