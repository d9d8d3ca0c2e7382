//! Passwords out of a master password, and texts that a password locks.
//!
//! Mirrors `crypto.go` of Sprig 3.3.0.

use std::rc::Rc;

use aes::Aes256;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use scrypt::Params;
use sealift_gotemplate::{FunctionError, Str, Type, Value};
use sha2::Sha256;

use crate::base::BASE64;
use crate::host::Host;
use crate::table::{Result, Table, Take};

/// Bytes of a block of AES.
const BLOCK: usize = 16;

/// Bytes of a key of AES-256.
const KEY: usize = 32;

/// Steps that one derived password takes: it is slow by design.
const DERIVE_STEPS: u64 = 500_000;

const SEED: &[u8] = b"com.lyndir.masterpassword";

/// Kinds of passwords, and the classes of the characters of each.
const KINDS: [(&str, &[&str]); 6] = [
    ("maximum", &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]),
    (
        "long",
        &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
    ),
    ("medium", &["CvcnoCvc", "CvcCvcno"]),
    ("short", &["Cvcn"]),
    ("basic", &["aaanaaan", "aannaaan", "aaannaaa"]),
    ("pin", &["nnnn"]),
];

/// Go's `uint32`.
struct Counter(u32);

impl Take for Counter {
    fn kind() -> Type {
        Type::Uint32
    }

    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Number(sealift_gotemplate::Number::Uint32(number)) => Some(Self(*number)),
            _ => None,
        }
    }
}

pub(super) fn insert(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    table.five(
        "derivePassword",
        |context, counter: Counter, kind: Str, password: Str, user: Str, site: Str| {
            context.spend(DERIVE_STEPS)?;
            derive(counter.0, &kind, &password, &user, &site)
        },
    );
    let random = Rc::clone(host);
    table.two("encryptAES", move |_, password: Str, text: Str| {
        let mut vector = [0; BLOCK];
        random.random(&mut vector);
        Ok(encrypted(&password, &text, vector))
    });
    table.two("decryptAES", |_, password: Str, text: Str| decrypted(&password, &text));
}

fn derive(counter: u32, kind: &Str, password: &Str, user: &Str, site: &Str) -> Result<Str> {
    let found = KINDS.iter().find(|(name, _)| name.as_bytes() == kind.as_bytes());
    let Some((_, templates)) = found else {
        return Ok(Str::from(format!("cannot find password template {kind}")));
    };
    let mut key = [0; 64];
    let params = Params::new(15, 8, 2).map_err(failed)?;
    scrypt::scrypt(password.as_bytes(), &salted(user, &[]), &params, &mut key).map_err(failed)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(failed)?;
    mac.update(&salted(site, &counter.to_be_bytes()));
    let seed = mac.finalize().into_bytes();
    let template = templates[usize::from(seed[0]) % templates.len()];
    let chars = template.bytes().zip(&seed[1..]).map(|(class, &byte)| {
        let class = class_of(class);
        class[usize::from(byte) % class.len()]
    });
    Ok(Str::from(chars.collect::<Vec<u8>>()))
}

fn failed(error: impl std::fmt::Display) -> FunctionError {
    format!("failed to derive password: {error}").into()
}

/// Returns the seed, the length of a name, the name, and more.
fn salted(name: &Str, more: &[u8]) -> Vec<u8> {
    let len = u32::try_from(name.len()).unwrap_or(u32::MAX);
    [SEED, &len.to_be_bytes(), name.as_bytes(), more].concat()
}

fn class_of(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// Returns a password as a key: cut, or filled with zeros.
fn key(password: &Str) -> [u8; KEY] {
    let mut key = [0; KEY];
    let len = password.len().min(KEY);
    key[..len].copy_from_slice(&password.as_bytes()[..len]);
    key
}

fn encrypted(password: &Str, text: &Str, vector: [u8; BLOCK]) -> Str {
    if text.is_empty() {
        return Str::from("");
    }
    let cipher = cbc::Encryptor::<Aes256>::new(&key(password).into(), &vector.into());
    let mut bytes = vector.to_vec();
    bytes.extend(cipher.encrypt_padded_vec::<Pkcs7>(text.as_bytes()));
    Str::from(BASE64.encode(&bytes))
}

fn decrypted(password: &Str, text: &Str) -> Result<Str> {
    if text.is_empty() {
        return Ok(Str::from(""));
    }
    let bytes = BASE64.decode(text.as_bytes())?;
    let Some((vector, bytes)) = bytes.split_first_chunk::<BLOCK>() else {
        let len = bytes.len();
        return Err(format!(
            "runtime error: slice bounds out of range [:{BLOCK}] with capacity {len}"
        )
        .into());
    };
    let cipher = cbc::Decryptor::<Aes256>::new(&key(password).into(), &(*vector).into());
    let blocks = cipher.decrypt_padded_vec::<NoPadding>(bytes);
    let mut text = blocks.map_err(|_| "crypto/cipher: input not full blocks")?;
    let Some(&padding) = text.last() else {
        return Err("runtime error: index out of range [-1]".into());
    };
    let len = text.len().checked_sub(usize::from(padding)).ok_or_else(|| {
        let over = i64::from(padding) - i64::try_from(text.len()).unwrap_or(i64::MAX);
        format!("runtime error: slice bounds out of range [:-{over}]")
    })?;
    text.truncate(len);
    Ok(Str::from(text))
}
