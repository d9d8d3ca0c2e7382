//! Certificates that are given.

use std::rc::Rc;

use sealift_gotemplate::Str;

use crate::base::BASE64;
use crate::host::{Certificate, Host};
use crate::pem;
use crate::table::{Result, Table};

pub(super) fn insert(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    let keys = Rc::clone(host);
    table.two("buildCustomCert", move |_, cert: Str, key: Str| given(&cert, &key, &*keys));
}

/// Mirrors `buildCustomCertificate` of `crypto.go` of Sprig 3.3.0, as far as no host is needed.
fn given(cert: &Str, key: &Str, host: &dyn Host) -> Result<Certificate> {
    let decoded = |text: &Str, what: &str| {
        let bytes = BASE64.decode(text.as_bytes());
        let bytes = bytes.map_err(|_| format!("unable to decode base64 {what}"))?;
        Ok::<_, String>(String::from_utf8_lossy(&bytes).into_owned())
    };
    let cert = decoded(cert, "certificate")?;
    let key = decoded(key, "private key")?;
    if pem::label(&cert).is_none() {
        return Err("unable to decode certificate".into());
    }
    check_key(&key).map_err(|reason| format!("error parsing private key: {reason}"))?;
    let given = Certificate { cert, key };
    host.check_certificate(&given)?;
    Ok(given)
}

fn check_key(text: &str) -> std::result::Result<(), String> {
    let label = pem::label(text).ok_or("no PEM data in input")?;
    match label.strip_suffix(" PRIVATE KEY") {
        Some("RSA" | "EC" | "DSA") => Ok(()),
        Some(_) => Err(format!("invalid private key type {label}")),
        None if label == "PRIVATE KEY" => Ok(()),
        None => Err(format!("no private key data in PEM block of type {label}")),
    }
}
