//! Sums of bytes.

use sealift_gotemplate::Str;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use crate::table::Table;

pub(super) fn insert(table: &mut Table<'_>) {
    table.one("sha256sum", |_, text: Str| Ok(hex(&Sha256::digest(text.as_bytes()))));
    table.one("sha512sum", |_, text: Str| Ok(hex(&Sha512::digest(text.as_bytes()))));
    table.one("sha1sum", |_, text: Str| Ok(hex(&Sha1::digest(text.as_bytes()))));
    table.one("adler32sum", |_, text: Str| Ok(Str::from(adler32(text.as_bytes()).to_string())));
}

fn hex(bytes: &[u8]) -> Str {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    Str::from(out)
}

fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (mut a, mut b) = (1, 0);
    for byte in bytes {
        a = (a + u32::from(*byte)) % MODULUS;
        b = (b + a) % MODULUS;
    }
    b << 16 | a
}
