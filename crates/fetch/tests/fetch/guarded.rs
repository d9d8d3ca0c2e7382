//! What a chart that needs others may not do.

use std::sync::Arc;

use sealift_fetch::{Error, FetchSettings, Fetcher};
use sealift_files::Links;

use crate::dependencies::{GENERATED, HEAD, build, home, names, place as put, repository, update};
use crate::fixture::{archive, fetcher, hex, registry, url, write};

/// Hostile cases A12, H10: names and paths that a chart chooses.
#[tokio::test]
async fn a_dependency_leads_nowhere_but_into_the_tree() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), "secret/Chart.yaml", "apiVersion: v2\nname: secret\nversion: 1.0.0\n");
    let root = place.path().join("tree");
    let outside = place.path().join("secret").display().to_string();
    for (need, class) in [
        ("{name: secret, version: '1', repository: 'file://../../secret'}".to_owned(), "path"),
        (format!("{{name: secret, version: '1', repository: 'file://{outside}'}}"), "path"),
        ("{name: ../../secret, version: '1', repository: ''}".to_owned(), "name"),
        ("{name: .., version: '1', repository: 'https://127.0.0.1:1'}".to_owned(), "name"),
    ] {
        write(&root, "c/Chart.yaml", &format!("{HEAD}- {need}\n"));
        let home = home(&root, "c", Links::Inside);
        let error = update(&home, &fetcher(FetchSettings::default())).await.expect_err(&need);
        assert_eq!(error.class(), Some(class), "{need}: {error}");
    }
    write(
        &root,
        "c/Chart.yaml",
        &format!("{HEAD}- {{name: secret, version: '1', repository: 'file://../../secret'}}\n"),
    );
    let home = home(&root, "c", Links::Everywhere);
    update(&home, &fetcher(FetchSettings::default())).await.expect("where the operator says so");
}

/// Hostile case A12: what a lock says becomes names of files, too.
#[tokio::test]
async fn a_lock_cannot_name_a_path() {
    let place = tempfile::tempdir().expect("a folder");
    let chart = format!("{HEAD}- {{name: a, version: '1', repository: 'https://127.0.0.1:1'}}\n");
    write(place.path(), "Chart.yaml", &chart);
    for (name, version) in [("../../x", "1.0.0"), ("a", "../1")] {
        let json = format!(
            r#"[[{{"name":"a","version":"1","repository":"https://127.0.0.1:1"}}],[{{"name":"{name}","version":"{version}","repository":"https://127.0.0.1:1"}}]]"#
        );
        let lock = format!(
            "dependencies:\n- {{name: {name}, repository: 'https://127.0.0.1:1', version: {version}}}\ndigest: sha256:{}\ngenerated: '{GENERATED}'\n",
            hex(json.as_bytes())
        );
        write(place.path(), "Chart.lock", &lock);
        let home = home(place.path(), "", Links::Inside);
        let error = build(&home, &fetcher(FetchSettings::default())).await.expect_err("refused");
        assert_eq!(error.class(), Some("name"), "{error}");
    }
}

/// Helm CVE-2025-53547: hostile case H13.
#[cfg(unix)]
#[tokio::test]
async fn no_link_is_written_through() {
    use std::os::unix::fs::symlink;
    let server = repository().await;
    for linked in ["Chart.lock", "charts", "charts/a-1.0.0.tgz", "charts/a-1.0.0.tgz.part"] {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path().join("c");
        let text = format!("{HEAD}- {{name: a, version: 1.0.0, repository: '{}'}}\n", url(&server));
        write(&root, "Chart.yaml", &text);
        let is_folder = linked == "charts";
        let outside = place.path().join("outside");
        if is_folder {
            fs_err::create_dir(&outside).expect("made");
        } else {
            fs_err::write(&outside, "dependencies: []\n").expect("written");
        }
        let gathered = {
            let home = home(&root, "", Links::Inside);
            update(&home, &fetcher(FetchSettings::default())).await.expect("gathered")
        };
        let link = root.join(linked);
        fs_err::create_dir_all(link.parent().expect("a folder")).expect("made");
        symlink(&outside, &link).expect("linked");
        let written = put(&gathered, &home(&root, "", Links::Inside));
        if linked == "charts/a-1.0.0.tgz.part" {
            // A part that somebody left is replaced, and what it led to stays.
            written.expect("written");
        } else {
            let error = written.expect_err("refused");
            assert!(matches!(error, Error::File(sealift_files::Error::Link { .. })), "{error}");
        }
        if is_folder {
            assert!(names(&outside).is_empty());
        } else {
            assert_eq!(fs_err::read_to_string(&outside).expect("read"), "dependencies: []\n");
        }
    }
}

#[tokio::test]
async fn a_broken_run_leaves_what_was_there() {
    let server = repository().await;
    let place = tempfile::tempdir().expect("a folder");
    let text = format!(
        "{HEAD}- {{name: a, version: 1.0.0, repository: '{0}'}}\n- {{name: zzz, version: 1.0.0, repository: '{0}'}}\n",
        url(&server)
    );
    write(place.path(), "Chart.yaml", &text);
    fs_err::create_dir(place.path().join("charts")).expect("made");
    fs_err::write(place.path().join("charts/a-0.5.0.tgz"), archive("a", "0.5.0", &[]))
        .expect("written");
    let home = home(place.path(), "", Links::Inside);
    update(&home, &Fetcher::new(registry(), FetchSettings::default(), Arc::new(())).expect("made"))
        .await
        .expect_err("no zzz");
    assert_eq!(names(place.path()), ["Chart.yaml", "charts"]);
    assert_eq!(names(&place.path().join("charts")), ["a-0.5.0.tgz"]);
}
