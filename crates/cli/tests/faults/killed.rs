//! Runs that are killed, and servers.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use sealift_reference::Digest;
use sealift_testkit::DockerRegistry;

use crate::scene::Scene;

/// Kills of each test; `make soak` takes more by the variable `KILLS`.
pub(crate) fn kills() -> usize {
    std::env::var("KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(20)
}

/// Numbers that are other ones each time; `SEED` repeats them.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new() -> Self {
        let seed = std::env::var("SEED").ok().and_then(|text| text.parse().ok());
        let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
        println!("SEED={seed}");
        Self(seed)
    }

    /// A number below this.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.draw()).unwrap() % most
    }

    /// A time up to this.
    fn time(&mut self, most: Duration) -> Duration {
        most.mul_f64(f64::from(self.draw()) / f64::from(u32::MAX))
    }

    fn draw(&mut self) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 32).expect("the upper half of 64 bits")
    }
}

/// Mirrors to a place as often as there are kills, each time to a fresh path: once killed, once to its end.
fn kill_and_repeat(scene: &Scene, registry: &str) {
    let mut moments = Chance::new();
    let whole = std::time::Instant::now();
    let first = format!("{registry}/k");
    let _whole = scene.env.run(["mirror", "--to", &first]).expect_code(0);
    let whole = whole.elapsed();
    for kill in 0..kills() {
        let to = format!("{registry}/k{kill}");
        let mut run = scene.env.command(["mirror", "--to", &to]);
        let mut run = run.stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(moments.time(whole));
        run.kill().unwrap();
        let _status = run.wait().unwrap();
        scene.check_content("target");
        let _again = scene.env.run(["mirror", "--to", &to]).expect_code(0);
        for (name, built) in &scene.images {
            assert_eq!(scene.named_at(&to, name).as_ref(), Some(built.digest()), "{to} {name}");
        }
        let _verified = scene.env.run(["verify", "--to", &to]).expect_code(0);
    }
    scene.check_content("target");
}

#[test]
fn row_51_a_mirror_that_is_killed_goes_on_when_it_runs_again() {
    let scene = Scene::new();
    kill_and_repeat(&scene, &scene.behind_target.clone());
}

#[test]
fn row_51_a_mirror_between_two_registries_of_docker_is_killed_and_goes_on() {
    let (Some(source), Some(target)) = (DockerRegistry::start(), DockerRegistry::start()) else {
        return;
    };
    let mut scene = Scene::unlocked(crate::images::all());
    scene.behind_source = source.address().to_owned();
    for (name, built) in scene.images.clone() {
        scene.move_tag(name, &built);
    }
    let name = |(name, _): &crate::images::Named| format!("{}/{name}\n", source.address());
    scene.env.write("images.txt", scene.images.iter().map(name).collect::<String>());
    scene.lock().ends(0);
    kill_and_repeat(&scene, target.address());
}

/// A registry of its own process over the folder of a scene.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(scene: &Scene) -> Self {
        let words = ["serve", "--dir", "disks/killed", "--writable", "--listen", "127.0.0.1:0"];
        let mut child = scene.env.command(words).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("no address: {line}")).to_owned();
        Self { child, address }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        let _status = self.child.wait().unwrap();
    }
}

#[test]
fn row_51_a_server_that_is_killed_keeps_what_it_took_and_takes_the_rest() {
    let scene = Scene::unlocked(crate::images::all());
    scene.lock().ends(0);
    let mut moments = Chance::new();
    for kill in 0..kills() / 4 {
        let serving = Serving::start(&scene);
        let to = format!("{}/k{kill}", serving.address);
        let mut run = scene.env.command(["mirror", "--to", &to]);
        let mut run = run.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(moments.time(Duration::from_millis(400)));
        serving.kill();
        let _status = run.wait().unwrap();
        scene.check_content("killed");
        let serving = Serving::start(&scene);
        let to = format!("{}/k{kill}", serving.address);
        let _again = scene.env.run(["mirror", "--to", &to]).expect_code(0);
        let named = |name: &str| scene.named_at(&to, name);
        let wanted: Vec<Option<&Digest>> =
            scene.images.iter().map(|(_, one)| Some(one.digest())).collect();
        let found: Vec<_> = scene.images.iter().map(|(name, _)| named(name)).collect();
        assert_eq!(found.iter().map(Option::as_ref).collect::<Vec<_>>(), wanted);
        let _verified = scene.env.run(["verify", "--to", &to]).expect_code(0);
        serving.kill();
    }
}
