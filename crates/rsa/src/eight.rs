//! Fermat's test of eight numbers at once, and eight rounds of Miller and Rabin's test of one, each in a 64-bit lane of a 512-bit
//! register.
//!
//! Numbers are held in digits of 52 bits. A product is reduced as Montgomery showed ("Modular multiplication without
//! trial division", 1985), with `R` as 2 to the bits of all digits: `R` is so much larger than the numbers that nothing
//! need ever be subtracted (Walter, "Montgomery exponentiation needs no final subtractions", 1999).

use core::arch::x86_64::__m512i;

use crypto_bigint::{BoxedUint, NonZero};
use pulp::NullaryFnOnce;

use crate::fermat::TOGETHER;
use crate::window::{OFFSET_BITS, Window, random_words};

pulp::simd_type! {
    /// Proof that the processor has what is needed.
    struct Processor {
        foundation: "avx512f",
        multiply: "avx512ifma",
    }
}

/// The bits of a digit.
const DIGIT: u32 = 52;
const DIGIT_MASK: u64 = (1 << DIGIT) - 1;

/// A digit of each of the eight numbers.
type Lanes = [u64; TOGETHER];

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
        for bit in (0..self.window.base().bits_precision() - 1).rev() {
            field.square(&mut power);
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

/// The bits of an exponent that are taken at a time.
const STEP: u32 = 4;

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
        for _ in 0..twos {
            let is_last = field.are(power, &last);
            passed = std::array::from_fn(|lane| passed[lane] || is_last[lane]);
            field.square(&mut power);
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

/// Splits a number into digits, the lowest first.
fn digits<const DIGITS: usize>(number: &BoxedUint) -> [u64; DIGITS] {
    let words = number.as_words();
    let mut position = 0;
    [(); DIGITS].map(|()| {
        let (word, shift) = (position / 64, position % 64);
        position += DIGIT as usize;
        let at = |index: usize| u128::from(words.get(index).copied().unwrap_or(0));
        let both = at(word + 1) << 64 | at(word);
        u64::try_from(both >> shift & u128::from(DIGIT_MASK)).unwrap_or(0)
    })
}

/// Puts the digits of eight numbers side by side.
#[inline(always)]
fn load<const DIGITS: usize>(numbers: &[[u64; DIGITS]; TOGETHER]) -> [__m512i; DIGITS] {
    let mut place = 0;
    [(); DIGITS].map(|()| {
        let lanes: Lanes = numbers.each_ref().map(|digits| digits[place]);
        place += 1;
        pulp::cast(lanes)
    })
}

/// Eight moduli.
struct Field<const DIGITS: usize> {
    processor: Processor,
    modulus: [__m512i; DIGITS],
    /// What makes the lowest digit of a number zero: the inverse of the lowest digit of its modulus, negated.
    negative_inverse: __m512i,
    zero: __m512i,
    digit_mask: __m512i,
}

impl<const DIGITS: usize> Field<DIGITS> {
    #[inline(always)]
    fn new(processor: Processor, numbers: &[BoxedUint; TOGETHER]) -> Self {
        const { assert!(DIGITS.is_multiple_of(2), "digits are taken in pairs") };
        let inverses = numbers.each_ref().map(|number| {
            let lowest = number.as_words().first().copied().unwrap_or(1);
            negative_inverse(lowest) & DIGIT_MASK
        });
        Self {
            processor,
            modulus: load(&numbers.each_ref().map(digits::<DIGITS>)),
            negative_inverse: pulp::cast(inverses),
            zero: processor.foundation._mm512_setzero_si512(),
            digit_mask: pulp::cast([DIGIT_MASK; TOGETHER]),
        }
    }

    /// Squares numbers below four times their moduli; what comes is below twice.
    #[inline(always)]
    fn square(&self, number: &mut [__m512i; DIGITS]) {
        let cpu = self.processor;
        let mut product = [[self.zero; DIGITS]; 2];
        let columns = product.as_flattened_mut();
        for place in (0..DIGITS).step_by(2) {
            let (even, odd) = (number[place], number[place + 1]);
            let between = 2 * place + 1;
            columns[between] = cpu.multiply._mm512_madd52lo_epu64(columns[between], even, odd);
            let upper = &mut columns[between + 1..];
            upper[0] = cpu.multiply._mm512_madd52hi_epu64(upper[0], even, odd);
            self.multiply(upper, [even, odd], &number[place + 2..], [self.zero; 2]);
        }
        for (pair, &digit) in columns.chunks_exact_mut(2).zip(number.iter()) {
            for column in &mut *pair {
                *column = cpu.foundation._mm512_add_epi64(*column, *column);
            }
            pair[0] = cpu.multiply._mm512_madd52lo_epu64(pair[0], digit, digit);
            pair[1] = cpu.multiply._mm512_madd52hi_epu64(pair[1], digit, digit);
        }
        *number = self.reduced(&mut product);
    }

    /// Multiplies numbers below twice their moduli; what comes is below twice.
    #[inline(always)]
    fn product(&self, one: &[__m512i; DIGITS], other: &[__m512i; DIGITS]) -> [__m512i; DIGITS] {
        let mut product = [[self.zero; DIGITS]; 2];
        let columns = product.as_flattened_mut();
        for (pair, digits) in one.chunks_exact(2).enumerate() {
            self.multiply(&mut columns[2 * pair..], [digits[0], digits[1]], other, [self.zero; 2]);
        }
        self.reduced(&mut product)
    }

    /// Raises numbers to one exponent, some bits of it at a time.
    #[inline(always)]
    fn power(&self, base: [__m512i; DIGITS], exponent: &BoxedUint) -> [__m512i; DIGITS] {
        let mut powers = [base; 1 << STEP];
        for index in 2..powers.len() {
            powers[index] = self.product(&powers[index - 1], &base);
        }
        let steps = exponent.bit_width_vartime().div_ceil(STEP);
        let at = |step: u32| {
            let bits = (step * STEP..(step + 1) * STEP).rev();
            bits.fold(0, |sum, bit| sum << 1 | usize::from(exponent.bit_vartime(bit)))
        };
        let mut result = powers[at(steps - 1)];
        for step in (0..steps - 1).rev() {
            for _ in 0..STEP {
                self.square(&mut result);
            }
            if at(step) > 0 {
                result = self.product(&result, &powers[at(step)]);
            }
        }
        result
    }

    /// Adds two digits, the second of them one column further, times a number to columns, each of which is read and written
    /// once. The two digits of the number that stand before come with it, the nearer first. A column takes at most 160 products
    /// of 52 bits: they fit into 60.
    #[inline(always)]
    fn multiply(
        &self,
        columns: &mut [__m512i],
        [first, second]: [__m512i; 2],
        number: &[__m512i],
        [mut before, mut earlier]: [__m512i; 2],
    ) {
        let cpu = self.processor.multiply;
        let (inner, outer) = columns.split_at_mut(number.len());
        for (column, &digit) in inner.iter_mut().zip(number) {
            let value = cpu._mm512_madd52lo_epu64(*column, first, digit);
            let value = cpu._mm512_madd52hi_epu64(value, first, before);
            let value = cpu._mm512_madd52lo_epu64(value, second, before);
            *column = cpu._mm512_madd52hi_epu64(value, second, earlier);
            (before, earlier) = (digit, before);
        }
        if let [next, last, ..] = outer {
            let value = cpu._mm512_madd52hi_epu64(*next, first, before);
            let value = cpu._mm512_madd52lo_epu64(value, second, before);
            *next = cpu._mm512_madd52hi_epu64(value, second, earlier);
            *last = cpu._mm512_madd52hi_epu64(*last, second, before);
        }
    }

    /// Divides by `R`: multiples of the modulus make the lower half zero.
    #[inline(always)]
    fn reduced(&self, product: &mut [[__m512i; DIGITS]; 2]) -> [__m512i; DIGITS] {
        let add = |one, other| self.processor.foundation._mm512_add_epi64(one, other);
        let carry = |column| self.processor.foundation._mm512_srli_epi64::<DIGIT>(column);
        let cpu = self.processor.multiply;
        let to_zero = |column| cpu._mm512_madd52lo_epu64(self.zero, column, self.negative_inverse);
        let [lowest, higher] = [self.modulus[0], self.modulus[1]];
        let columns = product.as_flattened_mut();
        for place in (0..DIGITS).step_by(2) {
            let first = to_zero(columns[place]);
            let zero = cpu._mm512_madd52lo_epu64(columns[place], first, lowest);
            let next = cpu._mm512_madd52hi_epu64(columns[place + 1], first, lowest);
            let next = cpu._mm512_madd52lo_epu64(next, first, higher);
            let next = add(next, carry(zero));
            let second = to_zero(next);
            let zero = cpu._mm512_madd52lo_epu64(next, second, lowest);
            let upper = &mut columns[place + 2..];
            upper[0] = add(upper[0], carry(zero));
            self.multiply(upper, [first, second], &self.modulus[2..], [higher, lowest]);
        }
        self.carried(&product[1])
    }

    /// Doubles the numbers of the lanes that are all ones.
    #[inline(always)]
    fn double(&self, number: &mut [__m512i; DIGITS], lanes: __m512i) {
        let cpu = self.processor.foundation;
        for digit in number.iter_mut() {
            *digit = cpu._mm512_add_epi64(*digit, cpu._mm512_and_si512(*digit, lanes));
        }
        *number = self.carried(number);
    }

    /// Makes each column a digit of 52 bits.
    #[inline(always)]
    fn carried(&self, columns: &[__m512i; DIGITS]) -> [__m512i; DIGITS] {
        let cpu = self.processor.foundation;
        let mut carry = self.zero;
        columns.map(|column| {
            let whole = cpu._mm512_add_epi64(column, carry);
            carry = cpu._mm512_srli_epi64::<DIGIT>(whole);
            cpu._mm512_and_si512(whole, self.digit_mask)
        })
    }

    /// Whether numbers in Montgomery's form are the one of these digits, which is neither zero nor the modulus.
    #[inline(always)]
    fn are(&self, number: [__m512i; DIGITS], expected: &[u64; DIGITS]) -> [bool; TOGETHER] {
        let plain = self.reduced(&mut [number, [self.zero; DIGITS]]);
        let mut are = [true; TOGETHER];
        for (digit, expected) in plain.into_iter().zip(expected) {
            for (is_same, digit) in are.iter_mut().zip(pulp::cast::<_, Lanes>(digit)) {
                *is_same &= digit == *expected;
            }
        }
        are
    }
}

/// Returns `-1 / odd` modulo 2 to the 64: each of Newton's steps doubles the bits that are right, of which three are.
fn negative_inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use crypto_bigint::{ConcatenatingMul, Resize};

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
            let sieve = Sieve::below(1 << 16);
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
            let sieve = Sieve::below(1 << 16);
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

    /// What `x·y / R` modulo a number is, by another library.
    fn montgomery(x: &BoxedUint, y: &BoxedUint, number: &BoxedUint, digits: u32) -> BoxedUint {
        let modulus = NonZero::new(number.clone()).expect("not zero");
        let half = number.shr(1).wrapping_add(BoxedUint::one());
        let gap = number.wrapping_sub(&half);
        let mut value = x.concatenating_mul(y).rem_vartime(&modulus);
        for _ in 0..digits * DIGIT {
            let is_odd = value.bit_vartime(0);
            value = value.shr(1);
            if is_odd {
                // Half of an odd number is half of what is left, and half of one, which is `(n + 1) / 2`.
                value =
                    if value >= gap { value.wrapping_sub(&gap) } else { value.wrapping_add(&half) };
            }
        }
        value
    }

    fn the_largest_numbers<const DIGITS: usize>(processor: Processor, bits: u32) {
        let ones = BoxedUint::zero_with_precision(bits).wrapping_sub(BoxedUint::one());
        let smallest =
            BoxedUint::one_with_precision(bits).shl(bits - 1).wrapping_add(BoxedUint::one());
        for number in [ones, smallest] {
            let field = Field::<DIGITS>::new(processor, &[(); TOGETHER].map(|()| number.clone()));
            let wide = number.clone().resize(bits + 64);
            for (times, less) in [(4_u64, 1_u64), (2, 1), (1, 1), (1, 0)] {
                let times = BoxedUint::from(times).resize(bits + 64);
                let x = wide.wrapping_mul(times).wrapping_sub(BoxedUint::from(less));
                let expected = montgomery(&x, &x, &number, u32::try_from(DIGITS).expect("few"));
                let lanes = load::<DIGITS>(&[(); TOGETHER].map(|()| digits(&x)));
                let mut square = lanes;
                field.square(&mut square);
                for result in [square, field.product(&lanes, &lanes)] {
                    let lanes: [Lanes; DIGITS] = result.map(pulp::cast);
                    let found = lanes
                        .iter()
                        .rev()
                        .fold(BoxedUint::zero_with_precision(bits + 64), |sum, digit| {
                            sum.shl(DIGIT).wrapping_add(BoxedUint::from(digit[3]))
                        });
                    let modulus = NonZero::new(wide.clone()).expect("not zero");
                    assert!(found < wide.shl(1), "{bits} bits: below twice");
                    assert_eq!(found.rem_vartime(&modulus).resize(bits), expected, "{bits} bits");
                }
            }
        }
    }

    #[test]
    fn products_of_the_largest_numbers_are_those_of_another_library() {
        let Some(processor) = Processor::try_new() else {
            println!("not tested: this processor multiplies no 52-bit digits");
            return;
        };
        the_largest_numbers::<20>(processor, 1024);
        the_largest_numbers::<40>(processor, 2048);
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

    #[test]
    fn digits_make_the_number_again() {
        let number = Window::random(1024, &mut counted(2)).at(7);
        let again = digits::<20>(&number)
            .into_iter()
            .rev()
            .fold(BoxedUint::zero_with_precision(1088), |sum, digit| {
                sum.shl(DIGIT).wrapping_add(BoxedUint::from(digit))
            });
        assert_eq!(again, number);
    }
}
