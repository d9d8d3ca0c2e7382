//! Names at the target.

use proptest::prelude::*;
use sealift_inventory::{Charts, Layout, Naming, NamingError, Prefix, TargetName, UntaggedAs};
use sealift_reference::{Digest, Reference};

const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn flat() -> Naming {
    Naming::default()
}

fn keep_host() -> Naming {
    Naming { layout: Layout::KeepHost, ..Naming::default() }
}

fn target(naming: &Naming, source: &str) -> String {
    naming.target(&source.parse().expect("a reference")).expect("a name").to_string()
}

fn digest(content: &str) -> Digest {
    Digest::sha256(content.as_bytes())
}

#[test]
fn flat_drops_the_host_and_keep_host_writes_it_as_a_component() {
    for (source, without, with) in [
        ("nginx", "library/nginx:latest", "docker.io/library/nginx:latest"),
        ("quay.io/a/b:1", "a/b:1", "quay.io/a/b:1"),
        ("host:5000/a:1", "a:1", "host_5000/a:1"),
        ("localhost/a:1", "a:1", "localhost/a:1"),
        ("[2001:db8::1]:5000/a:1", "a:1", "ipv6_2001-db8-0-0-0-0-0-1_5000/a:1"),
        ("[::1]/a:1", "a:1", "ipv6_0-0-0-0-0-0-0-1/a:1"),
    ] {
        assert_eq!(target(&flat(), source), without);
        assert_eq!(target(&keep_host(), source), with);
    }
}

#[test]
fn a_digest_without_a_tag_is_tagged_by_its_hex_and_kkp_says_latest() {
    let pinned = format!("quay.io/a@sha256:{HEX}");
    assert_eq!(target(&flat(), &pinned), format!("a:{HEX}"));
    assert_eq!(target(&flat(), &format!("quay.io/a:1@sha256:{HEX}")), "a:1");
    let kkp = Naming { untagged_as: UntaggedAs::Latest, ..Naming::default() };
    assert_eq!(target(&kkp, &pinned), "a:latest");
    let long = format!("quay.io/a@sha512:{}", "0".repeat(128));
    assert_eq!(target(&flat(), &long), format!("a:{}", "0".repeat(128)));
}

#[test]
fn a_prefix_stands_before_every_name_and_deep_paths_are_folded() {
    let naming = Naming { prefix: "platform/".parse().unwrap(), max_depth: 2, ..Naming::default() };
    assert_eq!(target(&naming, "quay.io/a/b/c:1"), "platform/a-b-c:1");
    assert_eq!(target(&naming, "quay.io/a:1"), "platform/a:1");
    let one = Naming { max_depth: 1, ..keep_host() };
    assert_eq!(target(&one, "nginx:1"), "docker.io-library-nginx:1");
}

#[test]
fn charts_are_named_by_their_repository() {
    let mut naming = flat();
    let chart = |naming: &Naming, repository: &str, version: &str| {
        naming.chart(repository, "x", version).unwrap().to_string()
    };
    assert_eq!(
        chart(&naming, "https://charts.example", "1.2.3+build.5"),
        "helm-charts/x:1.2.3_build.5"
    );
    assert_eq!(chart(&naming, "oci://ghcr.io/org/charts/", "1.2.3"), "org/charts/x:1.2.3");
    let own = [("https://charts.example/".to_owned(), "own/".parse().unwrap())].into();
    naming.charts = Charts::ByRepository(own);
    naming.prefix = "p/".parse().unwrap();
    assert_eq!(chart(&naming, "https://charts.example", "1"), "p/own/x:1");
    assert_eq!(chart(&naming, "https://other.example", "1"), "p/helm-charts/x:1");
    assert!(naming.chart("https://charts.example", "../x", "1").is_err());
    assert!(naming.chart("https://charts.example", "x", "../1").is_err());
}

#[test]
fn two_unlike_sources_of_one_name_are_refused_and_both_named() {
    let (a, b): (Reference, Reference) =
        ("quay.io/x/y:1".parse().unwrap(), "ghcr.io/x/y:1".parse().unwrap());
    let (one, other) = (digest("one"), digest("other"));
    let error = flat().assign([(&a, &one), (&b, &other)]).unwrap_err();
    insta::assert_snapshot!(error);
    assert!(matches!(error, NamingError::Taken(_)));
    let names = flat().assign([(&a, &one), (&b, &one)]).unwrap();
    assert_eq!(names.sources(&"x/y:1".parse().unwrap()), [b.clone(), a.clone()]);
    assert!(keep_host().assign([(&a, &one), (&b, &other)]).is_ok());
}

