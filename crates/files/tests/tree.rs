//! Trees: which links are followed, what is passed over, what is too much.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::Path;

use fs_err as fs;

use sealift_files::{Error, Folder, Links, Tree, TreeLimits};

const LIMITS: TreeLimits = TreeLimits { entries: 20, file_bytes: 100, levels: 4, total_bytes: 300 };

fn write(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("made");
    fs::write(file, text).expect("written");
}

fn link(root: &Path, path: &str, target: impl AsRef<Path>) {
    let link = root.join(path);
    fs::create_dir_all(link.parent().expect("it lies in a folder")).expect("made");
    symlink(target, link).expect("linked");
}

fn tree(root: &Path, links: Links) -> Tree {
    Tree::new(Folder::open(root).expect("opened"), links)
}

fn paths(tree: &Tree, below: &str) -> Result<Vec<String>, Error> {
    let files = tree.files(below, &LIMITS, &mut |_, _| false)?;
    Ok(files
        .iter()
        .map(|file| format!("{}={}", file.path, String::from_utf8_lossy(&file.bytes)))
        .collect())
}

#[test]
fn a_walk_is_depth_first_with_sorted_names() {
    let place = tempfile::tempdir().expect("a folder");
    for path in ["b", "a/z", "a/b/c", "a.yaml", "a-b/x"] {
        write(place.path(), path, "1");
    }
    let found = paths(&tree(place.path(), Links::Inside), "").expect("walked");
    assert_eq!(found, ["a/b/c=1", "a/z=1", "a-b/x=1", "a.yaml=1", "b=1"]);
}

#[test]
fn links_are_followed_inside_the_tree() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), "common/x", "1");
    link(place.path(), "chart/charts/common", "../../common");
    link(place.path(), "chart/y", "charts/common/x");
    let found = paths(&tree(place.path(), Links::Inside), "chart").expect("walked");
    assert_eq!(found, ["charts/common/x=1", "y=1"]);
}

#[test]
fn a_link_out_of_the_tree_is_refused_and_named() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), "secret", "1");
    let secret = place.path().join("secret");
    let targets = [Path::new("../../secret"), &secret, Path::new(".."), Path::new("nothing")];
    for target in targets {
        let root = place.path().join("tree");
        link(&root, "chart/x", target);
        let error = paths(&tree(&root, Links::Inside), "chart").expect_err("refused");
        let Error::Escape { path, tree } = &error else { panic!("{error}") };
        assert!(path.ends_with("tree/chart/x") && tree.ends_with("tree"), "{error}");
        assert!(error.is_content() && !error.is_not_found());
        fs::remove_dir_all(&root).expect("removed");
    }
}

#[test]
fn a_link_to_a_folder_that_it_lies_in_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), "a/f", "1");
    link(place.path(), "a/loop", "../a");
    for links in [Links::Inside, Links::Everywhere] {
        let error = paths(&tree(place.path(), links), "").expect_err("refused");
        assert!(
            matches!(&error, Error::Escape { path, .. } if path.ends_with("a/loop")),
            "{error}"
        );
    }
}

#[test]
fn a_link_through_a_good_link_is_the_one_that_is_named() {
    let place = tempfile::tempdir().expect("a folder");
    let root = place.path().join("tree");
    write(place.path(), "secret", "1");
    link(&root, "d/bad", "../../secret");
    link(&root, "good", "d");
    let error = tree(&root, Links::Inside).read("good/bad", 9).expect_err("refused");
    assert!(matches!(&error, Error::Escape { path, .. } if path.ends_with("good/bad")), "{error}");
}

#[test]
fn links_are_followed_everywhere_where_the_operator_says_so() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), "outside/x", "1");
    link(place.path(), "tree/a", "../outside");
    link(place.path(), "tree/b", place.path().join("outside/x"));
    let tree = tree(&place.path().join("tree"), Links::Everywhere);
    assert_eq!(paths(&tree, "").expect("walked"), ["a/x=1", "b=1"]);
    let outside = tree.elsewhere("../outside").expect("opened").expect("allowed");
    assert_eq!(paths(&outside, "").expect("walked"), ["x=1"]);
    assert!(tree.elsewhere("../nothing").expect_err("absent").is_not_found());
    let confined = self::tree(&place.path().join("tree"), Links::Inside);
    assert!(confined.elsewhere("../outside").expect("known").is_none());
    assert_eq!(tree.is_folder("a").expect("known"), Some(true));
    assert_eq!(tree.is_folder("b").expect("known"), Some(false));
    assert_eq!(tree.is_folder("c").expect("known"), None);
}

#[test]
fn what_is_passed_over_is_not_looked_into() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), "keep/x", "1");
    write(place.path(), "drop/x", "1");
    link(place.path(), "drop.txt", "/nowhere");
    link(place.path(), "linked", "drop");
    let mut asked = Vec::new();
    let mut skips = |path: &str, is_folder: bool| {
        asked.push(format!("{path} {is_folder}"));
        path.starts_with("drop") || (path == "linked" && is_folder)
    };
    let tree = tree(place.path(), Links::Inside);
    let found = tree.files("", &LIMITS, &mut skips).expect("walked");
    assert_eq!(found.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["keep/x"]);
    assert!(
        asked.contains(&"linked true".to_owned())
            && !asked.iter().any(|path| path.contains("drop/"))
    );
}

#[test]
fn pipes_and_devices_are_no_files() {
    let place = tempfile::tempdir().expect("a folder");
    link(place.path(), "null", "/dev/null");
    let error = paths(&tree(place.path(), Links::Everywhere), "").expect_err("refused");
    assert!(matches!(error, Error::Type { .. }), "{error}");
}

#[test]
fn each_limit_is_allowed_and_one_more_is_not() {
    let limit = |error: Error| match error {
        Error::Limit { limit, unit, .. } => format!("{limit} {unit}"),
        other => other.to_string(),
    };
    let check = |make: &dyn Fn(&Path, usize), most: usize, want: &str| {
        for (count, good) in [(most, true), (most + 1, false)] {
            let place = tempfile::tempdir().expect("a folder");
            make(place.path(), count);
            let found = paths(&tree(place.path(), Links::Inside), "").map(drop).map_err(limit);
            assert_eq!(found, if good { Ok(()) } else { Err(want.to_owned()) });
        }
    };
    let files = |root: &Path, count| {
        for at in 0..count {
            write(root, &format!("f{at}"), "");
        }
    };
    check(&files, 20, "20 files and folders");
    check(&|root, count| write(root, "f", &"x".repeat(count)), 100, "100 bytes");
    check(
        &|root, count| write(root, &format!("{}f", "d/".repeat(count)), ""),
        4,
        "4 levels of folders",
    );
    let bytes = |root: &Path, count| {
        for at in 0..3 {
            write(root, &format!("f{at}"), &"x".repeat(99));
        }
        write(root, "last", &"x".repeat(count));
    };
    check(&bytes, 3, "300 bytes in all its files");
}
