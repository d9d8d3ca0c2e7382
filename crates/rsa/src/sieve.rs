//! Candidates without small factors.

use crate::divisors::{Divisor, TOGETHER, remainders};
use crate::window::{OFFSET_BITS, Window};

/// The odd numbers of a window.
const ODD: usize = 1 << (OFFSET_BITS - 1);

/// Small odd primes, a few of them at a time with their product: one long division serves them all.
#[derive(Debug)]
pub(crate) struct Sieve {
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    product: Divisor,
    primes: Vec<u32>,
}

impl Sieve {
    /// Takes the odd primes below a limit of at most 32 bits, for windows of so many bits.
    pub(crate) fn below(limit: u32, bits: u32) -> Self {
        let mut groups = Vec::new();
        let mut primes = Vec::new();
        let mut product = 1_u64;
        for prime in odd_primes(limit) {
            if let Some(larger) = product.checked_mul(u64::from(prime)) {
                product = larger;
            } else {
                let primes = std::mem::take(&mut primes);
                groups.push(Group { product: Divisor::new(product, bits), primes });
                product = u64::from(prime);
            }
            primes.push(prime);
        }
        groups.push(Group { product: Divisor::new(product, bits), primes });
        Self { groups }
    }

    /// Returns the odd offsets of a window at which no number has one of these primes as a factor.
    pub(crate) fn survivors(&self, window: &Window) -> Vec<u32> {
        let mut composite = [false; ODD];
        let words = window.base().as_words();
        let (several, others) = self.groups.as_chunks::<TOGETHER>();
        for groups in several {
            let rests = remainders(words, groups.each_ref().map(|group| &group.product));
            for (group, rest) in groups.iter().zip(rests) {
                group.strike(&mut composite, rest);
            }
        }
        for group in others {
            let [rest] = remainders(words, [&group.product]);
            group.strike(&mut composite, rest);
        }
        let survivors =
            composite.iter().zip((1..).step_by(2)).filter(|(is_struck, _)| !**is_struck);
        survivors.map(|(_, offset)| offset).collect()
    }
}

impl Group {
    /// Strikes the multiples of the primes, given what the base leaves when it is divided by their product.
    fn strike(&self, composite: &mut [bool; ODD], rest: u64) {
        for &prime in &self.primes {
            strike(composite, prime, rest);
        }
    }
}

/// Strikes the multiples of a prime, given what the base leaves when it is divided by a multiple of it.
fn strike(composite: &mut [bool; ODD], prime: u32, rest: u64) {
    let prime = u64::from(prime);
    // Where the base is a multiple itself, the next odd one is as far as the prime.
    let to_multiple = prime - rest % prime;
    let first_odd = if to_multiple.is_multiple_of(2) { to_multiple + prime } else { to_multiple };
    let (start, step) = (usize::try_from(first_odd / 2), usize::try_from(prime));
    let (Ok(start), Ok(step)) = (start, step) else { return };
    for struck in composite.iter_mut().skip(start).step_by(step) {
        *struck = true;
    }
}

/// Eratosthenes: the odd primes below a limit.
fn odd_primes(limit: u32) -> Vec<u32> {
    let mut is_composite = vec![false; limit as usize];
    let mut primes = Vec::new();
    for number in (3..limit).step_by(2) {
        if is_composite[number as usize] {
            continue;
        }
        primes.push(number);
        let square = (number as usize).saturating_mul(number as usize);
        for multiple in (square..limit as usize).step_by(number as usize) {
            is_composite[multiple] = true;
        }
    }
    primes
}

#[cfg(test)]
mod tests {
    use crypto_bigint::{Limb, NonZero};

    use super::*;

    #[test]
    fn the_odd_primes_below_a_hundred_are_twenty_four() {
        let primes = odd_primes(100);
        assert_eq!(primes.len(), 24);
        assert_eq!(primes.first().zip(primes.last()), Some((&3, &97)));
    }

    #[test]
    fn what_survives_has_no_small_factor_and_what_does_not_has_one() {
        let window = Window::random(1024, &mut |bytes| bytes.fill(0x5a));
        let survivors = Sieve::below(1000, 1024).survivors(&window);
        let has_factor = |offset| {
            let number = window.at(offset);
            odd_primes(1000).into_iter().any(|prime| {
                let prime = NonZero::new(Limb(u64::from(prime))).expect("a prime is not zero");
                number.rem_limb(prime) == Limb::ZERO
            })
        };
        for offset in (1..1 << OFFSET_BITS).step_by(2) {
            assert_eq!(survivors.contains(&offset), !has_factor(offset), "{offset}");
        }
    }
}
