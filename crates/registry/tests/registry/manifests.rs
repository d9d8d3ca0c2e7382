//! Tags, manifests and referrers.

use sealift_oci::{Document, Source as _, StoreErrorKind, Target as _};
use sealift_reference::{Algorithm, Digest, Tag, media_type};
use sealift_registry::RequestKind;
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{document, image, index, registry, repository, told};

fn tag() -> Tag {
    "1.0".parse().unwrap()
}

fn served(document: &Document) -> Reply {
    Reply::status(200)
        .header("Content-Type", document.media_type.as_str())
        .header("Docker-Content-Digest", document.digest.as_str())
        .body(document.bytes.clone())
}

async fn server(entries: Vec<Entry>) -> Server {
    Server::start(entries.into_iter().fold(Script::new().open(), Script::entry)).await
}

#[tokio::test]
async fn a_tag_is_resolved_by_one_head_where_that_says_enough() {
    let path = "/v2/a/b/manifests/1.0";
    let image = image();
    let bare = || {
        Reply::status(200)
            .header("Content-Type", media_type::OCI_MANIFEST)
            .body(image.bytes.clone())
    };
    let table = [
        (vec![Entry::head(path).reply(served(&image))], true),
        (vec![Entry::head(path).reply(bare()), Entry::get(path).reply(bare())], true),
        (
            vec![
                Entry::head(path).reply(Reply::status(405)),
                Entry::get(path).reply(served(&image)),
            ],
            true,
        ),
        (
            vec![
                Entry::head(path).reply(Reply::status(403)),
                Entry::get(path).reply(served(&image)),
            ],
            true,
        ),
        (vec![Entry::head(path).reply(Reply::status(404))], false),
        (
            vec![
                Entry::head(path).reply(Reply::status(400)),
                Entry::get(path).reply(Reply::error(404, "NAME_UNKNOWN", "x")),
            ],
            false,
        ),
    ];
    for (entries, there) in table {
        let server = server(entries).await;
        let resolved = registry().resolve(&repository(&server), &tag()).await.unwrap();
        assert_eq!(
            resolved.map(|resolved| (resolved.digest, resolved.size_bytes)),
            there.then(|| (image.digest.clone(), image.bytes.len() as u64))
        );
        assert!(
            server.unused().is_empty() && server.unexpected().is_empty(),
            "{:?}",
            server.lines()
        );
    }
}

#[tokio::test]
async fn a_header_that_holds_no_digest_is_an_error() {
    let image = image();
    for text in ["sha256:../x", "sha256:00", &image.digest.as_str().to_uppercase(), "rubbish"] {
        let head = Entry::head("/v2/a/b/manifests/1.0").reply(
            Reply::status(200)
                .header("Docker-Content-Digest", text)
                .header("Content-Type", media_type::OCI_MANIFEST),
        );
        let server = server(vec![head]).await;
        let error = registry().resolve(&repository(&server), &tag()).await.unwrap_err();
        assert_eq!(
            (error.kind, told(&error, &server).as_str()),
            (StoreErrorKind::Digest, "HOST: manifest 1.0 of a/b: the header holds no digest"),
            "{text}"
        );
        assert_eq!(server.lines().len(), 2, "no request follows: {:?}", server.lines());
    }
}

/// Reads a manifest that a server answers with, asked for by `digest`.
async fn outcome(digest: &Digest, reply: Reply) -> Result<Document, StoreErrorKind> {
    let server =
        server(vec![Entry::get(&format!("/v2/a/b/manifests/{digest}")).reply(reply)]).await;
    let read = registry().document(&repository(&server), digest).await;
    read.map(|document| document.expect("it is there")).map_err(|error| error.kind)
}

