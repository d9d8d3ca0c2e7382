//! Private keys, certificates and hashes of passwords.

use std::net::IpAddr;
use std::rc::Rc;

use sealift_gotemplate::{Context, FunctionError, Object, Str, Type, Value};

use crate::host::{Certificate, CertificateRequest, Host, KeyKind};
use crate::table::{Give, Items, Result, Table, Take};
use crate::values;

const TYPE_NAME: &str = "sprig.certificate";

/// Steps that one hash of a password takes: it is slow by design.
const HASH_STEPS: u64 = 500_000;

impl Object for Certificate {
    fn type_name(&self) -> &str {
        TYPE_NAME
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(self.cert.as_str().into()),
            "Key" => Some(self.key.as_str().into()),
            _ => None,
        }
    }

    fn fields(&self) -> Vec<(String, Value)> {
        let field = |name: &str, text: &str| (name.to_owned(), text.into());
        vec![field("Cert", &self.cert), field("Key", &self.key)]
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl Give for Certificate {
    fn kind() -> Type {
        Type::Object(TYPE_NAME.into())
    }

    fn give(self) -> Value {
        Value::Object(Rc::new(self))
    }
}

impl Take for Certificate {
    fn kind() -> Type {
        Type::Object(TYPE_NAME.into())
    }

    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Object(object) => object.as_any().downcast_ref::<Self>().cloned(),
            _ => None,
        }
    }
}

pub(super) fn insert(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    insert_hashes(table, host);
    let keys = Rc::clone(host);
    table.one("genPrivateKey", move |context, kind: Str| {
        context.spend(HASH_STEPS)?;
        let kind = match kind.as_bytes() {
            b"" | b"rsa" => KeyKind::Rsa,
            b"dsa" => KeyKind::Dsa,
            b"ecdsa" => KeyKind::Ecdsa,
            b"ed25519" => KeyKind::Ed25519,
            _ => return Ok(Str::from(format!("Unknown type {kind}"))),
        };
        let key = keys.private_key(kind);
        Ok(Str::from(
            key.unwrap_or_else(|error| format!("failed to generate private key: {error}")),
        ))
    });
    insert_authorities(table, host);
    insert_signed(table, host);
    insert_issued(table, host);
}

fn insert_authorities(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    let keys = Rc::clone(host);
    table.two("genCA", move |context, name: Str, days: i64| {
        make(context, &*keys, authority(&name, days, None))
    });
    let keys = Rc::clone(host);
    table.three("genCAWithKey", move |context, name: Str, days: i64, key: Str| {
        make(context, &*keys, authority(&name, days, Some(&key)))
    });
}

fn authority(name: &Str, days: i64, key: Option<&Str>) -> CertificateRequest {
    CertificateRequest {
        common_name: name.to_string(),
        addresses: Vec::new(),
        names: Vec::new(),
        days,
        is_authority: true,
        issuer: None,
        key: key.map(Str::to_string),
    }
}

fn insert_signed(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    let keys = Rc::clone(host);
    table.four(
        "genSelfSignedCert",
        move |context, name: Str, ips: Items, names: Items, days: i64| {
            let request = server(context, &name, [ips, names], days)?;
            make(context, &*keys, request)
        },
    );
    let keys = Rc::clone(host);
    table.five(
        "genSelfSignedCertWithKey",
        move |context, name: Str, ips: Items, names: Items, days: i64, key: Str| {
            let request = server(context, &name, [ips, names], days)?;
            make(context, &*keys, CertificateRequest { key: Some(key.to_string()), ..request })
        },
    );
}

fn insert_issued(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    let keys = Rc::clone(host);
    table.five(
        "genSignedCert",
        move |context, name: Str, ips: Items, names: Items, days: i64, issuer: Certificate| {
            let request = server(context, &name, [ips, names], days)?;
            make(context, &*keys, CertificateRequest { issuer: Some(issuer), ..request })
        },
    );
    let keys = Rc::clone(host);
    table.six(
        "genSignedCertWithKey",
        move |context,
              name: Str,
              ips: Items,
              names: Items,
              days: i64,
              issuer: Certificate,
              key: Str| {
            let request = server(context, &name, [ips, names], days)?;
            let key = Some(key.to_string());
            make(context, &*keys, CertificateRequest { issuer: Some(issuer), key, ..request })
        },
    );
}

/// Returns what a certificate of a server shall say.
fn server(
    context: &Context<'_>,
    name: &Str,
    [ips, names]: [Items; 2],
    days: i64,
) -> Result<CertificateRequest> {
    let mut request = CertificateRequest { is_authority: false, ..authority(name, days, None) };
    for ip in ips.0.unwrap_or_default() {
        let text = string(context, &ip, "error parsing ip")?;
        let address = text.parse::<IpAddr>();
        request.addresses.push(address.map_err(|_| format!("error parsing ip: {text}"))?);
    }
    for name in names.0.unwrap_or_default() {
        request.names.push(string(context, &name, "error processing alternate dns name")?);
    }
    Ok(request)
}

fn string(context: &Context<'_>, value: &Value, wrong: &str) -> Result<String> {
    match value {
        Value::Str(text) => Ok(text.to_string()),
        value => {
            let shown = values::text(value, context.budget())?;
            Err(format!("{wrong}: {shown} is not a string").into())
        }
    }
}

fn make(
    context: &Context<'_>,
    host: &dyn Host,
    request: CertificateRequest,
) -> Result<Certificate> {
    context.spend(HASH_STEPS)?;
    host.certificate(&request).map_err(FunctionError::from)
}

fn insert_hashes(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    let random = Rc::clone(host);
    table.one("bcrypt", move |context, password: Str| hash(context, &*random, &password));
    let random = Rc::clone(host);
    table.two("htpasswd", move |context, user: Str, password: Str| {
        if user.as_bytes().contains(&b':') {
            return Ok(Str::from(format!("invalid username: {user}")));
        }
        let hash = hash(context, &*random, &password)?;
        Ok(user.derive([user.as_bytes(), b":", hash.as_bytes()].concat()))
    });
}

fn hash(context: &Context<'_>, host: &dyn Host, password: &Str) -> Result<Str> {
    const COST: u32 = 10;
    const LONGEST: usize = 72;
    context.spend(HASH_STEPS)?;
    let failed =
        |error: &str| Ok(Str::from(format!("failed to encrypt string with bcrypt: {error}")));
    if password.len() > LONGEST {
        return failed("bcrypt: password length exceeds 72 bytes");
    }
    let mut salt = [0; 16];
    host.random(&mut salt);
    match bcrypt::hash_with_salt(password.as_bytes(), COST, salt) {
        Ok(parts) => Ok(Str::from(parts.format_for_version(bcrypt::Version::TwoA))),
        Err(error) => failed(&error.to_string()),
    }
}
