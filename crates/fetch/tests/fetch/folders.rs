//! Charts that are folders and archives.

use std::path::Path;

use fs_err as fs;
use sealift_fetch::{ChartFiles, Error, Limits, Package, folder, ignore_file};
use sealift_files::{Folder, Links, Tree};

fn place(files: &[(&str, &str)]) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let file = place.path().join(path);
        fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("made");
        fs::write(file, text).expect("written");
    }
    place
}

fn read(root: &Path, below: &str) -> Result<ChartFiles, Error> {
    let tree = Tree::new(Folder::open(root).expect("opened"), Links::Inside);
    folder(&tree, below, &Limits::default(), &mut |path, _| path == "values.yaml.bak")
}

const CHART: [(&str, &str); 4] = [
    ("c/Chart.yaml", "name: c\n"),
    ("c/templates/b.yaml", "b"),
    ("c/templates.yaml", "t"),
    ("c/values.yaml.bak", "v"),
];

#[test]
fn a_folder_is_read_in_helms_order_without_what_is_ignored() {
    let place = place(&CHART);
    let chart = read(place.path(), "c").expect("read");
    let paths: Vec<_> = chart.files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["Chart.yaml", "templates/b.yaml", "templates.yaml"]);
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
    let want = "sha256:5ec6935522362ea439dfdf39ef79c7a5d2fee8f3d375b39e6cc6b696a38b2e7a";
    assert_eq!(first.to_string(), want);
}

#[test]
fn a_folder_without_chart_yaml_is_no_chart() {
    let place = place(&[("c/values.yaml", "")]);
    let error = read(place.path(), "c").expect_err("refused");
    assert!(error.to_string().ends_with("/c` is no chart: it has no Chart.yaml"), "{error}");
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
    let chart = read(&root, "c").expect("read");
    assert_eq!(chart.files[1], ("templates/x".to_owned(), b"1".to_vec()));

    symlink("../../secret", root.join("c/values.yaml")).expect("linked");
    let error = read(&root, "c").expect_err("refused");
    let Error::File(sealift_files::Error::Escape { path, .. }) = &error else { panic!("{error}") };
    assert!(path.ends_with("c/values.yaml") && !error.to_string().contains("canary"), "{error}");

    let tree = Tree::new(Folder::open(&root).expect("opened"), Links::Everywhere);
    let chart = folder(&tree, "c", &Limits::default(), &mut |_, _| false).expect("read");
    assert_eq!(chart.files.last().expect("files").1, b"canary");
}

#[test]
fn an_ignore_file_is_read_where_there_is_one() {
    let place = place(&[("a/.helmignore", "*.bak\n"), ("b/Chart.yaml", "")]);
    let tree = Tree::new(Folder::open(place.path()).expect("opened"), Links::Inside);
    let read = |below| ignore_file(&tree, below, &Limits::default()).expect("read");
    assert_eq!((read("a").as_deref(), read("b")), (Some(&b"*.bak\n"[..]), None));
}

#[test]
fn an_archive_is_known_by_the_digest_of_its_bytes() {
    let place = place(&[("c-1.0.0.tgz", "any bytes")]);
    let file = place.path().join("c-1.0.0.tgz");
    let package = Package::read(&file, &Limits::default()).expect("read");
    let want = "sha256:23914a83c3c7080988b4aab957e8c1abf4a281df9cc77c7e1d43d3e81f39e94e";
    assert_eq!(
        (&package.bytes[..], package.digest.to_string()),
        (&b"any bytes"[..], want.to_owned())
    );
    let error = Package::read(&file, &Limits { chart_bytes: 8, ..Limits::default() });
    assert!(matches!(error, Err(Error::File(sealift_files::Error::Limit { limit: 8, .. }))));
}
