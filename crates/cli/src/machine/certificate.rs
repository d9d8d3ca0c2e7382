//! Certificates as sprig 3.3.0 makes them (`crypto.go`).

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, SerialNumber,
};
use sealift_sprig::{Certificate, CertificateRequest, Host};
use time::{Duration, OffsetDateTime};

/// More days than from the year 0 to the year 9999, the last that a certificate can name.
const DAYS: u64 = 3_660_000;

/// Signs what was asked for, and returns it as PEM.
pub(super) fn signed(
    request: &CertificateRequest,
    key: &KeyPair,
    host: &dyn Host,
) -> Result<String, String> {
    let params = params(request, host)?;
    let made = match &request.issuer {
        None => params.self_signed(key),
        Some(issuer) => params.signed_by(key, &authority(issuer)?),
    };
    made.map(|certificate| super::pem::encode("CERTIFICATE", certificate.der()))
        .map_err(|error| format!("error creating certificate: {error}"))
}

fn authority(issuer: &Certificate) -> Result<Issuer<'static, KeyPair>, String> {
    if !issuer.cert.contains("-----BEGIN ") {
        return Err("unable to decode certificate".to_owned());
    }
    let key = super::read_key(&issuer.key)?;
    Issuer::from_ca_cert_pem(&issuer.cert, key)
        .map_err(|error| format!("error parsing certificate: decodedSignerCert.Bytes: {error}"))
}

/// The basic constraints (RFC 5280, 4.2.1.9) of what is no authority: an empty sequence.
fn no_authority() -> CustomExtension {
    let mut constraints = CustomExtension::from_oid_content(&[2, 5, 29, 19], vec![0x30, 0]);
    constraints.set_criticality(true);
    constraints
}

fn params(request: &CertificateRequest, host: &dyn Host) -> Result<CertificateParams, String> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, request.common_name.as_str());
    let mut serial = [0; 16];
    host.random(&mut serial);
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    let now = host.now();
    let begin = OffsetDateTime::from_unix_timestamp(now.seconds)
        .map_err(|error| format!("error creating certificate: {error}"))?;
    params.not_before = begin;
    params.not_after = Some(request.days)
        .filter(|days| days.unsigned_abs() < DAYS)
        .and_then(|days| begin.checked_add(Duration::days(days)))
        .ok_or("error creating certificate: cannot represent time as GeneralizedTime")?;
    for name in &request.names {
        let name = name.as_str().try_into().map_err(|_| {
            format!("error creating certificate: x509: {name:?} cannot be encoded as an IA5String")
        })?;
        params.subject_alt_names.push(SanType::DnsName(name));
    }
    params.subject_alt_names.extend(request.addresses.iter().copied().map(SanType::IpAddress));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    if request.is_authority {
        params.key_usages.push(KeyUsagePurpose::KeyCertSign);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    } else {
        // Go says that it is no authority, and identifies the key of none but an authority.
        params.is_ca = IsCa::NoCa;
        params.custom_extensions.push(no_authority());
    }
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = request.issuer.is_some();
    Ok(params)
}
