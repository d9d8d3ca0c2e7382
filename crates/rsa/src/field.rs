//! Arithmetic modulo eight numbers at once, each in a 64-bit lane of a 512-bit register.
//!
//! Numbers are held in digits of 52 bits. A product is reduced as Montgomery showed ("Modular multiplication without
//! trial division", 1985), with `R` as 2 to the bits of all digits: `R` is so much larger than the numbers that nothing
//! need ever be subtracted (Walter, "Montgomery exponentiation needs no final subtractions", 1999).

use core::arch::x86_64::__m512i;

use crypto_bigint::BoxedUint;

use crate::fermat::TOGETHER;

pulp::simd_type! {
    /// Proof that the processor has what is needed.
    pub(crate) struct Processor {
        foundation: "avx512f",
        multiply: "avx512ifma",
    }
}

/// The bits of a digit.
pub(crate) const DIGIT: u32 = 52;
const DIGIT_MASK: u64 = (1 << DIGIT) - 1;

/// The bits of an exponent that are taken at a time.
const STEP: u32 = 4;

/// A digit of each of the eight numbers.
pub(crate) type Lanes = [u64; TOGETHER];

/// Splits a number into digits, the lowest first.
pub(crate) fn digits<const DIGITS: usize>(number: &BoxedUint) -> [u64; DIGITS] {
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
pub(crate) fn load<const DIGITS: usize>(numbers: &[[u64; DIGITS]; TOGETHER]) -> [__m512i; DIGITS] {
    let mut place = 0;
    [(); DIGITS].map(|()| {
        let lanes: Lanes = numbers.each_ref().map(|digits| digits[place]);
        place += 1;
        pulp::cast(lanes)
    })
}

/// Of digits times a number the first: no column holds anything.
const FIRST: u8 = 0;
/// Those that follow, of the same product: the two columns beyond the number hold nothing.
const NEXT: u8 = 1;
/// Added to a product.
const ADDED: u8 = 2;

/// The columns of eight products: digits before they are carried.
pub(crate) struct Columns<const DIGITS: usize>([[__m512i; DIGITS]; 2]);

/// Eight moduli.
pub(crate) struct Field<const DIGITS: usize> {
    processor: Processor,
    modulus: [__m512i; DIGITS],
    /// What makes the lowest digit of a number zero: the inverse of the lowest digit of its modulus, negated.
    negative_inverse: __m512i,
    zero: __m512i,
    digit_mask: __m512i,
}

impl<const DIGITS: usize> Field<DIGITS> {
    #[inline(always)]
    pub(crate) fn new(processor: Processor, numbers: &[BoxedUint; TOGETHER]) -> Self {
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

    /// Returns the columns of a product, to be written over again and again: to clear them takes time.
    #[inline(always)]
    pub(crate) fn columns(&self) -> Columns<DIGITS> {
        Columns([[self.zero; DIGITS]; 2])
    }

    /// Squares numbers below four times their moduli; what comes is below twice.
    #[inline(always)]
    pub(crate) fn square(
        &self,
        number: &mut [__m512i; DIGITS],
        Columns(product): &mut Columns<DIGITS>,
    ) {
        let cpu = self.processor;
        let columns = product.as_flattened_mut();
        [columns[0], columns[1]] = [self.zero; 2];
        for place in (0..DIGITS).step_by(2) {
            let (even, odd) = (number[place], number[place + 1]);
            let between = 2 * place + 1;
            let upper = &mut columns[between + 1..];
            let further = &number[place + 2..];
            if place == 0 {
                self.multiply::<FIRST>(upper, [even, odd], further, [self.zero; 2]);
            } else {
                self.multiply::<NEXT>(upper, [even, odd], further, [self.zero; 2]);
            }
            upper[0] = cpu.multiply._mm512_madd52hi_epu64(upper[0], even, odd);
            columns[between] = cpu.multiply._mm512_madd52lo_epu64(columns[between], even, odd);
        }
        for (pair, &digit) in columns.chunks_exact_mut(2).zip(number.iter()) {
            for column in &mut *pair {
                *column = cpu.foundation._mm512_add_epi64(*column, *column);
            }
            pair[0] = cpu.multiply._mm512_madd52lo_epu64(pair[0], digit, digit);
            pair[1] = cpu.multiply._mm512_madd52hi_epu64(pair[1], digit, digit);
        }
        self.reduce(product, number);
    }

    /// Multiplies numbers below twice their moduli by others; what comes is below twice.
    #[inline(always)]
    fn product(
        &self,
        number: &mut [__m512i; DIGITS],
        other: &[__m512i; DIGITS],
        Columns(product): &mut Columns<DIGITS>,
    ) {
        let columns = product.as_flattened_mut();
        for (pair, digits) in number.chunks_exact(2).enumerate() {
            let (columns, digits) = (&mut columns[2 * pair..], [digits[0], digits[1]]);
            if pair == 0 {
                self.multiply::<FIRST>(columns, digits, other, [self.zero; 2]);
            } else {
                self.multiply::<NEXT>(columns, digits, other, [self.zero; 2]);
            }
        }
        self.reduce(product, number);
    }

    /// Raises numbers to one exponent, some bits of it at a time.
    #[inline(always)]
    pub(crate) fn power(&self, base: [__m512i; DIGITS], exponent: &BoxedUint) -> [__m512i; DIGITS] {
        let mut columns = self.columns();
        let mut powers = [base; 1 << STEP];
        for index in 2..powers.len() {
            powers[index] = powers[index - 1];
            self.product(&mut powers[index], &base, &mut columns);
        }
        let steps = exponent.bit_width_vartime().div_ceil(STEP);
        let at = |step: u32| {
            let bits = (step * STEP..(step + 1) * STEP).rev();
            bits.fold(0, |sum, bit| sum << 1 | usize::from(exponent.bit_vartime(bit)))
        };
        let mut result = powers[at(steps - 1)];
        for step in (0..steps - 1).rev() {
            for _ in 0..STEP {
                self.square(&mut result, &mut columns);
            }
            if at(step) > 0 {
                self.product(&mut result, &powers[at(step)], &mut columns);
            }
        }
        result
    }

    /// Adds two digits, the second of them one column further, times a number to columns, each of which is read and written
    /// once. The two digits of the number that stand before come with it, the nearer first. A column takes at most 160 products
    /// of 52 bits: they fit into 60. `KNOWN` says which of the columns hold something.
    #[inline(always)]
    fn multiply<const KNOWN: u8>(
        &self,
        columns: &mut [__m512i],
        [first, second]: [__m512i; 2],
        number: &[__m512i],
        [mut before, mut earlier]: [__m512i; 2],
    ) {
        let cpu = self.processor.multiply;
        let (inner, outer) = columns.split_at_mut(number.len());
        for (column, &digit) in inner.iter_mut().zip(number) {
            let value = if KNOWN == FIRST { self.zero } else { *column };
            let value = cpu._mm512_madd52lo_epu64(value, first, digit);
            let value = cpu._mm512_madd52hi_epu64(value, first, before);
            let value = cpu._mm512_madd52lo_epu64(value, second, before);
            *column = cpu._mm512_madd52hi_epu64(value, second, earlier);
            (before, earlier) = (digit, before);
        }
        if let [next, last, ..] = outer {
            if KNOWN != ADDED {
                [*next, *last] = [self.zero; 2];
            }
            let value = cpu._mm512_madd52hi_epu64(*next, first, before);
            let value = cpu._mm512_madd52lo_epu64(value, second, before);
            *next = cpu._mm512_madd52hi_epu64(value, second, earlier);
            *last = cpu._mm512_madd52hi_epu64(*last, second, before);
        }
    }

    /// Divides by `R`: multiples of the modulus make the lower half zero.
    #[inline(always)]
    fn reduce(&self, product: &mut [[__m512i; DIGITS]; 2], result: &mut [__m512i; DIGITS]) {
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
            self.multiply::<ADDED>(upper, [first, second], &self.modulus[2..], [higher, lowest]);
        }
        self.carry(&product[1], result);
    }

    /// Doubles the numbers of the lanes that are all ones.
    #[inline(always)]
    pub(crate) fn double(&self, number: &mut [__m512i; DIGITS], lanes: __m512i) {
        let cpu = self.processor.foundation;
        let mut carry = self.zero;
        for digit in number {
            let doubled = cpu._mm512_add_epi64(*digit, cpu._mm512_and_si512(*digit, lanes));
            *digit = self.digit(doubled, &mut carry);
        }
    }

    /// Makes each column a digit of 52 bits.
    #[inline(always)]
    fn carry(&self, columns: &[__m512i; DIGITS], result: &mut [__m512i; DIGITS]) {
        let mut carry = self.zero;
        for (digit, &column) in result.iter_mut().zip(columns) {
            *digit = self.digit(column, &mut carry);
        }
    }

    /// Returns what a column with what the one before leaves to it is below 2 to the 52; the rest is left to the next.
    #[inline(always)]
    fn digit(&self, column: __m512i, carry: &mut __m512i) -> __m512i {
        let cpu = self.processor.foundation;
        let whole = cpu._mm512_add_epi64(column, *carry);
        *carry = cpu._mm512_srli_epi64::<DIGIT>(whole);
        cpu._mm512_and_si512(whole, self.digit_mask)
    }

    /// Whether numbers in Montgomery's form are the one of these digits, which is neither zero nor the modulus.
    #[inline(always)]
    pub(crate) fn are(
        &self,
        number: [__m512i; DIGITS],
        expected: &[u64; DIGITS],
    ) -> [bool; TOGETHER] {
        let mut plain = number;
        self.reduce(&mut [number, [self.zero; DIGITS]], &mut plain);
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
    use crypto_bigint::{ConcatenatingMul, NonZero, Resize};

    use super::*;
    use crate::window::Window;

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
                let (mut square, mut product) = (lanes, lanes);
                // What stands in the columns before does not matter.
                let mut columns = Columns([[pulp::cast([u64::MAX; TOGETHER]); DIGITS]; 2]);
                field.square(&mut square, &mut columns);
                field.product(&mut product, &lanes, &mut columns);
                for result in [square, product] {
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

    #[test]
    fn digits_make_the_number_again() {
        let mut last = 2_u8;
        let mut counted = |bytes: &mut [u8]| {
            for byte in bytes {
                last = last.wrapping_mul(5).wrapping_add(113);
                *byte = last;
            }
        };
        let number = Window::random(1024, &mut counted).at(7);
        let again = digits::<20>(&number)
            .into_iter()
            .rev()
            .fold(BoxedUint::zero_with_precision(1088), |sum, digit| {
                sum.shl(DIGIT).wrapping_add(BoxedUint::from(digit))
            });
        assert_eq!(again, number);
    }
}