#[test]
fn folding_two_paths_into_one_is_refused_too() {
    let naming = Naming { max_depth: 1, ..Naming::default() };
    let (a, b): (Reference, Reference) =
        ("quay.io/x/y:1".parse().unwrap(), "quay.io/x-y:1".parse().unwrap());
    assert!(naming.assign([(&a, &digest("one")), (&b, &digest("other"))]).is_err());
}

#[test]
fn a_tag_that_another_digest_of_the_repository_has_becomes_hex() {
    let pinned: Reference = format!("quay.io/a:1@sha256:{HEX}").parse().unwrap();
    let moving: Reference = "quay.io/a:1".parse().unwrap();
    let (old, new) = (digest(""), digest("newer"));
    assert_eq!(old.hex(), HEX);
    for order in [[(&pinned, &old), (&moving, &new)], [(&moving, &new), (&pinned, &old)]] {
        let names = flat().assign(order).unwrap();
        assert_eq!(names.target(&moving).unwrap().to_string(), "a:1");
        assert_eq!(names.target(&pinned).unwrap().to_string(), format!("a:{HEX}"));
    }
}

#[test]
fn a_name_that_is_too_long_with_its_host_fails() {
    let registry: Prefix = "registry.corp:5000/ml".parse().unwrap();
    let longest = "p".repeat(255 - registry.as_str().len() - 1);
    let name: TargetName = format!("{longest}:1").parse().unwrap();
    assert_eq!(
        name.at(&registry).unwrap().to_string(),
        format!("registry.corp:5000/ml/{longest}:1")
    );
    let name: TargetName = format!("{longest}p:1").parse().unwrap();
    let error = name.at(&registry).unwrap_err();
    assert!(
        error.to_string().ends_with("has 256 characters; CRI-O and podman pull at most 255"),
        "{error}"
    );
}

const HOST: &str = "([a-z0-9]{1,4}\\.[a-z]{2}|localhost|ipv6-a|\\[[1-9a-f]{1,4}::[1-9a-f]{1,3}\\]|\\[::ffff:[1-9]:[1-9]\\])(:[1-9][0-9]{0,3})?";
const PATH: &str = "[a-z0-9]{1,4}((\\.|_|__|-{1,2})[a-z0-9]{1,3}){0,2}(/[a-z0-9]{1,3}){0,2}";

proptest! {
    #[test]
    fn keep_host_has_an_inverse(host in HOST, path in PATH, tag in "[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,8}", prefix in "([a-z]{1,3}/){0,2}") {
        let Ok(source) = format!("{host}/{path}:{tag}").parse::<Reference>() else { return Ok(()) };
        prop_assume!(source.host() == host);
        let naming = Naming { prefix: prefix.parse().expect("a prefix"), ..keep_host() };
        let target = naming.target(&source).expect("a name");
        prop_assert_eq!(naming.source(&target), Some(source.clone()));
        let pinned = Reference::new(source.repository().clone(), None, Some(digest(&path)));
        prop_assert_eq!(naming.source(&naming.target(&pinned).expect("a name")), Some(pinned));
    }

    #[test]
    fn what_the_inverse_finds_has_that_name(path in "[a-z0-9_.-]{1,12}(/[a-z0-9]{1,3}){1,2}", tag in "[a-z0-9]{1,4}") {
        let target = format!("{path}:{tag}").parse::<TargetName>().ok();
        let source = target.as_ref().and_then(|target| keep_host().source(target));
        if let (Some(target), Some(source)) = (target, source) {
            prop_assert_eq!(keep_host().target(&source), Ok(target));
        }
    }

    #[test]
    fn assigned_names_lead_back_to_their_sources_in_every_layout(
        sources in prop::collection::btree_set(("(quay|ghcr)\\.io", "[ab](/[ab]){0,1}", "[12]", any::<bool>()), 1..8),
        keep in any::<bool>(),
        max_depth in 0..3u32,
    ) {
        let layout = if keep { Layout::KeepHost } else { Layout::Flat };
        let naming = Naming { layout, max_depth, ..Naming::default() };
        let sources: Vec<(Reference, Digest)> = sources.into_iter().map(|(host, path, tag, pinned)| {
            // One content for each path and tag: unlike hosts are alike, so that flat names are shared and not refused.
            let content = digest(&format!("{path}:{tag}:{pinned}"));
            let suffix = if pinned { format!("@{content}") } else { String::new() };
            (format!("{host}/{path}:{tag}{suffix}").parse().expect("a reference"), content)
        }).collect();
        let Ok(names) = naming.assign(sources.iter().map(|(source, digest)| (source, digest))) else { return Ok(()) };
        for (source, digest) in &sources {
            let target = names.target(source).expect("every source has a name");
            prop_assert!(names.sources(target).contains(source));
            for shared in names.sources(target) {
                let theirs = &sources.iter().find(|(other, _)| other == shared).expect("one of ours").1;
                prop_assert_eq!(theirs, digest);
            }
        }
    }
}
