//! Budgets of time and bytes, and who is told of waits.

use std::num::NonZeroU64;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sealift_oci::{Source as _, StoreError, StoreErrorKind, Target as _};
use sealift_reference::Tag;
use sealift_registry::{Registry, Retry, Settings, Throttle, Wait, Watch, Watcher};
use sealift_testkit::{Entry, Reply, Script, Server};

use crate::fixture::{InMemory, blob, image, noise, read, repository, settings, told};

/// Remembers what it was told.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Watcher for Heard {
    fn waiting(&self, wait: &Wait<'_>) {
        let line = format!("waiting {} s: HOST {}", wait.time.as_secs(), wait.reason);
        self.0.lock().unwrap().push(line);
    }

    fn retried(&self, retry: &Retry<'_>) {
        self.0.lock().unwrap().push(format!("again ({}): {}", retry.cause, retry.detail));
    }
}

async fn resolved(settings: Settings, entries: Vec<Entry>) -> (Result<bool, StoreError>, Server) {
    let server = Server::start(entries.into_iter().fold(Script::new().open(), Script::entry)).await;
    let registry = Registry::new(&settings).unwrap();
    let tag: Tag = "1.0".parse().unwrap();
    let found = registry.resolve(&repository(&server), &tag).await;
    (found.map(|found| found.is_some()), server)
}

fn head(reply: Reply) -> Entry {
    Entry::head("/v2/a/b/manifests/1.0").reply(reply)
}

fn good() -> Entry {
    let image = image();
    head(
        Reply::status(200)
            .header("Docker-Content-Digest", image.digest.as_str())
            .header("Content-Type", image.media_type.as_str())
            .content_length(image.bytes.len() as u64),
    )
}

#[tokio::test]
async fn whoever_watches_is_told_of_pauses_and_retries() {
    let heard = Arc::new(Heard::default());
    let settings =
        Settings { watch: Watch::by(Arc::clone(&heard) as Arc<dyn Watcher>), ..settings() };
    let busy = Reply::error(429, "TOOMANYREQUESTS", "slow").header("Retry-After", "1");
    let entries = vec![
        head(Reply::none()).times(1),
        head(Reply::status(502)).times(1),
        head(busy).times(1),
        good(),
    ];
    assert!(resolved(settings, entries).await.0.unwrap());
    let heard = heard.0.lock().unwrap().clone();
    assert_eq!(
        heard,
        [
            "again (broken): the connection broke",
            "again (server): 502",
            "again (busy): 429",
            "waiting 1 s: HOST asks to slow down (429)",
        ]
    );
}

#[tokio::test]
async fn a_budget_of_time_stands_in_for_the_number_of_tries() {
    let settings = || Settings { retry_for: Some(Duration::from_secs(20)), ..settings() };
    let (found, server) =
        resolved(settings(), vec![head(Reply::status(502)).times(15), good()]).await;
    assert!(found.unwrap());
    assert_eq!(server.lines().len(), 17);
    let patient = Settings { retry_for: Some(Duration::from_millis(200)), ..settings() };
    let start = Instant::now();
    let (failed, server) = resolved(patient, vec![head(Reply::status(502))]).await;
    let error = failed.unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Network);
    assert!(told(&error, &server).contains("502 (tried "), "{error}");
    assert!(start.elapsed() >= Duration::from_millis(200) && server.lines().len() > 7);
}

#[tokio::test]
async fn a_server_that_asks_for_more_than_the_budget_gets_an_error_with_the_time() {
    let settings = Settings { retry_for: Some(Duration::from_secs(30)), ..settings() };
    let busy = head(Reply::status(429).header("Retry-After", "60"));
    let (failed, server) = resolved(settings, vec![busy]).await;
    let text = told(&failed.unwrap_err(), &server);
    assert_eq!(text, "HOST: manifest 1.0 of a/b: 429; it asks to wait 60 s");
}

#[tokio::test]
async fn bodies_of_all_clients_keep_one_limit_together_each_way() {
    let bytes = noise(200_000);
    let (digest, session) = (blob(&bytes).digest, "/u/1");
    let script = Script::new()
        .open()
        .entry(
            Entry::get(&format!("/v2/a/b/blobs/{digest}"))
                .reply(Reply::status(200).body(bytes.clone())),
        )
        .entry(Entry::head(&format!("/v2/a/b/blobs/{digest}")).reply(Reply::status(404)))
        .entry(Entry::get("/v2/a/b/tags/list").reply(Reply::status(200).body(r#"{"tags":[]}"#)))
        .entry(
            Entry::post("/v2/a/b/blobs/uploads/")
                .reply(Reply::status(202).header("Location", session)),
        )
        .entry(Entry::put(session).reply(Reply::status(201)));
    let server = Server::start(script).await;
    let throttle = Throttle::new(NonZeroU64::new(1_000_000).unwrap());
    let settings = Settings { limit_rate: Some(throttle), ..settings() };
    let (one, other) = (Registry::new(&settings).unwrap(), Registry::new(&settings).unwrap());
    let repository = repository(&server);
    let wanted = blob(&bytes);
    let get = async |client: &Registry| {
        let body = client.blob(&repository, &wanted, 0).await.unwrap();
        assert_eq!(read(body).await.unwrap(), bytes);
    };
    let start = Instant::now();
    futures_util::future::join(get(&one), get(&other)).await;
    // 400 kB at 1 MB/s, of which the last piece and 100 ms may go ahead.
    assert!(start.elapsed() >= Duration::from_millis(150), "{:?}", start.elapsed());
    let start = Instant::now();
    let content = InMemory(bytes.clone());
    let put = |client| Registry::write_blob(client, &repository, &wanted, None, &content);
    let (first, second) = futures_util::future::join(put(&one), put(&other)).await;
    assert_eq!((first.is_ok(), second.is_ok()), (true, true));
    assert!(start.elapsed() >= Duration::from_millis(150), "{:?}", start.elapsed());
}
