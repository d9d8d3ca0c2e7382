//! Charts that are folders and archives.

use std::path::Path;
use std::sync::Arc;

use sealift_fetch::{ChartFiles, ChartFolder, Error, Limits, Package};
use sealift_files::{Folder, Links, Tree};
use sealift_helm::chart::LoadOptions;

use crate::fixture::{archive, write};

fn place(files: &[(&str, &str)]) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        write(place.path(), path, text);
    }
    place
}

fn chart(root: &Path, below: &str, links: Links) -> ChartFolder {
    let tree = Tree::new(Folder::open(root).expect("opened"), links);
    ChartFolder::new(Arc::new(tree), below, LoadOptions::default())
}

fn read(root: &Path, below: &str) -> Result<ChartFiles, Error> {
    chart(root, below, Links::Inside).files()
}

const CHART: [(&str, &str); 3] = [
    ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
    ("c/templates/b.yaml", "b"),
    ("c/templates.yaml", "t"),
];

#[test]
fn a_folder_is_read_in_helms_order() {
    let place = place(&CHART);
    let files = read(place.path(), "c").expect("read");
    let paths: Vec<_> = files.files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["Chart.yaml", "templates/b.yaml", "templates.yaml"]);
    let (chart, files) = chart(place.path(), "c", Links::Inside).load().expect("loaded");
    let identity = files.identity(&chart, "charts/c").to_string();
    assert_eq!(identity, "chart c 1.0.0 from charts/c");
}

#[test]
fn what_helmignore_names_is_left_out() {
    let place = place(&CHART);
    for path in ["c/values.yaml.bak", "c/docs/x", "c/templates/.x.swp"] {
        write(place.path(), path, "");
    }
    let paths = || {
        let files = read(place.path(), "c").expect("read").files;
        files.into_iter().map(|(path, _)| path).collect::<Vec<_>>()
    };
    let before = ["Chart.yaml", "docs/x", "templates/b.yaml", "templates.yaml", "values.yaml.bak"];
    assert_eq!(paths(), before);
    write(place.path(), "c/.helmignore", "*.bak\ndocs/\n");
    assert_eq!(paths(), [".helmignore", "Chart.yaml", "templates/b.yaml", "templates.yaml"]);
    write(place.path(), "c/.helmignore", "a/**\n");
    let error = read(place.path(), "c").expect_err("refused");
    assert!(error.to_string().ends_with("/c/.helmignore cannot be read"), "{error}");
}

#[test]
fn the_digest_of_a_folder_is_of_its_names_and_bytes() {
    let first = read(place(&CHART).path(), "c").expect("read").digest;
    let mut turned = CHART;
    turned.reverse();
    assert_eq!(read(place(&turned).path(), "c").expect("read").digest, first);
    for (at, entry) in [(0, ("c/Chart.yaml", "name: d\n")), (1, ("c/templates/c.yaml", "b"))] {
        let mut other = CHART;
        other[at] = entry;
        assert_ne!(read(place(&other).path(), "c").expect("read").digest, first);
    }
    // Of `path NUL length NUL bytes`, by `sha256sum`.
    let want = "sha256:be003a2940e2ffb17b6ff973229c05984949e79f57681f02ecdde7ea3e4ebe09";
    assert_eq!(first.to_string(), want);
}

#[test]
fn a_folder_without_chart_yaml_is_no_chart() {
    let place = place(&[("c/values.yaml", "")]);
    let error = read(place.path(), "c").expect_err("refused");
    assert!(error.to_string().ends_with("/c` is no chart: it has no Chart.yaml"), "{error}");
}

#[test]
fn a_chart_that_does_not_load_says_where_it_is() {
    let place = place(&[("c/Chart.yaml", "apiVersion: v2\nname: ..\nversion: 1.0.0\n")]);
    let error = chart(place.path(), "c", Links::Inside).load().expect_err("refused");
    assert!(error.to_string().ends_with("/c cannot be loaded"), "{error}");
    assert_eq!(error.class(), Some("name"));
}

#[test]
fn a_name_that_no_archive_may_hold_is_refused() {
    let place = place(&[("c/Chart.yaml", ""), ("c/a\u{202e}b", "")]);
    let error = read(place.path(), "c").expect_err("refused");
    assert_eq!(error.class(), Some("path"));
}

/// CVE-2019-18658, <https://github.com/helm/helm/issues/8540>: hostile case H10.
#[cfg(unix)]
#[test]
fn a_link_leads_nowhere_but_into_the_tree() {
    use std::os::unix::fs::symlink;
    let place = place(&[("tree/c/Chart.yaml", ""), ("tree/common/x", "1"), ("secret", "canary")]);
    let root = place.path().join("tree");
    symlink("../common", root.join("c/templates")).expect("linked");
    let files = read(&root, "c").expect("read");
    assert_eq!(files.files[1], ("templates/x".to_owned(), b"1".to_vec()));

    symlink("../../secret", root.join("c/values.yaml")).expect("linked");
    let error = read(&root, "c").expect_err("refused");
    let Error::File(sealift_files::Error::Escape { path, .. }) = &error else { panic!("{error}") };
    assert!(path.ends_with("c/values.yaml") && !error.to_string().contains("canary"), "{error}");

    let files = chart(&root, "c", Links::Everywhere).files().expect("read");
    assert_eq!(files.files.last().expect("files").1, b"canary");
}

#[test]
fn an_archive_is_known_by_the_digest_of_its_bytes() {
    let place = tempfile::tempdir().expect("a folder");
    let bytes = archive("c", "1.0.0", &[]);
    let file = place.path().join("any.tgz");
    fs_err::write(&file, &bytes).expect("written");
    let package = Package::read(&file, &Limits::default()).expect("read");
    assert_eq!(package.bytes, bytes);
    let chart = package.load("any.tgz", &LoadOptions::default()).expect("loaded");
    let identity = package.identity(&chart, "any.tgz");
    assert_eq!(identity.to_string(), "chart c 1.0.0 from any.tgz");
    assert_eq!(identity.digest.hex(), crate::fixture::hex(&bytes));

    let mut limits = Limits::default();
    limits.chart.total_bytes = bytes.len() as u64 - 1;
    let error = Package::read(&file, &limits).expect_err("too large");
    assert!(matches!(error, Error::PackageLimit { .. }), "{error}");
    assert_eq!(error.limit(), Some("chart-bytes"));
}

#[test]
fn a_limit_is_told_by_its_name() {
    let place = place(&CHART);
    let limited = |change: fn(&mut LoadOptions)| {
        let mut options = LoadOptions::default();
        change(&mut options);
        let tree = Tree::new(Folder::open(place.path()).expect("opened"), Links::Inside);
        let error = ChartFolder::new(Arc::new(tree), "c", options).files().expect_err("a limit");
        assert_eq!(error.class(), Some("limit"));
        error.limit()
    };
    assert_eq!(limited(|options| options.limits.entries = 3), Some("chart-entries"));
    assert_eq!(limited(|options| options.limits.file_bytes = 3), Some("chart-file-bytes"));
    assert_eq!(limited(|options| options.limits.total_bytes = 39), Some("chart-bytes"));
}
