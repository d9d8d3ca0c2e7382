//! Challenges, tokens, and who gets to see which credentials.

use std::sync::Arc;

use sealift_oci::{Source as _, StoreErrorKind, Target as _};
use sealift_reference::{Repository, Tag};
use sealift_registry::{
    Credential, ProxySettings, Registry, RequestKind, Secret, Settings, Trust, TrustedRealm,
};
use sealift_testkit::{Entry, Recorded, Reply, Script, Server};

use crate::fixture::{InMemory, blob, image, noise, registry, repository, settings, told};

const MANIFEST: &str = "/v2/a/b/manifests/1.0";

fn tag() -> Tag {
    "1.0".parse().unwrap()
}

fn password() -> Arc<Credential> {
    Arc::new(Credential::Basic {
        user: "me".to_owned(),
        password: Secret::new("canary".to_owned()),
    })
}

fn with(credential: Arc<Credential>, server: &Server) -> Registry {
    let given = vec![(server.address(), credential)];
    Registry::new(&Settings { given, ..settings() }).unwrap()
}

/// A ping that asks for a token of this realm.
fn asks(realm: &str) -> Entry {
    Entry::get("/v2/").reply(
        Reply::status(401)
            .header("WWW-Authenticate", format!(r#"Bearer realm="{realm}",service="r""#)),
    )
}

fn grants(token: &str) -> Reply {
    Reply::status(200).body(format!(r#"{{"token":"{token}","expires_in":300}}"#))
}

/// The manifest, for whoever shows this token; 401 for all others.
fn guarded(script: Script, token: &str) -> Script {
    let image = image();
    let good = Reply::status(200)
        .header("Docker-Content-Digest", image.digest.as_str())
        .header("Content-Type", image.media_type.as_str())
        .body(image.bytes);
    script
        .entry(
            Entry::head(MANIFEST)
                .if_header("authorization", &format!("Bearer {token}"))
                .reply(good),
        )
        .entry(Entry::head(MANIFEST).reply(Reply::status(401)))
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_used_until_it_runs_out() {
    let script = Script::new().entry(asks("/token")).entry(Entry::get("/token").reply(grants("t")));
    let server = Server::start(guarded(script, "t")).await;
    let registry = registry();
    let (repository, tag) = (repository(&server), tag());
    let all = (0..8).map(|_| registry.resolve(&repository, &tag));
    for found in futures_util::future::join_all(all).await {
        assert!(found.unwrap().is_some());
    }
    assert_eq!(
        (registry.counts().of(RequestKind::Token), registry.counts().of(RequestKind::Ping)),
        (1, 2)
    );
    let ask =
        server.requests().into_iter().find(|request| request.target.starts_with("/token")).unwrap();
    assert_eq!(ask.target, "/token?service=r&scope=repository%3Aa%2Fb%3Apull");
    assert_eq!(ask.header("authorization"), None);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let script = Script::new()
        .entry(asks("/token"))
        .entry(Entry::get("/token").reply(grants("old")).times(1))
        .entry(Entry::get("/token").reply(grants("new")));
    let server = Server::start(guarded(script, "new")).await;
    let registry = registry();
    assert!(registry.resolve(&repository(&server), &tag()).await.unwrap().is_some());
    assert_eq!(registry.counts().of(RequestKind::Token), 2);
}

#[tokio::test]
async fn a_401_for_ever_ends_after_two_tokens() {
    let script = Script::new().entry(asks("/token")).entry(Entry::get("/token").reply(grants("t")));
    let server = Server::start(guarded(script, "never")).await;
    let registry = registry();
    let error = registry.resolve(&repository(&server), &tag()).await.unwrap_err();
    assert_eq!(
        (error.kind, told(&error, &server).as_str()),
        (
            StoreErrorKind::Denied,
            "HOST: manifest 1.0 of a/b: no right to pull a/b (anonymous): 401"
        )
    );
    assert_eq!(registry.counts().of(RequestKind::Token), 2);
}

#[tokio::test]
async fn a_later_challenge_is_learned_where_the_ping_had_none() {
    let script = Script::new()
        .open()
        .entry(
            Entry::head(MANIFEST)
                .if_no_header("authorization")
                .reply(Reply::status(401).header("WWW-Authenticate", r#"Bearer realm="/token""#)),
        )
        .entry(Entry::get("/token").reply(grants("t")));
    let server = Server::start(guarded(script, "t")).await;
    assert!(registry().resolve(&repository(&server), &tag()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_403_that_says_the_scope_is_too_narrow_counts_as_401() {
    let narrow = Reply::status(403)
        .header("WWW-Authenticate", r#"Bearer realm="/token",error="insufficient_scope""#);
    let script = Script::new()
        .entry(asks("/token"))
        .entry(Entry::get("/token").reply(grants("old")).times(1))
        .entry(Entry::get("/token").reply(grants("new")))
        .entry(Entry::head(MANIFEST).if_header("authorization", "Bearer old").reply(narrow));
    let server = Server::start(guarded(script, "new")).await;
    assert!(registry().resolve(&repository(&server), &tag()).await.unwrap().is_some());
}

#[tokio::test]
async fn one_token_covers_a_planned_target_and_its_mount_sources() {
    let script =
        Script::new().entry(asks("/token")).entry(Entry::get("/token").reply(grants("t"))).entry(
            Entry::put(MANIFEST).if_header("authorization", "Bearer t").reply(Reply::status(201)),
        );
    let server = Server::start(guarded(script, "t")).await;
    let registry = registry();
    let target = repository(&server);
    let other = Repository::new(&server.address(), "c/d").unwrap();
    registry.plan_writes(&target, [&other]);
    registry.resolve(&target, &tag()).await.unwrap();
    registry.write_document(&target, &image(), Some(&tag())).await.unwrap();
    assert_eq!(registry.counts().of(RequestKind::Token), 1);
    assert!(server.lines().contains(&"GET /token?service=r&scope=repository%3Aa%2Fb%3Apull%2Cpush&scope=repository%3Ac%2Fd%3Apull".to_owned()));
}

#[tokio::test]
async fn a_password_goes_to_the_token_server_and_only_the_token_to_the_registry() {
    let script = Script::new().entry(asks("/token")).entry(
        Entry::get("/token").if_header("authorization", "Basic bWU6Y2FuYXJ5").reply(grants("t")),
    );
    let server = Server::start(guarded(script, "t")).await;
    assert!(
        with(password(), &server).resolve(&repository(&server), &tag()).await.unwrap().is_some()
    );
    let shown: Vec<_> = server
        .requests()
        .iter()
        .filter_map(|request| request.header("authorization").map(str::to_owned))
        .collect();
    assert_eq!(shown, ["Basic bWU6Y2FuYXJ5", "Bearer t"]);
}

#[tokio::test]
async fn an_identity_token_is_posted_and_a_server_without_forms_is_asked_by_query() {
    let identity = || Arc::new(Credential::Identity(Secret::new("canary".to_owned())));
    let script = Script::new()
        .entry(asks("/token"))
        .entry(Entry::post("/token").reply(Reply::status(200).body(r#"{"access_token":"t"}"#)));
    let server = Server::start(guarded(script, "t")).await;
    assert!(
        with(identity(), &server).resolve(&repository(&server), &tag()).await.unwrap().is_some()
    );
    let post = server.requests().into_iter().find(|request| request.method == "POST").unwrap();
    assert_eq!(
        post.body,
        "grant_type=refresh_token&client_id=sealift&service=r&scope=repository%3Aa%2Fb%3Apull&refresh_token=canary"
    );

    for status in [404, 405] {
        let script = Script::new()
            .entry(asks("/token"))
            .entry(Entry::post("/token").reply(Reply::status(status)))
            .entry(Entry::get("/token").reply(grants("t")));
        let server = Server::start(guarded(script, "t")).await;
        assert!(
            with(identity(), &server)
                .resolve(&repository(&server), &tag())
                .await
                .unwrap()
                .is_some(),
            "{status}"
        );
    }
}

#[tokio::test]
async fn basic_authentication_and_registry_tokens_need_no_token_server() {
    let table = [
        (password(), r#"Negotiate, Basic realm="a, b""#, "Basic bWU6Y2FuYXJ5"),
        (
            Arc::new(Credential::Registry(Secret::new("canary".to_owned()))),
            r#"Bearer realm="/token""#,
            "Bearer canary",
        ),
    ];
    for (credential, challenge, header) in table {
        let script = Script::new()
            .entry(
                Entry::get("/v2/").reply(Reply::status(401).header("WWW-Authenticate", challenge)),
            )
            .entry(
                Entry::head(MANIFEST).if_header("authorization", header).reply(Reply::status(404)),
            );
        let server = Server::start(script).await;
        assert_eq!(
            with(credential, &server).resolve(&repository(&server), &tag()).await.unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    let challenge = || Reply::status(401).header("WWW-Authenticate", "Basic realm=x");
    let script = Script::new()
        .entry(Entry::get("/v2/").reply(challenge()))
        .entry(Entry::head(MANIFEST).reply(challenge()));
    let server = Server::start(script).await;
    let error = with(password(), &server).resolve(&repository(&server), &tag()).await.unwrap_err();
    assert_eq!(
        told(&error, &server),
        "HOST: manifest 1.0 of a/b: no right to pull a/b (as me): 401"
    );
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("HEAD")).count(), 1);
}

#[tokio::test]
async fn a_foreign_token_server_is_asked_without_credentials_unless_it_is_trusted() {
    for trusted in [false, true] {
        let tokens =
            Server::start(Script::new().entry(Entry::get("/token").reply(grants("t")))).await;
        let realm = format!("http://{}/token", tokens.address());
        let server = Server::start(guarded(Script::new().entry(asks(&realm)), "never")).await;
        let trusted_realms = if trusted {
            vec![TrustedRealm { registry: server.address(), realm: realm.parse().unwrap() }]
        } else {
            Vec::new()
        };
        let settings =
            Settings { given: vec![(server.address(), password())], trusted_realms, ..settings() };
        let registry = Registry::new(&settings).unwrap();
        let error = registry.resolve(&repository(&server), &tag()).await.unwrap_err().to_string();
        let seen = tokens
            .requests()
            .iter()
            .any(|request| request.header("authorization") == Some("Basic bWU6Y2FuYXJ5"));
        assert_eq!(seen, trusted);
        assert_eq!(error.contains("is not trusted with the credentials for"), !trusted, "{error}");
    }
}

#[tokio::test]
async fn realms_that_would_leak_are_never_asked() {
    for realm in [
        "http://169.254.169.254/token",
        "file:///etc/passwd",
        "http://u:p@127.0.0.1/token",
        "http://[fe80::1]/token",
    ] {
        let server = Server::start(guarded(Script::new().entry(asks(realm)), "never")).await;
        let error =
            with(password(), &server).resolve(&repository(&server), &tag()).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Credential, "{realm}: {error}");
        assert!(!error.to_string().contains("u:p"), "{error}");
        assert!(server.requests().iter().all(|request| request.header("authorization").is_none()));
    }
}

#[tokio::test]
async fn answers_of_token_servers_that_are_none_end_the_request() {
    let other = || Reply::status(302).header("Location", "/elsewhere");
    let table = [
        (Reply::status(200).body("x".repeat(200_000)), "an answer of more than 131072 bytes"),
        (Reply::status(200).body("<html>"), "its answer is not JSON"),
        (Reply::status(200).body("{}"), "its answer holds no token"),
        (Reply::error(401, "UNAUTHORIZED", "who?"), "401 UNAUTHORIZED who?"),
        (other(), "302, not a registry?"),
    ];
    for (reply, words) in table {
        let script = Script::new().entry(asks("/token")).entry(Entry::get("/token").reply(reply));
        let server = Server::start(guarded(script, "never")).await;
        let error = registry().resolve(&repository(&server), &tag()).await.unwrap_err().to_string();
        assert!(error.ends_with(words), "{error}");
        assert!(!server.lines().contains(&"GET /elsewhere".to_owned()));
    }
}

#[tokio::test]
async fn a_token_server_that_stumbles_is_asked_again() {
    let script = Script::new()
        .entry(asks("/token"))
        .entry(Entry::get("/token").reply(Reply::status(503)).times(2))
        .entry(Entry::get("/token").reply(grants("t")));
    let server = Server::start(guarded(script, "t")).await;
    assert!(registry().resolve(&repository(&server), &tag()).await.unwrap().is_some());
}

#[tokio::test]
async fn check_tells_whether_a_password_is_good() {
    let script = || {
        Script::new().entry(asks("/token")).entry(
            Entry::get("/token")
                .if_header("authorization", "Basic bWU6Y2FuYXJ5")
                .reply(grants("t")),
        )
    };
    let open = |script: Script| script.entry(Entry::get("/v2/").reply(Reply::status(200)));
    let good = Script::new()
        .entry(Entry::get("/v2/").if_header("authorization", "Bearer t").reply(Reply::status(200)));
    let good = good.entry(asks("/token")).entry(Entry::get("/token").reply(grants("t")));
    let server = Server::start(open(good)).await;
    with(password(), &server).check(&server.address()).await.unwrap();

    let server = Server::start(script().entry(Entry::get("/token").reply(Reply::error(
        401,
        "UNAUTHORIZED",
        "no",
    ))))
    .await;
    let wrong = Arc::new(Credential::Basic {
        user: "me".to_owned(),
        password: Secret::new("wrong".to_owned()),
    });
    let error = with(wrong, &server).check(&server.address()).await.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Denied, "{error}");
}

#[tokio::test]
async fn a_token_that_runs_out_during_an_upload_is_renewed_and_the_body_sent_again() {
    let bytes = noise(300_000);
    let digest = blob(&bytes).digest;
    let session = Reply::status(202).header("Location", "/u/1");
    let put = || Entry::put(&format!("/u/1?digest={digest}"));
    let script = Script::new()
        .entry(asks("/token"))
        .entry(Entry::get("/token").reply(grants("old")).times(1))
        .entry(Entry::get("/token").reply(grants("new")))
        .entry(Entry::head("/v2/a/b/blobs/*").reply(Reply::status(404)))
        .entry(Entry::post("/v2/a/b/blobs/uploads/").reply(session))
        .entry(put().if_header("authorization", "Bearer new").reply(Reply::status(201)))
        .entry(put().reply(Reply::status(401)));
    let server = Server::start(script).await;
    let registry = registry();
    let content = InMemory(bytes.clone());
    registry.write_blob(&repository(&server), &blob(&bytes), None, &content).await.unwrap();
    assert_eq!(registry.counts().of(RequestKind::Token), 2);
    assert!(server.requests().pop().unwrap().body == bytes);
}

#[tokio::test]
async fn no_secret_travels_over_plain_http_beyond_this_machine() {
    // A proxy for plain HTTP sees whole addresses; the server plays it, and the registry behind it.
    // The password is kept back from the token server too, which is asked as by a stranger.
    for challenge in ["Basic realm=x", r#"Bearer realm="http://r.example/token""#] {
        let script = Script::new()
            .entry(
                Entry::get("http://r.example/v2/")
                    .reply(Reply::status(401).header("WWW-Authenticate", challenge)),
            )
            .entry(Entry::get("http://r.example/token").reply(grants("t")))
            .entry(Entry::head("http://r.example/v2/a/b/manifests/1.0").reply(Reply::status(401)));
        let server = Server::start(script).await;
        let proxy = ProxySettings {
            http: Some(format!("http://{}", server.address())),
            ..ProxySettings::default()
        };
        let trust = Trust { plain_http: ["r.example".to_owned()].into(), ..Trust::default() };
        let given = vec![("r.example".to_owned(), password())];
        let registry = Registry::new(&Settings { given, proxy, trust, ..settings() }).unwrap();
        let repository = Repository::new("r.example", "a/b").unwrap();
        let error = registry.resolve(&repository, &tag()).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Credential, "{error}");
        let shown = |request: &Recorded| {
            request.header("authorization").is_some_and(|value| value.starts_with("Basic"))
        };
        assert!(!server.requests().iter().any(shown), "{challenge}");
        assert!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    }
}

#[tokio::test]
async fn the_password_of_a_proxy_is_shown_to_the_proxy() {
    let script =
        Script::new().entry(Entry::new("CONNECT", "r.example:443").reply(Reply::status(502)));
    let server = Server::start(script).await;
    let proxy = ProxySettings {
        https: Some(format!("http://me:canary@{}", server.address())),
        ..ProxySettings::default()
    };
    let registry = Registry::new(&Settings { proxy, ..settings() }).unwrap();
    let error = registry.check("r.example").await.unwrap_err();
    let request = server.requests().pop().unwrap();
    assert_eq!(request.header("proxy-authorization"), Some("Basic bWU6Y2FuYXJ5"));
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
}

#[tokio::test]
async fn check_names_the_user_whose_password_is_wrong() {
    let challenge = Reply::status(401).header("WWW-Authenticate", "Basic realm=x");
    let server = Server::start(Script::new().entry(Entry::get("/v2/").reply(challenge))).await;
    let error = with(password(), &server).check(&server.address()).await.unwrap_err();
    assert_eq!(told(&error, &server), "HOST: no way in (as me): 401");
}
