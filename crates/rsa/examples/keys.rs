//! Makes so many keys of so many bits, and says how long one took.

use std::time::Instant;

use sealift_rsa::{Size, generate};

#[expect(clippy::print_stdout, reason = "an example prints what it found")]
fn main() {
    let arguments: Vec<u32> =
        std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let [bits, count] = arguments[..] else { panic!("keys 2048|4096 COUNT") };
    let size = if bits == 4096 { Size::Bits4096 } else { Size::Bits2048 };
    let mut random = |bytes: &mut [u8]| aws_lc_rs::rand::fill(bytes).expect("random bytes");
    let start = Instant::now();
    for _ in 0..count {
        let _key = generate(size, &mut random).expect("a key");
    }
    println!("{:?} each", start.elapsed() / count);
}
