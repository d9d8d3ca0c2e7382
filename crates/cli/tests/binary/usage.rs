//! The command line itself: help, mistakes, starters, completions.

use insta::assert_snapshot;

use crate::scene::Scene;

#[test]
fn version_and_help_go_to_stdout_with_0() {
    let scene = Scene::new();
    let version = scene.env.run(["--version"]).expect_code(0);
    assert_eq!(
        (version.stdout, version.stderr),
        (format!("sealift {}\n", env!("CARGO_PKG_VERSION")), String::new())
    );
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["help"],
        &["help", "scan"],
        &["scan", "--help"],
        &["mirror", "-h"],
    ] {
        let ran = scene.env.run(arguments).expect_code(0);
        assert!(
            ran.stdout.contains("Usage: sealift") && ran.stderr.is_empty(),
            "{}",
            ran.snapshot()
        );
    }
    assert_snapshot!(scene.show(&["--help"]));
}

#[test]
fn mistakes_on_the_command_line_end_with_2_and_the_nearest_word() {
    let scene = Scene::new();
    let lines = [
        &["scann"][..],
        &["scan", "--outputt", "json"],
        &["scan", "-o", "jsn"],
        &["scan", "--json", "-o", "yaml"],
        &["scan", "-q", "-v"],
        &["scan", "--limit", "yaml-bites=3", "x.yaml"],
        &["scan", "--limit", "yaml-bytes=many", "x.yaml"],
        &["scan", "--file", "a.yaml", "b.yaml"],
        &["mirror"],
        &["mirror", "--to", "registry.test", "--jobs", "0"],
        &["lock", "--platform", "linux", "x.yaml"],
        &["serve", "--dir", "x", "--listen", "5000"],
        &["serve", "--dir", "x", "--cert", "c.pem"],
        &["login", "registry.test/ml", "-u", "bob", "--password-stdin"],
        &["completions", "cmd"],
    ];
    scene.env.write("x.yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx}]}\n");
    let runs: Vec<_> = lines.iter().map(|line| scene.refuse(line)).collect();
    assert!(runs.iter().all(|run| run.contains("exit code: 2\n")), "{}", runs.join("\n"));
    assert_snapshot!(runs.join("\n"));
}

#[test]
fn no_verb_at_all_shows_the_help_and_ends_with_2() {
    let scene = Scene::new();
    let none: [&str; 0] = [];
    let ran = scene.env.run(none).expect_code(2);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("Usage: sealift"), "{}", ran.snapshot());
}

#[test]
fn init_writes_each_starter_once_and_never_over_another_file() {
    let scene = Scene::new();
    let first = scene.show(&["init"]);
    let starter = scene.env.read("sealift.yaml");
    assert!(starter.contains("kind: Shipment"));
    let second = scene.refuse(&["init"]);
    for kind in ["deploykf", "kkp", "charmed-kubeflow", "helm"] {
        let _wrote =
            scene.env.run(["init", kind, "--file", &format!("{kind}.yaml")]).expect_code(0);
        assert!(scene.env.exists(&format!("{kind}.yaml")));
    }
    assert_snapshot!([first, second, scene.show(&["scan"])].join("\n"));
}

#[test]
fn completions_know_every_verb() {
    let scene = Scene::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = scene.env.run(["completions", shell]).expect_code(0);
        for verb in ["scan", "why", "lock", "diff", "mirror", "verify", "serve", "login", "logout"]
        {
            assert!(ran.stdout.contains(verb), "{shell} lacks {verb}");
        }
        assert_eq!(ran.stderr, "");
    }
    assert!(scene.env.run(["completions", "zsh"]).stdout.starts_with("#compdef sealift\n"));
}
