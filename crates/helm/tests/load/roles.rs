//! Which file becomes what.

use sealift_archive::{Mode, TarWriter, gzip};
use sealift_gotemplate::Value;
use sealift_helm::chart::{File, LoadLimits, LoadOptions};
use sealift_helm::{Chart, Profile};

type Files = Vec<(String, Vec<u8>)>;

const CHART: &str = "apiVersion: v2\nname: x\nversion: 1.0.0\n";

fn files(files: &[(&str, &[u8])]) -> Files {
    files.iter().map(|(name, data)| ((*name).to_owned(), data.to_vec())).collect()
}

fn load(list: &[(&str, &[u8])]) -> Chart {
    Chart::load(files(list), &LoadOptions::default()).expect("a chart")
}

fn names(files: &[File]) -> Vec<&str> {
    files.iter().map(|file| &*file.name).collect()
}

/// A `.tgz` with the files in one folder.
pub(crate) fn archive(list: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = TarWriter::new(Vec::new());
    for (name, data) in list {
        let path = format!("root/{name}").parse().expect("a path");
        tar.file(&path, Mode::File, data).expect("written");
    }
    gzip(&tar.finish().expect("finished"))
}

#[test]
fn each_file_has_one_role() {
    let chart = load(&[
        ("values.yaml", b"a: 1\n"),
        ("templates/b.yaml", b"b"),
        ("templates/a.yaml", b"a"),
        ("templates/sub/_c.tpl", b"c"),
        ("crds/x.yaml", b"x"),
        ("README.md", b"r"),
        ("values.schema.json", b"{}"),
        ("Chart.yaml", CHART.as_bytes()),
        ("Chart.lock", b"digest: d\n"),
        ("requirements.yaml", b"dependencies: []\n"),
        ("charts/y.prov", b"p"),
        ("charts/b/Chart.yaml", b"name: b\nversion: 1.0.0\n"),
        ("charts/a/Chart.yaml", b"name: z\nversion: 1.0.0\n"),
        ("charts/a/templates/t", b"t"),
    ]);
    assert_eq!(
        names(&chart.templates),
        ["templates/b.yaml", "templates/a.yaml", "templates/sub/_c.tpl"]
    );
    assert_eq!(names(&chart.files), ["crds/x.yaml", "README.md", "charts/y.prov"]);
    assert_eq!(chart.raw.len(), 10);
    assert_eq!(chart.schema.as_ref().map(sealift_gotemplate::Str::as_bytes), Some(&b"{}"[..]));
    assert_eq!(chart.lock.as_ref().map(|lock| &*lock.digest), Some("d"));
    assert!(matches!(chart.values.get("a"), Some(Value::Float(_))));
    let inner: Vec<_> = chart.dependencies.iter().map(Chart::name).collect();
    assert_eq!(inner, ["z", "b"], "in the order of their folders");
    assert_eq!(names(&chart.dependencies[0].templates), ["templates/t"]);
}

