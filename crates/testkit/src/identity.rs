//! Certificates for TLS tests.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A server certificate and the authority that signed it, made for one test.
#[derive(Debug)]
pub struct Identity {
    /// The certificate of the authority, as PEM.
    pub ca_pem: String,
    leaf: CertificateDer<'static>,
    key: Vec<u8>,
    authority: CertificateDer<'static>,
    client_required: bool,
}

impl Identity {
    /// Makes a certificate for these names (DNS names or IP addresses) under a fresh authority.
    ///
    /// # Panics
    ///
    /// When a name is neither.
    #[must_use]
    pub fn new(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Self::from_params(&CertificateParams::new(names).expect("names fit into a certificate"))
    }

    /// Makes a certificate that expired long ago.
    ///
    /// # Panics
    ///
    /// As [`Self::new`].
    #[must_use]
    pub fn expired(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names fit into a certificate");
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        Self::from_params(&params)
    }

    /// Wants a certificate of the client, signed by the same authority (its own leaf will do).
    #[must_use]
    pub fn require_client(mut self) -> Self {
        self.client_required = true;
        self
    }

    /// Returns certificate and key as PEM.
    #[must_use]
    pub fn leaf_pem(&self) -> (String, String) {
        (pem("CERTIFICATE", &self.leaf), pem("PRIVATE KEY", &self.key))
    }

    fn from_params(params: &CertificateParams) -> Self {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca_key = KeyPair::generate().expect("a key pair can be made");
        let ca = authority.self_signed(&ca_key).expect("the authority signs itself");
        let issuer = Issuer::from_params(&authority, &ca_key);
        let key = KeyPair::generate().expect("a key pair can be made");
        let leaf = params.signed_by(&key, &issuer).expect("the authority signs the leaf");
        Self {
            ca_pem: ca.pem(),
            leaf: leaf.der().clone(),
            key: key.serialize_der(),
            authority: ca.der().clone(),
            client_required: false,
        }
    }

    pub(crate) fn server_config(&self) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the provider knows the default versions");
        let builder = if self.client_required {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(self.authority.clone()).expect("our own authority is well formed");
            let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
                Arc::new(roots),
                provider,
            );
            builder.with_client_cert_verifier(verifier.build().expect("there is one root"))
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let mut config = builder
            .with_single_cert(vec![self.leaf.clone()], key)
            .expect("key and certificate belong together");
        // As real registries: whoever offers HTTP/2 gets it, and this server speaks none.
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Arc::new(config)
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (index, group) in der.chunks(3).enumerate() {
        let word = group
            .iter()
            .enumerate()
            .fold(0u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4u32 {
            let sextet = (word >> (18 - 6 * at)) & 63;
            let shown = (at as usize) <= group.len();
            text.push(if shown { char::from(ALPHABET[sextet as usize]) } else { '=' });
        }
        if index % 16 == 15 {
            text.push('\n');
        }
    }
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}
