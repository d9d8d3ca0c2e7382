//! Every folder under `tests/cases/manifest` is one document: `in.json` is parsed with the hints in `descriptor` and
//! `content-type`, where these exist, and the outcome is the file `want`.
//!
//! `UPDATE=1 cargo test --test manifest` rewrites the outcomes; read the diff.
#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::fmt::Write as _;
use std::path::Path;

use fs_err as fs;

use sealift_oci::{Body, Hint, Manifest, ManifestError};
use sealift_reference::MediaType;

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the harness is told by the environment whether to write"
)]
fn cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/manifest");
    let update = std::env::var_os("UPDATE").is_some();
    let mut cases: Vec<_> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty(), "no case under {}", root.display());

    let mut failures = Vec::new();
    for case in cases {
        let got = outcome(&case);
        if update {
            fs::write(case.join("want"), &got).unwrap();
        } else if fs::read_to_string(case.join("want")).ok().as_deref() != Some(&got) {
            failures.push(format!("{}: got {got}", case.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn outcome(case: &Path) -> String {
    let text =
        |name: &str| fs::read_to_string(case.join(name)).ok().map(|text| text.trim().to_owned());
    let (descriptor, content_type) =
        (text("descriptor").map(MediaType::from), text("content-type"));
    let hint = Hint { descriptor: descriptor.as_ref(), content_type: content_type.as_deref() };
    match Manifest::parse(&fs::read(case.join("in.json")).unwrap(), hint) {
        Ok(manifest) => shown(&manifest),
        Err(error) => refused(&error),
    }
}

fn refused(error: &ManifestError) -> String {
    let mut text = format!("refused ({}): {error}\n", error.class());
    if let Some(cause) = std::error::Error::source(error) {
        writeln!(text, "  caused by: {cause}").unwrap();
    }
    text
}

fn shown(manifest: &Manifest) -> String {
    let kind = match manifest.body {
        Body::Artifact { .. } => "artifact",
        Body::Image { .. } => "image",
        Body::Index { .. } => "index",
        Body::Opaque => "opaque",
    };
    let mut text = format!("{kind} {}\n", manifest.media_type);
    for child in manifest.children() {
        let platform =
            child.platform.as_ref().map_or_else(String::new, |platform| format!(" {platform}"));
        writeln!(text, "  {} {} {}{platform}", child.media_type, child.digest, child.size_bytes)
            .unwrap();
    }
    if let Some(subject) = &manifest.subject {
        writeln!(text, "  subject {}", subject.digest).unwrap();
    }
    text
}

#[test]
fn limits_hold_at_the_limit_and_one_past_it() {
    use sealift_oci::limits::{INDEX_CHILDREN, LAYERS, MANIFEST_BYTES};

    let layer = format!(r#"{{"mediaType":"x","digest":"sha256:{}","size":1}}"#, "a".repeat(64));
    let list = |count: usize| vec![layer.as_str(); count].join(",");
    let image = |count| format!(r#"{{"config":{layer},"layers":[{}]}}"#, list(count));
    let index = |count| format!(r#"{{"manifests":[{}]}}"#, list(count));
    let parse = |text: &str| Manifest::parse(text.as_bytes(), Hint::default());
    assert!(parse(&image(LAYERS)).is_ok());
    assert_eq!(parse(&image(LAYERS + 1)).unwrap_err().class(), "limit");
    assert!(parse(&index(INDEX_CHILDREN)).is_ok());
    assert_eq!(parse(&index(INDEX_CHILDREN + 1)).unwrap_err().class(), "limit");

    let padded = |bytes: usize| format!("{}{}", image(0), " ".repeat(bytes - image(0).len()));
    assert!(parse(&padded(MANIFEST_BYTES)).is_ok());
    assert_eq!(parse(&padded(MANIFEST_BYTES + 1)).unwrap_err().class(), "limit");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes: Vec<u8>) {
        drop(Manifest::parse(&bytes, Hint::default()));
        drop(sealift_oci::parse_config(&bytes));
    }
}
