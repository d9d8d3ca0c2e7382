//! Kustomizations built by the real `kustomize` and by `sealift kustomize build`, now.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{cases, needed};
use crate::{built, peers, process};

/// The names under which kustomize looks for a kustomization.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What a build may read: each root is built in both ways.
const RESTRICTIONS: [&str; 2] = ["LoadRestrictionsRootOnly", "LoadRestrictionsNone"];

/// Whether a folder is one that kustomize builds.
pub(crate) fn is_root(folder: &str) -> bool {
    NAMES.iter().any(|name| Path::new(folder).join(name).exists())
}

/// Builds each root in both ways, and prints the first difference of each.
pub(crate) fn run(roots: &[String]) -> Result<()> {
    let kustomize = peers::find("kustomize").context("no kustomize: run `make peers`")?;
    let sealift = built::fast()?;
    let mut differing = 0;
    for root in roots {
        for restriction in RESTRICTIONS {
            let flags = ["build", root, "--load-restrictor", restriction];
            let real = process::printed(with_charts(Command::new(&kustomize).args(flags)))?;
            let mut own = Command::new(&sealift);
            let own = process::printed(own.arg("kustomize").args(flags).arg("--enable-helm"))?;
            let result = compare(real, own);
            differing += usize::from(result.is_err());
            let said = result.err().unwrap_or_else(|| "equal".to_owned());
            println!("kustomize: {root}: {restriction}: {said}");
        }
    }
    match differing {
        0 => Ok(()),
        _ => bail!("{differing} of {} differ", RESTRICTIONS.len() * roots.len()),
    }
}

/// Lets kustomize render charts where there is a Helm for it.
fn with_charts(command: &mut Command) -> &mut Command {
    match peers::find(peers::HELM_4) {
        Some(helm) => command.args(["--enable-helm", "--helm-command"]).arg(helm),
        None => command,
    }
}

/// Compares what both printed, or the facts of what both said; `Err` says what differs first.
fn compare(real: Result<String, String>, own: Result<String, String>) -> Result<(), String> {
    match (real, own) {
        (Ok(real), Ok(own)) => cases::same(&own, &real),
        (Err(message), Err(own)) => {
            let missing = needed::missing(message.trim_start_matches("Error: "), &own);
            if missing.is_empty() {
                Ok(())
            } else {
                Err(format!("{missing:?} are missing in: {own}of: {message}"))
            }
        }
        (Ok(_), Err(own)) => Err(format!("fails here: {own}")),
        (Err(message), Ok(_)) => Err(format!("is built here; kustomize says: {message}")),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn texts_are_compared_by_their_bytes_and_messages_by_their_facts() {
        let (ok, err) = (|text: &str| Ok(text.to_owned()), |text: &str| Err(text.to_owned()));
        assert_eq!(compare(ok("a: 1\n"), ok("a: 1\n")), Ok(()));
        assert!(compare(ok("a: 1\n"), ok("a: 2\n")).unwrap_err().contains("line 1"));
        assert_eq!(compare(err("Error: open /a/b.yaml: no"), err("cannot read /a/b.yaml")), Ok(()));
        let lacking = compare(err("Error: open /a/b.yaml: no"), err("error: no")).unwrap_err();
        assert!(lacking.contains("/a/b.yaml"), "{lacking}");
        assert!(compare(ok(""), err("no")).is_err() && compare(err("no"), ok("")).is_err());
    }
}
