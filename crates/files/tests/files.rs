//! Folders, files, links: what is read, what is refused, what stays after a failure.

use fs_err as fs;

use sealift_files::{
    Error, Folder, Kind, Mode, exists, glob, is_folder, manifests, read, read_text,
    read_trusted_text, write, write_behind_link,
};

fn place() -> (tempfile::TempDir, Folder) {
    let place = tempfile::tempdir().expect("a folder");
    let folder = Folder::open(place.path()).expect("opened");
    (place, folder)
}

#[test]
fn a_file_of_the_limit_is_read_and_one_byte_more_is_not() {
    let (place, folder) = place();
    fs::write(place.path().join("a"), "1234").expect("written");
    assert_eq!(folder.read("a", 4).expect("read"), b"1234");
    let error = folder.read("a", 3).expect_err("a limit");
    assert!(matches!(&error, Error::Limit { limit: 3, .. }) && error.is_content());
    assert!(error.to_string().contains("/a` has more than 3 bytes"), "{error}");
    assert_eq!(read(place.path().join("a"), 4).expect("read"), b"1234");
    assert!(matches!(read(place.path().join("a"), 3), Err(Error::Limit { .. })));
}

#[test]
fn an_absent_file_is_named_as_typed() {
    let error = read("no/such/file.yaml", 10).expect_err("absent");
    assert_eq!(error.to_string(), "cannot read `no/such/file.yaml`");
    assert!(error.is_not_found());
    assert!(!exists("no/such/file.yaml").expect("known"));
    assert!(is_folder("no/such/file.yaml").is_err_and(|error| error.is_not_found()));
}

