//! Charts that a chart needs: what is got, what is written, and that it is what Helm writes.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use sealift_fetch::{
    ChartFolder, Error, FetchSettings, Fetcher, Gathered, Placed, Repositories, Requests,
};
use sealift_files::{Folder, Links, Tree};
use sealift_helm::chart::{LoadOptions, check_dependencies};
use sealift_helm::{Chart, Profile};
use sealift_testkit::{DockerRegistry, Entry, Script, Server};

use crate::fixture::{archive, fetcher, hex, index, ok, url, write};
use crate::peers::helm;

/// A time as Go writes it.
pub(crate) const GENERATED: &str = "2026-01-02T03:04:05.678901234Z";

pub(crate) fn home(root: &Path, below: &str, links: Links) -> ChartFolder {
    let tree = Tree::new(Folder::open(root).expect("opened"), links);
    ChartFolder::new(Arc::new(tree), below, LoadOptions::default())
}

pub(crate) fn requests(home: &ChartFolder, repositories: &Repositories) -> Result<Requests, Error> {
    let (chart, _) = home.load()?;
    Requests::of(&chart, repositories, Profile::default())
}

pub(crate) async fn update(home: &ChartFolder, fetcher: &Fetcher) -> Result<Gathered, Error> {
    let requests = requests(home, &fetcher.settings().repositories)?;
    fetcher.update(home, &requests, GENERATED).await
}

pub(crate) async fn build(home: &ChartFolder, fetcher: &Fetcher) -> Result<Gathered, Error> {
    let requests = requests(home, &fetcher.settings().repositories)?;
    fetcher.build(home, &requests, GENERATED).await
}

pub(crate) fn place(gathered: &Gathered, home: &ChartFolder) -> Result<Placed, Error> {
    gathered.write(&Folder::open(home.path()).expect("opened"), &LoadOptions::default())
}

/// A repository with chart `a` 1.0.0, 1.2.0 and 2.0.0-rc.1, and chart `b` 0.1.0+x.
pub(crate) async fn repository() -> Server {
    let charts: Vec<(&str, &str, Bytes)> =
        [("a", "1.0.0"), ("a", "2.0.0-rc.1"), ("a", "1.2.0"), ("b", "0.1.0+x")]
            .map(|(name, version)| (name, version, archive(name, version, &[])))
            .into();
    let lines: Vec<_> = charts
        .iter()
        .map(|(name, version, bytes)| {
            (*name, *version, hex(bytes), format!("{name}-{version}.tgz"))
        })
        .collect();
    let lines: Vec<_> = lines
        .iter()
        .map(|(name, version, digest, url)| (*name, *version, digest.as_str(), url.as_str()))
        .collect();
    let mut script = Script::new().entry(Entry::get("/charts/index.yaml").reply(ok(index(&lines))));
    for (name, version, bytes) in charts {
        let path = format!("/charts/{name}-{version}.tgz");
        script = script.entry(Entry::get(&path).reply(ok(bytes)));
    }
    Server::start(script).await
}

pub(crate) const HEAD: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n";

