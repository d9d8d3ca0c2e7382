//! Locks and what they lock.

use sealift_helm::chart::{
    LoadOptions, LockMismatch, check_lock, lock_digest, lock_digest_of_helm_2, lock_mismatches,
};
use sealift_helm::{Chart, Profile};

use crate::charts;

/// Dependencies of `Chart.yaml` and of `Chart.lock`, and the digests that Helm 4.2.4 and Helm 2 have for them, as recorded.
const DIGESTS: [(&str, &str, &str, &str); 3] = [
    (
        "dependencies: [{name: a, version: ~1.2, repository: https://x}]",
        "dependencies: [{name: a, version: 1.2.3, repository: https://x}]",
        "sha256:f06221fe256ba8326fb3b546793311685d4d4cce43a878e250d3b6041c6d04d7",
        "sha256:fa0d8de7588aa21dbbbc29a11377aab2b293f47e22e0c8bb0e7496f66b6fe3ac",
    ),
    (
        "dependencies: [{name: a, version: '>=1 <2 & é', repository: '', condition: a.enabled, tags: [x, y], enabled: true, \
         alias: b, import-values: [x, {parent: p, child: c}, 1.0, 1e21]}, {name: d}]",
        "dependencies: [{name: a, version: 1.2.3}, {name: d}]",
        "sha256:86c83e2b9e749f477f4849ab5535590cbfbcad2b1f1ef3aee689908c58a1fe78",
        "sha256:0eb77ad60101e03b6fbbc2904bc2258a2a5607e2ebe2c7983bf86e6ad07f3e24",
    ),
    (
        "dependencies: []",
        "dependencies: []",
        "sha256:643d5437104296e21d906ecb15b2c96ad278f20cfc4af53b12bb6069bd853726",
        "sha256:81059fe6210ccee4e3349c0f34c12d180f995150128a913d63b65b7937c6b152",
    ),
];

fn chart(api_version: &str, needs: &str, lock: &str) -> Chart {
    let meta = format!("apiVersion: {api_version}\nname: x\nversion: 1.0.0\n{needs}\n");
    let files = vec![
        ("Chart.yaml".to_owned(), meta.into_bytes()),
        ("Chart.lock".to_owned(), lock.as_bytes().to_vec()),
        ("charts/a/Chart.yaml".to_owned(), b"name: a\nversion: 1.2.4\n".to_vec()),
    ];
    Chart::load(files, &LoadOptions::default()).expect("a chart")
}

#[test]
fn digests_are_those_of_helm() {
    for (needs, locked, digest, digest_of_helm_2) in DIGESTS {
        let chart = chart("v2", needs, locked);
        let locked = &chart.lock.as_ref().expect("a lock").dependencies;
        let needs = &chart.metadata.dependencies;
        assert_eq!(lock_digest(needs, locked).as_deref(), Ok(digest));
        assert_eq!(lock_digest_of_helm_2(needs).as_deref(), Ok(digest_of_helm_2));
    }
}

#[test]
fn a_lock_made_for_other_dependencies_is_out_of_sync() {
    let check = |api_version: &str, digest: &str, profile| {
        let (needs, locked, ..) = DIGESTS[0];
        let chart = chart(api_version, needs, &format!("{locked}\ndigest: {digest}\n"));
        check_lock(&chart, &chart.metadata.dependencies, profile).map_err(|error| error.to_string())
    };
    let (_, _, digest, digest_of_helm_2) = DIGESTS[0];
    let new = Profile::Helm4_2_4;
    assert_eq!(check("v2", digest, new), Ok(()));
    assert_eq!(check("v1", digest_of_helm_2, new), Ok(()));
    assert_eq!(
        check("v2", digest_of_helm_2, new),
        Err("the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). \
             Please update the dependencies with 'helm dependency update'"
            .to_owned())
    );
    assert_eq!(
        check("v2", digest_of_helm_2, Profile::Helm3_21_4),
        Err("the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies".to_owned())
    );
    assert_eq!(
        check("v1", "sha256:0", new),
        Err("the lock file (requirements.lock) is out of sync with the dependencies file (requirements.yaml). \
             Please update the dependencies"
            .to_owned())
    );
}

#[test]
fn a_chart_that_is_not_the_locked_one_is_named() {
    let lock = "dependencies: [{name: a, version: 1.2.3}, {name: b, version: 1.0.0}]";
    let mismatch = |name: &str, locked: &str, found: &[&str]| LockMismatch {
        name: name.to_owned(),
        locked: locked.to_owned(),
        found: found.iter().map(|&version| version.to_owned()).collect(),
    };
    assert_eq!(
        lock_mismatches(&chart("v2", "", lock)),
        [mismatch("a", "1.2.3", &["1.2.4"]), mismatch("b", "1.0.0", &[])]
    );
    assert_eq!(lock_mismatches(&chart("v2", "", "dependencies: [{name: a, version: 1.2.4}]")), []);
}

#[test]
fn the_locks_of_the_oracles_are_in_sync() {
    let (mut fitting, mut others) = (0, Vec::new());
    charts::each(|path, chart| {
        if chart.lock.is_some() {
            match check_lock(chart, &chart.metadata.dependencies, Profile::default()) {
                Ok(()) => fitting += 1,
                Err(_) => others.push(path.display().to_string()),
            }
        }
    });
    assert!(others.len() * 10 <= fitting, "{fitting} fit, others do not: {others:?}");
}
