//! Content on its way out, and the lists.

mod support;

use fs_err as fs;
use sealift_reference::{Algorithm, Digest};
use sealift_serve::{Access, Settings};
use support::{OCI_INDEX, OCI_MANIFEST, Registry, descriptor, image, index};

#[test]
fn unknown_things_have_their_own_answers() {
    let registry = Registry::writable();
    let absent = Digest::sha256(b"absent");
    registry.push_blob("known", b"x");
    for (path, code) in [
        ("/v2/none/tags/list".to_owned(), "NAME_UNKNOWN"),
        ("/v2/known/manifests/none".to_owned(), "MANIFEST_UNKNOWN"),
        (format!("/v2/known/manifests/{absent}"), "MANIFEST_UNKNOWN"),
        (format!("/v2/known/manifests/{}", Digest::sha256(b"x")), "MANIFEST_UNKNOWN"),
        (format!("/v2/known/blobs/{absent}"), "BLOB_UNKNOWN"),
        (format!("/v2/none/blobs/{}", Digest::sha256(b"x")), "BLOB_UNKNOWN"),
    ] {
        let answer = registry.get(&path);
        assert_eq!((answer.status, answer.code().as_str()), (404, code), "{path}");
        let head = registry.send("HEAD", &path, &[], b"");
        assert_eq!((head.status, head.body.len()), (404, 0), "{path}");
    }
    let referrers = registry.get(&format!("/v2/none/referrers/{absent}"));
    assert_eq!((referrers.status, referrers.header("content-type")), (200, OCI_INDEX));
    assert_eq!(referrers.json()["manifests"].as_array().unwrap().len(), 0);
    for (path, code) in [
        ("/v2/a/manifests/sha256:x", "DIGEST_INVALID"),
        ("/v2/a/referrers/x", "DIGEST_INVALID"),
        ("/v2/A/tags/list", "NAME_INVALID"),
    ] {
        let answer = registry.get(path);
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{path}");
    }
}

#[test]
fn a_blob_is_served_whole_with_the_headers_of_foreign_content() {
    let registry = Registry::writable();
    let content: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let digest = registry.push_blob("a", &content);
    let path = format!("/v2/a/blobs/{digest}");
    let got = registry.get(&path);
    assert!(got.body == content, "all pieces in order");
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("content-length", "4000000"),
        ("docker-content-digest", digest.as_str()),
        ("etag", &format!("\"{digest}\"")),
        ("cache-control", "max-age=31536000, immutable"),
        ("accept-ranges", "bytes"),
        ("content-disposition", "attachment"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
    ] {
        assert_eq!(got.header(name), value, "{name}");
    }
    assert_eq!(got.header("access-control-allow-origin"), "");
    let head = registry.send("HEAD", &path, &[], b"");
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "4000000", 0));
}

#[test]
fn ranges_are_served_and_those_beyond_the_end_are_416() {
    let registry = Registry::writable();
    let content: Vec<u8> = (0..2000_u32).map(|at| (at % 251) as u8).collect();
    let path = format!("/v2/a/blobs/{}", registry.push_blob("a", &content));
    for (range, part, header) in [
        ("bytes=500-1499", 500..1500, "bytes 500-1499/2000"),
        ("bytes=500-", 500..2000, "bytes 500-1999/2000"),
        ("bytes=-500", 1500..2000, "bytes 1500-1999/2000"),
        ("bytes=1900-5000", 1900..2000, "bytes 1900-1999/2000"),
    ] {
        let got = registry.send("GET", &path, &[("Range", range)], b"");
        assert_eq!((got.status, got.header("content-range")), (206, header));
        assert_eq!(got.body, content[part], "{range}");
    }
    for range in ["bytes=500-0", "bytes=2000-", "bytes=9999-10000"] {
        let got = registry.send("GET", &path, &[("Range", range)], b"");
        assert_eq!((got.status, got.header("content-range")), (416, "bytes */2000"), "{range}");
        assert_eq!(got.header("content-length"), got.body.len().to_string(), "its own length");
    }
    let whole = registry.send("GET", &path, &[("Range", "bytes=0-1,5-6")], b"");
    assert_eq!((whole.status, whole.body.len()), (200, 2000));
    let other = registry.send("GET", &path, &[("Range", "bytes=0-1"), ("If-Range", "\"x\"")], b"");
    assert_eq!(other.status, 200);
}