#[test]
fn a_folder_is_no_file() {
    let (place, folder) = place();
    fs::create_dir(place.path().join("d")).expect("made");
    assert!(matches!(folder.read("d", 1), Err(Error::Type { found: "a folder", .. })));
    assert!(matches!(read(place.path(), 1), Err(Error::Type { found: "a folder", .. })));
    assert!(is_folder(place.path()).expect("known"));
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_place() {
    let (place, _) = place();
    fs::write(place.path().join("a"), b"ab\xff").expect("written");
    assert!(matches!(read_text(place.path().join("a"), 9), Err(Error::Utf8 { byte: 2, .. })));
}

#[test]
fn a_name_cannot_leave_its_folder() {
    let (_place, folder) = place();
    for name in ["../a", "/etc/passwd", "a/../../b", ""] {
        assert!(matches!(folder.read(name, 1), Err(Error::Name { .. })), "{name}");
        assert!(matches!(folder.write(name, b"", Mode::Public), Err(Error::Name { .. })), "{name}");
        assert!(matches!(folder.remove(name), Err(Error::Name { .. })), "{name}");
    }
}

#[test]
fn what_is_written_replaces_what_was_there_and_leaves_no_part() {
    let (_place, folder) = place();
    folder.write("d/e/a", b"1", Mode::Public).expect("written");
    folder.write("d/e/a", b"22", Mode::Public).expect("written again");
    assert_eq!(folder.read("d/e/a", 9).expect("read"), b"22");
    assert_eq!(folder.folder("d/e").expect("a folder").entries().expect("listed").len(), 1);
}

#[test]
fn a_part_that_is_dropped_is_gone_and_what_was_there_stays() {
    let (_place, folder) = place();
    folder.write("a", b"old", Mode::Public).expect("written");
    let mut part = folder.part("a").expect("started");
    part.write(b"ne").expect("written");
    assert_eq!(part.reader().expect("opened").read_all(9).expect("read"), b"ne");
    drop(part);
    assert_eq!(folder.read("a", 9).expect("read"), b"old");
    assert_eq!(folder.entries().expect("listed").len(), 1);
}

#[test]
fn a_part_of_a_killed_process_is_replaced_and_one_of_a_living_writer_is_not() {
    let (place, folder) = place();
    fs::write(place.path().join("a.part"), "left").expect("written");
    let mut part = folder.part("a").expect("the left part is replaced");
    part.write(b"new").expect("written");
    assert!(matches!(folder.part("a"), Err(Error::Busy { .. })));
    part.commit(Mode::Public).expect("committed");
    assert_eq!(folder.read("a", 9).expect("read"), b"new");
}

#[test]
fn a_part_can_become_a_file_of_another_folder() {
    let (_place, folder) = place();
    let mut part = folder.part("uploads/1").expect("started");
    part.write(b"x").expect("written");
    part.commit_as(&folder, "blobs/sha256/ab", Mode::Public).expect("committed");
    assert_eq!(folder.read("blobs/sha256/ab", 9).expect("read"), b"x");
    assert_eq!(folder.folder("uploads").expect("a folder").entries().expect("listed"), []);
}

#[test]
fn positions_are_read_up_to_the_end() {
    let (_place, folder) = place();
    folder.write("a", b"0123456789", Mode::Public).expect("written");
    let file = folder.open_file("a").expect("opened");
    assert_eq!(file.size_bytes(), 10);
    assert_eq!(file.read_at(3, 4).expect("read"), b"3456");
    assert_eq!(file.read_at(8, 4).expect("read"), b"89");
    assert_eq!(file.read_at(10, 4).expect("read"), b"");
    assert_eq!(file.read_at(99, usize::MAX).expect("read"), b"");
}

#[test]
fn a_lock_is_held_by_one() {
    let (_place, folder) = place();
    let lock = folder.lock("sealift/lock").expect("locked");
    assert!(matches!(folder.lock("sealift/lock"), Err(Error::Busy { .. })));
    drop(lock);
    let _again = folder.lock("sealift/lock").expect("locked again");
}

#[test]
fn patterns_and_folders_of_manifests_are_listed_in_order() {
    let (place, folder) = place();
    for name in ["b.yaml", "a.yaml", "c.txt", ".d.yaml", "s/e.yml", "s/t/f.json", "s/t/README.md"] {
        folder.write(name, b"", Mode::Public).expect("written");
    }
    let root = place.path().to_str().expect("UTF-8");
    let found = glob(&format!("{root}/*.yaml")).expect("matches");
    assert_eq!(found, [format!("{root}/a.yaml"), format!("{root}/b.yaml")]);
    assert_eq!(glob(&format!("{root}/*/*.yml")).expect("matches"), [format!("{root}/s/e.yml")]);
    assert_eq!(glob("plain.yaml").expect("itself"), ["plain.yaml"]);
    assert!(glob(&format!("{root}/*.xml")).is_err_and(|error| error.is_not_found()));
    assert!(matches!(glob("**/a"), Err(Error::Name { .. })));
    assert_eq!(
        manifests(&folder).expect("listed"),
        [".d.yaml", "a.yaml", "b.yaml", "s/e.yml", "s/t/f.json"]
    );
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    /// A folder with a secret outside of it, and links to both in it.
    fn linked() -> (tempfile::TempDir, tempfile::TempDir, Folder) {
        let outside = tempfile::tempdir().expect("a folder");
        fs::write(outside.path().join("secret.yaml"), "secret").expect("written");
        let (place, folder) = place();
        symlink(outside.path(), place.path().join("d")).expect("linked");
        symlink(outside.path().join("secret.yaml"), place.path().join("f.yaml")).expect("linked");
        (outside, place, folder)
    }

    #[test]
    fn no_link_below_a_folder_is_read_or_written_through() {
        let (outside, place, folder) = linked();
        for name in ["f.yaml", "d/secret.yaml"] {
            assert!(matches!(folder.read(name, 99), Err(Error::Link { .. })), "{name}");
            assert!(
                matches!(folder.write(name, b"x", Mode::Public), Err(Error::Link { .. })),
                "{name}"
            );
        }
        assert!(matches!(folder.folder("d"), Err(Error::Link { .. })));
        assert!(matches!(folder.write("d/new", b"x", Mode::Public), Err(Error::Link { .. })));
        assert!(matches!(folder.lock("f.yaml"), Err(Error::Link { .. })));
        assert!(matches!(
            write(place.path().join("f.yaml"), b"x", Mode::Public),
            Err(Error::Link { .. })
        ));
        assert_eq!(fs::read_to_string(outside.path().join("secret.yaml")).expect("read"), "secret");
        assert_eq!(fs::read_dir(outside.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_part_that_is_a_link_is_replaced_not_followed() {
        let (outside, place, folder) = linked();
        symlink(outside.path().join("secret.yaml"), place.path().join("n.part")).expect("linked");
        folder.write("n", b"x", Mode::Public).expect("written");
        assert_eq!(folder.read("n", 9).expect("read"), b"x");
        assert_eq!(fs::read_to_string(outside.path().join("secret.yaml")).expect("read"), "secret");
    }

    #[test]
    fn a_path_that_the_operator_names_may_be_a_link() {
        let (_outside, place, _) = linked();
        assert_eq!(read(place.path().join("f.yaml"), 99).expect("read"), b"secret");
        assert_eq!(
            Folder::open(place.path().join("d"))
                .expect("opened")
                .read("secret.yaml", 99)
                .expect("read"),
            b"secret"
        );
    }

    #[test]
    fn configuration_behind_a_link_is_replaced_where_it_lies_if_it_is_ours() {
        let (outside, place, _) = linked();
        let link = place.path().join("f.yaml");
        write_behind_link(&link, b"new", Mode::Secret).expect("written");
        assert!(link.is_symlink());
        let target = outside.path().join("secret.yaml");
        assert_eq!(fs::read(&target).expect("read"), b"new");
        assert_eq!(fs::metadata(&target).expect("there").permissions().mode() & 0o777, 0o600);
        if std::os::unix::fs::chown(&target, Some(12345), None).is_ok() {
            let refused = write_behind_link(&link, b"stolen", Mode::Secret);
            assert!(matches!(refused, Err(Error::Link { .. })));
            assert_eq!(fs::read(&target).expect("read"), b"new");
        }
        fs::remove_file(&target).expect("removed");
        assert!(matches!(write_behind_link(&link, b"x", Mode::Secret), Err(Error::Link { .. })));
        write_behind_link(place.path().join("plain"), b"x", Mode::Secret).expect("no link at all");
    }

    #[test]
    fn a_link_among_manifests_is_reported_not_passed_over() {
        let (_outside, place, folder) = linked();
        assert!(matches!(manifests(&folder), Err(Error::Link { .. })));
        assert!(matches!(
            glob(&format!("{}/*.yaml", place.path().display())),
            Err(Error::Link { .. })
        ));
        fs::remove_file(place.path().join("d")).expect("removed");
        fs::remove_file(place.path().join("f.yaml")).expect("removed");
        symlink("nowhere", place.path().join("LICENSE")).expect("linked");
        assert_eq!(manifests(&folder).expect("listed"), Vec::<String>::new());
        assert_eq!(folder.entries().expect("listed")[0].kind, Kind::Link);
    }

    #[test]
    fn a_pipe_is_refused_without_waiting_for_its_other_end() {
        let (place, folder) = place();
        let made = std::process::Command::new("mkfifo")
            .arg(place.path().join("p"))
            .status()
            .expect("mkfifo runs");
        assert!(made.success());
        assert!(matches!(folder.read("p", 9), Err(Error::Type { .. })));
        assert!(matches!(read(place.path().join("p"), 9), Err(Error::Type { .. })));
        fs::rename(place.path().join("p"), place.path().join("p.yaml")).expect("renamed");
        assert!(matches!(manifests(&folder), Err(Error::Type { .. })));
        let pattern = format!("{}/*.yaml", place.path().display());
        assert!(matches!(glob(&pattern), Err(Error::Type { .. })));
    }

    #[test]
    fn modes_are_those_asked_for() {
        let (place, folder) = place();
        for (mode, bits) in
            [(Mode::Public, 0o644), (Mode::Secret, 0o600), (Mode::Executable, 0o755)]
        {
            folder.write("a", b"", mode).expect("written");
            let found =
                fs::metadata(place.path().join("a")).expect("there").permissions().mode() & 0o7777;
            assert_eq!(found, bits, "{found:o}");
        }
        let _part = folder.part("b").expect("started");
        let found =
            fs::metadata(place.path().join("b.part")).expect("there").permissions().mode() & 0o7777;
        assert_eq!(found, 0o600, "while it is written");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_told_apart() {
        let file =
            fs::OpenOptions::new().write(true).open("/dev/full").expect("every Linux has it");
        let source = std::io::Write::write_all(&mut &file, b"x").expect_err("full");
        assert!(Error::Io { action: "write", path: "x".to_owned(), source }.is_full());
    }
}

#[cfg(unix)]
#[test]
fn a_private_folder_is_made_for_this_user_alone_and_refused_where_others_write() {
    use std::os::unix::fs::PermissionsExt;
    let (place, _) = place();
    let path = place.path().join("a/cache");
    let mode =
        |path: &std::path::Path| fs::metadata(path).expect("known").permissions().mode() & 0o777;
    Folder::create_private(&path).expect("made");
    assert_eq!((mode(&path), mode(&place.path().join("a"))), (0o700, 0o700));
    for (bits, good) in [(0o755, true), (0o775, false), (0o757, false)] {
        fs::set_permissions(&path, std::fs::Permissions::from_mode(bits)).expect("set");
        let opened = Folder::create_private(&path);
        assert_eq!(opened.is_ok(), good, "{bits:o}");
        if let Err(error) = opened {
            assert!(error.to_string().ends_with("/a/cache` can be written by others"), "{error}");
            assert!(!error.is_content(), "{error}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_belongs_to_another_user_is_not_trusted() {
    use std::os::unix::fs::{MetadataExt, chown};
    let (place, folder) = place();
    folder.write("a", b"text", Mode::Secret).expect("written");
    let path = place.path().join("a");
    assert_eq!(read_trusted_text(&path, 9).expect("ours"), "text");
    if fs::metadata(&path).expect("known").uid() != 0 {
        eprintln!("skipped: only root can give files away");
        return;
    }
    chown(&path, Some(65_534), None).expect("given away");
    assert!(matches!(read_trusted_text(&path, 9), Err(Error::Foreign { .. })));
    chown(place.path(), Some(65_534), None).expect("given away");
    assert!(matches!(Folder::create_private(place.path()), Err(Error::Foreign { .. })));
}
