//! Whether a number that has passed Fermat's test is prime.

use crypto_bigint::BoxedUint;
use crypto_primes::Flavor;

/// Judges an odd number: eight rounds of Miller and Rabin's test to random bases where the processor does them at once, the test
/// of Baillie, Pomerance, Selfridge and Wagstaff elsewhere.
///
/// FIPS 186-5, table B.1, asks for 4 or 5 rounds for primes of these sizes, and Go 1.26 makes as many (`crypto/internal/fips140/rsa/keygen.go`).
pub(crate) fn is_prime(number: &BoxedUint, random: &mut dyn FnMut(&mut [u8])) -> bool {
    passes_rounds(number, random).unwrap_or_else(|| crypto_primes::is_prime(Flavor::Any, number))
}

#[cfg(target_arch = "x86_64")]
use crate::eight::passes_rounds;

/// No other processor does this here.
#[cfg(not(target_arch = "x86_64"))]
fn passes_rounds(_: &BoxedUint, _: &mut dyn FnMut(&mut [u8])) -> Option<bool> {
    None
}
