//! Charts rendered by the real releases of Helm and by `sealift helm template`, now.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{facts, wild};
use crate::process::printed;
use crate::{built, peers};

/// The flags of all three programs.
const FLAGS: [&str; 4] = ["--namespace", "ns", "--kube-version", "v1.33.0"];

/// Compares each chart with each release; prints what differs.
pub(crate) fn run(charts: &[String]) -> Result<()> {
    let sealift = built::fast()?;
    let mut differing = 0;
    for (profile, name) in [("4.2.4", peers::HELM_4), ("3.21.4", peers::HELM_3)] {
        let helm = peers::find(name).with_context(|| format!("no {name}: run `make peers`"))?;
        for chart in charts {
            match difference(&helm, &sealift, profile, chart)? {
                None => println!("{name}: {chart}: equal"),
                Some(difference) => {
                    differing += 1;
                    println!("{name}: {chart}: {difference}");
                }
            }
        }
    }
    match differing {
        0 => Ok(()),
        _ => bail!("{differing} of {} differ", 2 * charts.len()),
    }
}

fn difference(helm: &Path, sealift: &Path, profile: &str, chart: &str) -> Result<Option<String>> {
    let real = || printed(Command::new(helm).args(["template", "rel", chart]).args(FLAGS));
    let mut own = Command::new(sealift);
    own.args(["helm", "template", "rel", chart, "--profile", profile]).args(FLAGS);
    let own = printed(&mut own)?;
    Ok(match (real()?, real()?, own) {
        (Ok(first), Ok(second), Ok(own)) => match wild::marked(&first, &second) {
            None => Some("Helm prints something else each time".to_owned()),
            Some(recorded) if wild::matches(&recorded, &own) => None,
            Some(recorded) => Some(wild::excerpt(&recorded, &own)),
        },
        (Err(message), _, Err(own)) => {
            let missing = facts::missing(&message, &own);
            (!missing.is_empty()).then(|| format!("{missing:?} are missing in: {own}"))
        }
        (Ok(_), _, Err(own)) => Some(format!("fails here: {own}")),
        (Err(message), _, Ok(_)) => Some(format!("renders here; Helm says: {message}")),
        (Ok(_), Err(message), _) => Some(format!("Helm fails sometimes: {message}")),
    })
}
