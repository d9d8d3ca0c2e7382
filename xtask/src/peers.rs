//! The real tools that tests and people compare with.

use anyhow::{Result, bail};

use crate::{process, workspace};

/// Programs that Go builds, each with its module and version.
const MODULES: [(&str, &str); 5] = [
    ("crane", "github.com/google/go-containerregistry/cmd/crane@latest"),
    ("regctl", "github.com/regclient/regclient/cmd/regctl@latest"),
    ("oras", "oras.land/oras/cmd/oras@latest"),
    ("kustomize", "sigs.k8s.io/kustomize/kustomize/v5@v5.8.2"),
    ("registry", "github.com/distribution/distribution/v3/cmd/registry@latest"),
];

/// Builds what is missing into `target/peers` and says where it is.
pub(crate) fn run() -> Result<()> {
    if !process::installed("go") {
        bail!("Go is not installed, and builds all of them");
    }
    let folder = workspace::target().join("peers");
    fs_err::create_dir_all(&folder)?;
    for (program, module) in MODULES {
        if folder.join(program).exists() {
            println!("{program}: there");
            continue;
        }
        let mut go = process::command("go", &["install", module]);
        process::run(go.env("GOBIN", &folder).env("CGO_ENABLED", "0").env("GOFLAGS", "-trimpath"))?;
        println!("{program}: built from {module}");
    }
    println!("export PATH={}:$PATH", folder.display());
    Ok(())
}