/// Dependencies of every kind: with a range, with an alias, beside the chart, and in `charts/`.
fn tree(root: &Path, repository: &str) {
    let dependencies = format!(
        "- name: a\n  version: '>=1.0 <2'\n  repository: {repository}\n  condition: a.enabled\n  tags: [t]\n  import-values:\n  - data\n  - {{child: x.y, parent: z}}\n\
         - name: a\n  version: 1.0.0\n  repository: {repository}\n  alias: old\n\
         - name: b\n  version: ~0.1\n  repository: {repository}\n\
         - name: common\n  version: 1.x.x\n  repository: file://../common\n\
         - name: near\n  version: ^0.3\n  repository: ''\n"
    );
    write(root, "c/Chart.yaml", &format!("{HEAD}{dependencies}"));
    write(root, "c/charts/near/Chart.yaml", "apiVersion: v2\nname: near\nversion: 0.3.1\n");
    write(
        root,
        "common/Chart.yaml",
        "apiVersion: v2\nname: common\nversion: 1.4.0\ntype: library\n",
    );
    write(root, "common/templates/_x.tpl", "{{ define \"x\" }}{{ end }}");
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(folder).expect("listed");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A lock without its time, and the time.
fn lock(chart: &Path) -> (String, String) {
    let text = fs_err::read_to_string(chart.join("Chart.lock")).expect("read");
    let (head, generated) = text.split_once("generated: ").expect("a time");
    (head.to_owned(), generated.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn update_writes_what_helm_writes() {
    for name in ["helm-4.2.4", "helm-3.21.4"] {
        let Some(helm) = helm(name) else { continue };
        let server = repository().await;
        let (ours, theirs) =
            (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        for root in [ours.path(), theirs.path()] {
            tree(root, &url(&server));
            // Charts of before; one that lies there under another name, and what is no chart.
            fs_err::write(root.join("c/charts/a-0.5.0.tgz"), archive("a", "0.5.0", &[]))
                .expect("written");
            fs_err::write(root.join("c/charts/other.tgz"), archive("near", "0.1.0", &[]))
                .expect("written");
            write(root, "c/charts/_notes.txt", "no chart");
        }
        helm.run(&["dependency", "update", &theirs.path().join("c").display().to_string()]);

        let home = home(ours.path(), "c", Links::Inside);
        let gathered = update(&home, &fetcher(FetchSettings::default())).await.expect("gathered");
        let placed = place(&gathered, &home).expect("written");
        assert_eq!(
            placed.written,
            ["a-1.0.0.tgz", "a-1.2.0.tgz", "b-0.1.0+x.tgz", "common-1.4.0.tgz"]
        );
        assert_eq!((placed.removed, placed.wrote_lock), (vec!["a-0.5.0.tgz".to_owned()], true));

        let charts = |root: &Path| root.join("c/charts");
        assert_eq!(names(&charts(ours.path())), names(&charts(theirs.path())));
        assert_eq!(names(&ours.path().join("c")), names(&theirs.path().join("c")));
        let (own, generated) = lock(&ours.path().join("c"));
        let (want, other) = lock(&theirs.path().join("c"));
        assert_eq!(own, want);
        assert_eq!(generated, format!("\"{GENERATED}\"\n"));
        // Helm writes the same form, with the zone of the machine.
        assert!(other.starts_with("\"20") && other.ends_with("\"\n"), "{other}");
        for file in ["a-1.0.0.tgz", "a-1.2.0.tgz", "b-0.1.0+x.tgz"] {
            let read = |root: &Path| fs_err::read(charts(root).join(file)).expect("read");
            assert_eq!(read(ours.path()), read(theirs.path()), "{file}");
        }
        // Each takes the other's for its own.
        helm.run(&[
            "dependency",
            "build",
            &ours.path().join("c").display().to_string(),
            "--repository-config",
            &named(theirs.path(), &server),
        ]);
        let home = self::home(theirs.path(), "c", Links::Inside);
        let gathered = build(&home, &fetcher(FetchSettings::default())).await.expect("gathered");
        assert_eq!(gathered.lock, None);
        let again = update(&home, &fetcher(FetchSettings::default())).await.expect("gathered");
        assert_eq!(again.lock, None, "the lock still holds");
    }
}

/// A `repositories.yaml` for the server, with an index in Helm's cache.
fn named(place: &Path, server: &Server) -> String {
    let text = format!("repositories:\n- {{name: r, url: '{}'}}\n", url(server));
    write(place, "repositories.yaml", &text).display().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn update_from_a_registry_writes_what_helm_writes() {
    let (Some(server), Some(helm)) = (DockerRegistry::start(), helm("helm-4.2.4")) else { return };
    let place = tempfile::tempdir().expect("a folder");
    let repository = format!("oci://{}/charts", server.address());
    for version in ["1.0.0", "1.2.0+b", "2.0.0-rc.1"] {
        let file = place.path().join(format!("a-{version}.tgz"));
        fs_err::write(&file, archive("a", version, &[])).expect("written");
        helm.run(&["push", &file.display().to_string(), &repository, "--plain-http"]);
    }
    for (version, want) in [("^1", "a-1.2.0+b.tgz"), ("1.0.0", "a-1.0.0.tgz")] {
        let text = format!("{HEAD}- name: a\n  version: {version}\n  repository: {repository}\n");
        let (ours, theirs) = (place.path().join("ours"), place.path().join("theirs"));
        for root in [&ours, &theirs] {
            write(root, "Chart.yaml", &text);
        }
        helm.run(&["dependency", "update", &theirs.display().to_string(), "--plain-http"]);
        let home = home(&ours, "", Links::Inside);
        let gathered = update(&home, &fetcher(FetchSettings::default())).await.expect("gathered");
        self::place(&gathered, &home).expect("written");
        assert_eq!(names(&ours.join("charts")), [want]);
        assert_eq!(names(&theirs.join("charts")), [want]);
        assert_eq!(lock(&ours).0, lock(&theirs).0);
        let read = |root: &Path| fs_err::read(root.join("charts").join(want)).expect("read");
        assert_eq!(read(&ours), read(&theirs));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requirements_of_old_charts_have_a_lock_of_their_own() {
    let server = repository().await;
    let helm = helm("helm-4.2.4");
    let place = tempfile::tempdir().expect("a folder");
    let needs =
        format!("dependencies:\n- name: a\n  version: 1.0.0\n  repository: {}\n", url(&server));
    let roots = [place.path().join("ours"), place.path().join("theirs")];
    for root in &roots {
        write(root, "Chart.yaml", "apiVersion: v1\nname: c\nversion: 1.0.0\n");
        write(root, "requirements.yaml", &needs);
    }
    let home = home(&roots[0], "", Links::Inside);
    let gathered = update(&home, &fetcher(FetchSettings::default())).await.expect("gathered");
    self::place(&gathered, &home).expect("written");
    let read = |root: &Path| fs_err::read_to_string(root.join("requirements.lock")).expect("read");
    let ours = read(&roots[0]);
    if let Some(helm) = helm {
        helm.run(&["dependency", "update", &roots[1].display().to_string()]);
        let head = |text: &str| text.split("generated").next().map(str::to_owned);
        assert_eq!(head(&ours), head(&read(&roots[1])));
    }
    // The hash of Helm 2 counts, too.
    let json = format!(
        r#"{{"dependencies":[{{"name":"a","version":"1.0.0","repository":"{}"}}]}}"#,
        url(&server)
    );
    let digest = ours.lines().find(|line| line.starts_with("digest: ")).expect("a digest");
    let old = ours.replace(digest, &format!("digest: sha256:{}", hex(json.as_bytes())));
    write(&roots[0], "requirements.lock", &old);
    let gathered = build(&home, &fetcher(FetchSettings::default())).await.expect("gathered");
    assert_eq!(gathered.lock, None);
    write(&roots[0], "requirements.lock", &old.replace("digest: sha256:", "digest: sha256:0"));
    let error = build(&home, &fetcher(FetchSettings::default())).await.expect_err("out of sync");
    let want = "the lock file (requirements.lock) is out of sync with the dependencies file (requirements.yaml). Please update the dependencies";
    assert_eq!(error.to_string(), want);
}

#[tokio::test]
async fn build_takes_what_the_lock_says_and_nothing_newer() {
    let server = repository().await;
    let place = tempfile::tempdir().expect("a folder");
    let needs = |version: &str| {
        format!("{HEAD}- name: a\n  version: '{version}'\n  repository: {}\n", url(&server))
    };
    write(place.path(), "Chart.yaml", &needs("1.0.0"));
    let home = home(place.path(), "", Links::Inside);
    let run = || fetcher(FetchSettings::default());
    let gathered = build(&home, &run()).await.expect("an update, without a lock");
    self::place(&gathered, &home).expect("written");

    // The same lock for a wider constraint, with its hash.
    write(place.path(), "Chart.yaml", &needs("^1"));
    let error = build(&home, &run()).await.expect_err("out of sync");
    let want = "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies with 'helm dependency update'";
    assert_eq!(error.to_string(), want);
    let text = fs_err::read_to_string(place.path().join("Chart.lock")).expect("read");
    let json = format!(
        r#"[[{{"name":"a","version":"^1","repository":"{0}"}}],[{{"name":"a","version":"1.0.0","repository":"{0}"}}]]"#,
        url(&server)
    );
    let old = text.lines().find(|line| line.starts_with("digest: ")).expect("a digest");
    write(
        place.path(),
        "Chart.lock",
        &text.replace(old, &format!("digest: sha256:{}", hex(json.as_bytes()))),
    );
    let gathered = build(&home, &run()).await.expect("gathered");
    assert_eq!(gathered.archives[0].file_name, "a-1.0.0.tgz");
    assert_eq!(gathered.lock, None);
    let gathered = update(&home, &run()).await.expect("gathered");
    assert_eq!(gathered.archives[0].file_name, "a-1.2.0.tgz");
    assert!(gathered.lock.is_some());
}

#[tokio::test]
async fn in_memory_the_chart_has_its_dependencies_and_the_folder_stays_as_it_was() {
    let server = repository().await;
    let place = tempfile::tempdir().expect("a folder");
    tree(place.path(), &url(&server));
    fs_err::write(place.path().join("c/charts/a-0.5.0.tgz"), archive("a", "0.5.0", &[]))
        .expect("written");
    let home = home(place.path(), "c", Links::Inside);
    let before = home.files().expect("read");
    let gathered = build(&home, &fetcher(FetchSettings::default())).await.expect("gathered");
    let mut files = before.clone();
    gathered.attach(&mut files, &LoadOptions::default());
    assert_eq!(home.files().expect("read"), before);

    let chart = Chart::load(files.files, &LoadOptions::default()).expect("loaded");
    check_dependencies(&chart).expect("all there");
    let mut versions: Vec<_> = chart
        .dependencies
        .iter()
        .map(|chart| format!("{} {}", chart.metadata.name, chart.metadata.version))
        .collect();
    versions.sort();
    assert_eq!(versions, ["a 1.0.0", "a 1.2.0", "b 0.1.0+x", "common 1.4.0", "near 0.3.1"]);
    let identities: Vec<_> = gathered
        .archives
        .iter()
        .map(|archive| archive.identity.to_string().replace(&server.address(), "HOST"))
        .collect();
    assert_eq!(
        identities,
        [
            "chart a 1.2.0 from http://HOST/charts",
            "chart a 1.0.0 from http://HOST/charts",
            "chart b 0.1.0+x from http://HOST/charts",
            "chart common 1.4.0 from file://../common",
        ]
    );
}

#[tokio::test]
async fn a_packed_folder_has_the_same_bytes_each_time_and_loads_as_the_folder_does() {
    let place = tempfile::tempdir().expect("a folder");
    write(
        place.path(),
        "c/Chart.yaml",
        &format!("{HEAD}- {{name: common, version: 1.4.0, repository: file://../common}}\n"),
    );
    write(place.path(), "common/Chart.yaml", "apiVersion: v2\nname: common\nversion: 1.4.0\n");
    write(place.path(), "common/values.yaml", "x: 1 # one\n");
    write(
        place.path(),
        "common/charts/sub/Chart.yaml",
        "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
    );
    let home = home(place.path(), "c", Links::Inside);
    let run = || fetcher(FetchSettings { offline: true, ..FetchSettings::default() });
    let gathered = update(&home, &run()).await.expect("without network");
    assert_eq!(update(&home, &run()).await.expect("again"), gathered);
    let chart =
        gathered.archives[0].package.load("common", &LoadOptions::default()).expect("loaded");
    assert_eq!(chart.dependencies[0].metadata.name, "sub");
    let values = chart.raw.iter().find(|file| &*file.name == "values.yaml").expect("there");
    assert_eq!(values.data.as_bytes(), b"x: 1 # one\n");
}

#[tokio::test]
async fn repositories_have_names() {
    let server = repository().await;
    let place = tempfile::tempdir().expect("a folder");
    let repositories = Repositories::read(named(place.path(), &server).as_ref()).expect("read");
    for repository in ["'@r'", "alias:r"] {
        let text = format!("{HEAD}- {{name: a, version: 1.0.0, repository: {repository}}}\n");
        write(place.path(), "Chart.yaml", &text);
        let home = home(place.path(), "", Links::Inside);
        let settings =
            FetchSettings { repositories: repositories.clone(), ..FetchSettings::default() };
        let gathered = update(&home, &fetcher(settings)).await.expect("gathered");
        let lock = gathered.lock.expect("a lock").text;
        assert!(lock.contains(&format!("repository: {}\n", url(&server))), "{lock}");
        let error = update(&home, &fetcher(FetchSettings::default())).await.expect_err("unknown");
        assert_eq!(error.to_string(), "no chart repository is named `r`");
    }
}

#[tokio::test]
async fn what_cannot_be_had_is_told_together() {
    let server = repository().await;
    let place = tempfile::tempdir().expect("a folder");
    let home = home(place.path(), "c", Links::Inside);
    let repository = url(&server);
    let text = format!(
        "{HEAD}- {{name: a, version: ^3, repository: '{repository}'}}\n- {{name: b, version: ^1, repository: '{repository}'}}\n- {{name: common, version: '>2', repository: 'file://../common'}}\n"
    );
    write(place.path(), "c/Chart.yaml", &text);
    write(place.path(), "common/Chart.yaml", "apiVersion: v2\nname: common\nversion: 1.4.0\n");
    let error = update(&home, &fetcher(FetchSettings::default())).await.expect_err("nowhere");
    assert_eq!(
        error.to_string().replace(&server.address(), "HOST"),
        "chart `c` needs what is nowhere: \"a\" (repository \"http://HOST/charts\", version \"^3\"), \"b\" (repository \"http://HOST/charts\", version \"^1\"), \"common\" (repository \"file://../common\", version \">2\")"
    );
    for (need, want) in [
        ("{name: zzz, version: '*', repository: 'REPO'}", "REPO has no chart `zzz`"),
        ("{name: a, version: 1.y, repository: 'REPO'}", "`1.y` is no version and no constraint"),
        ("{name: a, version: '1', repository: stable}", "`stable` is no URL"),
        ("{name: gone, version: '1', repository: ''}", "cannot read `ROOT/c/charts/gone`"),
        ("{name: gone, version: '1', repository: 'file://../gone'}", "cannot read `ROOT/gone`"),
        (
            "{name: other, version: '1', repository: 'file://../common'}",
            "chart `other` from file://../common says that its name is `common`",
        ),
    ] {
        let need = need.replace("REPO", &repository);
        write(place.path(), "c/Chart.yaml", &format!("{HEAD}- {need}\n"));
        let error = update(&home, &fetcher(FetchSettings::default())).await.expect_err(&need);
        let root = place.path().display().to_string();
        assert_eq!(error.to_string().replace(&root, "ROOT").replace(&repository, "REPO"), want);
    }
}

#[tokio::test]
async fn charts_can_be_got_on_many_threads() {
    fn is_send<T: Send>(_: &T) {}
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), "Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n");
    let home = home(place.path(), "", Links::Inside);
    let requests = requests(&home, &Repositories::default()).expect("read");
    let fetcher = fetcher(FetchSettings::default());
    let work = fetcher.build(&home, &requests, GENERATED);
    is_send(&work);
    assert!(work.await.expect("nothing to do").archives.is_empty());
}
