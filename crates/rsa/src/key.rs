//! A key from two primes (RFC 8017, 3.2 and A.1.2).

use crypto_bigint::{BoxedUint, ConcatenatingMul as _, Gcd as _, Limb, NonZero};
use pkcs1::der::Encode as _;
use pkcs1::{RsaPrivateKey, UintRef};

use crate::RsaError;
use crate::prime::{Prime, Search};

/// The public exponent: the fourth number of Fermat, as nearly everywhere.
pub(crate) const EXPONENT: u64 = 65_537;

/// How far two primes of a key must differ at least: by more bits than their own less this (FIPS 186-5, A.1.3).
const ALIKE_BITS: u32 = 100;

/// How large the modulus is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 2,048 bits.
    Bits2048,
    /// 4,096 bits.
    Bits4096,
}

impl Size {
    pub(crate) fn prime_bits(self) -> u32 {
        match self {
            Self::Bits2048 => 1024,
            Self::Bits4096 => 2048,
        }
    }
}

/// Makes a key and returns it as DER: `RSAPrivateKey` of PKCS #1, with two primes and the public exponent 65,537.
///
/// `random` fills bytes that nobody can guess.
///
/// # Errors
///
/// [`RsaError::NotRandom`] where no prime can be found, [`RsaError::Encoding`] where the numbers of a key cannot be written.
pub fn generate(size: Size, random: &mut dyn FnMut(&mut [u8])) -> Result<Vec<u8>, RsaError> {
    let search = Search::new(size);
    key(&search.prime(random)?, &search.prime(random)?)
}

/// Makes the key of two primes of one size, as [`generate`] returns it.
///
/// # Errors
///
/// [`RsaError::NotRandom`] where the primes are so near each other that they are not two random ones,
/// [`RsaError::Encoding`] where the numbers cannot be written.
pub fn key(Prime(p): &Prime, Prime(q): &Prime) -> Result<Vec<u8>, RsaError> {
    let apart = if p > q { p.wrapping_sub(q) } else { q.wrapping_sub(p) };
    if apart.bit_width_vartime() <= p.bits_precision() - ALIKE_BITS {
        return Err(RsaError::NotRandom);
    }
    encode(p, q)
}

fn encode(p: &BoxedUint, q: &BoxedUint) -> Result<Vec<u8>, RsaError> {
    let (p_less, q_less) = (less_one(p), less_one(q));
    let common = p_less.gcd(&q_less).into_nz().into_option().ok_or(RsaError::Encoding)?;
    let order = p_less.concatenating_mul(&q_less).div_rem_vartime(&common).0;
    let odd = p.to_odd().into_option().ok_or(RsaError::Encoding)?;
    let coefficient = q.invert_odd_mod_vartime(&odd).into_option().ok_or(RsaError::Encoding)?;
    let modulus = p.concatenating_mul(q);
    let exponents = [&order, &p_less, &q_less].map(inverse);
    let numbers = [&modulus, p, q, &exponents[0], &exponents[1], &exponents[2], &coefficient];
    der(numbers.map(BoxedUint::to_be_bytes).each_ref().map(AsRef::as_ref))
}

/// Writes a key with its modulus, its primes, its exponent modulo the order and modulo each prime less one, and the
/// coefficient.
fn der([n, p, q, d, d_p, d_q, coefficient]: [&[u8]; 7]) -> Result<Vec<u8>, RsaError> {
    let integer = |bytes| UintRef::new(bytes).map_err(|_| RsaError::Encoding);
    let public_exponent = EXPONENT.to_be_bytes();
    let key = RsaPrivateKey {
        modulus: integer(n)?,
        public_exponent: integer(&public_exponent)?,
        private_exponent: integer(d)?,
        prime1: integer(p)?,
        prime2: integer(q)?,
        exponent1: integer(d_p)?,
        exponent2: integer(d_q)?,
        coefficient: integer(coefficient)?,
        other_prime_infos: None,
    };
    key.to_der().map_err(|_| RsaError::Encoding)
}

fn less_one(number: &BoxedUint) -> BoxedUint {
    number.wrapping_sub(BoxedUint::one())
}

/// Returns the inverse of the public exponent `e` modulo a number `m`: `(1 + k·m) / e`, for the one `k` below `e` with
/// which that is whole.
fn inverse(modulus: &BoxedUint) -> BoxedUint {
    let exponent = NonZero::<Limb>::new_unwrap(Limb(EXPONENT));
    let rest = modulus.rem_limb(exponent).0;
    let k = EXPONENT - power(rest, EXPONENT - 2);
    let wide = modulus.concatenating_mul(&BoxedUint::from(k)).concatenating_add(BoxedUint::one());
    wide.div_rem_limb(exponent).0
}

/// A power modulo the public exponent, which is prime: to the exponent less two it is the inverse.
fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut result, mut square) = (1, base % EXPONENT);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * square % EXPONENT;
        }
        square = square * square % EXPONENT;
        exponent /= 2;
    }
    result
}
