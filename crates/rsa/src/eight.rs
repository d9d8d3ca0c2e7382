//! Fermat's test of eight numbers at once, and eight rounds of Miller and Rabin's test of one.

use crypto_bigint::{BoxedUint, NonZero};
use pulp::NullaryFnOnce;

use crate::fermat::TOGETHER;
use crate::field::{DIGIT, Field, Lanes, Processor, digits, load};
use crate::window::{OFFSET_BITS, Window, random_words};

/// Returns the offsets at which the number passes, or `None` where the processor cannot do this.
pub(crate) fn survivors(window: &Window, offsets: &[u32]) -> Option<Vec<u32>> {
    let processor = Processor::try_new()?;
    let mut lanes = [*offsets.first()?; TOGETHER];
    for (lane, offset) in lanes.iter_mut().zip(offsets) {
        *lane = *offset;
    }
    let passed = match window.base().bits_precision() {
        1024 => processor.vectorize(Test::<20> { processor, window, offsets: lanes }),
        2048 => processor.vectorize(Test::<40> { processor, window, offsets: lanes }),
        _ => return None,
    };
    let survivors = offsets.iter().zip(passed).filter(|(_, passed)| *passed);
    Some(survivors.map(|(offset, _)| *offset).collect())
}

/// Whether a number passes Miller and Rabin's test to eight random bases, or `None` where the processor cannot do this.
pub(crate) fn passes_rounds(number: &BoxedUint, random: &mut dyn FnMut(&mut [u8])) -> Option<bool> {
    let processor = Processor::try_new()?;
    Some(match number.bits_precision() {
        1024 => processor.vectorize(Rounds::<20>::new(processor, number, random)),
        2048 => processor.vectorize(Rounds::<40>::new(processor, number, random)),
        _ => return None,
    })
}

/// The test of eight numbers of so many digits.
struct Test<'a, const DIGITS: usize> {
    processor: Processor,
    window: &'a Window,
    offsets: [u32; TOGETHER],
}

impl<const DIGITS: usize> NullaryFnOnce for Test<'_, DIGITS> {
    type Output = [bool; TOGETHER];

    /// Raises 2 to each number less one, from its highest bit to its lowest: the numbers differ in the lowest only.
    #[inline(always)]
    fn call(self) -> Self::Output {
        let numbers = self.offsets.map(|offset| self.window.at(offset));
        let field = Field::<DIGITS>::new(self.processor, &numbers);
        let mut power = load(&numbers.each_ref().map(two::<DIGITS>));
        let mut columns = field.columns();
        for bit in (0..self.window.base().bits_precision() - 1).rev() {
            field.square(&mut power, &mut columns);
            if bit < OFFSET_BITS {
                let is_set = |offset: u32| offset.wrapping_sub(1) >> bit & 1 == 1;
                let set: Lanes =
                    self.offsets.map(|offset| if is_set(offset) { u64::MAX } else { 0 });
                field.double(&mut power, pulp::cast(set));
            } else if self.window.base().bit_vartime(bit) {
                field.double(&mut power, pulp::cast([u64::MAX; TOGETHER]));
            }
        }
        field.are(power, &digits(&BoxedUint::one()))
    }
}

/// Eight rounds of the test of one number.
struct Rounds<'a, const DIGITS: usize> {
    processor: Processor,
    number: &'a BoxedUint,
    /// In Montgomery's form, in which random numbers are as random.
    bases: [[u64; DIGITS]; TOGETHER],
}

impl<'a, const DIGITS: usize> Rounds<'a, DIGITS> {
    fn new(processor: Processor, number: &'a BoxedUint, random: &mut dyn FnMut(&mut [u8])) -> Self {
        let bases = [(); TOGETHER].map(|()| digits(&below(number, random)));
        Self { processor, number, bases }
    }
}

impl<const DIGITS: usize> NullaryFnOnce for Rounds<'_, DIGITS> {
    type Output = bool;

    /// Raises the bases to the odd part of the number less one; that or one of its squares has to be one less than the number,
    /// or itself one.
    #[inline(always)]
    fn call(self) -> bool {
        let less_one = self.number.wrapping_sub(BoxedUint::one());
        let twos = less_one.trailing_zeros_vartime();
        let field =
            Field::<DIGITS>::new(self.processor, &[(); TOGETHER].map(|()| self.number.clone()));
        let mut power = field.power(load(&self.bases), &less_one.shr(twos));
        let mut passed = field.are(power, &digits(&BoxedUint::one()));
        let last = digits(&less_one);
        let mut columns = field.columns();
        for _ in 0..twos {
            let is_last = field.are(power, &last);
            passed = std::array::from_fn(|lane| passed[lane] || is_last[lane]);
            field.square(&mut power, &mut columns);
        }
        passed == [true; TOGETHER]
    }
}

