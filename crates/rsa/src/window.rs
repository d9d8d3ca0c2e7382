//! Candidates that lie near each other: a random number, and small offsets to it.

use crypto_bigint::BoxedUint;

/// The bits of an offset. One window of 2,048 bits in 100,000 holds no prime.
pub(crate) const OFFSET_BITS: u32 = 14;

/// A random number of which the two highest bits are set, so that two primes of one size make a modulus of twice the
/// size, and the lowest [`OFFSET_BITS`] are not.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    base: BoxedUint,
}

impl Window {
    /// Takes a number of so many bits, a multiple of 64.
    pub(crate) fn random(bits: u32, random: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut words = random_words(bits as usize / 64, random);
        if let Some(lowest) = words.first_mut() {
            *lowest &= !0 << OFFSET_BITS;
        }
        if let Some(highest) = words.last_mut() {
            *highest |= 0b11 << 62;
        }
        Self { base: BoxedUint::from_words(words) }
    }

    /// Returns the number that all offsets count from.
    pub(crate) fn base(&self) -> &BoxedUint {
        &self.base
    }

    /// Returns the number at an offset below 2 to the [`OFFSET_BITS`].
    pub(crate) fn at(&self, offset: u32) -> BoxedUint {
        let mut number = self.base.clone();
        if let Some(lowest) = number.as_mut_words().first_mut() {
            *lowest |= u64::from(offset);
        }
        number
    }
}

/// Returns so many words of random bits.
pub(crate) fn random_words(count: usize, random: &mut dyn FnMut(&mut [u8])) -> Vec<u64> {
    let words = std::iter::repeat_with(|| {
        let mut bytes = [0; 8];
        random(&mut bytes);
        u64::from_le_bytes(bytes)
    });
    words.take(count).collect()
}
