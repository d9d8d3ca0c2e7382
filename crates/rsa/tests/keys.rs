//! Keys are read, checked and used by another library.

use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use sealift_rsa::{RsaError, Size, generate};

fn random(bytes: &mut [u8]) {
    rand::fill(bytes).expect("random bytes");
}

fn assert_signs(size: Size, modulus_bytes: usize) {
    let der = generate(size, &mut random).expect("a key");
    let key = RsaKeyPair::from_der(&der).expect("a key that aws-lc finds consistent");
    assert_eq!(key.public_modulus_len(), modulus_bytes);
    let mut signature = vec![0; modulus_bytes];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), b"cargo", &mut signature).expect("signed");
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref());
    public.verify(b"cargo", &signature).expect("the signature is right");
    public.verify(b"cargo.", &signature).expect_err("of another text it is not");
}

#[test]
fn keys_of_2048_bits_sign() {
    for _ in 0..20 {
        assert_signs(Size::Bits2048, 256);
    }
}

#[test]
fn keys_of_4096_bits_sign() {
    for _ in 0..2 {
        assert_signs(Size::Bits4096, 512);
    }
}

#[test]
fn no_two_keys_are_the_same() {
    let [one, other] = [(), ()].map(|()| generate(Size::Bits2048, &mut random).expect("a key"));
    assert_ne!(one, other);
}

#[test]
fn bytes_that_are_always_the_same_make_no_key() {
    let made = generate(Size::Bits2048, &mut |bytes| bytes.fill(7));
    assert_eq!(made, Err(RsaError::NotRandom));
}
