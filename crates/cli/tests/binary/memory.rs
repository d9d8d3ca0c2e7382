//! A mirror needs the same memory whatever the size of a layer.

use std::process::{Child, Stdio};
use std::time::Duration;

use bytes::Bytes;
use sealift_oci::image::ImageBuilder;

use crate::scene::Scene;

const MIB: usize = 1 << 20;

/// The most memory of a program, as the kernel counts it, until its end.
fn peak(mut child: Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or_default() * 1024);
        if let Some(status) = child.try_wait().expect("it is ours") {
            assert!(status.success(), "{status}");
            return peak;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_layer_four_times_as_large_takes_no_more_memory() {
    if !std::path::Path::new("/proc/self/status").exists() {
        eprintln!("skipped: this system has no /proc");
        return;
    }
    let peaks = [48, 192].map(|mib| {
        let mut scene = Scene::new();
        let (internet, far_side) = (scene.registry("internet"), scene.registry("far-side"));
        let image = ImageBuilder::new("linux/amd64".parse().expect("a platform"))
            .raw_layer(Bytes::from(vec![7; mib * MIB]))
            .build();
        let name = format!("{internet}/acme/large:1");
        scene.publish_to(&image, &name);
        drop(image);
        scene.env.write("images.txt", name);
        let _locked = scene.env.run(["lock", "-q", "images.txt"]).expect_code(0);
        let mut command = scene.env.command(["mirror", "-q", "--to", &far_side]);
        peak(command.stdout(Stdio::null()).spawn().expect("it was built"))
    });
    let [small, large] = peaks;
    let most = small + 4 * MIB as u64;
    assert!(large <= most && large <= 64 * MIB as u64, "{small} bytes, then {large}");
}
