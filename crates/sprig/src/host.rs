//! What functions need that is not in their arguments.

use std::net::IpAddr;

/// The clock, randomness and keys of whoever executes templates.
///
/// A host that gives the same each time makes templates print the same each time.
pub trait Host {
    /// Returns the time.
    fn now(&self) -> Moment;

    /// Fills bytes with what nobody can guess, or with what a fixed seed gives.
    fn random(&self, bytes: &mut [u8]);

    /// Returns a private key as PEM, or why there is none: `genPrivateKey`.
    ///
    /// # Errors
    ///
    /// When the host makes no such keys.
    fn private_key(&self, kind: KeyKind) -> Result<String, String>;

    /// Returns a certificate and its key: `genCA`, `genSignedCert` and their kin.
    ///
    /// # Errors
    ///
    /// When the host makes no such certificates, or cannot read a key or an issuer.
    fn certificate(&self, request: &CertificateRequest) -> Result<Certificate, String>;

    /// Looks into a certificate and a key that a template brings: `buildCustomCert`. What is in
    /// their PEM need not be looked at: this does nothing, unless a host can.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read, with the reason.
    fn check_certificate(&self, _given: &Certificate) -> Result<(), String> {
        Ok(())
    }

    /// Does two things, one after the other. A host that has threads does the other one meanwhile.
    fn both(&self, one: &mut dyn FnMut(), other: &mut (dyn FnMut() + Send)) {
        one();
        other();
    }
}

/// A moment, in seconds since 1970 began in Greenwich.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Whole seconds.
    pub seconds: i64,
    /// The rest, less than a second.
    pub nanoseconds: u32,
}

/// A kind of private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// DSA, of 2,048 and 256 bits.
    Dsa,
    /// ECDSA, on P-256.
    Ecdsa,
    /// Ed25519.
    Ed25519,
    /// RSA, of 4,096 bits.
    Rsa,
}

/// What a certificate shall say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRequest {
    /// The name of its subject.
    pub common_name: String,
    /// Addresses that it is for.
    pub addresses: Vec<IpAddr>,
    /// Names of hosts that it is for.
    pub names: Vec<String>,
    /// Days from now on for which it is good.
    pub days: i64,
    /// Whether it may sign others.
    pub is_authority: bool,
    /// Who signs it; itself when there is none.
    pub issuer: Option<Certificate>,
    /// Its private key as PEM; a new one of RSA with 2,048 bits when there is none.
    pub key: Option<String>,
}

/// A certificate and its private key, as PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate.
    pub cert: String,
    /// The key.
    pub key: String,
}