#[tokio::test]
async fn the_hash_of_the_bytes_decides_and_the_header_is_only_compared() {
    let (image, index) = (image(), index());
    let other = || {
        Reply::status(200)
            .header("Content-Type", media_type::OCI_MANIFEST)
            .body(image.bytes.clone())
    };
    let long = Digest::of(Algorithm::Sha512, &image.bytes);
    assert_eq!(outcome(&image.digest, served(&image)).await.unwrap(), image);
    assert_eq!(outcome(&image.digest, other()).await.unwrap(), image);
    let wrong = served(&index).header("Docker-Content-Digest", image.digest.as_str());
    assert_eq!(outcome(&image.digest, wrong).await, Err(StoreErrorKind::Digest));
    let lying = other().header("Docker-Content-Digest", index.digest.as_str());
    assert_eq!(outcome(&image.digest, lying).await, Err(StoreErrorKind::Digest));
    // distribution answers for sha512 content with the sha256 digest.
    assert_eq!(outcome(&long, served(&image)).await.unwrap().digest, long);
}

#[tokio::test]
async fn documents_that_two_readers_understand_differently_are_refused() {
    let child = r#"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}"#;
    let table = [
        (
            media_type::OCI_MANIFEST,
            format!(
                r#"{{"schemaVersion":2,"mediaType":"{}","config":{child},"layers":[],"manifests":[{child}]}}"#,
                media_type::OCI_MANIFEST
            ),
        ),
        (media_type::OCI_INDEX, String::from_utf8(image().bytes.to_vec()).unwrap()),
        (
            media_type::OCI_MANIFEST,
            format!(r#"{{"schemaVersion":2,"config":{child},"layers":[],"Layers":[{child}]}}"#),
        ),
        (
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            r#"{"schemaVersion":1,"fsLayers":[]}"#.to_owned(),
        ),
        ("text/plain", r#"{"schemaVersion":1,"fsLayers":[]}"#.to_owned()),
        (media_type::OCI_MANIFEST, "not json".to_owned()),
        (media_type::OCI_MANIFEST, format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))),
    ];
    for (media_type, text) in table {
        let document = document(media_type, &text);
        assert_eq!(
            outcome(&document.digest, served(&document)).await,
            Err(StoreErrorKind::Protocol),
            "{media_type} {text:.80}"
        );
    }
}

#[tokio::test]
async fn a_manifest_of_more_than_4_mib_is_not_read() {
    let large = document(media_type::OCI_MANIFEST, &"x".repeat((4 << 20) + 1));
    assert_eq!(outcome(&large.digest, served(&large)).await, Err(StoreErrorKind::Limit));
    assert_eq!(outcome(&large.digest, served(&large).chunked()).await, Err(StoreErrorKind::Limit));
    assert_eq!(
        outcome(&large.digest, Reply::status(200).endless()).await,
        Err(StoreErrorKind::Limit)
    );
}

#[tokio::test]
async fn a_manifest_that_breaks_off_is_read_again() {
    let image = image();
    let path = format!("/v2/a/b/manifests/{}", image.digest);
    let server = server(vec![
        Entry::get(&path).reply(served(&image).cut_after(10)).times(1),
        Entry::get(&path).reply(served(&image)),
    ])
    .await;
    assert_eq!(
        registry().document(&repository(&server), &image.digest).await.unwrap(),
        Some(image)
    );
}

#[tokio::test]
async fn an_absent_manifest_is_no_error() {
    let image = image();
    let path = format!("/v2/a/b/manifests/{}", image.digest);
    let missing = || Reply::error(404, "MANIFEST_UNKNOWN", "x");
    let server = server(vec![
        Entry::get(&path).reply(missing()),
        Entry::head(&path).reply(Reply::status(404)),
    ])
    .await;
    assert_eq!(registry().document(&repository(&server), &image.digest).await.unwrap(), None);
    assert!(!registry().has_document(&repository(&server), &image.digest).await.unwrap());
}

#[tokio::test]
async fn a_manifest_is_written_with_its_own_type() {
    let index = index();
    let server = server(vec![
        Entry::put("/v2/a/b/manifests/1.0")
            .reply(Reply::status(201).header("Docker-Content-Digest", index.digest.as_str())),
    ])
    .await;
    let registry = registry();
    registry.write_document(&repository(&server), &index, Some(&tag())).await.unwrap();
    let put = server.requests().pop().unwrap();
    assert_eq!(put.header("content-type"), Some(media_type::OCI_INDEX));
    assert_eq!(put.body, index.bytes);
    assert_eq!(registry.counts().of(RequestKind::ManifestPut), 1);
}

