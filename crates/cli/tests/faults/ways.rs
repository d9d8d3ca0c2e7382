//! Where registries send us, and the ways there: redirects, upload addresses, certificates, names, proxies.

use sealift_testkit::{Entry, Identity, Proxy, Reply, Script, Server};

use crate::images::{self, LARGE, WEB, WORKER, large, large_digest};
use crate::run::Run;
use crate::scene::Scene;

const SESSIONS: &str = "/v2/far/shop/worker/blobs/uploads/";

/// `user:canary-password`, as a header has it.
pub(crate) const CANARY: &str = "dXNlcjpjYW5hcnktcGFzc3dvcmQ=";

fn blob() -> String {
    format!("/v2/shop/worker/blobs/{}", large_digest())
}

fn redirect(to: &str) -> Reply {
    Reply::status(307).header("Location", to)
}

/// Wants the password of [`with_passwords`].
pub(crate) fn guarded() -> Entry {
    let refusal = Reply::error(401, "UNAUTHORIZED", "who are you?");
    Entry::new("*", "/v2/*")
        .if_no_header("authorization")
        .reply(refusal.header("WWW-Authenticate", r#"Basic realm="x""#))
}

/// Knows the passwords of servers.
pub(crate) fn with_passwords(scene: &Scene, servers: &[&Server]) {
    let auth = |server: &&Server| format!(r#""{}":{{"auth":"{CANARY}"}}"#, server.address());
    let auths = servers.iter().map(auth).collect::<Vec<_>>().join(",");
    scene.env.write(".docker/config.json", format!(r#"{{"auths":{{{auths}}}}}"#));
}

#[test]
fn row_26_authorization_stays_at_home_when_another_host_has_the_blob() {
    let scene = Scene::new();
    let other = scene.start(Script::new().otherwise(&scene.behind_source));
    with_passwords(&scene, &[&scene.source]);
    let to = format!("http://{}{}", other.address(), blob());
    scene.source([guarded(), Entry::get(&blob()).reply(redirect(&to))]);
    let _run = scene.recovers(0..=0);
    assert!(scene.source.requests().iter().any(|one| one.holds(CANARY)));
    assert_eq!(other.requests().len(), 1);
    assert!(other.requests().iter().all(|one| one.header("authorization").is_none()));
}

#[test]
fn row_27_redirects_that_lead_nowhere_fail() {
    let hops = |count: usize| {
        (0..count).map(move |hop| {
            let next = if hop + 1 == count { blob() + "?end" } else { format!("/hop/{}", hop + 1) };
            let here = if hop == 0 { blob() } else { format!("/hop/{hop}") };
            Entry::get(&here).reply(redirect(&next)).times(1)
        })
    };
    let around = || {
        let to = |path: &str| Entry::get(path).reply(redirect("/around"));
        vec![to(&blob()), to("/around")]
    };
    let table = [
        (around(), "more than 5 redirects"),
        (hops(6).collect(), "more than 5 redirects"),
        (vec![Entry::get(&blob()).reply(Reply::status(307))], "307, not a registry?"),
    ];
    for (entries, words) in table {
        let scene = Scene::new();
        scene.source(entries);
        let _run = scene.fails(1, &["source ", words]);
    }
    let scene = Scene::new();
    scene.source(hops(5));
    let _run = scene.recovers(0..=0);
}

#[test]
fn row_27_a_redirect_to_plain_http_fails() {
    let scene = Scene::unlocked(images::all()).with_source_tls(&Identity::new(&["127.0.0.1"]));
    scene.lock_with(&["--ca", "source.pem"]).ends(0);
    let other = scene.start(Script::new().otherwise(&scene.behind_source));
    let to = format!("http://{}{}", other.address(), blob());
    scene.source([Entry::get(&blob()).reply(redirect(&to))]);
    let run = scene.mirror_with(&["--ca", "source.pem"]);
    run.ends(1).says(&["error[redirect]", "source ", "from HTTPS to plain HTTP"]);
    assert!(scene.has(WEB) && !scene.has(WORKER));
    assert_eq!(other.connections(), 0);
}

#[test]
fn row_28_a_presigned_address_that_ran_out_is_asked_for_again() {
    let scene = Scene::new();
    let body = || Reply::status(200).body(large()).ranged();
    let other = scene.start(
        Script::new()
            .entry(Entry::get("/first?sig=canary").reply(body().cut_after(LARGE / 2)).times(1))
            .entry(Entry::get("/first?sig=canary").reply(Reply::error(
                403,
                "AccessDenied",
                "expired",
            )))
            .entry(Entry::get("/second?sig=canary").reply(body())),
    );
    let to = |name: &str| redirect(&format!("http://{}/{name}?sig=canary", other.address()));
    scene.source([
        Entry::get(&blob()).reply(to("first")).times(2),
        Entry::get(&blob()).reply(to("second")),
    ]);
    let run = scene.recovers(2..=2);
    assert!(!run.ran.snapshot().contains("canary"));
    let last = other.requests().pop().unwrap();
    assert_eq!(last.header("range"), Some(format!("bytes={}-", LARGE / 2).as_str()));
}

/// The targets of all PUTs of the large layer at a server.
fn puts(server: &Server) -> Vec<String> {
    let puts = server.requests().into_iter().filter(|one| one.method == "PUT");
    puts.map(|one| one.target).filter(|target| target.ends_with(large_digest().as_str())).collect()
}

#[test]
fn row_29_a_relative_upload_address_is_followed_with_its_query_byte_for_byte() {
    let scene = Scene::new();
    let query = "?_state=a%2Fb%3D&x=1";
    scene.target([Entry::post(SESSIONS).reply(Reply::passed().located("", query))]);
    let _run = scene.recovers(0..=0);
    let puts = puts(&scene.target);
    assert!(puts[0].ends_with(&format!("{query}&digest={}", large_digest())), "{puts:?}");
}

#[test]
fn row_29_an_upload_address_at_another_port_is_followed() {
    let scene = Scene::new();
    let other = scene.start(Script::new().otherwise(&scene.behind_target));
    let origin = format!("http://{}", other.address());
    scene.target([Entry::post(SESSIONS).reply(Reply::passed().located(&origin, ""))]);
    let _run = scene.recovers(0..=0);
    assert_eq!(puts(&other).len(), 1);
}

#[test]
fn row_29_an_upload_address_of_plain_http_behind_tls_is_followed_over_tls() {
    let scene = Scene::new().with_target_tls(&Identity::new(&["127.0.0.1"]));
    let origin = format!("http://{}", scene.target.address());
    scene.target([Entry::post("/v2/far/*").reply(Reply::passed().located(&origin, ""))]);
    let run = scene.mirror_with(&["--ca", "target.pem"]);
    scene.is_complete(&run);
}

#[test]
fn row_29_an_upload_address_at_another_host_gets_the_bytes_and_no_secret() {
    let scene = Scene::new();
    let identity = Identity::new(&["localhost"]);
    scene.env.write("other.pem", &identity.ca_pem);
    let behind = Script::new().otherwise(&scene.behind_target);
    let other = scene.runtime.block_on(Server::start_tls(behind, &identity));
    with_passwords(&scene, &[&scene.target]);
    let origin = format!("https://localhost:{}", other.port());
    scene.target([guarded(), Entry::post(SESSIONS).reply(Reply::passed().located(&origin, ""))]);
    let run = scene.mirror_with(&["--ca", "other.pem"]);
    scene.is_complete(&run);
    assert_eq!(puts(&other).len(), 1);
    assert!(scene.target.requests().iter().any(|one| one.holds(CANARY)));
    assert!(other.requests().iter().all(|one| !one.holds(CANARY)));
}

/// Locks an image of `r.example`, which a proxy leads to this port.
fn locked_by_proxy(port: u16, options: &[&str], identity: Option<&Identity>) -> (Scene, Run) {
    let scene = Scene::unlocked(images::all());
    if let Some(identity) = identity {
        scene.env.write("ca.pem", &identity.ca_pem);
    }
    scene.env.write("images.txt", format!("r.example/{WORKER}\n"));
    let proxy = scene.runtime.block_on(Proxy::start(&[("r.example:443", port)]));
    let scene = scene.with_variable("HTTPS_PROXY", &proxy.url());
    let run = scene.lock_with(options);
    run.ends(3);
    assert!(!scene.env.exists("sealift.lock"));
    (scene, run)
}

#[test]
fn row_45_each_fault_of_tls_has_its_own_words() {
    let table = [
        (Identity::new(&["r.example"]), false, "which is not known here"),
        (Identity::new(&["other.example"]), true, "is for other.example, not for this host"),
        (Identity::expired(&["r.example"]), true, "has expired"),
    ];
    for (identity, known, words) in table {
        let stage = Scene::unlocked(Vec::new());
        let server = stage.runtime.block_on(Server::start_tls(Script::new().open(), &identity));
        let options: &[&str] = if known { &["--ca", "ca.pem"] } else { &[] };
        let (_scene, run) = locked_by_proxy(server.port(), options, Some(&identity));
        run.says(&["r.example", words]);
        assert!(server.requests().is_empty());
    }
    let stage = Scene::unlocked(Vec::new());
    let server = stage.start(Script::new().open());
    let (_scene, run) = locked_by_proxy(server.port(), &[], None);
    run.says(&["plain HTTP on the port", "--plain-http r.example"]);
    assert!(server.requests().is_empty());
}

/// A port at which nobody listens, and that nobody else gets.
fn bound() -> (tokio::net::TcpSocket, std::net::SocketAddr) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

#[test]
fn row_46_a_host_that_does_not_exist_and_a_port_where_nobody_listens_are_told_apart() {
    let (_unheard, closed) = bound();
    for (host, words) in
        [(format!("{closed}"), "connection refused"), ("registry.invalid".to_owned(), "name")]
    {
        let scene = Scene::unlocked(Vec::new());
        scene.env.write("images.txt", format!("{host}/{WORKER}\n"));
        let run = scene.lock();
        run.ends(3);
        let said = run.ran.stderr.contains(words) || run.ran.stderr.contains("no such host");
        assert!(said, "{}", run.ran.snapshot());
        assert!(!scene.env.exists("sealift.lock"));
    }
}

#[test]
fn row_46_a_port_where_nobody_listens_yet_is_tried_again() {
    let scene = Scene::new().with_variable("SEALIFT_HASTE", "2");
    let (unheard, port) = bound();
    let behind = scene.behind_target.clone();
    let late = scene.runtime.spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let listener = unheard.listen(16).unwrap();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut server = tokio::net::TcpStream::connect(&behind).await.unwrap();
            tokio::spawn(
                async move { tokio::io::copy_bidirectional(&mut stream, &mut server).await },
            );
        }
    });
    let to = format!("{port}/far");
    let ran = scene.env.run(["mirror", "--json", "--to", &to]);
    late.abort();
    let ran = ran.expect_code(0);
    assert!(scene.has(WORKER) && scene.has(WEB), "{}", ran.snapshot());
}

#[test]
fn row_46_a_name_of_which_one_address_is_dead_is_reached_by_the_other() {
    // Nothing listens on ::1, which `localhost` names first where there is IPv6.
    let scene = Scene::new();
    let to = format!("localhost:{}/far", scene.target.port());
    let ran = scene.env.run(["mirror", "--json", "--to", &to]).expect_code(0);
    assert!(scene.has(WORKER) && scene.has(WEB), "{}", ran.snapshot());
}

#[test]
fn row_49_a_proxy_that_wants_a_password_is_named() {
    let scene = Scene::unlocked(Vec::new());
    scene.env.write("images.txt", format!("r.example/{WORKER}\n"));
    let refusal = Reply::status(407).header("Proxy-Authenticate", "Basic");
    let proxy = scene.start(Script::new().entry(Entry::new("*", "*").reply(refusal)));
    let scene = scene.with_variable("HTTPS_PROXY", &format!("http://{}", proxy.address()));
    let run = scene.lock();
    run.ends(3).says(&["r.example", "proxy", "407"]);
    assert!(!scene.env.exists("sealift.lock"));
}
