//! The real tools that tests and people compare with.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{process, workspace};

/// A program that Go builds from a module.
struct Program {
    name: &'static str,
    module: &'static str,
    /// The package in the module's `cmd` whose name Go gives to what it builds.
    built_as: &'static str,
    /// For the linker: versions that the sources do not hold.
    linked: &'static [&'static str],
}

impl Program {
    const fn plain(name: &'static str, module: &'static str) -> Self {
        Self { name, module, built_as: name, linked: &[] }
    }
}

const PROGRAMS: [Program; 7] = [
    Program::plain("crane", "github.com/google/go-containerregistry/cmd/crane@latest"),
    Program::plain("regctl", "github.com/regclient/regclient/cmd/regctl@latest"),
    Program::plain("oras", "oras.land/oras/cmd/oras@latest"),
    Program::plain("kustomize", "sigs.k8s.io/kustomize/kustomize/v5@v5.8.2"),
    Program::plain("registry", "github.com/distribution/distribution/v3/cmd/registry@latest"),
    Program {
        name: HELM_4,
        module: "helm.sh/helm/v4/cmd/helm@v4.2.4",
        built_as: "helm",
        linked: &[
            "helm.sh/helm/v4/pkg/chartutil.k8sVersionMajor=1",
            "helm.sh/helm/v4/pkg/chartutil.k8sVersionMinor=36",
            "helm.sh/helm/v4/internal/version.version=v4.2.4",
        ],
    },
    Program {
        name: HELM_3,
        module: "helm.sh/helm/v3/cmd/helm@v3.21.4",
        built_as: "helm",
        linked: &[
            "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1",
            "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=36",
            "helm.sh/helm/v3/internal/version.version=v3.21.4",
        ],
    },
];

/// Helm 4.2.4, which the default profile mirrors.
pub(crate) const HELM_4: &str = "helm-4.2.4";

/// Helm 3.21.4, which the other one mirrors.
pub(crate) const HELM_3: &str = "helm-3.21.4";

/// Helm 4.2.4 as a library: many charts in one process.
pub(crate) const HELM_IN_PROCESS: &str = "helm-in-process";

/// Returns where the program is, if `make peers` has built it.
pub(crate) fn find(name: &str) -> Option<std::path::PathBuf> {
    let path = workspace::target().join("peers").join(name);
    path.exists().then_some(path)
}

/// Builds what is missing into `target/peers` and says where it is.
pub(crate) fn run() -> Result<()> {
    if !process::installed("go") {
        bail!("Go is not installed, and builds all of them");
    }
    let folder = workspace::target().join("peers");
    fs_err::create_dir_all(&folder)?;
    for program in &PROGRAMS {
        if folder.join(program.name).exists() {
            println!("{}: there", program.name);
            continue;
        }
        build(program, &folder)?;
        println!("{}: built from {}", program.name, program.module);
    }
    build_own(HELM_IN_PROCESS, "bench/helm", &folder)?;
    println!("export PATH={}:$PATH", folder.display());
    Ok(())
}

fn build(program: &Program, folder: &Path) -> Result<()> {
    // Two versions of one program are built under one name.
    let place = tempfile::tempdir_in(folder)?;
    let linked: Vec<_> = program.linked.iter().map(|set| format!("-X {set}")).collect();
    let flags = linked.join(" ");
    let mut go = process::command("go", &["install", "-ldflags", &flags, program.module]);
    process::run(
        go.env("GOBIN", place.path()).env("CGO_ENABLED", "0").env("GOFLAGS", "-trimpath"),
    )?;
    Ok(fs_err::rename(place.path().join(program.built_as), folder.join(program.name))?)
}

/// Builds a program of this repository.
fn build_own(name: &str, sources: &str, folder: &Path) -> Result<()> {
    let target = folder.join(name).display().to_string();
    let mut go = process::command("go", &["build", "-trimpath", "-o", &target, "."]);
    process::run(go.current_dir(workspace::root().join(sources)).env("CGO_ENABLED", "0"))?;
    println!("{name}: built from {sources}");
    Ok(())
}
