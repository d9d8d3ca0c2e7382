//! A host that gives the same each time.

use std::cell::Cell;
use std::rc::Rc;

use sealift_sprig::{Certificate, CertificateRequest, Host, KeyKind, Moment};

/// Counts for randomness, and makes no real keys.
#[derive(Default)]
pub(crate) struct Fixed(Cell<u8>);

/// Returns a new one.
pub(crate) fn fixed() -> Rc<dyn Host> {
    Rc::new(Fixed::default())
}

impl Host for Fixed {
    fn now(&self) -> Moment {
        Moment { seconds: 1_583_280_000, nanoseconds: 0 }
    }

    fn random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.get();
            self.0.set(self.0.get().wrapping_mul(5).wrapping_add(3));
        }
    }

    fn private_key(&self, kind: KeyKind) -> Result<String, String> {
        match kind {
            KeyKind::Ecdsa => Ok("-----BEGIN EC PRIVATE KEY-----\n".to_owned()),
            kind => Err(format!("no {kind:?} here")),
        }
    }

    fn certificate(&self, request: &CertificateRequest) -> Result<Certificate, String> {
        let cert = format!("-----BEGIN CERTIFICATE-----\n{request:?}\n");
        Ok(Certificate { cert, key: request.key.clone().unwrap_or_default() })
    }
}