#[test]
fn what_the_client_has_is_not_sent_again() {
    let registry = Registry::writable();
    registry.push_image("a", "v1", b"layer");
    let blob = format!("/v2/a/blobs/{}", Digest::sha256(b"layer"));
    for path in [blob.as_str(), "/v2/a/manifests/v1"] {
        let tag = registry.get(path).header("etag").to_owned();
        for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let got = registry.send("GET", path, &[("If-None-Match", &known)], b"");
            assert_eq!(
                (got.status, got.body.len(), got.header("etag")),
                (304, 0, tag.as_str()),
                "{known}"
            );
        }
        assert_eq!(registry.send("GET", path, &[("If-None-Match", "\"x\"")], b"").status, 200);
    }
}

#[test]
fn a_manifest_is_served_as_it_was_pushed_by_tag_and_by_digest() {
    let registry = Registry::writable();
    registry.push_blob("a", b"{}");
    registry.push_blob("a", b"layer");
    let manifest = image(b"{}", b"layer", ",\"custom\" : {\"field\":[1, 2.50]}");
    let digest = Digest::sha256(manifest.as_bytes());
    let put = registry.put_manifest("a", "v1", OCI_MANIFEST, &manifest);
    assert_eq!((put.status, put.header("docker-content-digest")), (201, digest.as_str()));
    assert_eq!(put.header("location"), format!("/v2/a/manifests/{digest}"));
    for (pointer, cache) in [("v1", "no-cache"), (digest.as_str(), "max-age=31536000, immutable")] {
        let got = registry.send(
            "GET",
            &format!("/v2/a/manifests/{pointer}"),
            &[("Accept", "text/html")],
            b"",
        );
        assert_eq!((got.status, got.body.as_slice()), (200, manifest.as_bytes()));
        assert_eq!(got.header("content-type"), OCI_MANIFEST);
        assert_eq!(got.header("docker-content-digest"), digest.as_str());
        assert_eq!(got.header("cache-control"), cache);
        let head = registry.send("HEAD", &format!("/v2/a/manifests/{pointer}"), &[], b"");
        assert_eq!(
            (head.status, head.header("content-length")),
            (200, manifest.len().to_string().as_str())
        );
    }
    let as_blob = registry.get(&format!("/v2/a/blobs/{digest}"));
    assert_eq!((as_blob.status, as_blob.body.as_slice()), (200, manifest.as_bytes()));
}

#[test]
fn all_shapes_of_the_official_suite_are_taken() {
    let registry = Registry::writable();
    registry.push_blob("a", b"{}");
    let empty = descriptor("application/vnd.oci.empty.v1+json", b"{}");
    let no_layers = format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","config":{empty},"layers":[]}}"#
    );
    let artifact = format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","artifactType":"application/x","config":{empty},"layers":[{empty}]}}"#
    );
    let data = format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","config":{},"layers":[]}}"#,
        empty.replace('}', ",\"data\":\"e30=\"}")
    );
    let foreign = format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","config":{empty},"layers":[{}]}}"#,
        descriptor("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", b"elsewhere")
    );
    for manifest in [&no_layers, &artifact, &data, &foreign] {
        assert_eq!(
            registry.put_manifest("a", "x", OCI_MANIFEST, manifest).status,
            201,
            "{manifest}"
        );
    }
    let flat = index(&[&no_layers, &artifact]);
    assert_eq!(registry.put_manifest("a", "flat", OCI_INDEX, &flat).status, 201);
    let nested = format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[{}]}}"#,
        descriptor(OCI_INDEX, flat.as_bytes())
    );
    assert_eq!(registry.put_manifest("a", "nested", OCI_INDEX, &nested).status, 201);
    assert_eq!(registry.put_manifest("a", "empty", OCI_INDEX, &index(&[])).status, 201);
    let large =
        image(b"{}", b"{}", &format!(",\"annotations\":{{\"x\":\"{}\"}}", "y".repeat(3_900_000)));
    assert_eq!(registry.put_manifest("a", "large", OCI_MANIFEST, &large).status, 201);
    assert_eq!(registry.get("/v2/a/manifests/large").body.len(), large.len());
    let by_sha512 = Digest::of(Algorithm::Sha512, no_layers.as_bytes());
    let put = registry.put_manifest("a", by_sha512.as_str(), OCI_MANIFEST, &no_layers);
    assert_eq!((put.status, put.header("docker-content-digest")), (201, by_sha512.as_str()));
    assert_eq!(registry.get(&format!("/v2/a/manifests/{by_sha512}")).body, no_layers.as_bytes());
}

