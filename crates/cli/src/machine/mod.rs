//! The clock, randomness and keys of this machine, for templates that ask for them.

mod ahead;
mod certificate;
mod der;
mod pem;

use std::cell::OnceCell;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use ahead::Ahead;
use aws_lc_rs::rand;
use rcgen::{KeyPair, SignatureAlgorithm};
use sealift_rsa::Size;
use sealift_sprig::{Certificate, CertificateRequest, Host, KeyKind, Moment};

/// The bits of a key that a certificate gets when the template brings none, as sprig 3.3.0 has it.
const CERTIFICATE_KEY: Size = Size::Bits2048;
/// The bits that `genPrivateKey "rsa"` makes there.
const PRIVATE_KEY: Size = Size::Bits4096;

/// This machine: each render gets its own random text, as with Helm.
#[derive(Debug, Default)]
pub struct Machine {
    /// Of keys of certificates: the search starts with the first that needs one.
    certificate_primes: OnceCell<Ahead>,
    /// Of keys that are asked for alone: the search starts with the first `genPrivateKey "rsa"`.
    key_primes: OnceCell<Ahead>,
}

/// Returns the time as Go writes it into files: RFC 3339 with nanoseconds, in Greenwich.
pub(crate) fn rfc3339() -> String {
    let Moment { seconds, nanoseconds } = Machine::default().now();
    let time = time::OffsetDateTime::from_unix_timestamp(seconds)
        .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    let (hour, minute, second) = time.to_hms();
    let fraction = format!("{nanoseconds:09}");
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{dot}{fraction}Z")
}

impl Host for Machine {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that templates are given")]
    fn now(&self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        Moment { seconds, nanoseconds: since.subsec_nanos() }
    }

    fn random(&self, bytes: &mut [u8]) {
        random(bytes);
    }

    fn both(&self, one: &mut dyn FnMut(), other: &mut (dyn FnMut() + Send)) {
        let other = Mutex::new(Some(other));
        let take = || {
            if let Some(other) = other.lock().unwrap_or_else(PoisonError::into_inner).take() {
                other();
            }
        };
        thread::scope(|scope| {
            // Where the system gives no thread, or one that has not begun when the first thing is done, this one does both.
            let _started = thread::Builder::new().spawn_scoped(scope, take);
            one();
            take();
        });
    }

    fn private_key(&self, kind: KeyKind) -> Result<String, String> {
        let generated = match kind {
            KeyKind::Dsa => return Err("DSA keys are not made here".to_owned()),
            KeyKind::Ecdsa => generate(&rcgen::PKCS_ECDSA_P256_SHA256),
            KeyKind::Ed25519 => generate(&rcgen::PKCS_ED25519),
            KeyKind::Rsa => rsa(&self.key_primes, PRIVATE_KEY),
        };
        generated.and_then(|key| key_pem(&key))
    }

    fn certificate(&self, request: &CertificateRequest) -> Result<Certificate, String> {
        let key = match &request.key {
            Some(text) => read_key(text)?,
            None => rsa(&self.certificate_primes, CERTIFICATE_KEY)?,
        };
        let cert = certificate::signed(request, &key, self)?;
        Ok(Certificate { cert, key: key_pem(&key)? })
    }
}

fn generate(algorithm: &'static SignatureAlgorithm) -> Result<KeyPair, String> {
    KeyPair::generate_for(algorithm).map_err(|error| format!("error generating a key: {error}"))
}

fn rsa(primes: &OnceCell<Ahead>, size: Size) -> Result<KeyPair, String> {
    let ahead = primes.get_or_init(|| Ahead::start(size));
    let made = ahead.next().and_then(|p| sealift_rsa::key(&p, &ahead.next()?));
    let der = made.map_err(|error| format!("error generating rsa key: {error}"))?;
    KeyPair::try_from(der).map_err(|error| format!("error generating rsa key: {error}"))
}

fn random(bytes: &mut [u8]) {
    rand::fill(bytes).expect("the operating system gives random bytes, or nothing here is safe");
}

fn read_key(text: &str) -> Result<KeyPair, String> {
    KeyPair::from_pem(text).map_err(|error| format!("error parsing private key: {error}"))
}

