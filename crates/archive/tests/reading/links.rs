//! Symbolic links, for those who ask for them.

use std::process::Command;

use sealift_archive::{EntryKind, TarReadError, TarReader};

use crate::LIMITS;

/// Name, kind, where it leads, the length of its content.
type Shown = (String, EntryKind, Option<String>, usize);

fn all(mut reader: TarReader<&[u8]>) -> Result<(Vec<Shown>, Option<String>), TarReadError> {
    let mut shown = Vec::new();
    while let Some(entry) = reader.next_entry()? {
        let (path, kind, target) = (entry.path.to_string(), entry.kind, entry.target.clone());
        shown.push((path, kind, target, entry.content()?.len()));
    }
    Ok((shown, reader.comment().map(str::to_owned)))
}

fn tar_with(kind: tar::EntryType, target: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(kind);
    header.set_size(0);
    header.set_mode(0o777);
    header.set_path("r/link").expect("a name");
    header.as_mut_bytes()[157..157 + target.len()].copy_from_slice(target);
    header.set_cksum();
    tar.append(&header, &[][..]).expect("appended");
    tar.into_inner().expect("ended")
}

#[test]
fn a_link_is_given_out_with_its_target_only_where_it_is_asked_for() {
    let tar = tar_with(tar::EntryType::Symlink, b"../../etc/passwd");
    let reader = || TarReader::new(&tar[..], LIMITS).without_root();
    let (shown, _) = all(reader().with_links()).expect("read");
    let target = Some("../../etc/passwd".to_owned());
    assert_eq!(shown, [("link".to_owned(), EntryKind::Link, target, 0)]);
    assert!(matches!(all(reader()), Err(TarReadError::Link { .. })));
}

#[test]
fn hard_links_and_targets_that_are_no_text_are_refused_even_so() {
    let tar = tar_with(tar::EntryType::Link, b"r/other");
    let error = all(TarReader::new(&tar[..], LIMITS).with_links()).expect_err("a hard link");
    assert!(matches!(error, TarReadError::Link { .. }), "{error}");
    let tar = tar_with(tar::EntryType::Symlink, b"\xff");
    let error = all(TarReader::new(&tar[..], LIMITS).with_links()).expect_err("no text");
    assert!(matches!(error, TarReadError::Ambiguous { .. }), "{error}");
}

#[test]
fn what_git_archives_is_read_with_its_commit() {
    let place = tempfile::tempdir().expect("a folder");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@localhost"];
        let output = Command::new("git")
            .current_dir(place.path())
            .args(identity)
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    fs_err::create_dir(place.path().join("base")).expect("made");
    fs_err::write(place.path().join("base/a.yaml"), "a: 1\n").expect("written");
    std::os::unix::fs::symlink("base/a.yaml", place.path().join("link")).expect("linked");
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "all"]);
    let commit = String::from_utf8(git(&["rev-parse", "HEAD"])).expect("text");
    let tar = git(&["archive", "--prefix=repo/", "HEAD"]);
    let (shown, comment) =
        all(TarReader::new(&tar[..], LIMITS).without_root().with_links()).expect("read");
    assert_eq!(comment.as_deref(), Some(commit.trim_end()));
    let names: Vec<_> = shown.iter().map(|(name, kind, ..)| (name.as_str(), *kind)).collect();
    assert_eq!(
        names,
        [
            ("base", EntryKind::Directory),
            ("base/a.yaml", EntryKind::File),
            ("link", EntryKind::Link)
        ]
    );
}