#[test]
fn a_push_by_digest_can_set_several_tags() {
    let registry = Registry::writable();
    let manifest = registry.push_image("a", "v1", b"layer");
    let digest = Digest::sha256(manifest.as_bytes());
    let put =
        registry.put_manifest("a", &format!("{digest}?tag=v2&tag=v3"), OCI_MANIFEST, &manifest);
    assert_eq!(put.status, 201);
    let tags: Vec<_> = put
        .headers
        .iter()
        .filter(|(name, _)| name == "oci-tag")
        .map(|(_, tag)| tag.as_str())
        .collect();
    assert_eq!(tags, ["v2", "v3"]);
    assert_eq!(registry.get("/v2/a/manifests/v3").body, manifest.as_bytes());
    let wrong =
        registry.put_manifest("a", &format!("{digest}?tag=v4&tag=.x"), OCI_MANIFEST, &manifest);
    assert_eq!((wrong.status, wrong.code().as_str()), (400, "TAG_INVALID"));
    assert_eq!(registry.get("/v2/a/manifests/v4").status, 404);
}

#[test]
fn a_manifest_that_two_readers_could_read_in_two_ways_is_refused() {
    let registry = Registry::writable();
    registry.push_blob("a", b"{}");
    registry.push_blob("a", b"layer");
    let good = image(b"{}", b"layer", "");
    let too_large =
        image(b"{}", b"layer", &format!(",\"annotations\":{{\"x\":\"{}\"}}", "y".repeat(4 << 20)));
    for (manifest, media_type, status) in [
        ("no json".to_owned(), OCI_MANIFEST, 400),
        (good.replace("\"layers\"", "\"Layers\""), OCI_MANIFEST, 400),
        (image(b"{}", b"layer", ",\"layers\":[]"), OCI_MANIFEST, 400),
        (image(b"{}", b"layer", ",\"manifests\":[]"), OCI_MANIFEST, 400),
        (good.clone(), OCI_INDEX, 400),
        ("{}".to_owned(), OCI_MANIFEST, 400),
        ("{}".to_owned(), "text/html", 400),
        (r#"{"schemaVersion":2}"#.to_owned(), "application/json", 400),
        (too_large, OCI_MANIFEST, 413),
    ] {
        let answer = registry.put_manifest("a", "x", media_type, &manifest);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, "MANIFEST_INVALID"),
            "{answer:?}"
        );
    }
    let other = Digest::sha256(b"other");
    let answer = registry.put_manifest("a", other.as_str(), OCI_MANIFEST, &good);
    assert_eq!((answer.status, answer.code().as_str()), (400, "DIGEST_INVALID"));
    assert_eq!(registry.get("/v2/a/manifests/x").status, 404);
}

#[test]
fn children_must_be_in_the_same_repository_unless_sparse_content_is_accepted() {
    let registry = Registry::writable();
    registry.push_blob("other", b"layer");
    registry.push_blob("a", b"{}");
    let manifest = image(b"{}", b"layer", "");
    let answer = registry.put_manifest("a", "v1", OCI_MANIFEST, &manifest);
    assert_eq!((answer.status, answer.code().as_str()), (400, "MANIFEST_BLOB_UNKNOWN"));
    assert_eq!(answer.json()["errors"][0]["detail"]["digest"], Digest::sha256(b"layer").as_str());
    assert_eq!(registry.get("/v2/a/manifests/v1").status, 404);

    let sparse = index(&[&manifest]);
    assert_eq!(registry.put_manifest("a", "s", OCI_INDEX, &sparse).code(), "MANIFEST_BLOB_UNKNOWN");
    let settings =
        Settings { access: Access::Writable, accept_sparse: true, ..Settings::default() };
    let accepting = Registry::with(settings);
    assert_eq!(accepting.put_manifest("a", "s", OCI_INDEX, &sparse).status, 201);
    assert_eq!(accepting.put_manifest("a", "v1", OCI_MANIFEST, &manifest).status, 201);
}

