//! Makes so many keys of so many bits, and says how long one took. The numbers are the same each time, so that runs compare
//! (and the keys are worth nothing).

use std::time::Instant;

use sealift_rsa::{Size, generate};

#[expect(clippy::print_stdout, reason = "an example prints what it found")]
fn main() {
    let arguments: Vec<u32> =
        std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let [bits, count] = arguments[..] else { panic!("keys 2048|4096 COUNT") };
    let size = if bits == 4096 { Size::Bits4096 } else { Size::Bits2048 };
    let mut state = 1_u64;
    let mut counted = |bytes: &mut [u8]| {
        for byte in bytes {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            *byte = state.to_be_bytes()[0];
        }
    };
    let start = Instant::now();
    for _ in 0..count {
        let _key = generate(size, &mut counted).expect("a key");
    }
    println!("{:?} each", start.elapsed() / count);
}
