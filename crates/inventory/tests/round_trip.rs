//! Whatever is found is written and read back equal.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sealift_inventory::{
    Address, Artifact, Class, Confidence, Finding, Inventory, Lock, LockedArtifact, LockedImage,
    Origin, Plain, SetBy, Step, Unresolved,
};
use sealift_reference::Digest;

/// Texts that YAML likes to read as something else, and any others.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("1.10".to_owned()),
        Just("0x1F".to_owned()),
        Just("no".to_owned()),
        Just("~".to_owned()),
        Just(String::new()),
        Just(" x".to_owned()),
        Just("a: b".to_owned()),
        Just("- a".to_owned()),
        Just("# a".to_owned()),
        Just("*a".to_owned()),
        Just("a\nb\n".to_owned()),
        Just("a\r\nb".to_owned()),
        Just("\u{1b}[2J".to_owned()),
        Just("\u{feff}x".to_owned()),
        Just("{{ .x }}".to_owned()),
        Just("!!str x".to_owned()),
        Just("2001-01-01".to_owned()),
        Just("<<".to_owned()),
        "[ -~]{1,12}",
        ".{0,8}",
        "[a-z ]{90,100}",
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let unknown = prop::collection::btree_map("new[a-z]{1,3}", text().prop_map(Plain::Text), 1..3);
    prop_oneof![
        (text(), text()).prop_map(|(name, version)| Step::Product { name, version }),
        (text(), text()).prop_map(|(name, version)| Step::Chart { name, version }),
        (text(), prop::option::of(any::<u32>())).prop_map(|(path, line)| Step::File { path, line }),
        (text(), any::<u32>(), prop::option::of(text()))
            .prop_map(|(format, line, key)| Step::Text { format, line, key }),
        text().prop_map(Step::Component),
        text().prop_map(Step::Kustomization),
        text().prop_map(Step::Object),
        text().prop_map(Step::Key),
        text().prop_map(Step::Image),
        text().prop_map(Step::Slot),
        unknown.prop_map(Step::Unknown),
    ]
}

fn origin() -> impl Strategy<Value = Origin> {
    prop::collection::vec(step(), 0..4).prop_map(Origin::from_iter)
}

fn artifact() -> impl Strategy<Value = Artifact> {
    prop_oneof![
        "(nginx|docker\\.io/library/nginx|quay\\.io/a)(:1|:2)?"
            .prop_map(|image| Artifact::Image(image.parse().expect("a reference"))),
        (text(), text(), text()).prop_map(|(name, repository, version)| Artifact::Chart {
            name,
            repository,
            version
        }),
        (text(), text(), prop::option::of(any::<u32>()), prop::option::of(text())).prop_map(
            |(name, channel, revision, base)| Artifact::Charm { name, channel, revision, base }
        ),
        (text(), text(), any::<bool>()).prop_map(|(name, url, known)| {
            let sha256 = known.then(|| Digest::sha256(url.as_bytes()));
            Artifact::Package { name, url, sha256 }
        }),
    ]
}

fn finding() -> impl Strategy<Value = Finding> {
    let set_by =
        (text(), text(), any::<u32>()).prop_map(|(values, key, line)| SetBy { values, key, line });
    let class = prop_oneof![Just(Class::Required), Just(Class::Optional), Just(Class::Tool)];
    let confidence = prop_oneof![
        Just(Confidence::Certain),
        Just(Confidence::Likely),
        Just(Confidence::Possible)
    ];
    (artifact(), origin(), prop::collection::vec(set_by, 0..2), class, confidence).prop_map(
        |(artifact, origin, set_by, class, confidence)| Finding {
            artifact,
            origin,
            set_by,
            class,
            confidence,
        },
    )
}

fn inventory() -> impl Strategy<Value = Inventory> {
    let unresolved = (text(), origin(), text()).prop_map(|(text, origin, reason)| Unresolved {
        text,
        origin,
        reason,
    });
    let address =
        (text(), origin(), text()).prop_map(|(url, origin, kind)| Address { url, origin, kind });
    let parts = (
        prop::collection::vec(finding(), 0..6),
        prop::collection::vec(unresolved, 0..3),
        prop::collection::vec(address, 0..2),
    );
    parts.prop_map(|(findings, unresolved, addresses)| {
        Inventory::collect(findings, unresolved, addresses)
    })
}

proptest! {
    #[test]
    fn a_written_inventory_reads_back_equal(inventory in inventory()) {
        let yaml = inventory.to_yaml();
        let read = Inventory::read("i.yaml", &yaml);
        prop_assert!(read.is_ok(), "{:#}\n{}", read.unwrap_err(), yaml);
        prop_assert_eq!(read.as_ref(), Ok(&inventory), "{}", yaml);
        prop_assert_eq!(Inventory::read("i.json", &inventory.to_json()), Ok(inventory));
    }

    #[test]
    fn the_order_of_findings_does_not_matter(findings in prop::collection::vec(finding(), 0..6)) {
        let forward = Inventory::collect(findings.clone(), [], []);
        let backward = Inventory::collect(findings.into_iter().rev(), [], []);
        prop_assert_eq!(forward.to_yaml(), backward.to_yaml());
    }

    #[test]
    fn a_written_lock_reads_back_equal(
        names in prop::collection::btree_map("[a-z]{1,4}(/[a-z]{1,3})?:[a-z0-9]{1,3}", prop::collection::vec(text(), 0..3), 0..4),
        shipment in text(),
        media_type in text(),
        size in any::<u64>(),
    ) {
        let artifacts = names.into_iter().map(|(name, because)| LockedArtifact::Image(LockedImage {
            image: name.parse().expect("a reference"),
            from: None,
            digest: Digest::sha256(name.as_bytes()),
            media_type: media_type.as_str().into(),
            platforms: BTreeMap::from([("linux/arm64/v8".parse().expect("a platform"), Digest::sha256(b"x"))]),
            size,
            index: None,
            target: name.parse().expect("a name"),
            class: Class::Optional,
            with: Vec::new(),
            rebuilt: None,
            because,
        }));
        let mut lock = Lock { shipment, artifacts: artifacts.collect(), ..Lock::default() };
        lock.sort();
        let text = lock.to_yaml();
        let read = Lock::read("sealift.lock", &text);
        prop_assert_eq!(read.as_ref(), Ok(&lock), "{}", text);
        prop_assert_eq!(lock.to_yaml(), text);
    }
}
