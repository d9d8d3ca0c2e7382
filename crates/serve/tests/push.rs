//! Blobs on their way in: the rows of the official suite, and what it does not ask.

mod support;

use std::time::{Duration, Instant};

use fs_err as fs;
use sealift_reference::{Algorithm, Digest};
use sealift_serve::{Access, Limits, Settings};
use support::{OCI_MANIFEST, Registry, image};

const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn start(registry: &Registry, repository: &str) -> String {
    let answer = registry.send("POST", &format!("/v2/{repository}/blobs/uploads/"), &[], b"");
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.header("range"), "0-0");
    answer.header("location").to_owned()
}

#[test]
fn a_ping_is_answered() {
    let registry = Registry::writable();
    for path in ["/v2/", "/v2"] {
        let answer = registry.get(path);
        assert_eq!(
            (answer.status, answer.header("docker-distribution-api-version")),
            (200, "registry/2.0")
        );
    }
    let root = registry.get("/");
    assert_eq!((root.status, root.header("content-type")), (200, "text/plain; charset=utf-8"));
}

#[test]
fn a_blob_is_pushed_with_post_and_put_and_its_location_is_readable() {
    let registry = Registry::writable();
    let digest = Digest::sha256(b"layer");
    let location = start(&registry, "a/b");
    let done = registry.send("PUT", &format!("{location}?digest={digest}"), &[], b"layer");
    assert_eq!(done.status, 201);
    assert_eq!(done.header("docker-content-digest"), digest.as_str());
    assert_eq!(done.header("location"), format!("/v2/a/b/blobs/{digest}"));
    assert_eq!(registry.get(done.header("location")).body, b"layer");
    assert_eq!(
        fs::read(registry.folder().join("blobs/sha256").join(digest.hex())).unwrap(),
        b"layer"
    );
    let link = format!("sealift/repositories/a/b/_links/sha256-{}", digest.hex());
    assert!(registry.folder().join(link).is_file());
    assert_eq!(fs::read_dir(registry.folder().join("sealift/uploads")).unwrap().count(), 0);
}

#[test]
fn a_blob_is_pushed_with_one_post() {
    let registry = Registry::writable();
    let digest = Digest::sha256(b"one");
    let path = format!("/v2/a/blobs/uploads/?digest={digest}");
    assert_eq!(registry.send("POST", &path, &[], b"one").status, 201);
    assert_eq!(registry.get(&format!("/v2/a/blobs/{digest}")).body, b"one");
    let wrong = registry.send("POST", &path, &[], b"two");
    assert_eq!((wrong.status, wrong.code()), (400, "DIGEST_INVALID".to_owned()));
}

#[test]
fn chunks_are_taken_in_order_with_and_without_content_range() {
    let registry = Registry::writable();
    let location = start(&registry, "a");
    let first = registry.send("PATCH", &location, &[("Content-Range", "0-3")], b"0123");
    assert_eq!((first.status, first.header("range")), (202, "0-3"));
    let second = registry.send("PATCH", first.header("location"), &[], b"4567");
    assert_eq!((second.status, second.header("range")), (202, "0-7"));
    let digest = Digest::sha256(b"0123456789");
    let path = format!("{}?digest={digest}", second.header("location"));
    let done = registry.send("PUT", &path, &[("Content-Range", "8-9")], b"89");
    assert_eq!(done.status, 201, "{done:?}");
    assert_eq!(registry.get(&format!("/v2/a/blobs/{digest}")).body, b"0123456789");
}

#[test]
fn a_chunk_out_of_order_is_416_and_the_session_says_what_is_there() {
    let registry = Registry::writable();
    let location = start(&registry, "a");
    assert_eq!(registry.send("PATCH", &location, &[("Content-Range", "0-3")], b"0123").status, 202);
    for (method, suffix) in
        [("PATCH", String::new()), ("PUT", format!("?digest={}", Digest::sha256(b"x")))]
    {
        for range in ["8-9", "0-1", "5-6"] {
            let path = format!("{location}{suffix}");
            let answer = registry.send(method, &path, &[("Content-Range", range)], b"89");
            assert_eq!((answer.status, answer.header("range")), (416, "0-3"), "{method} {range}");
            let status = registry.get(&location);
            assert_eq!((status.status, status.header("range")), (204, "0-3"));
            assert_eq!(status.header("location"), location);
        }
    }
    let wrong = registry.send("PATCH", &location, &[("Content-Range", "4-9")], b"45");
    assert_eq!((wrong.status, wrong.code()), (400, "BLOB_UPLOAD_INVALID".to_owned()));
    assert_eq!(registry.send("PATCH", &location, &[("Content-Range", "x")], b"45").status, 400);
    let done =
        registry.send("PUT", &format!("{location}?digest={}", Digest::sha256(b"0123")), &[], b"");
    assert_eq!(done.status, 201);
}