/// Writes a document whose PUT is answered so, with the tag naming `old`.
async fn refused(
    document: &Document,
    reply: Reply,
    old: Option<&Digest>,
) -> Result<(), (StoreErrorKind, String)> {
    let path = "/v2/a/b/manifests/1.0";
    let head = Entry::head(path).reply(match old {
        Some(old) => Reply::status(200).header("Docker-Content-Digest", old.as_str()),
        None => Reply::status(404),
    });
    let server = server(vec![Entry::put(path).reply(reply), head]).await;
    let written = registry().write_document(&repository(&server), document, Some(&tag())).await;
    written.map_err(|error| (error.kind, told(&error, &server)))
}

#[tokio::test]
async fn refusals_of_manifests_are_told_apart() {
    use StoreErrorKind as Kind;
    let (image, index) = (image(), index());
    let table = [
        (&image, Reply::error(400, "MANIFEST_BLOB_UNKNOWN", "x"), Kind::ChildUnknown),
        (&image, Reply::error(404, "BLOB_UNKNOWN", "x"), Kind::ChildUnknown),
        (&image, Reply::error(500, "MANIFEST_BLOB_UNKNOWN", "x"), Kind::ChildUnknown),
        (&index, Reply::error(400, "MANIFEST_INVALID", "x"), Kind::ChildUnknown),
        (&index, Reply::error(404, "MANIFEST_UNKNOWN", "x"), Kind::ChildUnknown),
        (&index, Reply::error(400, "ReferencedImagesNotFoundException", "x"), Kind::ChildUnknown),
        (&image, Reply::error(400, "MANIFEST_INVALID", "x"), Kind::Refused),
        (&image, Reply::error(404, "NAME_UNKNOWN", "no project"), Kind::NotFound),
        (&image, Reply::error(403, "DENIED", "quota exceeded"), Kind::Denied),
        (&image, Reply::error(405, "UNSUPPORTED", "x"), Kind::ReadOnly),
        (&image, Reply::status(413), Kind::Refused),
        (
            &image,
            Reply::status(201).header("Docker-Content-Digest", index.digest.as_str()),
            Kind::Digest,
        ),
    ];
    for (document, reply, want) in table {
        let told = format!("{reply:?}");
        assert_eq!(refused(document, reply, None).await.unwrap_err().0, want, "{told}");
    }
}

#[tokio::test]
async fn an_immutable_tag_is_no_failure_when_it_names_the_same() {
    let (image, index) = (image(), index());
    let answers = || {
        [
            Reply::error(400, "TAG_INVALID", "x"),
            Reply::error(400, "ImageTagAlreadyExists", "x"),
            Reply::error(409, "DENIED", "x"),
            Reply::error(412, "PRECONDITION", "x"),
            Reply::error(403, "DENIED", "the tag is immutable"),
        ]
    };
    for reply in answers() {
        assert_eq!(refused(&image, reply, Some(&image.digest)).await, Ok(()));
    }
    for reply in answers() {
        let (kind, text) = refused(&image, reply, Some(&index.digest)).await.unwrap_err();
        assert_eq!(kind, StoreErrorKind::Immutable, "{text}");
        let want = format!(
            "tag 1.0 is immutable at the target and names {}; the lock says {}",
            index.digest, image.digest
        );
        assert!(text.contains(&want), "{text}");
    }
}

/// An artifact that names the image as its subject.
fn signature() -> Document {
    let subject = image();
    let text = format!(
        r#"{{"schemaVersion":2,"mediaType":"{0}","artifactType":"application/x-sig","config":{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}},"layers":[],"subject":{{"mediaType":"{0}","digest":"{1}","size":{2}}},"annotations":{{"k":"v"}}}}"#,
        media_type::OCI_MANIFEST,
        subject.digest,
        subject.bytes.len()
    );
    document(media_type::OCI_MANIFEST, &text)
}

