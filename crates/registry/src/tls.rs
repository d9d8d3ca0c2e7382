//! Which certificates are believed, and which are shown, per host.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use sealift_oci::{StoreError, StoreErrorKind};

use crate::verifier::Verifier;

/// What the operator trusts beyond the roots of the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// `--ca FILE`: authorities for every host.
    pub ca_files: Vec<PathBuf>,
    /// Folders with one folder per `host[:port]`, which holds `*.crt` (authorities) and `*.cert` with `*.key` (our own):
    /// `~/.config/containers/certs.d`, `/etc/containers/certs.d`, `/etc/docker/certs.d`. The first that has the host wins.
    pub certificate_folders: Vec<PathBuf>,
    /// `--insecure HOST`: hosts whose certificates are not verified.
    pub insecure: BTreeSet<String>,
    /// `--plain-http HOST`: hosts that are spoken to without TLS.
    pub plain_http: BTreeSet<String>,
    /// Certificates by `host[:port]` that a configuration names file by file, beside those of the folders.
    pub hosts: BTreeMap<String, HostFiles>,
}

/// The certificates for one host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct HostFiles {
    /// Authorities.
    pub ca: Option<PathBuf>,
    /// Our own certificate; used with `key` only.
    pub certificate: Option<PathBuf>,
    /// The key of `certificate`.
    pub key: Option<PathBuf>,
}

impl Trust {
    /// Returns the folder with the certificates for a host, whose port counts.
    pub(crate) fn folder(&self, host: &str) -> Option<PathBuf> {
        let folders = self.certificate_folders.iter().map(|folder| folder.join(host));
        folders.into_iter().find(|folder| folder.is_dir())
    }
}

/// Makes the configurations of connections.
#[derive(Debug)]
pub(crate) struct Tls {
    provider: Arc<CryptoProvider>,
    ca_files: Vec<PathBuf>,
    system: OnceLock<RootCertStore>,
}

impl Tls {
    pub(crate) fn new(trust: &Trust) -> Self {
        Self {
            provider: Arc::new(rustls::crypto::aws_lc_rs::default_provider()),
            ca_files: trust.ca_files.clone(),
            system: OnceLock::new(),
        }
    }

    /// Makes the configuration for hosts with this folder of certificates.
    pub(crate) fn config(
        &self,
        folder: Option<&Path>,
        named: Option<&HostFiles>,
        insecure: bool,
    ) -> Result<ClientConfig, StoreError> {
        let files = folder.map(crate::disk::files).transpose()?.unwrap_or_default();
        let named = named.cloned().unwrap_or_default();
        let builder = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| {
                StoreError::new(StoreErrorKind::Tls, "no protocol version").because(error)
            })?;
        let verifier = if insecure {
            Verifier::insecure(&self.provider)
        } else {
            Verifier::roots(self.roots(&files, named.ca.as_deref())?, &self.provider)
        };
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        let own = match (&named.certificate, &named.key) {
            (Some(certificate), Some(key)) => Some(own(certificate, key)?),
            _ => own_certificate(&files)?,
        };
        let mut config = match own {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| {
                StoreError::new(StoreErrorKind::Tls, "our own certificate and key").because(error)
            })?,
            None => builder.with_no_client_auth(),
        };
        // HTTP/2 is slower for large bodies at every registry measured.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    fn roots(&self, files: &[PathBuf], named: Option<&Path>) -> Result<RootCertStore, StoreError> {
        let mut roots = self.system.get_or_init(system_roots).clone();
        let extra = files.iter().filter(|file| has_extension(file, "crt")).map(PathBuf::as_path);
        for file in self.ca_files.iter().map(PathBuf::as_path).chain(extra).chain(named) {
            for certificate in certificates(file)? {
                roots
                    .add(certificate)
                    .map_err(|error| bad(file, "holds no usable certificate").because(error))?;
            }
        }
        Ok(roots)
    }
}

/// Returns the roots of the system. A container without any is no failure: `--ca` or certs.d may hold what is needed.
fn system_roots() -> RootCertStore {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "a certificate store of the system cannot be read");
    }
    let mut roots = RootCertStore::empty();
    let (added, ignored) = roots.add_parsable_certificates(found.certs);
    tracing::debug!(added, ignored, "roots of the system");
    roots
}

type Own = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Returns the certificate and key that we show: the first `*.cert` with a `*.key` of its name.
fn own_certificate(files: &[PathBuf]) -> Result<Option<Own>, StoreError> {
    let Some(cert) = files.iter().find(|file| has_extension(file, "cert")) else { return Ok(None) };
    own(cert, &cert.with_extension("key")).map(Some)
}

fn own(certificate: &Path, key: &Path) -> Result<Own, StoreError> {
    let bytes = zeroize::Zeroizing::new(crate::disk::bytes(key)?);
    let key =
        PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| bad(key, "holds no private key"))?;
    Ok((certificates(certificate)?, key))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, StoreError> {
    let bytes = crate::disk::bytes(file)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(bad(file, "holds no certificate")),
    }
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found == extension)
}

fn bad(file: &Path, why: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Tls, format!("`{}` {why}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_1_is_offered_and_no_roots_are_no_failure() {
        let tls = Tls::new(&Trust::default());
        tls.system.set(RootCertStore::empty()).unwrap();
        let config = tls.config(None, None, false).unwrap();
        assert_eq!(config.alpn_protocols, [b"http/1.1".to_vec()]);
    }

    #[test]
    fn a_bad_authority_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        fs_err::write(&file, "no certificate").unwrap();
        let tls = Tls::new(&Trust { ca_files: vec![file], ..Trust::default() });
        let error = tls.config(None, None, false).unwrap_err();
        assert!(error.to_string().ends_with("ca.pem` holds no certificate"), "{error}");
    }

    #[test]
    fn the_folder_of_a_host_is_found_with_its_port_literally() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::create_dir(folder.path().join("r.corp:5000")).unwrap();
        let trust = Trust {
            certificate_folders: vec!["/nowhere".into(), folder.path().into()],
            ..Trust::default()
        };
        assert!(trust.folder("r.corp:5000").is_some());
        assert!(trust.folder("r.corp").is_none());
    }
}