#[test]
fn a_session_is_cancelled_and_then_unknown() {
    let registry = Registry::writable();
    let location = start(&registry, "a");
    assert_eq!(registry.send("DELETE", &location, &[], b"").status, 204);
    for method in ["GET", "DELETE", "PATCH"] {
        let answer = registry.send(method, &location, &[], b"");
        assert_eq!(
            (answer.status, answer.code()),
            (404, "BLOB_UPLOAD_UNKNOWN".to_owned()),
            "{method}"
        );
    }
    let other = start(&registry, "a").replace("/a/", "/b/");
    assert_eq!(registry.get(&other).status, 404, "a session belongs to its repository");
    assert_eq!(fs::read_dir(registry.folder().join("sealift/uploads")).unwrap().count(), 1);
}

#[test]
fn empty_and_tiny_blobs_and_blobs_by_sha512_are_taken() {
    let registry = Registry::writable();
    for content in [&b""[..], b"{}", b"some more"] {
        let sha256 = registry.push_blob("a", content);
        assert_eq!(registry.get(&format!("/v2/a/blobs/{sha256}")).body, content);
        let sha512 = Digest::of(Algorithm::Sha512, content);
        let location = start(&registry, "a");
        let done = registry.send("PUT", &format!("{location}?digest={sha512}"), &[], content);
        assert_eq!((done.status, done.header("docker-content-digest")), (201, sha512.as_str()));
        let got = registry.get(&format!("/v2/a/blobs/{sha512}"));
        assert_eq!(
            (got.body.as_slice(), got.header("docker-content-digest")),
            (content, sha512.as_str())
        );
    }
    assert!(registry.folder().join("blobs/sha256").join(&EMPTY[7..]).is_file());
}

#[test]
fn wrong_digests_are_refused_and_nothing_is_left() {
    let registry = Registry::writable();
    let right = Digest::sha256(b"content");
    let sha512 = Digest::of(Algorithm::Sha512, b"other");
    for digest in [
        Digest::sha256(b"other").to_string(),
        sha512.to_string(),
        right.as_str()[..70].to_owned(),
        right.as_str().to_uppercase(),
        format!("md5:{}", "0".repeat(32)),
        "sha256:../../x".to_owned(),
        String::new(),
    ] {
        let location = start(&registry, "a");
        let answer = registry.send("PUT", &format!("{location}?digest={digest}"), &[], b"content");
        assert_eq!((answer.status, answer.code()), (400, "DIGEST_INVALID".to_owned()), "{digest}");
    }
    let location = start(&registry, "a");
    assert_eq!(registry.send("PUT", &location, &[], b"content").code(), "DIGEST_INVALID");
    assert_eq!(registry.get(&format!("/v2/a/blobs/{right}")).status, 404);
    assert!(!registry.folder().join("blobs").exists());
}

/// Else a repository would show its content to whoever knows a digest.
#[test]
fn a_mount_needs_the_blob_in_the_source_repository() {
    let registry = Registry::writable();
    let digest = registry.push_blob("a", b"shared");
    let mount = |to: &str, digest: &Digest, from: &str| {
        registry.send("POST", &format!("/v2/{to}/blobs/uploads/?mount={digest}{from}"), &[], b"")
    };
    let mounted = mount("b", &digest, "&from=a");
    assert_eq!((mounted.status, mounted.header("docker-content-digest")), (201, digest.as_str()));
    assert_eq!(registry.get(&format!("/v2/b/blobs/{digest}")).body, b"shared");

    let absent = Digest::sha256(b"absent");
    for (to, digest, from) in [
        ("c", &digest, ""),             // anonymous
        ("c", &digest, "&from=x"),      // no such repository
        ("c", &digest, "&from=..%2fa"), // no repository at all
        ("c", &absent, "&from=a"),      // no such blob
    ] {
        let answer = mount(to, digest, from);
        assert_eq!(answer.status, 202, "{to} {digest} {from}");
        assert!(answer.header("location").starts_with("/v2/c/blobs/uploads/"));
        assert_eq!(registry.get(&format!("/v2/c/blobs/{digest}")).status, 404, "not visible");
    }
}