/// Writes a key in the form that Go's `crypto/x509` gives to each kind: PKCS #1, SEC 1, else PKCS #8.
fn key_pem(key: &KeyPair) -> Result<String, String> {
    let stored = key.serialized_der();
    // Whoever brought a key of an older form gets it back as it was.
    let Some(inner) = der::private_key(stored) else {
        let label = if key.algorithm() == &rcgen::PKCS_RSA_SHA256 { "RSA" } else { "EC" };
        return Ok(pem::encode(&format!("{label} PRIVATE KEY"), stored));
    };
    let algorithm = key.algorithm();
    if algorithm == &rcgen::PKCS_RSA_SHA256 {
        Ok(pem::encode("RSA PRIVATE KEY", inner))
    } else if algorithm == &rcgen::PKCS_ED25519 {
        Ok(pem::encode("PRIVATE KEY", stored))
    } else {
        let whole = der::with_curve(stored).ok_or("an elliptic curve key of an unknown form")?;
        Ok(pem::encode("EC PRIVATE KEY", &whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_things_are_done_each_once() {
        let (mut one, mut others) = (0, Vec::new());
        for round in 0..100 {
            Machine::default().both(&mut || one += 1, &mut || others.push(round));
        }
        assert_eq!((one, others), (100, (0..100).collect()));
    }

    fn request(name: &str) -> CertificateRequest {
        CertificateRequest {
            common_name: name.to_owned(),
            addresses: vec!["10.0.0.1".parse().expect("an address")],
            names: vec!["a.svc".to_owned()],
            days: 30,
            is_authority: false,
            issuer: None,
            key: None,
        }
    }

    #[test]
    fn a_certificate_of_an_authority_names_it_and_reads_back() {
        let authority = CertificateRequest { is_authority: true, ..request("ca") };
        let ca = Machine::default().certificate(&authority).expect("an authority");
        assert!(ca.key.starts_with("-----BEGIN RSA PRIVATE KEY-----\n"), "{}", ca.key);
        let signed = CertificateRequest { issuer: Some(ca.clone()), ..request("leaf") };
        let leaf = Machine::default().certificate(&signed).expect("a certificate");
        assert!(leaf.cert.starts_with("-----BEGIN CERTIFICATE-----\n"), "{}", leaf.cert);
        let again = CertificateRequest { key: Some(leaf.key.clone()), ..signed };
        assert_eq!(
            Machine::default().certificate(&again).expect("with the same key").key,
            leaf.key
        );
    }

    #[test]
    fn only_an_authority_has_its_key_identified() {
        const KEY_IDENTIFIER: [u8; 3] = [0x55, 0x1d, 0x0e];
        const NO_AUTHORITY: [u8; 10] = [0x55, 0x1d, 0x13, 1, 1, 0xff, 4, 2, 0x30, 0];
        for is_authority in [true, false] {
            let asked = CertificateRequest { is_authority, ..request("any") };
            let made = Machine::default().certificate(&asked).expect("a certificate");
            let text: String = made.cert.lines().filter(|line| !line.starts_with("--")).collect();
            let der = data_encoding::BASE64.decode(text.as_bytes()).expect("base64");
            let has = |bytes: &[u8]| der.windows(bytes.len()).any(|window| window == bytes);
            assert_eq!(has(&KEY_IDENTIFIER), is_authority);
            assert_eq!(has(&NO_AUTHORITY), !is_authority);
        }
    }

    #[test]
    fn each_kind_of_key_has_the_form_that_go_gives_it_and_signs() {
        let begins = [
            (KeyKind::Ecdsa, "-----BEGIN EC PRIVATE KEY-----\n"),
            (KeyKind::Ed25519, "-----BEGIN PRIVATE KEY-----\n"),
            (KeyKind::Rsa, "-----BEGIN RSA PRIVATE KEY-----\n"),
        ];
        for (kind, begin) in begins {
            let key = Machine::default().private_key(kind).expect("a key");
            assert!(key.starts_with(begin), "{kind:?}: {key}");
            let with = CertificateRequest { key: Some(key.clone()), ..request("self") };
            assert_eq!(Machine::default().certificate(&with).expect("a certificate").key, key);
        }
    }

    #[test]
    fn an_issuer_that_is_no_certificate_is_an_error() {
        let issuer = Certificate { cert: "no".to_owned(), key: "no".to_owned() };
        let asked = CertificateRequest { issuer: Some(issuer), ..request("leaf") };
        let error = Machine::default().certificate(&asked).expect_err("no issuer");
        assert_eq!(error, "unable to decode certificate");
    }
}
