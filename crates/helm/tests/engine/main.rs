//! Templates that both releases of Helm rendered, with what they printed.
//!
//! Each case of `expressions.txt` and `documents.txt` is the file `templates/a.yaml` of the
//! chart in `chart/`. `UPDATE=1` records them again with the real programs, which must be on
//! the PATH as `helm-3.21.4` and `helm-4.2.4`.

mod cases;
mod record;

use std::path::Path;
use std::rc::Rc;

use cases::Case;
use sealift_gotemplate::Map;
use sealift_helm::chart::LoadOptions;
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Release};
use sealift_helm::{Settings, render};
use sealift_sprig::Host;

const FILES: [&str; 2] = ["expressions.txt", "documents.txt"];

/// The version of Kubernetes in all cases.
const KUBE_VERSION: &str = "v1.33.0";

#[test]
fn templates_print_what_both_releases_print() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine");
    let chart = cases::chart(&folder.join("chart"));
    for name in FILES {
        let path = folder.join(name);
        let mut cases = cases::read(&path);
        if record::wanted() {
            record::all(&mut cases, &chart);
            cases::write(&path, &cases);
            continue;
        }
        assert!(!cases.is_empty(), "no case in {name}");
        let differing: Vec<_> = cases.iter().filter_map(|case| difference(&chart, case)).collect();
        assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
    }
}

fn difference(chart: &[(String, Vec<u8>)], case: &Case) -> Option<String> {
    Profile::ALL.into_iter().zip(&case.printed).find_map(|(profile, printed)| {
        let outcome = outcome(&cases::with(chart, &case.template), profile);
        (outcome != *printed)
            .then(|| format!("{}\n  {profile}: {printed:?}\n  here: {outcome:?}", case.template))
    })
}

/// Returns what is printed, or the error.
fn outcome(files: &[(String, Vec<u8>)], profile: Profile) -> String {
    let chart = Chart::load(files.to_vec(), &LoadOptions { profile, ..LoadOptions::default() });
    let capabilities = Capabilities::new(profile, Some(KUBE_VERSION), &[]).expect("a version");
    let release = Release { name: "rel".to_owned(), namespace: "ns".to_owned(), is_upgrade: false };
    let settings = Settings { release, ..Settings::new(profile, capabilities) };
    let host: Rc<dyn Host> = Rc::new(FixedHost::default());
    let mut warnings = Vec::new();
    let output = render(&chart.expect("a chart"), &Map::new(), &settings, &host, &mut warnings);
    match output {
        Ok(output) => {
            let text = output.text(&settings).expect("nothing is left out");
            String::from_utf8_lossy(&text).into_owned()
        }
        Err(error) => format!("Error: {error}\n"),
    }
}