#[test]
fn an_upload_that_breaks_off_can_be_continued() {
    let registry = Registry::writable();
    let location = start(&registry, "a");
    let head = format!(
        "PATCH {location} HTTP/1.1\r\nHost: {}\r\nContent-Length: 100\r\n\r\n01234",
        registry.address
    );
    {
        use std::io::Write as _;
        let mut stream = std::net::TcpStream::connect(registry.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Both).unwrap();
    }
    // The session answers as soon as the broken request has let go of it; before the server has met that, there is nothing in it.
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut status = registry.get(&location);
    while status.header("range") == "0-0" && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
        status = registry.get(&location);
    }
    assert_eq!((status.status, status.header("range")), (204, "0-4"));
    let path = format!("{location}?digest={}", Digest::sha256(b"0123456789"));
    assert_eq!(registry.send("PUT", &path, &[("Content-Range", "5-9")], b"56789").status, 201);
}

#[test]
fn a_chunked_body_is_taken_and_wins_over_a_content_length() {
    let registry = Registry::writable();
    let digest = Digest::sha256(b"0123456789");
    for extra in ["", "Content-Length: 3\r\n"] {
        let location = start(&registry, "a");
        let request = format!(
            "PUT {location}?digest={digest} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{extra}Transfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n",
            registry.address
        );
        assert_eq!(registry.raw(request.as_bytes()).status, 201, "{extra}");
    }
}

#[test]
fn uploads_beyond_the_limit_are_told_to_come_back() {
    let limits = Limits { uploads: 2, blob_bytes: 4, ..Limits::default() };
    let registry =
        Registry::with(Settings { access: Access::Writable, limits, ..Settings::default() });
    let first = start(&registry, "a");
    let _second = start(&registry, "a");
    let third = registry.send("POST", "/v2/a/blobs/uploads/", &[], b"");
    assert_eq!((third.status, third.header("retry-after")), (429, "5"));
    assert_eq!(registry.send("PATCH", &first, &[], b"01234").status, 413);
    assert_eq!(registry.send("DELETE", &first, &[], b"").status, 204);
    start(&registry, "a");
}

/// What the head says is never believed about the body.
#[test]
fn heads_that_are_too_long_or_wrong_are_refused() {
    let registry = Registry::writable();
    let long = "x".repeat(17 << 10);
    assert_eq!(registry.send("GET", "/v2/", &[("X-Long", &long)], b"").status, 431);
    let two = format!(
        "PUT /v2/a/manifests/x HTTP/1.1\r\nHost: {}\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}",
        registry.address
    );
    assert_eq!(registry.raw(two.as_bytes()).status, 400);
    for length in ["-1", "9223372036854775808999", "x"] {
        let request = format!(
            "PUT /v2/a/manifests/x HTTP/1.1\r\nHost: {}\r\nContent-Length: {length}\r\n\r\n",
            registry.address
        );
        assert_eq!(registry.raw(request.as_bytes()).status, 400, "{length}");
    }
    let empty = registry.send("PUT", "/v2/a/manifests/x", &[("Content-Type", OCI_MANIFEST)], b"");
    assert_eq!((empty.status, empty.code()), (400, "MANIFEST_INVALID".to_owned()));
    let no_host = b"GET /v2/ HTTP/1.1\r\nConnection: close\r\n\r\n";
    assert_eq!(registry.raw(no_host).status, 400);
}

