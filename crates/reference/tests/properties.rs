//! What holds for every reference, digest and platform.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher as _};

use proptest::prelude::*;
use sealift_reference::{
    Algorithm, Digest, Hasher, MediaKind, MediaType, Platform, Reference, Repository, media_type,
};

const COMPONENT: &str = "[a-z0-9]{1,6}((\\.|_|__|-{1,3})[a-z0-9]{1,4}){0,2}";
const HOST: &str = "(([A-Za-z0-9]{1,5}\\.){1,2}[A-Za-z]{2,4}|localhost|[a-z]{3}:80|\\[::[1-9a-fA-F]\\])(:[1-9][0-9]{0,3})?";
const TAG: &str = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}";

/// Texts that are references more often than not.
fn written() -> impl Strategy<Value = String> {
    let digest = prop_oneof![Just(String::new()), "@sha256:[0-9a-f]{64}", "@sha512:[0-9a-f]{128}"];
    let tag = prop_oneof![Just(String::new()), TAG.prop_map(|tag| format!(":{tag}"))];
    let host = prop_oneof![Just(String::new()), HOST.prop_map(|host| format!("{host}/"))];
    let path = prop::collection::vec(COMPONENT, 1..4);
    (host, path, tag, digest).prop_map(|(host, mut path, tag, digest)| {
        if host.is_empty() {
            // With a `.` it would be a host, which takes no `_`.
            path[0] = path[0].replace('.', "-");
        }
        format!("{host}{}{tag}{digest}", path.join("/"))
    })
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The lead of a written text may be `abc:80:1`, which has two ports and is no reference.
fn check_round_trip(text: &str) -> Result<bool, TestCaseError> {
    let Ok(reference) = text.parse::<Reference>() else { return Ok(false) };
    let again: Reference = reference.to_string().parse().expect("what is shown can be read");
    prop_assert_eq!(&again, &reference);
    prop_assert_eq!(again.to_string(), reference.to_string());
    prop_assert_eq!(hash(&again), hash(&reference));
    prop_assert_eq!(reference.written(), text);
    let repository: Repository =
        reference.repository().to_string().parse().expect("what is shown can be read");
    prop_assert_eq!(&repository, reference.repository());
    Ok(true)
}

proptest! {
    #[test]
    fn a_shown_reference_reads_back_equal(text in written()) {
        prop_assert!(check_round_trip(&text)? || text.matches(':').count() > 1, "{} was refused", text);
    }

    #[test]
    fn no_text_panics_and_every_accepted_one_reads_back_equal(text in "[a-zA-Z0-9.:/@_\\[\\] $-]{0,24}") {
        check_round_trip(&text)?;
    }

    #[test]
    fn any_characters_are_read_without_a_panic(text in ".{0,40}") {
        check_round_trip(&text)?;
        drop(text.parse::<Platform>());
        drop(text.parse::<Digest>());
    }

    #[test]
    fn no_accepted_digest_holds_a_slash(text in "(sha256|sha512|md5|[a-z/+.]{0,4})[:/]?([0-9a-f]{64}|[0-9a-f]{63}/|[0-9a-f]{128}|[0-9a-f/.A-F]{62,66})") {
        if let Ok(digest) = text.parse::<Digest>() {
            prop_assert!(!digest.as_str().contains(['/', '.']));
            prop_assert_eq!(digest.to_string(), text);
            prop_assert_eq!(digest.hex().len(), digest.algorithm().hex_digits());
        }
    }

    #[test]
    fn pieces_hash_as_the_whole(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0..200usize) {
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let (head, tail) = bytes.split_at(cut.min(bytes.len()));
            let mut hasher = Hasher::new(algorithm);
            hasher.update(head);
            hasher.update(tail);
            let digest = hasher.finish();
            prop_assert_eq!(&digest, &Digest::of(algorithm, &bytes));
            prop_assert_eq!(digest.to_string().parse::<Digest>(), Ok(digest));
        }
    }

    #[test]
    fn a_shown_platform_reads_back_equal_and_matches_itself(text in "[a-zA-Z0-9._-]{1,6}/[a-z0-9._-]{1,6}(/v[0-9])?") {
        if let Ok(platform) = text.parse::<Platform>() {
            prop_assert_eq!(platform.to_string().parse::<Platform>(), Ok(platform.clone()));
            prop_assert!(platform.matches(&platform));
        }
    }
}

#[test]
fn platforms_match_as_containerd_normalises_them() {
    let matches = |a: &str, b: &str| a.parse::<Platform>().unwrap().matches(&b.parse().unwrap());
    for (a, b) in [
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/aarch64", "linux/arm64"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/armhf", "linux/arm/v7"),
        ("linux/armel", "linux/arm/v6"),
        ("linux/x86_64", "linux/amd64/v1"),
        ("linux/i386", "linux/386"),
        ("macos/arm64", "darwin/arm64"),
    ] {
        assert!(matches(a, b) && matches(b, a), "{a} and {b}");
    }
    for (a, b) in [
        ("linux/arm/v6", "linux/arm/v7"),
        ("linux/amd64", "windows/amd64"),
        ("linux/amd64/v2", "linux/amd64"),
        ("linux/arm64/v9", "linux/arm64"),
    ] {
        assert!(!matches(a, b) && !matches(b, a), "{a} and {b}");
    }
}

#[test]
fn a_reference_without_tag_and_digest_is_latest_and_one_with_a_digest_has_no_implied_tag() {
    let repository = Repository::new("docker.io", "nginx").unwrap();
    let digest = Digest::sha256(b"x");
    assert_eq!(Reference::new(repository.clone(), None, None).tag().unwrap().as_str(), "latest");
    let pinned = Reference::new(repository, None, Some(digest.clone()));
    assert_eq!(pinned.tag(), None);
    assert_eq!(pinned.written(), format!("docker.io/library/nginx@{digest}"));
}

#[test]
fn the_digest_of_nothing_is_the_known_one() {
    let known = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Digest::sha256(b"").as_str(), known);
}

#[test]
fn media_types_say_what_a_document_is() {
    use MediaKind::{Artifact, Index, Manifest, Other, Schema1};
    let kinds = media_type::MANIFESTS.map(|text| MediaType::from(text).kind());
    assert_eq!(kinds, [Index, Manifest, Index, Manifest, Artifact, Schema1, Schema1]);
    assert_eq!(MediaType::from("text/plain").kind(), Other);
    assert_eq!(MediaType::from(media_type::OCI_CONFIG).kind(), Other);
}