#[test]
fn templates_of_an_old_chart_can_read_its_requirements() {
    let old = CHART.replace("v2", "v1");
    let list = |chart: &'static str| -> Vec<(&str, &[u8])> {
        vec![
            ("Chart.yaml", chart.as_bytes()),
            ("requirements.lock", b"digest: d\n"),
            ("requirements.yaml", b"dependencies: [{name: a}]\n"),
        ]
    };
    let new = load(&list(CHART));
    assert!(new.files.is_empty() && new.lock.is_some());
    assert_eq!(new.metadata.dependencies[0].name, "a");
    let old = load(&list(old.leak()));
    assert_eq!(names(&old.files), ["requirements.lock", "requirements.yaml"]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_file() {
    let list: [(&str, &[u8]); 3] = [
        ("Chart.yaml", b"\xef\xbb\xbfapiVersion: v2\nname: x\nversion: 1.0.0\n"),
        ("values.yaml", b"\xef\xbb\xbfa: 1\n"),
        ("two", b"\xef\xbb\xbf\xef\xbb\xbfa"),
    ];
    for chart in [
        load(&list),
        Chart::from_archive(&archive(&list), &LoadOptions::default()).expect("a chart"),
    ] {
        assert!(chart.values.contains("a"));
        assert_eq!(chart.files[0].data.as_bytes(), b"\xef\xbb\xbfa", "one of two");
    }
}

#[test]
fn a_chart_in_an_archive_in_a_chart_is_loaded() {
    let inner = archive(&[
        ("Chart.yaml", b"name: inner\nversion: 1.0.0\n"),
        ("values.yaml", b"a: 1\n---\nb: 2\n"),
    ]);
    let list: [(&str, &[u8]); 2] =
        [("Chart.yaml", CHART.as_bytes()), ("charts/inner-1.0.0.tgz", &inner)];
    let chart = load(&list);
    assert_eq!((chart.dependencies[0].name(), chart.dependencies[0].values.len()), ("inner", 2));
    let options = LoadOptions { profile: Profile::Helm3_21_4, ..LoadOptions::default() };
    let chart = Chart::load(files(&list), &options).expect("a chart");
    assert_eq!(chart.dependencies[0].values.len(), 1, "the first document");
}

#[test]
fn a_limit_itself_is_allowed_and_one_more_is_not() {
    let list: [(&str, &[u8]); 3] =
        [("Chart.yaml", CHART.as_bytes()), ("a", b"12345678"), ("b", &[b'x'; 50])];
    let total = (CHART.len() + 58) as u64;
    let limits =
        LoadLimits { entries: 3, file_bytes: 50, total_bytes: total, ..LoadLimits::default() };
    let packed = archive(&list);
    let load = |limits| {
        let options = LoadOptions { limits, ..LoadOptions::default() };
        let results = [Chart::load(files(&list), &options), Chart::from_archive(&packed, &options)];
        results.map(|result| result.map_err(|error| error.class()).map(drop))
    };
    assert_eq!(load(limits), [Ok(()), Ok(())]);
    for less in [
        LoadLimits { entries: 2, ..limits },
        LoadLimits { file_bytes: 49, ..limits },
        LoadLimits { total_bytes: total - 1, ..limits },
    ] {
        assert_eq!(load(less), [Err(Some("limit")), Err(Some("limit"))], "{less:?}");
    }
}

/// A9.
#[test]
fn archives_in_archives_end_at_a_limit_and_share_the_others() {
    let mut packed = archive(&[("Chart.yaml", CHART.as_bytes()), ("a", &[b'x'; 1000])]);
    for depth in 1..=5 {
        let options = LoadOptions::default();
        assert!(Chart::from_archive(&packed, &options).is_ok(), "{depth}");
        let limits = LoadLimits { total_bytes: 1000 * depth, ..options.limits };
        let error = Chart::from_archive(&packed, &LoadOptions { limits, ..options });
        assert_eq!(error.expect_err("a limit").class(), Some("limit"), "{depth}");
        packed = archive(&[
            ("Chart.yaml", CHART.as_bytes()),
            ("a", &[b'x'; 1000]),
            ("charts/x.tgz", &packed),
        ]);
    }
    let error = Chart::from_archive(&packed, &LoadOptions::default()).expect_err("six");
    assert_eq!(error.class(), Some("limit"));
    assert!(
        error
            .to_string()
            .ends_with("nesting of archives of the chart is larger than the limit of 5")
    );
}

#[test]
fn a_hostile_name_is_refused_wherever_it_stands() {
    for name in ["../x", "/x", "a/../../x", "..\\x", "c:/x", "a//x", ".", "a\0b", "a\u{1b}b"] {
        let list = files(&[("Chart.yaml", CHART.as_bytes()), (name, b"")]);
        let error = Chart::load(list, &LoadOptions::default()).expect_err(name);
        assert_eq!(error.class(), Some("path"), "{name:?}: {error}");
    }
}
