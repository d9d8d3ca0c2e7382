//! Readers that go away.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use insta::assert_snapshot;

use crate::scene::Scene;

/// More than any pipe holds.
fn many() -> String {
    let names = (0..20_000).map(|number| format!("registry.test/acme/image-{number}:1.0.0"));
    names.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_pipe_that_is_closed_after_its_first_line_ends_the_run_in_silence() {
    let scene = Scene::new();
    scene.env.write("images.txt", many());
    for output in ["table", "json", "yaml", "names"] {
        let mut child = scene
            .env
            .command(["scan", "images.txt", "-o", output])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sealift was built with this test");
        let mut first = String::new();
        let mut stdout = BufReader::with_capacity(64, child.stdout.take().expect("it is piped"));
        stdout.read_line(&mut first).expect("there is a line");
        drop(stdout);
        let mut said = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut said).expect("text");
        let status = child.wait().expect("it ends");
        assert_eq!((status.code(), said.as_str()), (Some(0), ""), "{output}");
        assert!(!first.is_empty());
    }
}

#[test]
fn a_pipe_that_is_closed_before_the_start_is_no_panic() {
    let scene = Scene::new();
    scene.env.write("images.txt", many());
    for arguments in
        [&["scan", "images.txt"][..], &["--help"], &["--version"], &["completions", "bash"]]
    {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = scene
            .env
            .command(arguments)
            .stdout(writer)
            .output()
            .expect("sealift was built with this test");
        let ran = scene.env.ran(&output);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn a_closed_stderr_changes_neither_data_nor_exit_code() {
    let scene = Scene::new();
    scene.env.write("app.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: nginx}, {image: \"x:$(TAG)\"}]}\n");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let arguments = ["scan", "app.yaml", "-o", "names"];
    let output = scene
        .env
        .command(arguments)
        .stderr(writer)
        .output()
        .expect("sealift was built with this test");
    assert_snapshot!(scene.shown(&arguments, &scene.env.ran(&output)));
}
