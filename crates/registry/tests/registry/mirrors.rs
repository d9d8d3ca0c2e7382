//! Sources that are read elsewhere than their names say.

use sealift_oci::{Source as _, StoreErrorKind, Target as _};
use sealift_reference::{Repository, Tag};
use sealift_registry::{Mirror, Mirrors, RegistriesFiles, Registry, Settings};
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{blob, image, noise, read, repository, settings};

fn registry(first: &Server, second: &Server) -> Registry {
    let to = |server: &Server| Mirror {
        prefix: "docker.io".to_owned(),
        location: format!("{}/hub", server.address()),
    };
    let mirrors = Mirrors::new(&[to(first), to(second)], &RegistriesFiles::default()).unwrap();
    Registry::new(&Settings { mirrors, ..settings() }).unwrap()
}

#[tokio::test]
async fn the_first_mirror_that_has_it_answers() {
    let image = image();
    let (tag, bytes) = ("1.0".parse::<Tag>().unwrap(), noise(100));
    let good = Reply::status(200)
        .header("Docker-Content-Digest", image.digest.as_str())
        .header("Content-Type", image.media_type.as_str())
        .body(image.bytes.clone());
    let path = "/v2/hub/library/nginx";
    let second = Server::start(
        Script::new()
            .open()
            .entry(Entry::head(&format!("{path}/manifests/1.0")).reply(good))
            .entry(
                Entry::get(&format!("{path}/blobs/{}", blob(&bytes).digest))
                    .reply(Reply::status(200).body(bytes.clone())),
            ),
    )
    .await;
    for reply in [Reply::status(404), Reply::error(403, "DENIED", "x"), Reply::status(503)] {
        let any = |entry: Entry| entry.reply(reply.clone());
        let script = Script::new()
            .open()
            .entry(any(Entry::get("/v2/hub*")))
            .entry(any(Entry::head("/v2/hub*")));
        let first = Server::start(script).await;
        let registry = registry(&first, &second);
        let nginx: Repository = "docker.io/library/nginx".parse().unwrap();
        assert_eq!(registry.resolve(&nginx, &tag).await.unwrap().unwrap().digest, image.digest);
        assert_eq!(
            read(registry.blob(&nginx, &blob(&bytes), 0).await.unwrap()).await.unwrap(),
            bytes
        );
        let asked: Vec<String> = first.lines();
        assert!(
            asked.iter().any(|line| line == "HEAD /v2/hub/library/nginx/manifests/1.0"),
            "{asked:?}"
        );
    }
}

#[tokio::test]
async fn the_first_error_is_told_when_no_mirror_has_it() {
    let broken = Server::start(
        Script::new().open().entry(Entry::head("/v2/hub*").reply(Reply::status(418))),
    )
    .await;
    let empty = Server::start(
        Script::new().open().entry(Entry::head("/v2/hub*").reply(Reply::status(404))),
    )
    .await;
    let registry = registry(&broken, &empty);
    let error = registry
        .resolve(&"docker.io/library/nginx".parse().unwrap(), &"1".parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Refused);
    assert!(error.to_string().starts_with(&broken.address()), "{error}");
}

#[tokio::test]
async fn writing_is_never_moved() {
    let target = Server::start(
        Script::new().open().entry(Entry::put("/v2/a/b/manifests/1.0").reply(Reply::status(201))),
    )
    .await;
    let elsewhere = Server::start(Script::new().open()).await;
    let mirror = Mirror { prefix: target.address(), location: elsewhere.address() };
    let mirrors = Mirrors::new(&[mirror], &RegistriesFiles::default()).unwrap();
    let registry = Registry::new(&Settings { mirrors, ..settings() }).unwrap();
    registry
        .write_document(&repository(&target), &image(), Some(&"1.0".parse().unwrap()))
        .await
        .unwrap();
    assert!(elsewhere.requests().is_empty());
}
