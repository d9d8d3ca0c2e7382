//! A host that gives the same each time.

use std::cell::Cell;

use sealift_sprig::{Certificate, CertificateRequest, Host, KeyKind, Moment};

/// A host that gives the same each time, for renders of which nobody uses the keys: a scan for images,
/// a comparison.
///
/// Its keys and certificates look like some and are none.
#[derive(Debug, Default)]
pub struct FixedHost {
    drawn: Cell<u64>,
}

/// The moment that it always is: 2020-01-01 00:00:00 UTC.
const NOW: i64 = 1_577_836_800;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const LINE: usize = 64;

/// Lines of a certificate and of a key, about as many as real ones have.
const LINES: usize = 18;

impl FixedHost {
    /// Begins again with what it gave first.
    pub fn restart(&self) {
        self.drawn.set(0);
    }

    fn draw(&self) -> u8 {
        // Knuth's linear congruential generator: enough to look random.
        let next = self
            .drawn
            .get()
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.drawn.set(next);
        next.to_be_bytes()[0]
    }

    fn block(&self, label: &str) -> String {
        let mut pem = format!("-----BEGIN {label}-----\n");
        for _ in 0..LINES {
            for _ in 0..LINE {
                pem.push(char::from(ALPHABET[usize::from(self.draw() % 64)]));
            }
            pem.push('\n');
        }
        pem.push_str("-----END ");
        pem.push_str(label);
        pem.push_str("-----\n");
        pem
    }
}

impl Host for FixedHost {
    fn now(&self) -> Moment {
        Moment { seconds: NOW, nanoseconds: 0 }
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.draw());
    }

    fn private_key(&self, kind: KeyKind) -> Result<String, String> {
        Ok(self.block(match kind {
            KeyKind::Dsa => "DSA PRIVATE KEY",
            KeyKind::Ecdsa => "EC PRIVATE KEY",
            KeyKind::Ed25519 => "PRIVATE KEY",
            KeyKind::Rsa => "RSA PRIVATE KEY",
        }))
    }

    fn certificate(&self, request: &CertificateRequest) -> Result<Certificate, String> {
        let key = match &request.key {
            Some(key) => key.clone(),
            None => self.block("RSA PRIVATE KEY"),
        };
        Ok(Certificate { cert: self.block("CERTIFICATE"), key })
    }
}