#[tokio::test]
async fn without_oci_subject_the_fallback_tag_gets_an_entry_beside_those_of_others() {
    let signature = signature();
    let put = format!("/v2/a/b/manifests/{}", signature.digest);
    let tag = format!("/v2/a/b/manifests/{}", image().digest.as_str().replace(':', "-"));
    let other = r#"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"x-unknown":[1]}"#;
    let before = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{other}]}}"#,
        media_type::OCI_INDEX
    );
    let after = before.replace(']', &format!("]{}", "")).replace(
        other,
        &format!(r#"{other},{{"mediaType":"x/y","digest":"{}","size":1}}"#, signature.digest),
    );
    let script = Script::new()
        .open()
        .entry(Entry::put(&put).reply(Reply::status(201)))
        .entry(Entry::get(&tag).if_state("").reply(Reply::status(200).body(before)))
        .entry(Entry::put(&tag).set_state("written").reply(Reply::status(201)))
        .entry(Entry::get(&tag).if_state("written").reply(Reply::status(200).body(after)));
    let server = Server::start(script).await;
    registry().write_document(&repository(&server), &signature, None).await.unwrap();
    let written = server
        .requests()
        .into_iter()
        .find(|request| request.line() == format!("PUT {tag}"))
        .unwrap();
    let text = String::from_utf8(written.body.to_vec()).unwrap();
    assert!(text.contains("x-unknown") && text.contains(signature.digest.as_str()), "{text}");
    assert!(
        text.contains(r#""artifactType":"application/x-sig""#) && text.contains(r#""k":"v""#),
        "{text}"
    );
}

#[tokio::test]
async fn with_oci_subject_no_tag_is_written() {
    let signature = signature();
    let put = format!("/v2/a/b/manifests/{}", signature.digest);
    let server = server(vec![
        Entry::put(&put).reply(Reply::status(201).header("OCI-Subject", image().digest.as_str())),
    ])
    .await;
    registry().write_document(&repository(&server), &signature, None).await.unwrap();
    assert!(server.unexpected().is_empty());
}

#[tokio::test]
async fn a_fallback_tag_that_another_writer_overwrites_is_written_again() {
    let signature = signature();
    let put = format!("/v2/a/b/manifests/{}", signature.digest);
    let tag = format!("/v2/a/b/manifests/{}", image().digest.as_str().replace(':', "-"));
    let empty = || Reply::status(200).body(index().bytes);
    let script = Script::new()
        .open()
        .entry(Entry::put(&put).reply(Reply::status(201)))
        .entry(Entry::get(&tag).reply(empty()))
        .entry(Entry::put(&tag).reply(Reply::status(201)));
    let server = Server::start(script).await;
    let error =
        registry().write_document(&repository(&server), &signature, None).await.unwrap_err();
    assert!(error.to_string().contains("does not keep what is written"), "{error}");
    let puts = server.lines().iter().filter(|line| **line == format!("PUT {tag}")).count();
    assert_eq!(puts, 3);
}

#[tokio::test]
async fn referrers_come_from_the_api_or_else_from_the_fallback_tag() {
    let digest = image().digest;
    let api = format!("/v2/a/b/referrers/{digest}");
    let tag = format!("/v2/a/b/manifests/{}", digest.as_str().replace(':', "-"));
    let entry = |number: u8| {
        format!(
            r#"{{"mediaType":"x/y","digest":"{}","size":1,"artifactType":"t"}}"#,
            Digest::sha256(&[number])
        )
    };
    let list = |entries: &[String]| {
        let text = format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{}]}}"#,
            media_type::OCI_INDEX,
            entries.join(",")
        );
        Reply::status(200).header("Content-Type", media_type::OCI_INDEX).body(text)
    };
    let next = format!("<{api}?page=2>; rel=\"next\"");
    let table = [
        (vec![Entry::get(&api).reply(list(&[entry(1)]))], 1),
        (
            vec![
                Entry::get(&format!("{api}?page=2")).reply(list(&[entry(2)])),
                Entry::get(&api).reply(list(&[entry(1)]).header("Link", next)),
            ],
            2,
        ),
        (
            vec![
                Entry::get(&api).reply(Reply::status(404)),
                Entry::get(&tag).reply(list(&[entry(1), entry(2), entry(3)])),
            ],
            3,
        ),
        (
            vec![
                Entry::get(&api).reply(Reply::status(200).body("<html>")),
                Entry::get(&tag).reply(list(&[entry(1)])),
            ],
            1,
        ),
        (
            vec![
                Entry::get(&api).reply(Reply::status(404)),
                Entry::get(&tag).reply(Reply::status(404)),
            ],
            0,
        ),
    ];
    for (entries, want) in table {
        let server = server(entries).await;
        let found = registry().referrers(&repository(&server), &digest).await.unwrap();
        assert_eq!(found.len(), want);
        assert!(server.unused().is_empty() && server.unexpected().is_empty());
    }
}

