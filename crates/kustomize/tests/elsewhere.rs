//! Folders of repositories and files of web servers: those that were fetched, and those that were not.

use std::borrow::Cow;
use std::cell::RefCell;

use sealift_kustomize::{
    Entry, Fetched, FileError, Files, MemoryFiles, Options, RemoteChart, RepoSpec, build,
};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: nginx}]}\n";

/// Files of this machine, a repository at `/clone`, and what was asked for that is not here.
#[derive(Default)]
struct Elsewhere {
    files: MemoryFiles,
    repository: Option<&'static str>,
    web_file: Option<&'static str>,
    is_absent: bool,
    asked: RefCell<Vec<String>>,
}

impl Elsewhere {
    fn fetched<T>(&self, asked: String, here: Option<T>) -> Fetched<T> {
        self.asked.borrow_mut().push(asked);
        match here {
            Some(here) => Fetched::Here(here),
            None if self.is_absent => Fetched::Absent("404".to_owned()),
            None => Fetched::Unknown,
        }
    }

    fn built(&self, folder: &str) -> Result<String, String> {
        let built = build(self, folder, &Options::default()).map_err(|error| error.report())?;
        built.to_yaml().map_err(|error| error.report())
    }
}

impl Files for Elsewhere {
    fn entry(&self, path: &str) -> Result<Entry, FileError> {
        self.files.entry(path)
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, FileError> {
        self.files.read(path)
    }

    fn web_file(&self, url: &str) -> Fetched<Cow<'_, [u8]>> {
        self.fetched(
            format!("file {url}"),
            self.web_file.map(|text| Cow::Borrowed(text.as_bytes())),
        )
    }

    fn chart(&self, chart: &RemoteChart) -> Fetched<()> {
        let RemoteChart { repository, name, version, folder, .. } = chart;
        self.fetched(format!("{name} {version} of {repository} in {folder}"), None)
    }

    fn repository(&self, spec: &RepoSpec) -> Fetched<String> {
        let asked = format!("{} {} {}", spec.clone_spec(), spec.folder, spec.reference);
        self.fetched(asked, self.repository.map(str::to_owned))
    }
}

fn app(resources: &str) -> Elsewhere {
    let mut files = MemoryFiles::new();
    files.file("/app/kustomization.yaml", format!("resources: [{resources}]\n"));
    Elsewhere { files, ..Elsewhere::default() }
}

const ADDRESS: &str = "https://git.example/o/r//base?ref=v1";

fn with_repository(kustomization: &str) -> Elsewhere {
    let mut app = app(&format!("'{ADDRESS}'"));
    app.files.file("/clone/base/kustomization.yaml", kustomization);
    app.files.file("/clone/base/pod.yaml", POD);
    app.files.file("/clone/other/pod.yaml", POD);
    app.files.file("/clone/other/kustomization.yaml", "resources: [pod.yaml]\n");
    app.files.file("/secret/pod.yaml", POD);
    app.files.file("/secret/kustomization.yaml", "resources: [pod.yaml]\n");
    app.repository = Some("/clone");
    app.is_absent = true;
    app
}

#[test]
fn a_file_is_asked_for_first_and_then_the_repository() {
    let app = app(&format!("'{ADDRESS}'"));
    let error = app.built("/app").unwrap_err();
    assert!(error.contains("is remote and was not fetched"), "{error}");
    assert_eq!(*app.asked.borrow(), [format!("file {ADDRESS}")]);
    let app = with_repository("resources: [pod.yaml, ../other]\nnamePrefix: p-\n");
    let error = app.built("/app").unwrap_err();
    assert!(error.contains("web"), "two objects of one name: {error}");
    let app = with_repository("resources: [pod.yaml]\nnamePrefix: p-\n");
    assert!(app.built("/app").unwrap().contains("name: p-web"));
    assert_eq!(
        *app.asked.borrow(),
        [format!("file {ADDRESS}"), "https://git.example/o/r base v1".to_owned()]
    );
}

#[test]
fn a_folder_of_a_repository_can_be_built_itself() {
    let app = with_repository("resources: [pod.yaml]\n");
    assert!(app.built(ADDRESS).unwrap().contains("name: web"));
}

#[test]
fn a_file_of_a_web_server_is_a_resource() {
    let mut app = app("'https://files.example/pod.yaml'");
    app.web_file = Some(POD);
    assert!(app.built("/app").unwrap().contains("name: web"));
    app.web_file = None;
    app.is_absent = true;
    let error = app.built("/app").unwrap_err();
    assert!(error.contains("https://files.example/pod.yaml") && error.contains("404"), "{error}");
}