#[test]
fn referrers_are_listed_by_subject_and_filtered_by_type() {
    let registry = Registry::writable();
    let subject = registry.push_image("a", "v1", b"layer");
    let target = descriptor(OCI_MANIFEST, subject.as_bytes());
    let signature = image(
        b"{}",
        b"layer",
        &format!(
            ",\"artifactType\":\"application/sig\",\"subject\":{target},\"annotations\":{{\"k\":\"v\"}}"
        ),
    );
    let sbom = image(b"{}", b"layer", &format!(",\"subject\":{target}"));
    for manifest in [&signature, &sbom] {
        let digest = Digest::sha256(manifest.as_bytes());
        let put = registry.put_manifest("a", digest.as_str(), OCI_MANIFEST, manifest);
        assert_eq!(
            (put.status, put.header("oci-subject")),
            (201, Digest::sha256(subject.as_bytes()).as_str())
        );
    }
    let path = format!("/v2/a/referrers/{}", Digest::sha256(subject.as_bytes()));
    let all = registry.get(&path);
    assert_eq!(all.json()["manifests"].as_array().unwrap().len(), 2);
    assert_eq!(all.header("oci-filters-applied"), "");
    let some = registry.get(&format!("{path}?artifactType=application%2Fsig"));
    assert_eq!(some.header("oci-filters-applied"), "artifactType");
    let listed = &some.json()["manifests"][0];
    assert_eq!(listed["digest"], Digest::sha256(signature.as_bytes()).as_str());
    assert_eq!(
        (&listed["artifactType"], &listed["annotations"]["k"]),
        (&"application/sig".into(), &"v".into())
    );
    let by_config =
        registry.get(&format!("{path}?artifactType=application/vnd.oci.image.config.v1+json"));
    assert_eq!(
        by_config.json()["manifests"][0]["digest"],
        Digest::sha256(sbom.as_bytes()).as_str()
    );

    let unborn = descriptor(OCI_MANIFEST, b"never pushed");
    let early = image(b"{}", b"layer", &format!(",\"subject\":{unborn}"));
    assert_eq!(
        registry.put_manifest("a", "early", OCI_MANIFEST, &early).status,
        201,
        "a missing subject is legal"
    );
}

#[test]
fn tags_and_repositories_come_in_pages() {
    let registry = Registry::writable();
    let manifest = registry.push_image("b", "v3", b"layer");
    for tag in ["v1", "v2", "latest"] {
        assert_eq!(registry.put_manifest("b", tag, OCI_MANIFEST, &manifest).status, 201);
    }
    registry.push_blob("a/x", b"1");
    let first = registry.get("/v2/b/tags/list?n=2");
    assert_eq!(first.json(), serde_json::json!({"name": "b", "tags": ["latest", "v1"]}));
    assert_eq!(first.header("link"), "</v2/b/tags/list?n=2&last=v1>; rel=\"next\"");
    let second = registry.get("/v2/b/tags/list?n=2&last=v1");
    assert_eq!(
        (second.json()["tags"].clone(), second.header("link")),
        (serde_json::json!(["v2", "v3"]), "")
    );
    let none = registry.get("/v2/b/tags/list?n=0");
    assert_eq!(
        (none.status, none.json()["tags"].clone(), none.header("link")),
        (200, serde_json::json!([]), "")
    );
    assert_eq!(
        registry.get("/v2/b/tags/list?last=v10").json()["tags"],
        serde_json::json!(["v2", "v3"])
    );
    let page = registry.get("/v2/_catalog?n=1");
    assert_eq!(
        (page.json(), page.header("link")),
        (
            serde_json::json!({"repositories": ["a/x"]}),
            "</v2/_catalog?n=1&last=a%2Fx>; rel=\"next\""
        )
    );
    assert_eq!(
        registry.get("/v2/_catalog?n=1&last=a%2Fx").json()["repositories"],
        serde_json::json!(["b"])
    );
    // What is no number, or is larger than any.
    for n in ["-1", "9223372036854775808", "x", "", "+1"] {
        let answer = registry.get(&format!("/v2/b/tags/list?n={n}"));
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "PAGINATION_NUMBER_INVALID"),
            "{n}"
        );
    }
    assert_eq!(registry.get("/v2/b/tags/list?n=9223372036854775807").status, 200);
}

#[test]
fn tags_manifests_and_blobs_are_deleted() {
    let registry = Registry::writable();
    let manifest = registry.push_image("a", "v1", b"layer");
    let digest = Digest::sha256(manifest.as_bytes());
    assert_eq!(registry.put_manifest("a", "v2", OCI_MANIFEST, &manifest).status, 201);
    let delete = |path: &str| registry.send("DELETE", path, &[], b"").status;
    assert_eq!(delete("/v2/a/manifests/v1"), 202);
    assert_eq!(delete("/v2/a/manifests/v1"), 404);
    assert_eq!(registry.get("/v2/a/tags/list").json()["tags"], serde_json::json!(["v2"]));
    assert_eq!(delete(&format!("/v2/a/manifests/{digest}")), 202);
    assert_eq!(registry.get("/v2/a/manifests/v2").status, 404);
    let blob = format!("/v2/a/blobs/{}", Digest::sha256(b"layer"));
    assert_eq!((delete(&blob), delete(&blob), registry.get(&blob).status), (202, 404, 404));
    let place = registry.stop();
    let again =
        Registry::over(place.path(), Settings { access: Access::Writable, ..Settings::default() });
    assert_eq!(again.get("/v2/a/manifests/v2").status, 404);
    assert_eq!(again.log.problems.lock().unwrap().as_slice(), [] as [String; 0]);
}

