//! Judges of server certificates: the usual one, which names the authority that it does not know, and one that believes all.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

/// A certificate signed by an authority that is not among the roots.
#[derive(Debug)]
pub(crate) struct UnknownAuthority {
    /// As the certificate names it, if it does.
    pub(crate) name: Option<String>,
}

impl fmt::Display for UnknownAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "signed by `{name}`, which is not known here"),
            None => f.write_str("signed by an authority that is not known here"),
        }
    }
}

impl std::error::Error for UnknownAuthority {}

/// How certificates are judged.
#[derive(Debug)]
pub(crate) struct Verifier {
    provider: Arc<CryptoProvider>,
    judge: Judge,
}

#[derive(Debug)]
enum Judge {
    /// Believes every certificate, as `--insecure HOST` asks.
    Everyone,
    /// Knows no root, so believes none.
    Nobody,
    Roots(Arc<WebPkiServerVerifier>),
}

impl Verifier {
    /// Believes what these roots have signed.
    pub(crate) fn roots(roots: RootCertStore, provider: &Arc<CryptoProvider>) -> Self {
        let builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        // Without revocation lists the builder refuses only an empty store.
        let judge = builder.build().map_or(Judge::Nobody, Judge::Roots);
        Self { provider: Arc::clone(provider), judge }
    }

    /// Believes everyone.
    pub(crate) fn insecure(provider: &Arc<CryptoProvider>) -> Self {
        Self { provider: Arc::clone(provider), judge: Judge::Everyone }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = match &self.judge {
            Judge::Everyone => return Ok(ServerCertVerified::assertion()),
            Judge::Nobody => Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)),
            Judge::Roots(judge) => {
                judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
        };
        verdict.map_err(|error| match error {
            // A root of the same name with another key makes the signature bad.
            Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::BadSignature,
            ) => {
                let name = issuer(intermediates.last().unwrap_or(end_entity));
                let unknown = OtherError(Arc::new(UnknownAuthority { name }));
                Error::InvalidCertificate(CertificateError::Other(unknown))
            }
            other => other,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Returns the common name of a certificate's issuer, or its organisation (RFC 5280 §4.1).
fn issuer(certificate: &[u8]) -> Option<String> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut rest, _) = element(certificate)?;
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // Serial number, then the algorithm of the signature.
    let rest = element(rest)?.2;
    let rest = element(rest)?.2;
    let (_, names, _) = element(rest)?;
    attribute(names, COMMON_NAME).or_else(|| attribute(names, ORGANISATION))
}

const VERSION: u8 = 0xa0;
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANISATION: &[u8] = &[0x55, 4, 10];

fn attribute(mut names: &[u8], wanted: &[u8]) -> Option<String> {
    while let Some((_, set, rest)) = element(names) {
        let (_, pair, _) = element(set)?;
        let (_, kind, value) = element(pair)?;
        if kind == wanted {
            let (_, text, _) = element(value)?;
            return Some(crate::text::shown(&String::from_utf8_lossy(text)));
        }
        names = rest;
    }
    None
}

/// Splits off one DER element: tag, contents, and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((tag, contents, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rubbish_has_no_issuer() {
        for bytes in
            [&b""[..], &[0x30], &[0x30, 0x84, 1, 1, 1, 1], &[0x30, 3, 0x30, 1, 0xa0], &[0xff; 40]]
        {
            assert_eq!(issuer(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn lengths_of_elements_are_checked() {
        assert_eq!(element(&[4, 1, 9, 8]), Some((4, &[9][..], &[8][..])));
        assert_eq!(element(&[4, 0x81, 1, 9]), Some((4, &[9][..], &[][..])));
        assert_eq!(element(&[4, 2, 9]), None);
        assert_eq!(element(&[4, 0x80, 9]), None);
    }
}