/// Returns a random number below one of which the highest bit is set.
fn below(number: &BoxedUint, random: &mut dyn FnMut(&mut [u8])) -> BoxedUint {
    let drawn = BoxedUint::from_words(random_words(number.as_words().len(), random));
    let modulus = NonZero::new(number.clone()).into_option();
    modulus.map_or_else(|| drawn.clone(), |modulus| drawn.rem_vartime(&modulus))
}

/// Returns two in Montgomery's form, which is `2·R` modulo a number.
fn two<const DIGITS: usize>(number: &BoxedUint) -> [u64; DIGITS] {
    let bits = DIGIT * u32::try_from(DIGITS).unwrap_or(0) + 1;
    let doubled = BoxedUint::one_with_precision(bits + 1).shl(bits);
    let modulus = NonZero::new(number.clone()).into_option();
    modulus.map_or([0; DIGITS], |modulus| digits(&doubled.rem_vartime(&modulus)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fermat::one_by_one;
    use crate::sieve::Sieve;

    /// Not random at all, and so the same each time.
    fn counted(seed: u64) -> impl FnMut(&mut [u8]) {
        let mut state = seed;
        move |bytes: &mut [u8]| {
            for byte in bytes {
                state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                *byte = state.to_be_bytes()[0];
            }
        }
    }

    #[test]
    fn eight_at_once_are_judged_as_each_alone() {
        if Processor::try_new().is_none() {
            println!("not tested: this processor multiplies no 52-bit digits");
            return;
        }
        for (bits, windows) in [(1024, 12), (2048, 3)] {
            let sieve = Sieve::below(1 << 16, bits);
            let mut primes = 0;
            for seed in 0..windows {
                let window = Window::random(bits, &mut counted(seed));
                for offsets in sieve.survivors(&window).chunks(TOGETHER).take(24) {
                    let together = survivors(&window, offsets).expect("the processor can");
                    assert_eq!(together, one_by_one(&window, offsets), "{bits} bits, seed {seed}");
                    primes += together.len();
                }
            }
            assert!(
                primes > 2,
                "{primes} primes of {bits} bits are too few to have shown anything"
            );
        }
    }

    #[test]
    fn rounds_judge_as_a_proof_does() {
        if Processor::try_new().is_none() {
            println!("not tested: this processor multiplies no 52-bit digits");
            return;
        }
        for (bits, seeds) in [(1024, 6), (2048, 1)] {
            let sieve = Sieve::below(1 << 16, bits);
            let mut judged = [0, 0];
            for seed in 0..seeds {
                let window = Window::random(bits, &mut counted(seed));
                for offset in sieve.survivors(&window).into_iter().take(80) {
                    let number = window.at(offset);
                    let is_prime = crypto_primes::is_prime(crypto_primes::Flavor::Any, &number);
                    let passes = passes_rounds(&number, &mut counted(seed + 1));
                    assert_eq!(passes, Some(is_prime), "{bits} bits, seed {seed}, {offset}");
                    judged[usize::from(is_prime)] += 1;
                }
            }
            assert!(judged.iter().all(|count| *count > 0), "{judged:?} has shown nothing");
        }
    }

    /// `(6k + 1) (12k + 1) (18k + 1)`, all three of them prime: a number of Carmichael's, which passes Fermat's test to each base.
    const CARMICHAEL: &str = "\
        cdc316d5e303e73d1561fdc8e86c988f22c600bc0c84fabdcc5d17f494972e2e\
        52d153e1ba948e42f9800bcbbf187151353676bc9659ae557aac651a9c5bf0ce\
        f82d95c7237fde4d5bc655b378dbf449e85c4749f5bf5fc3a0fd83ea4688a67c\
        47dd7728f0b851e604c637b2abf88b90a19465877f5fbaa6e70eeeaec07c1c61";

    #[test]
    fn what_deceives_fermat_does_not_pass_the_rounds() {
        if Processor::try_new().is_none() {
            println!("not tested: this processor multiplies no 52-bit digits");
            return;
        }
        let number = BoxedUint::from_be_hex(CARMICHAEL, 1024).expect("a number");
        let processor = Processor::try_new().expect("looked at above");
        let field = Field::<20>::new(processor, &[(); TOGETHER].map(|()| number.clone()));
        let bases = [(); TOGETHER].map(|()| digits(&below(&number, &mut counted(3))));
        let power = field.power(load(&bases), &number.wrapping_sub(BoxedUint::one()));
        assert_eq!(field.are(power, &digits(&BoxedUint::one())), [true; TOGETHER]);
        assert_eq!(passes_rounds(&number, &mut counted(3)), Some(false));
    }

    #[test]
    fn other_sizes_are_left_to_others() {
        let window = Window::random(1536, &mut counted(1));
        assert_eq!(survivors(&window, &[1]), None);
    }
}
