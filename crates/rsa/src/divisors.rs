//! What a large number leaves when it is divided by small ones, several at once: each step of a division waits for the one
//! before, and those of another need not.
//!
//! The number is taken apart from its lowest word on, as Montgomery showed ("Modular multiplication without trial division",
//! 1985): what is left is then multiplied by what the steps have divided by.

/// Divisors that are taken together: with more, registers run out.
pub(crate) const TOGETHER: usize = 4;

/// An odd divisor of numbers of so many words.
#[derive(Debug)]
pub(crate) struct Divisor {
    value: u64,
    /// Times the divisor this is one, modulo 2 to the 64.
    inverse: u64,
    /// 2 to the 64 for each word, and once more, modulo the divisor.
    scale: u64,
}

impl Divisor {
    /// Takes an odd number as a divisor of numbers of so many bits: 64 times a power of two.
    pub(crate) fn new(value: u64, bits: u32) -> Self {
        // For each of Newton's steps the bits that are right are doubled, of which three are at first.
        let inverse = (0..5).fold(value, |inverse, _| {
            inverse.wrapping_mul(2_u64.wrapping_sub(value.wrapping_mul(inverse)))
        });
        let wide = u128::from(value.wrapping_neg() % value);
        let square = u64::try_from(wide * wide % u128::from(value)).unwrap_or(0);
        let mut divisor = Self { value, inverse, scale: square };
        for _ in 0..(bits / 64).trailing_zeros() {
            divisor.scale = divisor.times_scale(divisor.scale);
        }
        divisor
    }

    /// Divides a number of two words, of which the higher is below the divisor, by 2 to the 64, modulo the divisor.
    #[inline]
    fn step(&self, lower: u64, higher: u64) -> u64 {
        let times = u128::from(lower.wrapping_mul(self.inverse)) * u128::from(self.value);
        let (rest, is_below) = higher.overflowing_sub(high(times));
        if is_below { rest.wrapping_add(self.value) } else { rest }
    }

    fn times_scale(&self, number: u64) -> u64 {
        let product = u128::from(number) * u128::from(self.scale);
        self.step(low(product), high(product))
    }
}

/// Returns what a number, given by its words, the lowest first, leaves for each divisor.
#[inline]
pub(crate) fn remainders<const COUNT: usize>(
    words: &[u64],
    divisors: [&Divisor; COUNT],
) -> [u64; COUNT] {
    let mut rests = [0; COUNT];
    for &word in words {
        for (rest, divisor) in rests.iter_mut().zip(divisors) {
            let (lower, carry) = word.overflowing_add(*rest);
            *rest = divisor.step(lower, u64::from(carry));
        }
    }
    for (rest, divisor) in rests.iter_mut().zip(divisors) {
        *rest = divisor.times_scale(*rest);
    }
    rests
}

#[expect(clippy::cast_possible_truncation, reason = "the lower word is wanted")]
fn low(number: u128) -> u64 {
    number as u64
}

fn high(number: u128) -> u64 {
    (number >> 64) as u64
}

#[cfg(test)]
mod tests {
    use crypto_bigint::{BoxedUint, Limb, NonZero};

    use super::*;

    #[test]
    fn remainders_are_those_of_another_library() {
        let mut state = 7_u64;
        let mut next = move || {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            state ^ state >> 33
        };
        for bits in [64, 128, 1024, 2048] {
            for round in 0..100 {
                let mut words: Vec<u64> = (0..bits / 64).map(|_| next()).collect();
                match round {
                    0 => words.fill(0),
                    1 => words.fill(u64::MAX),
                    _ => {}
                }
                let number = BoxedUint::from_words(words.clone());
                let values = [3, u64::MAX, u64::MAX - 2, next() | 1, next() >> 20 | 1];
                let divisors = values.map(|value| Divisor::new(value, bits));
                let found = remainders(&words, divisors.each_ref());
                let expected = values
                    .map(|value| number.rem_limb(NonZero::new(Limb(value)).expect("not zero")).0);
                assert_eq!(found, expected, "{number} by {values:?}");
            }
        }
    }

    #[test]
    fn every_number_is_a_multiple_of_one() {
        assert_eq!(remainders(&[5, 7], [&Divisor::new(1, 128)]), [0]);
    }
}
