//! SHA-1, for `sha1sum` only.

/// Returns the sum of some bytes.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 20] {
    let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    let blocks = bytes.chunks_exact(64);
    let mut tail = blocks.remainder().to_vec();
    for block in blocks {
        compress(&mut state, block);
    }
    tail.push(0x80);
    let padded = if tail.len() <= 56 { 56 } else { 120 };
    tail.resize(padded, 0);
    tail.extend_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    for block in tail.chunks_exact(64) {
        compress(&mut state, block);
    }
    let mut sum = [0; 20];
    for (place, word) in state.iter().enumerate() {
        sum[4 * place..][..4].copy_from_slice(&word.to_be_bytes());
    }
    sum
}

fn compress(state: &mut [u32; 5], block: &[u8]) {
    let mut words = [0_u32; 80];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, &byte| word << 8 | u32::from(byte));
    }
    for place in 16..80 {
        let mixed = words[place - 3] ^ words[place - 8] ^ words[place - 14] ^ words[place - 16];
        words[place] = mixed.rotate_left(1);
    }
    let mut run = *state;
    for (place, word) in words.iter().enumerate() {
        let (mixed, constant) = match place / 20 {
            0 => (run[1] & run[2] | !run[1] & run[3], 0x5a82_7999),
            1 => (run[1] ^ run[2] ^ run[3], 0x6ed9_eba1),
            2 => (run[1] & run[2] | run[1] & run[3] | run[2] & run[3], 0x8f1b_bcdc),
            _ => (run[1] ^ run[2] ^ run[3], 0xca62_c1d6_u32),
        };
        let rotated = run[0].rotate_left(5).wrapping_add(mixed).wrapping_add(run[4]);
        let next = rotated.wrapping_add(constant).wrapping_add(*word);
        run = [next, run[0], run[1].rotate_left(30), run[2], run[3]];
    }
    for (word, more) in state.iter_mut().zip(run) {
        *word = word.wrapping_add(more);
    }
}
