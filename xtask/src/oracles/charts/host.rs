//! A machine that makes each kind of key once.

use std::cell::RefCell;
use std::collections::HashMap;

use sealift_cli::machine::Machine;
use sealift_sprig::{Certificate, CertificateRequest, Host, KeyKind, Moment};

/// The host of a user's machine, but for keys, which take a tenth of a second each: every render gets the same ones.
#[derive(Default)]
pub(super) struct OneKey {
    machine: Machine,
    keys: RefCell<HashMap<String, String>>,
    certificate_key: RefCell<Option<String>>,
}

impl Host for OneKey {
    fn now(&self) -> Moment {
        self.machine.now()
    }

    fn random(&self, bytes: &mut [u8]) {
        self.machine.random(bytes);
    }

    fn private_key(&self, kind: KeyKind) -> Result<String, String> {
        let name = format!("{kind:?}");
        if let Some(key) = self.keys.borrow().get(&name) {
            return Ok(key.clone());
        }
        let key = self.machine.private_key(kind)?;
        self.keys.borrow_mut().insert(name, key.clone());
        Ok(key)
    }

    fn certificate(&self, request: &CertificateRequest) -> Result<Certificate, String> {
        let key = request.key.clone().or_else(|| self.certificate_key.borrow().clone());
        let made = self.machine.certificate(&CertificateRequest { key, ..request.clone() })?;
        self.certificate_key.borrow_mut().get_or_insert_with(|| made.key.clone());
        Ok(made)
    }
}