#[test]
fn a_head_that_comes_too_slowly_ends_the_connection() {
    use std::io::{Read as _, Write as _};
    let limits = Limits { head_time: Duration::from_millis(200), ..Limits::default() };
    let registry =
        Registry::with(Settings { limits, access: Access::Writable, ..Settings::default() });
    let mut stream = std::net::TcpStream::connect(registry.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(b"GET /v2/ HTTP/1.1\r\nHost:").unwrap();
    let mut rest = Vec::new();
    drop(stream.read_to_end(&mut rest));
    assert!(!rest.starts_with(b"HTTP/1.1 200"), "closed, or told that it timed out");
}

#[test]
fn what_a_killed_server_left_is_cleared_and_all_else_is_there_again() {
    let registry = Registry::writable();
    let manifest = registry.push_image("a", "v1", b"layer");
    let place = registry.stop();
    fs::write(place.path().join("sealift/uploads/7.part"), "left").unwrap();
    fs::remove_file(place.path().join("index.json")).unwrap();
    let registry =
        Registry::over(place.path(), Settings { access: Access::Writable, ..Settings::default() });
    assert_eq!(registry.get("/v2/a/manifests/v1").body, manifest.as_bytes());
    assert_eq!(registry.get(&format!("/v2/a/blobs/{}", Digest::sha256(b"layer"))).body, b"layer");
    assert_eq!(fs::read_dir(place.path().join("sealift/uploads")).unwrap().count(), 0);
    assert!(fs::read_to_string(place.path().join("index.json")).unwrap().contains("\"a:v1\""));
    assert_eq!(registry.log.problems.lock().unwrap().as_slice(), [] as [String; 0]);
}

#[test]
fn a_folder_of_something_else_is_not_made_a_layout() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("thesis.txt"), "years of work").unwrap();
    let bind = || {
        let folder = sealift_files::Folder::open(place.path()).unwrap();
        let settings = Settings { access: Access::Writable, ..Settings::default() };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(sealift_serve::Server::bind(folder, settings, ())).map(drop)
    };
    let error = bind().expect_err("not a layout");
    assert!(matches!(error, sealift_serve::Error::Layout { .. }), "{error:?}");
    assert!(error.to_string().ends_with("name an empty or a new folder"), "{error}");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is written");

    fs::remove_file(place.path().join("thesis.txt")).unwrap();
    fs::create_dir(place.path().join("lost+found")).unwrap();
    bind().expect("a new file system is empty");
    fs::write(place.path().join("README"), "beside a layout").unwrap();
    bind().expect("a layout may have more in it");
}

#[test]
fn one_folder_is_written_by_one_server() {
    let registry = Registry::writable();
    let folder = sealift_files::Folder::open(registry.folder()).unwrap();
    let settings = Settings { access: Access::Writable, ..Settings::default() };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let second = runtime.block_on(sealift_serve::Server::bind(folder, settings, ()));
    let error = second.err().expect("the folder is taken");
    assert!(matches!(error, sealift_serve::Error::Folder(sealift_files::Error::Busy { .. })));
}

/// A small file system of its own, where this machine lets us have one.
#[cfg(target_os = "linux")]
struct SmallDisk(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn mount() -> Option<Self> {
        let place = tempfile::tempdir().ok()?;
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=1m", "sealift-test"]).arg(place.path());
        let mounted = mount.output().is_ok_and(|mount| mount.status.success());
        mounted.then_some(Self(place))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(std::process::Command::new("umount").arg("-l").arg(self.0.path()).status());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_507_with_a_clear_text_and_leaves_nothing_partial() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: no file system can be mounted here");
        return;
    };
    let folder = disk.0.path();
    let settings = Settings { access: Access::Writable, ..Settings::default() };
    let registry = Registry::over(folder, settings);
    let location = start(&registry, "a");
    let answer = registry.send("PATCH", &location, &[], &vec![7; 4 << 20]);
    assert_eq!(answer.status, 507, "{answer:?}");
    assert_eq!(answer.json()["errors"][0]["message"], "the disk of this registry is full");
    assert!(registry.log.problems.lock().unwrap()[0].starts_with("the disk is full: cannot write"));
    assert_eq!(registry.get(&location).status, 404);
    assert_eq!(fs::read_dir(folder.join("sealift/uploads")).unwrap().count(), 0);
    assert!(!folder.join("blobs").exists());
    registry.push_image("a", "v1", b"there is room again");
}

#[test]
fn pushes_at_the_same_time_do_not_disturb_each_other() {
    let registry = Registry::writable();
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let registry = &registry;
            scope.spawn(move || {
                for round in 0..8 {
                    registry.push_image(
                        &format!("r{}", worker % 3),
                        &format!("v{worker}-{round}"),
                        &vec![7; 70_000],
                    );
                }
            });
        }
    });
    let count: usize = (0..3)
        .map(|at| {
            registry.get(&format!("/v2/r{at}/tags/list")).json()["tags"].as_array().unwrap().len()
        })
        .sum();
    assert_eq!(count, 64);
    let manifest = image(b"{}", &vec![7; 70_000], "");
    assert_eq!(registry.get("/v2/r0/manifests/v0-0").body, manifest.as_bytes());
    let place = registry.stop();
    let index = fs::read_to_string(place.path().join("index.json")).unwrap();
    assert_eq!(index.matches("ref.name").count(), 64);
}
