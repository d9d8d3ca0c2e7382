//! Disks that are full or closed.

use std::fs::File;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::scene::{Scene, files, image, layer};

/// A file system of one megabyte over a folder, taken away at the end.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    /// Says in one line when this machine does not allow it.
    fn over(folder: std::path::PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(&folder)
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        assert!(std::env::var_os("CI").is_none(), "CI can mount a small disk");
        eprintln!("skipped: a small disk cannot be mounted here");
        None
    }

    fn fill(&self, left: usize) {
        let file = self.0.join("filler");
        let bytes = vec![0; (1 << 20) - left];
        std::fs::write(file, bytes).expect("it fits");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let gone = Command::new("umount").arg("-l").arg(&self.0).status();
        let is_gone = gone.is_ok_and(|status| status.success());
        assert!(is_gone || std::thread::panicking(), "{} stays mounted", self.0.display());
    }
}

#[test]
fn a_full_disk_under_serve_is_said_on_both_sides_and_leaves_nothing_half_written() {
    let mut scene = Scene::with_internet();
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    let Some(disk) = SmallDisk::over(scene.disk("far-side")) else { return };
    let serve = scene.serve("far-side", &["--writable"]);
    let far_side = serve.address.clone();
    // What fits is there before: beside a large blob that fills the disk, it depends on the moment whether it fits.
    let _fits = scene.env.run(["mirror", "-q", "--to", &far_side]).expect_code(0);
    scene.publish(&[("quay.io/acme/worker:2.1.0", large())], &scene.address("internet"));
    let _locked = scene.env.run(["lock", "-q"]).expect_code(0);
    let mirrored = scene.show(&["mirror", "--replace-tags", "--to", &far_side]);
    let verified = scene.show(&["verify", "--to", &far_side]);
    let said = without_numbers(&scene.stop(serve));
    let digest = large().digest().hex().to_owned();
    for (path, bytes) in files(&disk.0) {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        assert_ne!(name, digest, "a manifest without its blob");
        assert_ne!(path.extension().and_then(|ending| ending.to_str()), Some("part"), "{name}");
        if path.parent().is_some_and(|folder| folder.ends_with("blobs/sha256")) {
            assert_eq!(
                name,
                sealift_reference::Digest::sha256(&bytes).hex(),
                "half a blob has its final name"
            );
        }
    }
    assert_snapshot!([mirrored, verified, said].join("\n"));
}

/// Replaces the numbers of uploads, and shows a line once however often it was tried.
fn without_numbers(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut line = line.to_owned();
        if let Some((before, after)) = line.split_once("uploads/") {
            let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
            line = format!("{before}uploads/[N]{after}");
        }
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// An image that does not fit on the small disk.
fn large() -> sealift_oci::image::Built {
    let platform = sealift_reference::Platform::new("linux", "amd64", None).expect("a platform");
    sealift_oci::image::ImageBuilder::new(platform).raw_layer(vec![b'x'; 3 << 20].into()).build()
}

#[test]
fn a_full_disk_leaves_the_old_lock_as_it_was() {
    let (scene, _) = Scene::with_lock();
    let Some(disk) = SmallDisk::over(scene.env.folder().join("small")) else { return };
    for file in ["sealift.yaml", "platform.yaml", "sealift.lock", "sealift.graph"] {
        scene.env.write(&format!("small/{file}"), scene.env.read(file));
    }
    scene.publish(
        &[("quay.io/acme/worker:2.1.0", image("amd64", "moved"))],
        &scene.address("internet"),
    );
    let used: usize = files(&disk.0).values().map(|bytes| bytes.len().next_multiple_of(4096)).sum();
    disk.fill(used);
    let arguments = ["lock", "--file", "small/sealift.yaml", "--lock", "small/sealift.lock"];
    assert_snapshot!(scene.refuse(&arguments));
}

#[test]
fn a_full_disk_behind_stdout_is_no_success() {
    let scene = Scene::new();
    scene.env.write("images.txt", "nginx:1.27\n");
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        eprintln!("skipped: there is no /dev/full here");
        return;
    };
    let arguments = ["scan", "images.txt", "-o", "json"];
    let output = scene
        .env
        .command(arguments)
        .stdout(full)
        .output()
        .expect("sealift was built with this test");
    assert_snapshot!(scene.shown(&arguments, &scene.env.ran(&output)));
}

#[test]
fn a_folder_that_is_not_there_is_said_by_lock_init_and_serve() {
    let scene = Scene::with_internet();
    let runs = [
        scene.refuse(&["lock", "--lock", "out/of/reach.lock"]),
        scene.refuse(&["init", "--file", "out/sealift.yaml"]),
        scene.refuse(&["serve", "--dir", "registry", "--listen", "127.0.0.1:0"]),
    ];
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_lock_of_what_failed_that_cannot_be_written_hides_nothing_of_the_report() {
    let (scene, far_side) = Scene::with_lock();
    let lost = sealift_reference::Digest::sha256(&layer("worker", "amd64"));
    let file = scene.disk("internet").join(format!("blobs/sha256/{}", lost.hex()));
    std::fs::remove_file(&file).expect("it is there");
    std::fs::create_dir(scene.env.folder().join("failed.lock")).expect("nothing is there");
    assert_snapshot!(scene.show(&["mirror", "--to", &far_side]));
}
