//! Functions that need the host's clock, randomness or keys.

#[path = "../host/mod.rs"]
mod host;

use sealift_gotemplate::{Budget, Output, Templates, Value};

fn execute(template: &str) -> Result<String, String> {
    let mut templates = Templates::new(sealift_sprig::functions(&host::fixed()));
    let mut output = Output::new();
    let done = templates
        .parse("t", template)
        .and_then(|()| templates.execute("t", &Value::Nil, &Budget::default(), &mut output));
    done.map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(output.bytes()).into_owned())
}

fn prints(template: &str, wanted: &str) {
    assert_eq!(execute(template).as_deref(), Ok(wanted), "{template}");
}

#[test]
fn random_texts_have_the_length_and_characters_asked_for() {
    for (template, wanted) in [
        ("{{ randAlphaNum 40 | regexMatch `^[0-9A-Za-z]{40}$` }}", "true"),
        ("{{ randAlpha 40 | regexMatch `^[A-Za-z]{40}$` }}", "true"),
        ("{{ randNumeric 40 | regexMatch `^[0-9]{40}$` }}", "true"),
        ("{{ randAscii 40 | regexMatch `^[ -~]{40}$` }}", "true"),
        ("{{ randAlphaNum -1 | quote }}", "\"\""),
        ("{{ randBytes 16 | b64dec | len }}", "16"),
        ("{{ $n := randInt 3 5 }}{{ or (eq $n 3) (eq $n 4) }}", "true"),
        ("{{ shuffle `abc` | splitList `` | sortAlpha | join `` }}", "abc"),
        (
            "{{ uuidv4 | regexMatch `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$` }}",
            "true",
        ),
        ("{{ eq uuidv4 uuidv4 }}", "false"),
    ] {
        prints(template, wanted);
    }
}

#[test]
fn the_clock_is_the_hosts() {
    prints("{{ now }}", "2020-03-04 00:00:00 +0000 UTC");
    prints(
        "{{ date `2006-01-02` now }} {{ now.Year }} {{ now.Unix }}",
        "2020-03-04 2020 1583280000",
    );
    prints("{{ now | dateModify `-90m` | ago }}", "1h30m0s");
    prints("{{ htmlDate `no date` }} {{ toJson now }}", "2020-03-04 \"2020-03-04T00:00:00Z\"");
    let error = execute("{{ dateInZone `15:04` now `Europe/Berlin` }}").unwrap_err();
    assert!(error.ends_with("dates in the time zone Europe/Berlin are not supported, only in UTC"));
}

#[test]
fn passwords_are_hashed_as_htpasswd_does() {
    let hashed = execute("{{ htpasswd `u` `pass word` }}").unwrap();
    let hash = hashed.strip_prefix("u:").unwrap();
    assert!(hash.starts_with("$2a$10$"), "{hash}");
    assert!(bcrypt::verify("pass word", hash).unwrap(), "{hash}");
    prints("{{ htpasswd `a:b` `p` }}", "invalid username: a:b");
    let long = "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
    prints("{{ bcrypt (repeat 73 `x`) }}", long);
}

#[test]
fn certificates_are_asked_of_the_host() {
    let shown = execute(
        "{{ $ca := genCA `ca` 365 }}{{ typeOf $ca }} {{ $c := genSignedCertWithKey `cn` (list `10.0.0.1`) (list `a.b`) 5 $ca `k` }}{{ $c.Key }} {{ $c.Cert }}",
    );
    let shown = shown.unwrap();
    assert!(shown.starts_with("sprig.certificate k -----BEGIN CERTIFICATE-----\n"), "{shown}");
    assert!(shown.contains(r#"common_name: "cn", addresses: [10.0.0.1], names: ["a.b"], days: 5, is_authority: false"#), "{shown}");
    assert!(shown.contains(r#"common_name: \"ca\""#), "{shown}");
    let error = execute("{{ genSelfSignedCert `cn` (list `x`) nil 5 }}").unwrap_err();
    assert!(error.ends_with("error calling genSelfSignedCert: error parsing ip: x"), "{error}");
    prints("{{ genPrivateKey `x` }}", "Unknown type x");
    prints("{{ genPrivateKey `dsa` }}", "failed to generate private key: no Dsa here");
}
