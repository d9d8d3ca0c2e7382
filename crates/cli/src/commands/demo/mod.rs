//! `sealift demo`: the whole journey on one machine, with nothing but this binary.

mod images;

use std::net::SocketAddr;
use std::path::Path;

use sealift_files::{Folder, Mode};
use sealift_inventory::{Graph, Lock};
use sealift_oci::StoreError;
use sealift_reference::Digest;
use sealift_registry::{Registry, Settings as ClientSettings};
use sealift_serve::{Access, Server, Settings};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::args::{DemoArgs, Typed};
use crate::commands::{self, Context};
use crate::environment;
use crate::failure::{Failure, FailureKind};
use crate::locks;
use crate::ui::plural;

/// The file that says that a folder is the demo's own.
const MARKER: &str = ".sealift-demo";

const PLATFORM: &str = include_str!("platform.yaml");

pub(crate) fn run(context: &Context, args: &DemoArgs) -> Result<(), Failure> {
    let folder = fresh_folder(&args.dir)?;
    let internet = Running::start(context, folder.create_folder("internet")?)?;
    let far_side = Running::start(context, folder.create_folder("far-side")?)?;
    let images = fill(context, &internet)?;
    write_inputs(&folder, internet.address)?;
    introduce(context, &internet, &far_side, images);
    environment::enter(&args.dir)?;

    let to = format!("{}/ml", far_side.address);
    let show = |words: &[&str]| show(context, words);
    context.ui.note(&format!("$ cd {}", args.dir.display()));
    show(&["scan"])?;
    show(&["why", "quay.io/acme/worker:2.1.0"])?;
    show(&["lock"])?;
    show(&["mirror", "--to", &to])?;
    show(&["handoff", "--to", &to, "--out", "handoff"])?;
    show(&["verify", "--to", &to])?;

    let blob = break_something()?;
    context.ui.note(&format!(
        "\nNow something breaks on the far side: a layer of its disk is lost.\n$ rm far-side/{blob}"
    ));
    if show(&["verify", "--to", &to]).is_ok() {
        return Err(Failure::environment("verify did not see that a blob is missing"));
    }
    show(&["mirror", "--to", &to, "--repair"])?;
    show(&["verify", "--to", &to])?;
    internet.stop(context);
    far_side.stop(context);
    farewell(context, &args.dir);
    Ok(())
}

/// Makes the folder; one that an earlier demo made is replaced.
fn fresh_folder(dir: &Path) -> Result<Folder, Failure> {
    let shown = dir.display();
    if sealift_files::exists(dir)? {
        if !sealift_files::exists(dir.join(MARKER))? {
            return Err(Failure::usage(format!("`{shown}` exists, and no demo made it"))
                .hint("give another folder with --dir"));
        }
        let old = Folder::open(dir)?;
        for name in ["internet", "far-side", "handoff"] {
            old.remove_tree(name)?;
        }
        return Ok(old);
    }
    let folder = Folder::create(dir)?;
    folder.write(
        MARKER,
        b"made by `sealift demo`, which may replace this folder\n",
        Mode::Public,
    )?;
    Ok(folder)
}

/// A registry of the demo.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    fn start(context: &Context, folder: Folder) -> Result<Self, Failure> {
        let settings = Settings { access: Access::Writable, ..Settings::default() };
        let server = context.block_on(Server::bind(folder, settings, ()))?;
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let task = context.spawn(async move {
            server
                .run(async {
                    // An error means that the sender is gone: the demo is over.
                    let _over = stopped.await;
                })
                .await;
        });
        Ok(Self { address, stop, task })
    }

    fn stop(self, context: &Context) {
        // Both can only fail when the server is gone already.
        let _gone = self.stop.send(());
        let _gone = context.block_on(self.task);
    }
}

/// Fills the internet, and returns the number of images.
fn fill(context: &Context, internet: &Running) -> Result<usize, Failure> {
    let failed = |error: images::ImagesError| Failure::of(FailureKind::Environment, &error);
    let images = images::images().map_err(failed)?;
    let client: Result<Registry, StoreError> = Registry::new(&ClientSettings::default());
    let host = internet.address.to_string();
    context.block_on(images::publish(&images, &client?, &host)).map_err(failed)?;
    Ok(images.len())
}

/// Writes the platform, and a shipment that reads each public registry from the demo's internet.
fn write_inputs(folder: &Folder, internet: SocketAddr) -> Result<(), Failure> {
    let shipment = format!(
        "# What to ship. `sealift init` writes a starter like this one.
apiVersion: sealift.dev/v1alpha1
kind: Shipment
metadata: {{name: demo}}
sources:
- manifests: platform.yaml
# The demo reads the public registries from its own internet; yours needs no mirrors.
mirrors:
- {{prefix: docker.io, location: \"{internet}/docker.io\"}}
- {{prefix: ghcr.io, location: \"{internet}/ghcr.io\"}}
- {{prefix: quay.io, location: \"{internet}/quay.io\"}}
"
    );
    folder.write("platform.yaml", PLATFORM.as_bytes(), Mode::Public)?;
    folder.write("sealift.yaml", shipment.as_bytes(), Mode::Public)?;
    Ok(())
}

fn introduce(context: &Context, internet: &Running, far_side: &Running, images: usize) {
    context.ui.note(&format!(
        "A platform goes across an air gap; everything is on this machine.\n  the internet: {} on {}\n  the far side: an empty registry on {}\n",
        plural(images, "image"),
        internet.address,
        far_side.address
    ));
}

/// Runs a verb as a user would, after its command line.
fn show(context: &Context, words: &[&str]) -> Result<(), Failure> {
    context.ui.note(&format!("\n$ sealift {}", words.join(" ")));
    let words = std::iter::once(&"sealift").chain(words).map(Into::into).collect();
    let typed = Typed::read(words).map_err(|error| Failure::usage(error.to_string()))?;
    let result = commands::run(context, typed.verb);
    if let Err(failure) = &result {
        context.ui.failure(failure);
        context.ui.note(&format!("(exit code {})", failure.kind.code()));
    }
    result
}

/// Deletes a layer on the far side, and returns its path there.
fn break_something() -> Result<String, Failure> {
    let lock = locks::read(Path::new(locks::LOCK))?;
    let graph = locks::read_graph(Path::new(locks::LOCK), &lock)?;
    let blob = layer_of(&lock, &graph, "quay.io/acme/worker:2.1.0").ok_or_else(|| {
        Failure::environment("the lock names no layer of quay.io/acme/worker:2.1.0")
    })?;
    let path = format!("blobs/{}/{}", blob.algorithm(), blob.hex());
    if Folder::open("far-side")?.remove(&path)? {
        Ok(path)
    } else {
        Err(Failure::environment(format!("`far-side/{path}` is not there")))
    }
}

/// The last layer of an image: its own, not one that it shares.
fn layer_of(lock: &Lock, graph: &Graph, name: &str) -> Option<Digest> {
    let image = lock.images().find(|image| image.image.to_string() == name)?;
    graph.get(&image.digest)?.children.last().map(|(digest, _)| digest.clone())
}

fn farewell(context: &Context, dir: &Path) {
    let dir = dir.display();
    context.ui.note(&format!(
        "\nThat was the journey. Everything is in {dir}/:
  platform.yaml     what is to be deployed
  sealift.yaml      what is to be shipped
  sealift.lock      every image with its digest and the reason for it
  handoff/          what the far side applies; begin with handoff/README.md
  far-side/         the private registry: `sealift serve --dir {dir}/far-side` serves it again
Next: `sealift init` in a folder of your own"
    ));
}
