//! What servers of git repositories answer.

use sealift_fetch::git::Commit;

// Private to its crate, and compiled here a second time so that the crate needs no door for its fuzzer.
#[path = "../../../crates/fetch/src/git/references.rs"]
mod references;
#[path = "../../../crates/fetch/src/git/tree.rs"]
#[expect(unreachable_pub, reason = "it is public where it belongs")]
mod tree;

use references::References;
use sealift_archive::{ArchivePath, gzip};
use tree::{GitEntry, GitTree};

/// Branches and tags: a name is found as what some line says, and reading is deterministic.
pub(super) fn git_refs(bytes: &[u8]) {
    let Ok(references) = References::read(bytes) else { return };
    assert_eq!(References::read(bytes).as_ref(), Ok(&references), "reading twice");
    let text = String::from_utf8_lossy(bytes);
    for name in ["", "main", "v1", "refs/heads/main", "heads/main"] {
        if let Some(commit) = references.find(name) {
            assert!(text.to_lowercase().contains(commit.as_str()), "{commit} for {name}");
        }
    }
}

/// Archives of commits, and tars that are packed first: every path stays below the folder, and unpacking is deterministic.
pub(super) fn git_tree(bytes: &[u8]) {
    unpacked(bytes);
    unpacked(&gzip(bytes));
    unpacked(&gzip(&super::charts::with_checksums(bytes)));
}

fn unpacked(archive: &[u8]) {
    let Ok(first) = tree::unpack(archive) else { return };
    let commit: Commit = "a".repeat(40).parse().expect("a commit");
    let of = |unpacked: tree::Unpacked| {
        let tree::Unpacked { entries, digest, comment } = unpacked;
        (GitTree { commit: commit.clone(), digest, entries }, comment)
    };
    let first = of(first);
    assert_eq!(first, of(tree::unpack(archive).expect("what was read before")), "unpacking twice");
    let (first, _) = first;
    for (path, entry) in &first.entries {
        assert!(path.parse::<ArchivePath>().is_ok(), "{path:?}");
        let is_git = path.split('/').any(|part| part.eq_ignore_ascii_case(".git"));
        assert!(!is_git, "{path:?}: {}", matches!(entry, GitEntry::Link(_)));
    }
}