#[test]
fn a_tag_that_ends_like_an_unfinished_file_is_a_tag_like_others() {
    let registry = Registry::writable();
    registry.push_image("a", "v1.part", b"1");
    registry.push_image("a", "v1", b"2");
    assert_eq!(
        registry.get("/v2/a/tags/list").json()["tags"],
        serde_json::json!(["v1", "v1.part"])
    );
    assert_eq!(registry.get("/v2/a/manifests/v1.part").body, image(b"{}", b"1", "").as_bytes());
}

/// Content that was altered on the disk is found at its first use.
#[test]
fn altered_content_is_withdrawn_and_reported() {
    let registry = Registry::writable();
    registry.push_image("a", "v1", b"layer");
    let place = registry.stop();
    let digest = Digest::sha256(b"layer");
    fs::write(place.path().join("blobs/sha256").join(digest.hex()), b"Layer").unwrap();
    let registry = Registry::over(place.path(), Settings::default());
    let path = format!("/v2/a/blobs/{digest}");
    registry.get(&path);
    let withdrawn = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        registry.get(&path).status == 404
    });
    assert!(withdrawn);
    for _ in 0..3 {
        assert_eq!(registry.get(&path).code(), "BLOB_UNKNOWN");
    }
    let problems = registry.log.problems.lock().unwrap();
    assert_eq!(problems.len(), 1, "told once: {problems:?}");
    assert!(problems[0].contains(digest.as_str()));
}

/// As a mirror with `--repair` does it.
#[test]
fn altered_content_is_repaired_by_pushing_it_again() {
    let registry = Registry::writable();
    let manifest = registry.push_image("a", "v1", b"layer");
    let place = registry.stop();
    let digest = Digest::sha256(b"layer");
    let file = place.path().join("blobs/sha256").join(digest.hex());
    fs::write(&file, b"Layer").unwrap();
    let settings = || Settings { access: Access::Writable, ..Settings::default() };
    let registry = Registry::over(place.path(), settings());
    let path = format!("/v2/a/blobs/{digest}");
    let withdrawn = (0..200).any(|_| {
        let status = registry.send("HEAD", &path, &[], b"").status;
        std::thread::sleep(std::time::Duration::from_millis(10));
        status == 404
    });
    assert!(withdrawn);
    let refused = registry.put_manifest("a", "v2", OCI_MANIFEST, &manifest);
    assert_eq!((refused.status, refused.code().as_str()), (400, "MANIFEST_BLOB_UNKNOWN"));
    let mount = format!("/v2/b/blobs/uploads/?mount={digest}&from=a");
    assert_eq!(registry.send("POST", &mount, &[], b"").status, 202, "not mounted");

    registry.push_blob("a", b"layer");
    assert_eq!(registry.get(&path).body, b"layer");
    assert_eq!(registry.put_manifest("a", "v2", OCI_MANIFEST, &manifest).status, 201);
    assert_eq!(fs::read(&file).unwrap(), b"layer");
    assert_eq!(registry.log.problems.lock().unwrap().len(), 1);
}

