//! What kustomizations name elsewhere: charts, repositories and files of web servers.

use sealift_fetch::{Fetcher, Limits};
use sealift_files::Links;
use sealift_helm::Profile;
use sealift_inventory::Shipment;
use sealift_kustomize::RemoteChart;
use sealift_products::Error;
use sealift_products::kustomizations::{Elsewhere as Got, Locked, TOP, Wanted};

use crate::args::{RegistryArgs, quoted};
use crate::chart_source::{Charts, Network};
use crate::commands::Context;

/// Gets what is elsewhere; nobody is asked before something is.
pub(crate) struct Elsewhere<'a> {
    charts: Charts<'a>,
    /// What is got as it was.
    locked: &'a Locked,
    fetcher: Option<Fetcher>,
}

impl<'a> Elsewhere<'a> {
    pub(crate) fn new(
        context: &'a Context,
        registry: &'a RegistryArgs,
        shipment: Option<&'a Shipment>,
        network: Network,
        locked: &'a Locked,
    ) -> Self {
        let charts = Charts {
            context,
            registry,
            shipment,
            profile: Profile::default(),
            links: Links::Inside,
            limits: Limits::default(),
            verify: false,
            network,
        };
        Self { charts, locked, fetcher: None }
    }

    /// Gets one thing, and says which one it was: a branch may be another tomorrow.
    pub(crate) fn found(&mut self, wanted: &Wanted) -> Result<Got, Error> {
        let got = self.get(wanted)?;
        if let Some(pin) = wanted.pin(&got) {
            self.charts.context.ui.note(&format!("read {}", pin.name));
        }
        Ok(got)
    }

    /// Gets one thing.
    pub(crate) fn get(&mut self, wanted: &Wanted) -> Result<Got, Error> {
        let fetcher = match self.fetcher.take() {
            Some(fetcher) => fetcher,
            None => self
                .charts
                .fetcher()
                .map_err(|failure| Error::NoFetcher { why: failure.message })?,
        };
        let fetcher = self.fetcher.insert(fetcher);
        Ok(self.charts.context.block_on(wanted.get(fetcher, self.locked))?)
    }
}

/// How to put a copy beside the kustomization, with programs that the operator has; nothing for what these programs could take for
/// something else, and for addresses that hold secrets.
pub(crate) fn vendored(wanted: &Wanted) -> Option<String> {
    let address = wanted.address();
    let host = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
    if host.starts_with('-') || host.contains("::") || without_secrets(&address) != address {
        return None;
    }
    let address = quoted(&address);
    match wanted {
        Wanted::Chart(chart) => unpacked(chart),
        Wanted::Repository(spec) if spec.reference.starts_with('-') => None,
        Wanted::Repository(spec) => {
            let reference = if spec.reference.is_empty() { "HEAD" } else { &spec.reference };
            let reference = quoted(reference);
            Some(format!(
                "or put a copy beside the kustomization and name that folder instead: git init vendored && git -C vendored fetch --depth 1 -- {address} {reference} && git -C vendored checkout FETCH_HEAD"
            ))
        }
        Wanted::WebFile(_) => Some(format!(
            "or put a copy beside the kustomization and name that file instead: curl -fL -o vendored.yaml -- {address}"
        )),
    }
}

/// How to unpack a chart where it is looked for.
fn unpacked(chart: &RemoteChart) -> Option<String> {
    let RemoteChart { repository, name, version, folder, .. } = chart;
    let (above, _) = folder.rsplit_once('/').filter(|_| !folder.starts_with(TOP))?;
    if [name, version].into_iter().any(|word| word.starts_with('-')) {
        return None;
    }
    let chart = match repository.strip_suffix('/').unwrap_or(repository) {
        registry if registry.starts_with("oci://") => quoted(&format!("{registry}/{name}")),
        _ => format!("--repo {} {}", quoted(repository), quoted(name)),
    };
    let version = match version.as_str() {
        "" => String::new(),
        version => format!(" --version {}", quoted(version)),
    };
    let above = quoted(above);
    Some(format!(
        "or put the chart beside the kustomization: helm pull --untar --untardir {above} {chart}{version}"
    ))
}

/// Takes users, passwords and queries out of the addresses in a text. What kustomize asks of a repository is no secret.
pub(crate) fn without_secrets(text: &str) -> String {
    const SCHEME: &str = "://";
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(SCHEME) {
        let (before, after) = rest.split_at(at + SCHEME.len());
        let is_end = |c: char| c.is_whitespace() || "'\"`)]},".contains(c);
        let (address, behind) = after.split_at(after.find(is_end).unwrap_or(after.len()));
        let (address, query) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
        let (host, path) = address.split_at(address.find('/').unwrap_or(address.len()));
        shown.push_str(before);
        shown.push_str(host.rsplit('@').next().unwrap_or(host));
        shown.push_str(path);
        if is_of_kustomize(query) {
            shown.push_str(query);
        }
        rest = behind;
    }
    shown + rest
}

/// Whether a query is one that kustomize takes for itself.
fn is_of_kustomize(query: &str) -> bool {
    const KEYS: [&str; 4] = ["ref", "version", "timeout", "submodules"];
    let is_known = |part: &str| KEYS.contains(&part.split('=').next().unwrap_or_default());
    query.strip_prefix('?').is_some_and(|query| query.split('&').all(is_known))
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn addresses_in_messages_hold_no_secret() {
        for (text, want) in [
            ("from 'https://u:canary@h.example/a?canary': 404", "from 'https://h.example/a': 404"),
            ("https://canary@h/o/r?ref=v1&timeout=1s", "https://h/o/r?ref=v1&timeout=1s"),
            ("https://h/o/r?ref=v1&token=canary, http://h", "https://h/o/r, http://h"),
            ("https://h/a@b", "https://h/a@b"),
            ("git@github.com:o/r", "git@github.com:o/r"),
            ("a: b", "a: b"),
        ] {
            assert_eq!(without_secrets(text), want);
        }
    }
}