/// Hostile case K1.
#[test]
fn what_is_in_a_repository_stays_in_it() {
    for kustomization in [
        "resources: [../../secret]\n",
        "resources: [../../secret/pod.yaml]\n",
        "resources: [../other/pod.yaml]\n",
        "resources: [/secret/pod.yaml]\n",
        "resources: [link]\n",
        "resources: [link/pod.yaml]\n",
    ] {
        let mut app = with_repository(kustomization);
        app.files.link("/clone/base/link", "../../secret");
        let error = app.built("/app").unwrap_err();
        assert!(error.contains("/clone") || error.contains("absolute"), "{kustomization}: {error}");
        assert!(!error.contains("nginx"), "{error}");
    }
    let mut app = app("'https://git.example/o/r//link?ref=v1'");
    app.files.file("/secret/kustomization.yaml", "resources: [pod.yaml]\n");
    app.files.file("/secret/pod.yaml", POD);
    app.files.link("/clone/link", "../secret");
    (app.repository, app.is_absent) = (Some("/clone"), true);
    let error = app.built("/app").unwrap_err();
    assert!(error.contains("outside of the repository"), "{error}");
}

#[test]
fn a_repository_that_leads_back_to_itself_is_an_error() {
    let app = with_repository(&format!("resources: ['{ADDRESS}']\n"));
    let error = app.built("/app").unwrap_err();
    assert!(error.contains("cycle"), "{error}");
}

#[test]
fn annotations_say_in_which_repository_an_object_was() {
    let mut app = with_repository("resources: [pod.yaml]\n");
    let kustomization = format!("resources: ['{ADDRESS}']\nbuildMetadata: [originAnnotations]\n");
    app.files.file("/app/kustomization.yaml", kustomization);
    let text = app.built("/app").unwrap();
    let wanted = "      path: base/pod.yaml\n      repo: https://git.example/o/r\n      ref: v1\n";
    assert!(text.contains(wanted), "{text}");
}

/// What is asked for where a kustomization names a chart.
fn asked(app: &mut Elsewhere, chart: &str, globals: &str) -> Vec<String> {
    let kustomization = format!("helmGlobals: {{{globals}}}\nhelmCharts:\n- {{{chart}}}\n");
    app.files.file("/app/kustomization.yaml", kustomization);
    let options = Options { enable_helm: true, ..Options::default() };
    let error = build(app, "/app", &options).expect_err("it is not here").report();
    let asked = app.asked.take();
    assert_eq!(error.contains("was not fetched"), !asked.is_empty(), "{error}");
    asked
}

#[test]
fn a_chart_is_asked_for_where_its_folder_would_be() {
    const REPO: &str = "repo: 'https://c.example'";
    let chart = |more: &str| format!("name: x, {more}");
    let mut here = app("");
    let versioned = chart(&format!("version: 1.0.0, {REPO}"));
    for (chart, globals, folder) in [
        (versioned.clone(), "", "/app/charts/x-1.0.0/x"),
        (versioned.clone(), "chartHome: a/../home", "/app/home/x-1.0.0/x"),
        (versioned.clone(), "chartHome: /home", "/home/x-1.0.0/x"),
        (chart(REPO), "", "/app/charts/x"),
    ] {
        let version = if chart == versioned { "1.0.0" } else { "" };
        let wanted = format!("x {version} of https://c.example in {folder}");
        assert_eq!(asked(&mut here, &chart, globals), [wanted]);
    }
    assert_eq!(asked(&mut here, "name: x", ""), [""; 0], "without a repository nobody is asked");
    here.files.link("/app/charts", "/real");
    here.files.folder("/real");
    let wanted = "x 1.0.0 of https://c.example in /real/x-1.0.0/x";
    assert_eq!(asked(&mut here, &versioned, ""), [wanted]);
    here.files.file("/real/x-1.0.0/x/Chart.yaml", "apiVersion: v2\nname: x\nversion: 9.9.9\n");
    assert_eq!(asked(&mut here, &versioned, ""), [""; 0], "what is there is used");
}

/// Hostile case K1.
#[test]
fn a_chart_of_a_repository_is_not_put_outside_of_it() {
    let charts =
        "helmGlobals: {chartHome: ../../out}\nhelmCharts: [{name: x, repo: 'https://c.example'}]\n";
    let app = with_repository(charts);
    let options = Options { enable_helm: true, ..Options::default() };
    let error = build(&app, "/app", &options).unwrap_err().report();
    assert!(error.contains("outside of the repository"), "{error}");
    assert!(app.asked.borrow().iter().all(|asked| !asked.starts_with('x')));
}