#[test]
fn content_of_the_wrong_length_is_not_there_until_it_is_pushed_again() {
    let mut registry = Registry::writable();
    let layer = b"a layer that a disk cuts off";
    let manifest = registry.push_image("a", "1", layer);
    let digest = Digest::sha256(layer);
    let blob = format!("/v2/a/blobs/{digest}");
    let by_tag = "/v2/a/manifests/1";
    // First in the run that wrote it, then in one that knows the length from the manifest.
    for again in [false, true] {
        let place = registry.stop();
        if again {
            let file = place.path().join("blobs/sha256").join(digest.hex());
            fs::write(&file, &layer[..10]).unwrap();
        }
        registry = Registry::over_own(place);
        if !again {
            registry.push_blob("a", layer);
            let file = registry.folder().join("blobs/sha256").join(digest.hex());
            fs::write(&file, &layer[..10]).unwrap();
        }
        for _ in 0..3 {
            assert_eq!(registry.send("HEAD", &blob, &[], b"").status, 404, "{again}");
        }
        let refused = registry.put_manifest("a", "2", OCI_MANIFEST, &manifest);
        assert_eq!((refused.status, refused.code().as_str()), (400, "MANIFEST_BLOB_UNKNOWN"));
        registry.push_blob("a", layer);
        assert_eq!(registry.get(&blob).body, layer);
        assert_eq!(registry.log.problems.lock().unwrap().len(), 1, "told once");
    }
    let stored = Digest::sha256(manifest.as_bytes());
    let file = registry.folder().join("blobs/sha256").join(stored.hex());
    fs::write(&file, &manifest[..20]).unwrap();
    let answer = registry.get(by_tag);
    assert_eq!((answer.status, answer.code().as_str()), (404, "MANIFEST_UNKNOWN"));
    assert_eq!(registry.put_manifest("a", "1", OCI_MANIFEST, &manifest).status, 201);
    assert_eq!(registry.get(by_tag).body, manifest.as_bytes());
}

/// What a manifest says about a length is no reason to withhold content: anyone who may push could say it.
#[test]
fn a_manifest_that_errs_about_a_length_takes_nothing_out_of_service() {
    let registry = Registry::writable();
    registry.push_blob("a", b"{}");
    let digest = registry.push_blob("a", b"layer");
    let wrong = image(b"{}", b"layer", "").replace("\"size\":5", "\"size\":7");
    assert_eq!(registry.put_manifest("a", "v1", OCI_MANIFEST, &wrong).status, 201);
    let registry = Registry::over_own(registry.stop());
    for _ in 0..2 {
        assert_eq!(registry.get(&format!("/v2/a/blobs/{digest}")).body, b"layer");
    }
    assert_eq!(registry.log.problems.lock().unwrap().as_slice(), [] as [String; 0]);
}

#[test]
fn a_manifest_whose_bytes_are_gone_is_reported_at_the_start_and_not_served() {
    let registry = Registry::writable();
    let manifest = registry.push_image("a", "v1", b"layer");
    registry.push_image("a", "v2", b"other");
    let place = registry.stop();
    let digest = Digest::sha256(manifest.as_bytes());
    fs::remove_file(place.path().join("blobs/sha256").join(digest.hex())).unwrap();
    let registry = Registry::over(place.path(), Settings::default());
    assert_eq!(registry.get("/v2/a/tags/list").json()["tags"], serde_json::json!(["v2"]));
    let problems = registry.log.problems.lock().unwrap();
    assert_eq!(problems.len(), 2, "the link and the tag: {problems:?}");
}

#[test]
fn a_blob_whose_file_is_gone_is_not_there_until_it_is_pushed_again() {
    let registry = Registry::writable();
    let layer = b"a layer that a disk loses";
    let manifest = registry.push_image("a", "1", layer);
    let digest = Digest::sha256(layer);
    let path = format!("/v2/a/blobs/{digest}");
    fs::remove_file(registry.folder().join("blobs/sha256").join(digest.hex())).unwrap();

    let answer = registry.send("HEAD", &path, &[], b"");
    assert_eq!(answer.status, 404);
    let refused = registry.put_manifest("a", "2", OCI_MANIFEST, &manifest);
    assert_eq!((refused.status, refused.code().as_str()), (400, "MANIFEST_BLOB_UNKNOWN"));

    registry.push_blob("a", layer);
    assert_eq!(registry.get(&path).body, layer);
    assert_eq!(registry.put_manifest("a", "2", OCI_MANIFEST, &manifest).status, 201);
}

/// It takes no HEAD to find out.
#[test]
fn a_manifest_that_names_a_blob_whose_file_is_gone_is_refused_at_once() {
    let registry = Registry::writable();
    let manifest = registry.push_image("a", "1", b"layer");
    let digest = Digest::sha256(b"layer");
    fs::remove_file(registry.folder().join("blobs/sha256").join(digest.hex())).unwrap();
    for _ in 0..2 {
        let refused = registry.put_manifest("a", "2", OCI_MANIFEST, &manifest);
        assert_eq!((refused.status, refused.code().as_str()), (400, "MANIFEST_BLOB_UNKNOWN"));
    }
    let problems = registry.log.problems.lock().unwrap();
    assert_eq!(problems.len(), 1, "told once: {problems:?}");
    assert!(problems[0].contains(digest.hex()) && problems[0].contains("push it again"));
}