#[tokio::test]
async fn row_47_pages_that_lead_in_a_circle_or_to_another_host_are_refused() {
    let list = || Reply::status(200).body(r#"{"name":"a/b","tags":["1","2"]}"#);
    let table = [
        (
            r#"</v2/a/b/tags/list?n=1000&last=2>; rel="next""#,
            "HOST: tags of a/b: its pages lead in a circle",
        ),
        (
            r#"<http://127.0.0.1:1/v2/a/b/tags/list>; rel="next""#,
            "HOST: tags of a/b: its next page is at another host",
        ),
    ];
    for (link, want) in table {
        let server =
            server(vec![Entry::get("/v2/a/b/tags/list").reply(list().header("Link", link))]).await;
        let error = registry().tags(&repository(&server)).await.unwrap_err();
        assert_eq!(told(&error, &server), want);
    }
    let server = server(vec![Entry::get("/v2/a/b/tags/list").reply(list())]).await;
    let tags = registry().tags(&repository(&server)).await.unwrap().unwrap();
    assert_eq!(tags.into_iter().collect::<Vec<_>>(), ["1", "2"]);
}

#[tokio::test]
async fn row_47_more_tags_than_anybody_has_are_refused() {
    let tags = (0..200_001).map(|number| format!(r#""{number}""#)).collect::<Vec<_>>().join(",");
    let page = Reply::status(200).body(format!(r#"{{"name":"a/b","tags":[{tags}]}}"#));
    let many = server(vec![Entry::get("/v2/a/b/tags/list").reply(page)]).await;
    let error = registry().tags(&repository(&many)).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Limit, "{error}");
    assert_eq!(told(&error, &many), "HOST: tags of a/b: more than 200000 tags");
    let page = Reply::status(200).body("[").endless();
    let endless = server(vec![Entry::get("/v2/a/b/tags/list").reply(page)]).await;
    let error = registry().tags(&repository(&endless)).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Limit, "{error}");
}

#[tokio::test]
async fn a_fallback_tag_that_is_something_else_is_left_alone() {
    let signature = signature();
    let put = format!("/v2/a/b/manifests/{}", signature.digest);
    let tag = format!("/v2/a/b/manifests/{}", image().digest.as_str().replace(':', "-"));
    for other in [image().bytes, "[]".into(), "<html>".into()] {
        let server = server(vec![
            Entry::put(&put).reply(Reply::status(201)),
            Entry::get(&tag).reply(Reply::status(200).body(other)),
        ])
        .await;
        let written = registry().write_document(&repository(&server), &signature, None).await;
        assert!(written.unwrap_err().to_string().ends_with("is no index"));
        assert!(server.unexpected().is_empty());
    }
}

#[tokio::test]
async fn too_many_bytes_of_headers_are_refused() {
    let long = "x".repeat(5000);
    let image = image();
    let path = format!("/v2/a/b/manifests/{}", image.digest);
    let reply = (0..14).fold(served(&image), |reply, at| reply.header(&format!("X-{at}"), &*long));
    let server = server(vec![Entry::get(&path).reply(reply)]).await;
    let error = registry().document(&repository(&server), &image.digest).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Limit, "{error}");
}
