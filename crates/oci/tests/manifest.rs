//! Every folder under `tests/cases/manifest` is one document: `in.json` is parsed with the hints in `descriptor` and
//! `content-type`, where these exist, and the outcome is the file `want`.
//!
//! `UPDATE=1 cargo test --test manifest` rewrites the outcomes; read the diff.
#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::fmt::Write as _;
use std::path::Path;

use fs_err as fs;

use proptest::prelude::*;
use sealift_oci::{Body, Descriptor, Hint, Manifest, ManifestError};
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

/// A text that is nearly a manifest: keys in all spellings, repeated, with lists that differ.
fn nearly_a_manifest() -> impl Strategy<Value = String> {
    let descriptor = (0_u8..4).prop_map(|n| {
        format!(r#"{{"mediaType":"x","digest":"sha256:{}","size":1}}"#, format!("{n:x}").repeat(64))
    });
    let list = prop::collection::vec(descriptor.clone(), 0..3)
        .prop_map(|list| format!("[{}]", list.join(",")));
    let key = prop::sample::select(vec![
        "layers",
        "Layers",
        "LAYERS",
        "layer\u{17f}",
        "layer\\u017f",
        "manifests",
        "Manifests",
        "manife\u{17f}ts",
        "blobs",
        "other",
    ]);
    let config = prop::sample::select(vec!["config", "Config", "other"]);
    let lists = prop::collection::vec(
        (key, list).prop_map(|(key, list)| format!(r#""{key}":{list}"#)),
        0..4,
    );
    let config = prop::collection::vec(
        (config, descriptor).prop_map(|(key, one)| format!(r#""{key}":{one}"#)),
        0..2,
    );
    let media_type = prop::sample::select(vec![
        "",
        r#""mediaType":"application/vnd.oci.image.manifest.v1+json""#,
        r#""mediaType":"application/vnd.oci.image.index.v1+json""#,
    ]);
    (lists, config, media_type).prop_map(|(lists, config, media_type)| {
        let all: Vec<_> = lists
            .into_iter()
            .chain(config)
            .chain([media_type.to_owned()])
            .filter(|part| !part.is_empty())
            .collect();
        format!("{{{}}}", all.join(","))
    })
}

/// What Go reads under a key: case is folded, the last one wins.
fn as_go_reads(text: &str, wanted: &str) -> Vec<String> {
    struct Last<'a>(&'a str);
    impl<'de> serde::de::Visitor<'de> for Last<'_> {
        type Value = serde_json::Value;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(
            self,
            mut map: A,
        ) -> Result<serde_json::Value, A::Error> {
            let mut last = serde_json::Value::Null;
            while let Some((key, value)) = map.next_entry::<String, serde_json::Value>()? {
                if key.replace('\u{17f}', "s").eq_ignore_ascii_case(self.0) {
                    last = value;
                }
            }
            Ok(last)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let list = serde::Deserializer::deserialize_map(&mut reader, Last(wanted)).unwrap();
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter().map(|one| one["digest"].as_str().unwrap().to_owned()).collect()
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes: Vec<u8>) {
        drop(Manifest::parse(&bytes, Hint::default()));
        drop(sealift_oci::parse_config(&bytes));
    }

    #[test]
    fn what_is_accepted_is_read_in_go_as_it_is_here(text in nearly_a_manifest()) {
        if let Ok(manifest) = Manifest::parse(text.as_bytes(), Hint::default()) {
            let (layers, manifests, blobs): (&[Descriptor], &[Descriptor], &[Descriptor]) = match &manifest.body {
                Body::Image { layers, .. } => (layers, &[], &[]),
                Body::Index { manifests } => (&[], manifests, &[]),
                Body::Artifact { blobs } => (&[], &[], blobs),
                Body::Opaque => (&[], &[], &[]),
            };
            let digests = |list: &[Descriptor]| list.iter().map(|one| one.digest.to_string()).collect::<Vec<_>>();
            prop_assert_eq!(digests(layers), as_go_reads(&text, "layers"), "{}", text);
            prop_assert_eq!(digests(manifests), as_go_reads(&text, "manifests"), "{}", text);
            if !blobs.is_empty() {
                prop_assert_eq!(digests(blobs), as_go_reads(&text, "blobs"), "{}", text);
            }
        }
    }

    #[test]
    fn no_change_of_a_good_document_makes_the_parser_panic(at: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
        let good = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/manifest/index/in.json")).unwrap();
        let mut changed = good.clone();
        changed[at.index(good.len())] = byte;
        drop(Manifest::parse(&changed, Hint::default()));
        drop(Manifest::parse(&changed[..cut.index(good.len())], Hint::default()));
    }
}
