//! As much of DER as lies between the forms of private keys.

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
/// The first tag inside a SEC 1 key: its curve.
const CURVE: u8 = 0xa0;
/// The second: its public key.
const PUBLIC_KEY: u8 = 0xa1;

/// One element: what is in it, and what follows it.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
    rest: &'a [u8],
}

fn element(der: &[u8]) -> Option<Element<'_>> {
    let (&tag, after_tag) = der.split_first()?;
    let (&first, after_length) = after_tag.split_first()?;
    let (length, body) = if first < 0x80 {
        (usize::from(first), after_length)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let bytes = after_length.get(..count)?;
        let length = bytes.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
        (length, after_length.get(count..)?)
    };
    let content = body.get(..length)?;
    let rest = body.get(length..)?;
    Some(Element { tag, content, whole: der.get(..der.len() - rest.len())?, rest })
}

fn expect(der: &[u8], tag: u8) -> Option<Element<'_>> {
    element(der).filter(|element| element.tag == tag)
}

/// The parts of a PKCS #8 key (RFC 5208): the parameters of its algorithm, and the key itself.
fn pkcs8(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let key = expect(der, SEQUENCE)?;
    let version = expect(key.content, INTEGER)?;
    let algorithm = expect(version.rest, SEQUENCE)?;
    let parameters = element(algorithm.content)?.rest;
    Some((parameters, expect(algorithm.rest, OCTET_STRING)?.content))
}

/// Returns the key inside a PKCS #8 key; `None` where it is none.
pub(super) fn private_key(der: &[u8]) -> Option<&[u8]> {
    pkcs8(der).map(|(_, key)| key)
}

/// Returns the SEC 1 key (RFC 5915) inside a PKCS #8 key with the curve in it, as Go's `x509.MarshalECPrivateKey` writes it.
pub(super) fn with_curve(der: &[u8]) -> Option<Vec<u8>> {
    let (curve, inner) = pkcs8(der)?;
    let key = expect(inner, SEQUENCE)?;
    let version = expect(key.content, INTEGER)?;
    let secret = expect(version.rest, OCTET_STRING)?;
    let mut rest = secret.rest;
    if let Some(named) = expect(rest, CURVE) {
        rest = named.rest;
    }
    let public = expect(rest, PUBLIC_KEY)?;
    let mut content = [version.whole, secret.whole].concat();
    append(&mut content, CURVE, curve);
    content.extend_from_slice(public.whole);
    let mut whole = Vec::new();
    append(&mut whole, SEQUENCE, &content);
    Some(whole)
}

fn append(der: &mut Vec<u8>, tag: u8, content: &[u8]) {
    der.push(tag);
    match u8::try_from(content.len()) {
        Ok(length) if length < 0x80 => der.push(length),
        Ok(length) => der.extend([0x81, length]),
        Err(_) => {
            let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
            der.push(0x82);
            der.extend(length.to_be_bytes());
        }
    }
    der.extend_from_slice(content);
}
